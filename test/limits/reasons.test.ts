import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseCodes } from '../../src/limits/choose-codes.ts'
import { denialReasons } from '../../src/limits/reasons.ts'
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
    'spend_guard',
    'max_calls_reached',
    'daily_limit_reached',
    'insufficient_balance',
    'service_unavailable',
  ])
})

test('Max calls sounds busy to who calls in, and refused to who calls out', () => {
  const busy = { sip: 486, phrase: 'Busy Here', q850: 17, announcement: 'all-lines-busy' }
  assert.equal(chooseCodes('max_calls_reached', { ...out, direction: 'inbound' }), busy)
  assert.equal(
    [chooseCodes('max_calls_reached', out).sip, chooseCodes('max_calls_reached', out).q850],
    [403, 21],
  )
})

test('announcements are for clients with voice notifications alone', () => {
  assert.is(chooseCodes('insufficient_balance', out).announcement, 'no-credit')
  assert.is(chooseCodes('insufficient_balance', { ...out, client: aClient() }).announcement, null)
})

test('a brand replaces single codes, of refusals and of hang-ups', () => {
  const brand = aBrand({
    reasonOverrides: { destination_not_priced: { sip: 500, q850: 41 }, by_operator: { q850: 16 } },
  })
  assert.equal(chooseCodes('destination_not_priced', { ...out, brand }), {
    sip: 500,
    phrase: 'Not Found',
    q850: 41,
    announcement: 'call-cannot-be-billed',
  })
  assert.is(chooseCodes('by_operator', { ...out, brand }).q850, 16)
  assert.is(chooseCodes('maximum_duration_reached', { ...out, brand }).q850, 102)
})

const ofIvozProvider: [Parameters<typeof chooseCodes>[0], 'inbound' | 'outbound', number, string, number][] =
  [
    ['invalid_number', 'outbound', 500, 'Server Internal Error - No gateways', 41],
    ['client_suspended', 'outbound', 403, 'Forbidden', 21],
    ['no_rating_profile', 'outbound', 500, 'Internal Server Error', 41],
    ['destination_not_priced', 'outbound', 500, 'Internal Server Error', 41],
    ['max_calls_reached', 'outbound', 403, 'Maxcalls exceeded', 21],
    ['max_calls_reached', 'inbound', 486, 'Busy', 17],
    ['insufficient_balance', 'outbound', 403, 'Forbidden', 21],
    ['service_unavailable', 'outbound', 503, 'Charging controller unreachable', 41],
    ['by_operator', 'outbound', 480, 'Temporarily Unavailable', 31],
  ]
for (const [reason, direction, sip, phrase, q850] of ofIvozProvider) {
  test(`the profile of IvozProvider answers ${reason} ${direction} with ${sip} ${phrase}`, () => {
    const codes = chooseCodes(reason, { ...out, direction, brand: aBrand({ reasonProfile: 'ivozprovider' }) })
    assert.equal([codes.sip, codes.phrase, codes.q850], [sip, phrase, q850])
  })
}

test('a brand’s own codes lie over its profile, and announcements stay', () => {
  const brand = aBrand({
    reasonProfile: 'ivozprovider',
    reasonOverrides: { insufficient_balance: { sip: 402 } },
  })
  assert.equal(chooseCodes('insufficient_balance', { ...out, brand }), {
    sip: 402,
    phrase: 'Forbidden',
    q850: 21,
    announcement: 'no-credit',
  })
})

test.run()
