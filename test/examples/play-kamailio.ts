/**
 * The Kamailio example with real calls: kamailio and SIPp on loopback against a service on real servers.
 */
import { join } from 'node:path'
import pino from 'pino'
import * as assert from 'uvu/assert'
import { findDifferences } from '../../examples/kamailio/differences.ts'
import { freeTcpPort } from '../../examples/kamailio/free-ports.ts'
import { type Played, playCalls } from '../../examples/kamailio/play-calls.ts'
import type { SipPrograms } from '../../examples/kamailio/sip-programs.ts'
import { loadConfig } from '../../src/process/config.ts'
import { testDatabaseUrl, testFolder, testNatsUrl } from '../servers.ts'

const key = 'a-platform-key-for-this-test'

/** Fails where an answer, price, movement or balance is not the expected one. */
export async function playKamailio(
  programs: SipPrograms,
  { withHttpAsyncClient }: { withHttpAsyncClient: boolean },
): Promise<Played> {
  const config = loadConfig({
    PORT: `${await freeTcpPort()}`,
    DATA_DIR: join(testFolder(), 'kamailio'),
    BOOTSTRAP_API_KEY: key,
    DATABASE_URL: await testDatabaseUrl(),
    NATS_URL: await testNatsUrl(),
  })
  const played = await playCalls({
    config,
    key,
    log: pino({ level: 'silent' }),
    programs,
    withHttpAsyncClient,
    say: () => {},
  })
  assert.equal(findDifferences(played), [], played.kamailioLog)
  // That the service has ended a call, and not the proxy's own clock, is told by the command that came before.
  assert.match(played.kamailioLog, /hangup call=\S+ reason=insufficient_balance in=\d/)
  assert.match(played.kamailioLog, /hangup call=\S+ reason=by_operator in=1/)
  assert.match(played.kamailioLog, /hangup call=\S+ reason=by_operator ringing/)
  assert.match(played.kamailioLog, /untold events=\d+ status=7/)
  return played
}
