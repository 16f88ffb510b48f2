/**
 * The Kamailio example with real calls: Debian's kamailio and SIPp on loopback against a service on real servers.
 */
import { join } from 'node:path'
import pino from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findDifferences } from '../../examples/kamailio/differences.ts'
import { freeTcpPort } from '../../examples/kamailio/free-ports.ts'
import { type Played, playCalls } from '../../examples/kamailio/play-calls.ts'
import { findSipPrograms, type SipPrograms } from '../../examples/kamailio/sip-programs.ts'
import { loadConfig } from '../../src/config.ts'
import { skipTest, testDatabaseUrl, testFolder, testNatsUrl } from '../servers.ts'

const test = suite('examples/kamailio')
const programs = findSipPrograms(process.env)
const key = 'a-platform-key-for-this-test'

async function play(found: SipPrograms, withHttpAsyncClient: boolean): Promise<Played> {
  const config = loadConfig({
    PORT: `${await freeTcpPort()}`,
    DATA_DIR: join(testFolder(), withHttpAsyncClient ? 'async' : 'plain'),
    BOOTSTRAP_API_KEY: key,
    DATABASE_URL: await testDatabaseUrl(),
    NATS_URL: await testNatsUrl(),
  })
  return playCalls({
    config,
    key,
    log: pino({ level: 'silent' }),
    programs: found,
    withHttpAsyncClient,
    say: () => {},
  })
}

function assertAsPlanned(played: Played): void {
  assert.equal(findDifferences(played), [], played.kamailioLog)
  // Which of the two has ended a call is told by the command that came before.
  assert.match(played.kamailioLog, /hangup call=\S+ reason=insufficient_balance in=\d/)
  assert.match(played.kamailioLog, /hangup call=\S+ reason=by_operator in=1/)
  assert.match(played.kamailioLog, /hangup call=\S+ reason=by_operator ringing/)
  assert.match(played.kamailioLog, /untold events=\d+ status=7/)
}

const withAsync = 'calls asked for by http_async_client are allowed, priced, ended and never lost'
if (typeof programs === 'string') skipTest(test, withAsync, programs)
else if (!programs.hasHttpAsyncClient) {
  skipTest(
    test,
    withAsync,
    'Debian does not package http_async_client: examples/kamailio/install.sh builds it',
  )
} else {
  test(withAsync, async () => {
    const played = await play(programs, true)
    assertAsPlanned(played)
    assert.match(played.kamailioLog, /stated \{"active":[1-9]/)

    // A comparison that finds nothing is worth something only if it can find something.
    const wrong = structuredClone({ ...played, balances: { ...played.balances, acme: '-0.125' } })
    assert.equal(findDifferences(wrong), ['acme: balance -0.125, expected -0.124'])
  })
}

const plain = "calls asked for with Debian's own modules are allowed, priced, ended and never lost"
if (typeof programs === 'string') skipTest(test, plain, programs)
else test(plain, async () => assertAsPlanned(await play(programs, false)))

test.run()
