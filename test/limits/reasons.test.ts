import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codesOf, denialReasons } from '../../src/limits/reasons.ts'
import { aBrand, aClient } from './a-client.ts'

const test = suite('codesOf')
const spoken = aClient({ features: new Set(['billing', 'voiceNotifications'] as const) })
const out = { direction: 'outbound' as const, brand: aBrand(), client: spoken }

test('the reasons stand in the order of the contract', () => {
  assert.equal(denialReasons, [
    'invalid_number',
    'unknown_client',
    'client_suspended',
    'ip_not_allowed',
    'no_rating_profile',
    'destination_not_priced',
    'destination_blocked',
    'max_calls_reached',
    'daily_limit_reached',
    'insufficient_balance',
    'service_unavailable',
  ])
})

test('Max calls sounds busy to who calls in, and refused to who calls out', () => {
  const busy = { sip: 486, phrase: 'Busy Here', q850: 17, announcement: 'all-lines-busy' }
  assert.equal(codesOf('max_calls_reached', { ...out, direction: 'inbound' }), busy)
  assert.equal([codesOf('max_calls_reached', out).sip, codesOf('max_calls_reached', out).q850], [403, 21])
})

test('announcements are for clients with voice notifications alone', () => {
  assert.is(codesOf('insufficient_balance', out).announcement, 'no-credit')
  assert.is(codesOf('insufficient_balance', { ...out, client: aClient() }).announcement, null)
})

test('a brand replaces single codes, of refusals and of hang-ups', () => {
  const brand = aBrand({
    reasonOverrides: { destination_not_priced: { sip: 500, q850: 41 }, by_operator: { q850: 16 } },
  })
  assert.equal(codesOf('destination_not_priced', { ...out, brand }), {
    sip: 500,
    phrase: 'Not Found',
    q850: 41,
    announcement: 'call-cannot-be-billed',
  })
  assert.is(codesOf('by_operator', { ...out, brand }).q850, 16)
  assert.is(codesOf('maximum_duration_reached', { ...out, brand }).q850, 102)
})

test.run()
