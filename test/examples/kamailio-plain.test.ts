import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findDifferences } from '../../examples/kamailio/differences.ts'
import { type Call, calls } from '../../examples/kamailio/planned-calls.ts'
import type { Played } from '../../examples/kamailio/play-calls.ts'
import { findSipPrograms } from '../../examples/kamailio/sip-programs.ts'
import { skipTest } from '../servers.ts'
import { playKamailio } from './play-kamailio.ts'

const test = suite("examples/kamailio with Debian's own modules")
const programs = findSipPrograms(process.env)

const name = 'calls are asked for, priced, ended and never lost'
if (typeof programs === 'string') skipTest(test, name, programs)
else {
  test(name, async () => {
    await playKamailio(programs, { withHttpAsyncClient: false })
  })
}

/** A run in which everything comes as planned. */
function asPlanned(): Played {
  return {
    calls: Object.values<Call>(calls).map((planned) => ({
      planned,
      placed: {
        sip: planned.expected.sip,
        phrase: '',
        headers: {
          reason: `Q.850;cause=21;text="${planned.expected.reason}"`,
          errorInfo: planned.expected.announcement
            ? `<sip:${planned.expected.announcement}@a.invalid>`
            : null,
        },
        asPlanned: true,
      },
      shown: planned.expected.status && {
        callId: planned.name,
        from: planned.from,
        status: planned.expected.status,
        price: planned.expected.price,
        durationSeconds: null,
        billedSeconds: null,
      },
      movement: planned.expected.movement
        ? { amount: planned.expected.movement, kind: 'charge', callId: planned.name }
        : null,
    })),
    balances: { acme: '-0.14', coins: '0', oneLine: '-0.07', trusting: '-0.07' },
    verified: { ok: true, output: '' },
    kamailioLog: '',
  }
}

test('what comes as planned has no difference', () => {
  assert.equal(findDifferences(asPlanned()), [])
})

test('a price, a balance and books that do not add up are named', () => {
  const played = asPlanned()
  const [first] = played.calls
  if (first?.shown) first.shown.price = '0.08'
  played.balances.coins = '0.01'
  played.verified = { ok: false, output: 'I3' }
  assert.equal(findDifferences(played), [
    'Spain mobile: price is 0.08, expected 0.07',
    'acme: priced 0.15, expected 0.14',
    'coins: balance 0.01, expected 0',
    'tollgate verify: I3',
  ])
})

test.run()
