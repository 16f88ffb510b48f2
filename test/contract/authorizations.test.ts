import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, aService, aShop, type RunningService } from './a-service.ts'

const test = suite('authorizations from outside')
let service: RunningService
let shop: Awaited<ReturnType<typeof aShop>>
let legs = 0

test.before(async () => {
  service = await aService()
  shop = await aShop(service)
})
test.after(() => service?.close())

async function ask(leg: object): Promise<Answer['body']> {
  return service.must('POST', '/v1/authorizations', {
    callId: `leg-${++legs}`,
    from: '+34911000111',
    to: '+34600111222',
    ...leg,
  })
}

test('a grant has all its fields, and the fields of a rate that a switch reads', async () => {
  const client = await shop.aClient({ outgoingDdi: '0034911222333' })
  const grant = await ask({ client: client.sipDomain.toUpperCase() })
  assert.equal(Object.keys(grant).sort(), [
    'allowed',
    'callId',
    'clientId',
    'expiresAt',
    'internal',
    'maxDurationSeconds',
    'rate',
    'routing',
    'special',
    'toNormalized',
  ])
  assert.equal(Object.keys(grant.rate).sort(), [
    'connectFee',
    'currency',
    'destination',
    'prefix',
    'rateDeckId',
    'ratingPlanId',
    'ratingProfileId',
    'steps',
  ])
  assert.equal(grant.routing, {
    outgoingDdi: '+34911222333',
    mediaRelaySet: null,
    applicationServer: null,
    recording: { onDemand: 'off', serviceCode: null, clientMayRemove: true },
  })
  assert.equal([grant.toNormalized, grant.maxDurationSeconds], ['34600111222', 10_800])
})

test('where several reasons apply, the first of the closed list is told', async () => {
  const dry = { billingMethod: 'prepaid', maxDailyUsage: '0', maxCalls: 1 }
  const bare = { ...dry, filterByIp: true }
  const full = await shop.aClient({ maxCalls: 1, billingMethod: 'none' })
  assert.is((await ask({ client: full.id })).allowed, true)
  const cases: [leg: object, reason: string, sip: number, q850: number][] = [
    [{ client: 'nobody.example.com', to: 'abc' }, 'invalid_number', 484, 28],
    [{ client: 'nobody.example.com', to: '6'.repeat(1000) }, 'invalid_number', 484, 28],
    [{ client: 'nobody.example.com', to: '112' }, 'unknown_client', 403, 21],
    [
      { client: (await shop.aClient({ ...bare, suspended: true }, 'without')).id },
      'client_suspended',
      403,
      21,
    ],
    [
      { client: (await shop.aClient(bare, 'without')).id, sourceIp: '203.0.113.7' },
      'ip_not_allowed',
      403,
      21,
    ],
    [{ client: (await shop.aClient(dry, 'without')).id }, 'no_rating_profile', 403, 21],
    [{ client: (await shop.aClient(dry)).id, to: '+4915112345' }, 'destination_not_priced', 404, 3],
    [{ client: (await shop.aClient(dry)).id, to: '+34906123' }, 'destination_blocked', 403, 21],
    [{ client: full.id }, 'max_calls_reached', 403, 21],
    [{ client: full.id, direction: 'inbound' }, 'max_calls_reached', 486, 17],
    [{ client: (await shop.aClient(dry)).id }, 'daily_limit_reached', 403, 21],
    [{ client: (await shop.aClient({ billingMethod: 'prepaid' })).id }, 'insufficient_balance', 402, 21],
  ]
  for (const [leg, reason, sip, q850] of cases) {
    const denial = await ask(leg)
    assert.equal([denial.reason, denial.sip?.code, denial.q850], [reason, sip, q850])
    assert.is(denial.clientId === null, 'client' in leg && leg.client === 'nobody.example.com')
  }
})

test('emergency numbers pass a suspended client, free numbers only what is about money', async () => {
  const other = await aShop(service)
  await service.must('PATCH', `/v1/brands/${other.brand.id}`, {
    specialNumbers: ['061', '+34016'],
    freeNumbers: ['900100200'],
  })
  const suspended = await other.aClient({ suspended: true })
  for (const to of ['112', '061', '34016', '0034016']) {
    const { allowed, special, rate } = await ask({ client: suspended.id, to })
    assert.equal([to, allowed, special, rate], [to, true, true, null])
  }
  assert.is((await ask({ client: suspended.id, to: '0611' })).reason, 'client_suspended')
  assert.is((await ask({ client: suspended.id, to: '900100200' })).reason, 'client_suspended')
  const poor = await other.aClient({ billingMethod: 'prepaid', maxDailyUsage: '0' }, 'without')
  const free = await ask({ client: poor.id, to: '900100200' })
  assert.equal([free.allowed, free.rate, free.special], [true, null, false])
})

test('a brand starts from another system’s codes, and lays its own over them', async () => {
  const other = await aShop(service)
  const path = `/v1/brands/${other.brand.id}`
  assert.is((await service.send('PATCH', path, { reasonProfile: 'other' })).status, 400)
  await service.must('PATCH', path, {
    reasonProfile: 'ivozprovider',
    reasonOverrides: { insufficient_balance: { sip: 402, phrase: 'No credit' }, by_operator: { q850: 16 } },
  })
  const client = await other.aClient({ billingMethod: 'prepaid' })
  const unpriced = await ask({ client: client.id, to: '+4915112345' })
  assert.equal(
    [unpriced.reason, unpriced.sip, unpriced.q850],
    ['destination_not_priced', { code: 500, phrase: 'Internal Server Error' }, 41],
  )
  const poor = await ask({ client: client.id })
  assert.equal(
    [poor.reason, poor.sip, poor.q850],
    ['insufficient_balance', { code: 402, phrase: 'No credit' }, 21],
  )
})

test('over NATS and HTTP at once, money for five calls lets exactly five through', async () => {
  const client = await shop.aClient({ billingMethod: 'prepaid' })
  const movements = `/v1/clients/${client.id}/balance-movements`
  await service.must('POST', movements, { amount: '0.35', kind: 'top-up' })
  const answers = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const leg = { callId: `race-${i}`, client: client.id, to: '+34600111222' }
      if (i % 2) return ask(leg)
      const message = await service.broker.request('billing.authorize', JSON.stringify(leg), {
        timeout: 5000,
      })
      return message.json<Answer['body']>()
    }),
  )
  assert.is(answers.filter(({ allowed }) => allowed).length, 5)
  assert.is(answers.filter(({ reason }) => reason === 'insufficient_balance').length, 35)
})

test('a repeat gets the same grant, and a leg that is another or has ended is refused', async () => {
  const client = await shop.aClient({ maxCalls: 1 })
  const leg = { callId: 'one leg', client: client.id }
  const grant = await ask(leg)
  assert.equal(await ask(leg), grant)
  for (const change of [{ direction: 'inbound' }, { to: '+34600111223' }]) {
    const reused = await service.send('POST', '/v1/authorizations', { to: '+34600111222', ...leg, ...change })
    assert.equal([reused.status, reused.body.code], [409, 'call_id_reused'])
  }
  const path = `/v1/authorizations/${client.id}/one%20leg`
  for (let i = 0; i < 2; i++) assert.is((await service.send('DELETE', path)).status, 204)
  assert.is((await ask({ client: client.id })).allowed, true)
})

test('a bad request over NATS gets the problem document and its status', async () => {
  const far = new Date(Date.now() + 49 * 3_600_000).toISOString()
  for (const body of [
    '',
    'null',
    '{',
    '{"callId":"a"}',
    `{"callId":"a","client":"b","to":"1","at":"${far}"}`,
  ]) {
    const answer = await service.broker.request('billing.authorize', body, { timeout: 2000 })
    assert.is(answer.headers?.get('Status'), '400', body)
    assert.is(answer.json<Answer['body']>().type, 'urn:tollgate:problem:invalid_request')
  }
})

test.run()
