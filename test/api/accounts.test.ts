import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('accounts')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let n = 0

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

async function makeClient(fields: object = {}): Promise<string> {
  const body = { name: `Client ${++n}`, sipDomain: `c${n}.accounts.example`, ...fields }
  return (await must(api.send('POST', '/v1/clients', { body, key: tenant.brandKey }))).id
}
const post = (clientId: string, body: object, headers: Record<string, string> = {}) =>
  api.send('POST', `/v1/clients/${clientId}/balance-movements`, { body, key: tenant.brandKey, headers })
const balance = (clientId: string) =>
  must(api.send('GET', `/v1/clients/${clientId}/balance`, { key: tenant.brandKey }))

test('a top-up and an adjustment move the balance by one movement each', async () => {
  const id = await makeClient()
  const first = await must(post(id, { kind: 'top-up', amount: '10.50', reference: 'cash' }))
  const second = await must(post(id, { kind: 'adjustment', amount: '-0.25' }))
  assert.equal(
    [first, second].map(({ seq, kind, amount, balanceAfter, currency, reference, callId, invoiceId }) => [
      seq,
      kind,
      amount,
      balanceAfter,
      currency,
      reference,
      callId,
      invoiceId,
    ]),
    [
      [1, 'top-up', '10.5', '10.5', 'EUR', 'cash', null, null],
      [2, 'adjustment', '-0.25', '10.25', 'EUR', null, null, null],
    ],
  )
  assert.match(first.actor, /^key:brand \(/)
  assert.equal(await balance(id), {
    balance: '10.25',
    reserved: '0',
    leased: '0',
    available: null,
    creditLimit: null,
    unbilled: '0',
    invoicedUnpaid: '0',
    unallocated: '10.25',
    currency: 'EUR',
  })
})

test('free money is the balance and the credit limit; postpaid without a limit has no end', async () => {
  const prepaid = await makeClient({ billingMethod: 'prepaid' })
  await must(post(prepaid, { kind: 'top-up', amount: '3' }))
  assert.is((await balance(prepaid)).available, '3')
  const limited = await makeClient({ creditLimit: '20' })
  await must(post(limited, { kind: 'adjustment', amount: '-5' }))
  assert.is((await balance(limited)).available, '15')
})

test('amounts that cannot be posted are refused with their place and move nothing', async () => {
  const id = await makeClient()
  for (const body of [
    { kind: 'top-up', amount: '0' },
    { kind: 'top-up', amount: '-1' },
    { kind: 'adjustment', amount: '0.00' },
    { kind: 'top-up', amount: '1.234' },
    { kind: 'top-up', amount: 5 },
    { kind: 'top-up', amount: '1e3' },
    { kind: 'top-up', amount: '+1' },
    { kind: 'top-up', amount: 'NaN' },
    { kind: 'top-up', amount: '99999999999999999999' },
  ]) {
    const { status, body: problem } = await post(id, body)
    assert.is(status, 400, JSON.stringify(body))
    assert.is(problem.errors[0].pointer, '/amount')
  }
  assert.is((await post(id, { kind: 'charge', amount: '1' })).body.errors[0].pointer, '/kind')
  assert.is((await balance(id)).balance, '0')
})

test('a currency without decimals takes whole amounts only', async () => {
  const id = await makeClient({ currency: 'JPY' })
  assert.is((await post(id, { kind: 'top-up', amount: '1.5' })).status, 400)
  assert.is((await must(post(id, { kind: 'top-up', amount: '1500.00' }))).amount, '1500')
})

test('one Idempotency-Key moves money once, however often and however parallel it is sent', async () => {
  const id = await makeClient()
  const headers = { 'idempotency-key': 'top-up-1' }
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => post(id, { kind: 'top-up', amount: '7' }, headers)),
  )
  assert.equal(
    answers.map(({ status }) => status),
    Array(8).fill(201),
  )
  assert.is(new Set(answers.map(({ body }) => body.id)).size, 1)
  assert.is(answers.filter(({ headers: answered }) => answered['idempotency-replayed'] === 'true').length, 7)
  assert.is((await balance(id)).balance, '7')
  const reordered = await post(id, { amount: '7', kind: 'top-up' }, headers)
  assert.is(reordered.body.id, answers[0]?.body.id)
})

test('the same key with another body, or for another client, is refused', async () => {
  const id = await makeClient()
  const headers = { 'idempotency-key': 'top-up-2' }
  await must(post(id, { kind: 'top-up', amount: '7' }, headers))
  const body = await post(id, { kind: 'top-up', amount: '8' }, headers)
  assert.is(body.status, 422)
  assert.is(body.body.code, 'idempotency_key_reused')
  const client = await post(await makeClient(), { kind: 'top-up', amount: '7' }, headers)
  assert.is(client.status, 422)
})

test('a request that failed leaves its key free', async () => {
  const id = await makeClient()
  const headers = { 'idempotency-key': 'top-up-3' }
  assert.is((await post(id, { kind: 'top-up', amount: '0' }, headers)).status, 400)
  assert.is((await post(id, { kind: 'top-up', amount: '2' }, headers)).status, 201)
})

test('parallel movements keep their numbers and their chain', async () => {
  const id = await makeClient()
  await Promise.all(Array.from({ length: 20 }, () => post(id, { kind: 'top-up', amount: '0.05' })))
  const { data } = await must(
    api.send('GET', `/v1/clients/${id}/balance-movements?limit=500`, { key: tenant.brandKey }),
  )
  assert.equal(
    data.map(({ seq }: { seq: number }) => seq),
    [20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
  )
  assert.is(data[0].balanceAfter, '1')
  assert.is(data[19].balanceAfter, '0.05')
})

test('movements page backwards without repeats while new ones come', async () => {
  const id = await makeClient()
  for (const amount of ['1', '2', '3', '4', '5']) await must(post(id, { kind: 'top-up', amount }))
  const path = `/v1/clients/${id}/balance-movements?limit=2`
  const first = await must(api.send('GET', path, { key: tenant.brandKey }))
  await must(post(id, { kind: 'top-up', amount: '6' }))
  const second = await must(api.send('GET', `${path}&cursor=${first.nextCursor}`, { key: tenant.brandKey }))
  const third = await must(api.send('GET', `${path}&cursor=${second.nextCursor}`, { key: tenant.brandKey }))
  assert.equal(
    [first, second, third].map(({ data }) => data.map(({ amount }: { amount: string }) => amount)),
    [['5', '4'], ['3', '2'], ['1']],
  )
  assert.is(third.nextCursor, null)
})

test('a day without calls shows its limit and when the next begins', async () => {
  const id = await makeClient({ maxDailyUsage: '5', timeZone: 'America/Santiago' })
  const usage = await must(
    api.send('GET', `/v1/clients/${id}/daily-usage?day=2026-09-05`, { key: tenant.brandKey }),
  )
  // On 6 September 2026 Santiago's clocks go from 00:00 to 01:00: the day begins at 04:00 UTC.
  assert.equal(usage, {
    day: '2026-09-05',
    timeZone: 'America/Santiago',
    amount: '0',
    reserved: '0',
    limit: '5',
    currency: 'EUR',
    limitReachedAt: null,
    resetsAt: '2026-09-06T04:00:00.000Z',
  })
  const bad = await api.send('GET', `/v1/clients/${id}/daily-usage?day=2026-02-30`, { key: tenant.brandKey })
  assert.is(bad.status, 400)
  assert.is(bad.body.errors[0].pointer, '/day')
})

test('a statement begins and ends with the balances around its movements', async () => {
  const id = await makeClient()
  for (const amount of ['10', '-4']) await must(post(id, { kind: 'adjustment', amount }))
  const statement = await must(
    api.send('GET', `/v1/clients/${id}/statement?from=2026-01-01&to=2100-01-01`, { key: tenant.brandKey }),
  )
  const { movements, ...sums } = statement
  assert.equal(sums, {
    from: '2026-01-01',
    to: '2100-01-01',
    timeZone: 'Europe/Madrid',
    currency: 'EUR',
    openingBalance: '0',
    closingBalance: '6',
    totals: { adjustment: '6' },
    nextCursor: null,
  })
  assert.equal(
    movements.map(({ amount }: { amount: string }) => amount),
    ['10', '-4'],
  )
  const before = await must(
    api.send('GET', `/v1/clients/${id}/statement?from=2020-01-01&to=2020-02-01`, { key: tenant.brandKey }),
  )
  assert.equal([before.openingBalance, before.closingBalance, before.movements], ['0', '0', []])
  const backwards = await api.send('GET', `/v1/clients/${id}/statement?from=2026-02-01&to=2026-01-01`, {
    key: tenant.brandKey,
  })
  assert.is(backwards.body.errors[0].pointer, '/to')
})

test('a client keeps its own balance alerts, twenty of them at most', async () => {
  const { clientId, clientKey, brandKey } = await makeTenant(api)
  const path = `/v1/clients/${clientId}/balance-alerts`
  let threshold = 10
  const add = (key: string) => {
    const body = { threshold: String(++threshold), email: 'noc@acme.example.com' }
    return api.send('POST', path, { body, key })
  }
  const first = await must(add(clientKey))
  const changed = await api.send('PATCH', `${path}/${first.id}`, { body: { threshold: '6' }, key: clientKey })
  assert.equal([changed.status, changed.body.threshold], [200, '6'])
  for (let i = 1; i < 20; i++) await must(add(clientKey))
  const refused = await add(clientKey)
  assert.equal([refused.status, refused.body.code], [422, 'too_many_alerts'])
  assert.is((await add(brandKey)).status, 201)
  assert.is((await api.send('DELETE', `${path}/${first.id}`, { key: clientKey })).status, 204)
  const other = await makeTenant(api)
  assert.is((await add(other.clientKey)).status, 404)
})

test.run()
