/** Allowance plans and clients' allowances over HTTP: what is refused and why, fees, and the lines of an invoice. */
import { DateTime } from 'luxon'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Authorizer } from '../../src/calls/authorize/authorize-calls.ts'
import { Leases } from '../../src/calls/leases/leases.ts'
import { noLegFacts } from '../calls/a-call-desk.ts'
import { endedCall, settleEnded } from './ended-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('allowances over HTTP')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let path: string
let ratingPlan: string

const send = (method: string, to: string, body?: unknown, key = tenant.brandKey) =>
  api.send(method, to, { key, ...(body === undefined ? {} : { body }) })
const minutes = { name: 'minutes', prefixes: ['346'], unit: 'seconds', amount: 6000 }
const aPlan = (name: string, plan: object = {}) =>
  send('POST', '/v1/allowance-plans', {
    ...{ name, currency: 'EUR', period: 'month', fee: '9.90', items: [minutes] },
    ...plan,
  })

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  path = `/v1/clients/${tenant.clientId}/allowances`
  const deck = await must(send('POST', '/v1/rate-decks', { name: 'Retail', currency: 'EUR' }))
  const steps = [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 1 }]
  await must(
    send('PUT', `/v1/rate-decks/${deck.id}/rates`, [{ prefix: '346', destination: 'Spain mobile', steps }]),
  )
  const entries = [{ rateDeckId: deck.id }]
  const plan = await must(send('POST', '/v1/rating-plans', { name: 'Retail', currency: 'EUR', entries }))
  ratingPlan = plan.id
  const profile = { ratingPlanId: plan.id, activatesAt: '2020-01-01T00:00:00Z' }
  await must(send('POST', `/v1/clients/${tenant.clientId}/rating-profiles`, profile))
})
test.after(() => api.close())

test('a plan that cannot be is refused with the place of each fault', async () => {
  for (const [plan, pointer] of [
    [{ period: 'year' }, '/period'],
    [{ currency: 'XXX' }, '/currency'],
    [{ fee: '-1' }, '/fee'],
    [{ fee: '9.999' }, '/fee'],
    [{ items: [minutes, minutes] }, '/items/1/name'],
    [{ items: [{ ...minutes, prefixes: ['34x'] }] }, '/items/0/prefixes/0'],
    [{ items: [{ ...minutes, prefixes: [] }] }, '/items/0/prefixes'],
    [{ items: [{ ...minutes, amount: '60' }] }, '/items/0/amount'],
    [{ items: [{ ...minutes, unit: 'money' }] }, '/items/0/amount'],
    [{ items: [{ ...minutes, unit: 'money', amount: '0' }] }, '/items/0/amount'],
    [{ items: [{ ...minutes, unit: 'bytes' }] }, '/items/0/unit'],
    [{ items: [{ ...minutes, minutes: 3 }] }, '/items/0/minutes'],
  ] as const) {
    const answer = await aPlan('Wrong', plan)
    assert.is(answer.status, 400, JSON.stringify(plan))
    assert.ok(
      answer.body.errors.some((error: { pointer: string }) => error.pointer === pointer),
      `${JSON.stringify(answer.body.errors)} names ${pointer}`,
    )
  }
})

test('an allowance that cannot be is refused with the place of each fault', async () => {
  const plan = await must(aPlan('Spain'))
  const dollars = await must(aPlan('Dollars', { currency: 'USD' }))
  const today = DateTime.now().setZone('Europe/Madrid').toISODate()
  const ask = (fields: object) => send('POST', path, { allowancePlanId: plan.id, from: today, ...fields })
  for (const [fields, status, code, pointer] of [
    [{ allowancePlanId: '01946000-0000-7000-8000-000000000001' }, 400, 'invalid_request', '/allowancePlanId'],
    [{ allowancePlanId: dollars.id }, 422, 'currency_mismatch', '/allowancePlanId'],
    [{ from: '2026-02-30' }, 400, 'invalid_request', '/from'],
    [{ from: '2020-01-01' }, 400, 'invalid_request', '/from'],
    [{ to: today }, 400, 'invalid_request', '/to'],
    [{ quantity: 0 }, 400, 'invalid_request', '/quantity'],
    [{ email: 'nobody' }, 400, 'invalid_request', '/email'],
  ] as const) {
    const answer = await ask(fields)
    assert.is(answer.status, status, JSON.stringify(answer.body))
    assert.is(answer.body.code, code)
    assert.is(answer.body.errors[0].pointer, pointer)
  }
  await must(send('PATCH', `/v1/clients/${tenant.clientId}`, { billingMethod: 'none' }))
  assert.is((await ask({})).body.code, 'client_not_billed')
  await must(send('PATCH', `/v1/clients/${tenant.clientId}`, { billingMethod: 'postpaid' }))
  assert.equal((await must(send('GET', path))).data, [])
})

test('items that no call can draw from are warned of where a client gets them', async () => {
  const month = DateTime.now().setZone('Europe/Madrid').startOf('month').plus({ months: 2 }).toISODate()
  const items = [
    minutes,
    { ...minutes, name: 'wider', prefixes: ['34'] },
    { ...minutes, name: 'narrower', prefixes: ['34699'] },
    { ...minutes, name: 'everywhere', prefixes: ['*'] },
    { ...minutes, name: 'half', prefixes: ['347', '346', '39'] },
    { ...minutes, name: 'none', prefixes: ['999'] },
  ]
  const plan = await must(aPlan('Half of it', { items }))
  const made = await must(send('POST', path, { allowancePlanId: plan.id, from: month }))
  assert.equal(made.warnings, [
    'No plan of the client has a rate for 347, 39 of the item "half".',
    'No plan of the client has a rate for 999 of the item "none": it can never be drawn.',
  ])
  assert.is((await must(send('GET', `${path}/${made.id}`))).warnings, undefined)
  await must(send('DELETE', `${path}/${made.id}`))
  const { id } = await must(aPlan('Sound', { items: items.slice(0, 4) }))
  const sound = await must(send('POST', path, { allowancePlanId: id, from: month }))
  assert.is(sound.warnings, undefined)
  await must(send('DELETE', `${path}/${sound.id}`))
})

test('calls draw from an allowance, and its fee stands on the invoice once', async () => {
  const month = DateTime.now().setZone('Europe/Madrid').startOf('month').minus({ months: 1 })
  const [from, to] = [month.toISODate(), month.plus({ months: 1 }).toISODate()]
  const plan = await must(aPlan('Spain 100'))
  const allowance = await must(send('POST', path, { allowancePlanId: plan.id, from, to }))
  const at = month.plus({ days: 3, hours: 12 }).toUTC().toISO() ?? ''
  await settleEnded(api, [
    endedCall(tenant.clientId, { callId: 'drawn', to: '+34600111222', at, seconds: 90 }),
  ])
  const call = await must(send('GET', `/v1/calls/${tenant.clientId}/drawn`))
  assert.is(call.price, '0')
  assert.is(call.coveredSeconds, 90)
  assert.equal(call.allowances, [
    { allowanceId: allowance.id, from, item: 'minutes', unit: 'seconds', amount: 90 },
  ])
  assert.is(allowance.allowancePlanName, 'Spain 100')
  const [listed] = (await must(send('GET', path, undefined, tenant.clientKey))).data
  assert.is(listed.allowancePlanName, 'Spain 100')
  const shown = await must(send('GET', `${path}/${allowance.id}?day=${from}`))
  assert.equal(shown.periods, [
    {
      ...{ from, to, status: 'active', fee: '9.9' },
      items: [
        { name: 'minutes', unit: 'seconds', amount: 6000, rolledOver: 0, used: 90, reserved: 0, left: 5910 },
      ],
    },
  ])
  const sequence = await must(
    send('POST', '/v1/invoice-number-sequences', { name: 'F', prefix: 'F', width: 4 }),
  )
  const bill = {
    clientId: tenant.clientId,
    numberSequenceId: sequence.id,
    taxIds: [],
    from,
    to,
    fixedCosts: [],
  }
  const draft = await must(send('POST', '/v1/invoices', bill))
  const lines = draft.lines.filter(({ description }: { description: string }) =>
    /Spain 100|minutes/.test(description),
  )
  assert.equal(
    lines.map(({ net }: { net: string }) => net),
    ['9.9', '0'],
  )
  assert.match(lines[1].description, /90 \/ 6000/)
  const issued = await must(send('POST', `/v1/invoices/${draft.id}/issue`))
  assert.is(issued.total, '9.9')
  assert.is((await must(send('GET', `/v1/clients/${tenant.clientId}/balance`))).balance, '-9.9')
  const ended = await send('PATCH', `${path}/${allowance.id}`, { to: month.plus({ days: 9 }).toISODate() })
  assert.is(ended.status, 409)
  assert.is(ended.body.code, 'period_charged')
  assert.is((await send('DELETE', `${path}/${allowance.id}`)).body.code, 'in_use')
  assert.is((await send('PATCH', `/v1/allowance-plans/${plan.id}`, { period: 'week' })).body.code, 'in_use')
  assert.is((await send('DELETE', `/v1/allowance-plans/${plan.id}`)).body.code, 'in_use')

  await must(send('POST', `/v1/invoices/${draft.id}/credit-notes`, {}))
  assert.is((await must(send('GET', `/v1/clients/${tenant.clientId}/balance`))).balance, '0')
  const again = await must(send('POST', '/v1/invoices', bill))
  assert.is(again.total, '9.9', 'a credit in full frees the fee')
})

test('a fee that is paid in advance is a movement, and unbilled until an invoice lists it', async () => {
  const client = await must(
    send('POST', '/v1/clients', {
      name: 'Paid in advance',
      sipDomain: 'advance.example.com',
      billingMethod: 'prepaid',
    }),
  )
  const own = `/v1/clients/${client.id}`
  await must(send('POST', `${own}/balance-movements`, { kind: 'top-up', amount: '20' }))
  const plan = await must(aPlan('Number', { fee: '3', items: [] }))
  const today = DateTime.now().setZone(client.timeZone).toISODate()
  const early = await send('POST', `${own}/allowances`, { allowancePlanId: plan.id, from: '2026-01-01' })
  assert.is(early.body.errors[0].pointer, '/from', 'who pays in advance begins today at the earliest')
  const fields = { allowancePlanId: plan.id, from: today, prorate: false }
  const allowance = await must(send('POST', `${own}/allowances`, fields))
  assert.is(allowance.periods[0].status, 'active')
  const balance = await must(send('GET', `${own}/balance`))
  assert.equal([balance.balance, balance.unbilled, balance.unallocated], ['17', '3', '20'])
  const { data } = await must(send('GET', `${own}/balance-movements`))
  assert.equal([data[0].kind, data[0].amount, data[0].reference], ['fee', '-3', 'Number'])
})

test('a report tells what is used and left of each item, and a client no fees and no money without prices', async () => {
  const month = DateTime.now().setZone('Europe/Madrid').startOf('month').minus({ months: 1 })
  const [from, to] = [month.toISODate(), month.plus({ months: 1 }).toISODate()]
  const credit = { name: 'credit', prefixes: ['*'], unit: 'money', amount: '2.50' }
  const plan = await must(aPlan('Credit', { fee: '4', items: [credit] }))
  await must(send('POST', path, { allowancePlanId: plan.id, from, to, quantity: 2 }))
  const report = async (query: string, key?: string) =>
    (await must(send('GET', `/v1/reports/allowances?${query}`, undefined, key))).data
  const lastMonth = `from=${from}&to=${to}`
  const clientId = tenant.clientId
  const rows = await report(lastMonth)
  assert.equal(
    rows.map((row: Record<string, unknown>) => [row.allowancePlanName, row.item, row.used, row.left]),
    [
      ['Spain 100', 'minutes', '90', '5910'],
      ['Credit', 'credit', '0', '5'],
    ],
  )
  const { allowanceId, clientName, ...credited } = rows[1]
  assert.equal(credited, {
    ...{ clientId, allowancePlanId: plan.id, allowancePlanName: 'Credit', quantity: 2 },
    ...{ from, to, status: 'active', currency: 'EUR', fee: '8' },
    ...{ item: 'credit', unit: 'money', amount: '5', rolledOver: '0', used: '0', reserved: '0', left: '5' },
  })
  // A recurring fee has no items; a period that ended before the first day is not there.
  const present = await report(`from=${to}`)
  assert.equal(
    present.map((row: Record<string, unknown>) => [row.clientName, row.fee, row.item, row.left]),
    [['Paid in advance', '3', null, null]],
  )
  assert.equal(await report(`to=${from}`), [])
  assert.equal(await report(`clientId=${clientId}&from=${to}`), [])
  assert.equal(await report('', (await makeTenant(api)).brandKey), [])

  const show = (callPrices: boolean) =>
    must(send('PATCH', `/v1/clients/${clientId}`, { portalVisibility: { callPrices } }))
  const seen = async () => {
    const own = await report(lastMonth, tenant.clientKey)
    const shown = await must(send('GET', `${path}?day=${from}`, undefined, tenant.clientKey))
    const periods = shown.data.flatMap((allowance: { periods: object[] }) => allowance.periods)
    assert.not.ok([...own, ...periods].some((row: object) => 'fee' in row))
    return [own.map(({ item }: { item: string }) => item), periods.flatMap(itemNames).sort()]
  }
  await show(true)
  assert.equal(await seen(), [
    ['minutes', 'credit'],
    ['credit', 'minutes'],
  ])
  await show(false)
  assert.equal(await seen(), [['minutes'], ['minutes']])

  await must(send('PATCH', `/v1/clients/${clientId}`, { features: [], billingMethod: 'none' }))
  for (const hidden of [path, '/v1/reports/allowances', '/v1/reports/allowances.csv']) {
    const answer = await send('GET', hidden, undefined, tenant.clientKey)
    assert.equal([answer.status, answer.body.code], [404, 'feature_disabled'], hidden)
  }
})

test('an allowance ends where a period has neither been charged nor drawn from, and what it gives is cut to that', async () => {
  const month = DateTime.now().setZone('Europe/Madrid').startOf('month').minus({ months: 3 })
  const day = (months: number, days = 0) => month.plus({ months, days }).toISODate() ?? ''
  const plan = await must(aPlan('Ending', { items: [{ ...minutes, rollover: true }] }))
  const client = await must(send('POST', '/v1/clients', { name: 'Ending', sipDomain: 'ending.example.com' }))
  const own = `/v1/clients/${client.id}/allowances`
  const { id } = await must(send('POST', own, { allowancePlanId: plan.id, from: day(0) }))
  const periodOf = async (asked: string) => {
    const [period] = (await must(send('GET', `${own}/${id}?day=${asked}`))).periods
    return period && [period.from, period.to, period.fee, period.items[0].amount, period.items[0].used]
  }
  assert.equal(await periodOf(day(1)), [day(1), day(2), '9.9', 6000, 0])

  // In the middle of the first of several months that have begun.
  const daysOf = month.daysInMonth ?? 0
  const share = (whole: number) => Math.floor((whole * 10) / daysOf)
  await must(send('PATCH', `${own}/${id}`, { to: day(0, 10) }))
  const fee = String(Math.round((990 * 10) / daysOf) / 100)
  assert.equal(await periodOf(day(0)), [day(0), day(0, 10), fee, share(6000), 0])
  assert.is(await periodOf(day(0, 10)), undefined)
  assert.is(await periodOf(day(1)), undefined)
  await must(send('PATCH', `${own}/${id}`, { to: null }))
  assert.equal(await periodOf(day(0)), [day(0), day(1), '9.9', 6000, 0])
  assert.equal(await periodOf(day(1)), [day(1), day(2), '9.9', 6000, 0])

  const profile = { ratingPlanId: ratingPlan, activatesAt: '2020-01-01T00:00:00Z' }
  await must(send('POST', `/v1/clients/${client.id}/rating-profiles`, profile))
  const at = month.plus({ days: 2, hours: 12 }).toUTC().toISO() ?? ''
  await settleEnded(api, [endedCall(client.id, { callId: 'drew', to: '+34600111222', at, seconds: 30 })])
  for (const to of [day(0, 10), day(0, 1)]) {
    const refused = await send('PATCH', `${own}/${id}`, { to })
    assert.equal([refused.status, refused.body.code], [409, 'period_used'])
    assert.equal(refused.body.errors, [{ pointer: '/to', detail: `must not be before ${day(1)}` }])
  }
  assert.equal(await periodOf(day(1)), [day(1), day(2), '9.9', 6000, 0], 'a refusal changes nothing')
  await must(send('PATCH', `${own}/${id}`, { to: day(1) }))
  assert.equal(await periodOf(day(0)), [day(0), day(1), '9.9', 6000, 30])
  assert.is(await periodOf(day(1)), undefined)
})

test('to make, change and end an allowance calls back what replicas have leased of its client', async () => {
  const today = DateTime.now().setZone('Europe/Madrid')
  const client = await must(
    send('POST', '/v1/clients', { name: 'Leased', sipDomain: 'leased.example.com', creditLimit: '10' }),
  )
  const profile = { ratingPlanId: ratingPlan, activatesAt: '2020-01-01T00:00:00Z' }
  await must(send('POST', `/v1/clients/${client.id}/rating-profiles`, profile))
  const plan = await must(aPlan('Leased', { fee: '0', items: [{ ...minutes, amount: 60_000 }] }))
  const own = `/v1/clients/${client.id}/allowances`
  const allowance = { allowancePlanId: plan.id, from: today.toISODate() }
  const { id } = await must(send('POST', own, allowance))

  let elapsedMs = 0
  const { callsContext } = api
  const leases = new Leases(callsContext, {
    ...{ mode: 'on', ticks: 'when-told', monotonic: () => elapsedMs },
    askReplica: async () => {},
  })
  callsContext.leases = leases
  let asked = 0
  const ask = async () => {
    const leg = { client: client.id, direction: 'outbound' as const, from: null, to: '+34600111222' }
    const nobody = { sourceIp: null, toClient: null, fromClient: null }
    const request = { ...leg, callId: `leg ${asked++}`, ...nobody, ...noLegFacts, at: Date.now() }
    const scope = { brandId: null, deadlineAt: Date.now() + 60_000 }
    assert.ok((await new Authorizer(callsContext).authorize(request, scope)).allowed)
  }
  const isLeased = async () => {
    const rows = await callsContext.db.$client`select allowances from leases where client_id = ${client.id}`
    return rows.some((row) => row.allowances.length > 0)
  }
  const later = today.plus({ years: 1 }).toISODate()
  let other = ''
  for (const change of [
    async () => {
      other = (await must(send('POST', own, allowance))).id
    },
    () => must(send('PATCH', `${own}/${id}`, { to: later })),
    () => must(send('DELETE', `${own}/${other}`)),
  ]) {
    elapsedMs += 5000
    await leases.turn()
    for (let i = 0; i < 10; i++) await ask()
    await leases.size([client.id])
    assert.ok(await isLeased())
    await change()
    assert.not(await isLeased())
  }
  await leases.close()
  delete callsContext.leases
})

function itemNames({ items }: { items: { name: string }[] }): string[] {
  return items.map(({ name }) => name)
}

test.run()
