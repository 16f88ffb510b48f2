/**
 * One client's whole book, read through every door that its own users have: with the switches off neither the price of
 * a single call nor the number of an invoice stands in any answer, and no two amounts differ by that price.
 */
import { DateTime } from 'luxon'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { anEvent } from '../calls/a-call-desk.ts'
import { type Page, readAll, readPage, reportPaths, type Wanted } from './client-reader.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('what a client’s users never see')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let client: string
let wanted: Omit<Wanted, 'key'>
/** API key and log-in of the client. */
let keys: string[]
let today: string

/** Of one call: nothing else in the book has these digits. */
const price = '0.7393'
const invoiceNumber = /ZQX/i
const none = { invoices: false, ratingProfiles: false, callPrices: false }

const send = (method: string, path: string, body?: unknown) =>
  must(api.send(method, path, { key: tenant.brandKey, body }))
const show = (portalVisibility: object) => send('PATCH', client, { portalVisibility })

/** A call of so many seconds to a number, answered then. */
async function call(callId: string, to: string, answeredAt: number, seconds: number): Promise<void> {
  const times = { startedAt: answeredAt, answeredAt, endedAt: answeredAt + seconds * 1000 }
  const event = anEvent({
    kind: 'end',
    client: tenant.clientId,
    callId,
    to,
    labels: { trunk: callId },
    ...times,
  })
  await settleCalls(api.callsContext, { events: [event], undeliverable: [] })
}

test.before(async () => {
  api = await openTestApi()
  // It is about noon there: what is told below does not run over a midnight.
  const offset = 12 - new Date().getUTCHours()
  const timeZone = `Etc/GMT${offset < 0 ? '+' : '-'}${Math.abs(offset)}`
  tenant = await makeTenant(api, { timeZone })
  client = `/v1/clients/${tenant.clientId}`
  today = DateTime.now().setZone(timeZone).toISODate() ?? ''
  await send('PATCH', client, { billingMethod: 'prepaid', maxDailyUsage: '50' })
  const deck = await send('POST', '/v1/rate-decks', { name: 'Deck of secrets', currency: 'EUR' })
  const rate = (prefix: string, perMinute: string) => ({
    prefix,
    destination: `Country ${prefix}`,
    steps: [{ rate: perMinute, perSeconds: 60, incrementSeconds: 60 }],
  })
  await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    rate('346', price),
    rate('44', '0.1101'),
    rate('33', '1.9'),
  ])
  const plan = await send('POST', '/v1/rating-plans', {
    name: 'Plan of secrets',
    currency: 'EUR',
    entries: [{ rateDeckId: deck.id }],
  })
  const profile = await send('POST', `${client}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2025-01-01T00:00:00Z',
  })
  await send('POST', `${client}/balance-movements`, { kind: 'top-up', amount: '30' })

  // A closed month with two calls to one destination, for an invoice.
  const month = DateTime.fromISO('2026-02-10T12:00', { zone: timeZone }).toMillis()
  await call('billed-1', '+34600111222', month, 60)
  await call('billed-2', '+34600111222', month + 3_600_000, 180)
  // The price alone on both sides of a top-up, and over a midnight beside another call.
  const midnight = DateTime.fromISO('2026-05-06', { zone: timeZone }).toMillis()
  await call('before', '+442071838750', midnight - 7_200_000, 60)
  await call('over', '+34600111222', midnight - 30_000, 60)
  await call('after', '+442071838750', midnight + 7_200_000, 120)
  const now = Date.now()
  await call('first', '+34600111222', now - 300_000, 60)
  await send('POST', `${client}/balance-movements`, { kind: 'top-up', amount: '5', reference: 'cash' })
  await call('second', '+442071838750', now - 200_000, 180)
  await send('POST', `${client}/balance-movements`, { kind: 'adjustment', amount: '-1.5' })

  // A running call that holds money.
  await must(
    api.send('POST', '/v1/authorizations', {
      key: tenant.engineKey,
      body: { client: tenant.clientId, callId: 'running', from: '+34911000111', to: '+33123456789' },
    }),
  )
  const start = anEvent({
    kind: 'start',
    client: tenant.clientId,
    callId: 'running',
    to: '+33123456789',
    startedAt: now,
    answeredAt: now,
  })
  await settleCalls(api.callsContext, { events: [start], undeliverable: [] })

  const invoice = await bill()
  const alert = await send('POST', `${client}/balance-alerts`, { threshold: '2', email: 'noc@acme.example' })
  const bundle = await send('POST', '/v1/allowance-plans', {
    name: 'Bundle',
    currency: 'EUR',
    period: 'month',
    fee: '0',
    items: [{ name: 'minutes', prefixes: ['999'], unit: 'seconds', amount: 6000 }],
  })
  const allowance = await send('POST', `${client}/allowances`, {
    allowancePlanId: bundle.id,
    from: today,
  })
  const source = await send('POST', `${client}/authorized-sources`, { cidr: '192.0.2.0/24' })
  const guard = await send('POST', '/v1/spend-guards', {
    clientId: tenant.clientId,
    name: 'Own',
    limits: { callsPerMinute: 1000 },
  })
  const endpoint = await send('POST', '/v1/webhook-endpoints', {
    clientId: tenant.clientId,
    url: 'https://1.1.1.1/hook',
    events: ['billing.calls.priced'],
  })
  const delivery = await send('POST', `/v1/webhook-endpoints/${endpoint.id}/ping`, {})
  const password = 'a password of ten'
  const admin = await send('POST', `${client}/admins`, { username: 'ada', password })
  const session = await must(
    api.send('POST', '/v1/sessions', {
      key: null,
      body: { client: tenant.clientId, username: 'ada', password },
    }),
  )
  keys = [tenant.clientKey, session.accessToken]
  wanted = {
    clientId: tenant.clientId,
    callIds: ['first', 'second', 'over', 'running', 'billed-1'],
    ids: {
      brands: [tenant.brandId],
      clients: [tenant.clientId],
      'authorized-sources': [source.id],
      'rating-profiles': [profile.id],
      'rating-plans': [plan.id],
      'balance-alerts': [alert.id],
      allowances: [allowance.id],
      invoices: [invoice],
      admins: [admin.id],
      'spend-guards': [guard.id],
      'webhook-endpoints': [endpoint.id],
      'webhook-deliveries': [delivery.id],
    },
    from: '2026-01-01',
    to: '2099-01-01',
  }
})
test.after(() => api.close())

/** February's invoice, paid in part with its number in the words, credited in part; a top-up names it, too. */
async function bill(): Promise<string> {
  const tax = await send('POST', '/v1/taxes', { name: 'VAT', rate: '21', category: 'S' })
  const sequence = await send('POST', '/v1/invoice-number-sequences', {
    name: 'main',
    prefix: 'ZQX',
    width: 4,
  })
  await send('PATCH', `/v1/brands/${tenant.brandId}`, {
    issuer: { legalName: 'Telco', taxId: 'B58378431', country: 'ES' },
  })
  const invoiceData = { legalName: 'Acme, S.A.', taxId: 'A58818501', country: 'ES' }
  await send('PATCH', client, { taxIds: [tax.id], invoiceData })
  const seat = await send('POST', '/v1/fixed-costs', { name: 'Seat', price: '9.95', currency: 'EUR' })
  const { id } = await send('POST', '/v1/invoices', {
    clientId: tenant.clientId,
    numberSequenceId: sequence.id,
    from: '2026-02-01',
    to: '2026-03-01',
    fixedCosts: [{ fixedCostId: seat.id, quantity: 3 }],
  })
  const { number } = await send('POST', `/v1/invoices/${id}/issue`)
  assert.match(number, invoiceNumber)
  await send('POST', `/v1/invoices/${id}/credit-notes`, { lines: [{ index: 1, quantity: '1' }] })
  const reference = `thanks for ${number.toLowerCase()}`
  await send('POST', `${client}/balance-movements`, { kind: 'top-up', amount: '3', reference })
  return id
}

const tellsPrice = ({ text }: Page) => /0[.,]7393|7393(?!\d)/.test(text)
const urlsOf = (pages: readonly Page[]) => pages.map(({ url }) => url)

/** Amounts that a page tells of the account, with what it tells of days. */
function amountsOf(text: string): number[] {
  return [...text.matchAll(/(?<![\w.:+-])-?\d+\.\d{1,6}(?![\w.:])/g)].map(([amount]) => Number(amount))
}

test('with everything shown the walk meets price and number in each kind of file', async () => {
  await show({ invoices: true, ratingProfiles: true, callPrices: true })
  for (const key of keys.slice(0, 1)) {
    const pages = await readAll(api, { ...wanted, key })
    assert.ok(urlsOf(pages).filter((url) => url.startsWith('/v1/reports/')).length > reportPaths)
    for (const format of ['json', 'csv', 'xlsx', 'parquet']) {
      const calls = pages.filter(({ url }) => url === `/v1/reports/calls.${format}`)
      assert.equal(calls.map(tellsPrice), [true], format)
      const invoices = pages.filter(({ url }) => url === `/v1/reports/invoices.${format}`)
      assert.equal(
        invoices.map(({ text }) => invoiceNumber.test(text)),
        [true],
        format,
      )
    }
    const prints = pages.filter(({ url }) => url.endsWith('.pdf'))
    assert.ok(prints.length > 1 && prints.every(({ text }) => invoiceNumber.test(text)))
    // Of the two the invoice is the same for everybody, and tells of no call what it costs.
    assert.equal(urlsOf(prints.filter(tellsPrice)), [`/v1/invoices/${wanted.ids.invoices?.[0]}/annex.pdf`])
  }
})

test('with the switches off neither stands anywhere, and no answer breaks', async () => {
  await show(none)
  for (const key of keys) {
    const pages = await readAll(api, { ...wanted, key })
    assert.equal(urlsOf(pages.filter(({ status }) => status >= 500)), [])
    assert.equal(urlsOf(pages.filter(tellsPrice)), [])
    assert.equal(urlsOf(pages.filter(({ text }) => invoiceNumber.test(text))), [])
    const invoice = wanted.ids.invoices?.[0] ?? ''
    assert.equal(urlsOf(pages.filter(({ text, status }) => status < 300 && text.includes(invoice))), [])
  }
})

test('no two amounts that are told of the account differ by the price of a call', async () => {
  await show(none)
  const [key = ''] = keys
  const days = (from: string, to: string) => [
    `${client}/statement?from=${from}&to=${to}`,
    `/v1/reports/balances?from=${from}&to=${to}`,
    `/v1/reports/statements?from=${from}&to=${to}`,
    `${client}/daily-usage?day=${from}`,
  ]
  const tomorrow = DateTime.fromISO(today).plus({ days: 1 }).toISODate() ?? ''
  const pages: Page[] = []
  for (const url of [
    `${client}/balance-movements?limit=500`,
    `${client}/balance`,
    '/v1/reports/balances',
    ...days('2026-05-05', '2026-05-06'),
    ...days('2026-05-06', '2026-05-07'),
    ...days(today, tomorrow),
    ...days('2026-05-01', tomorrow),
  ]) {
    const page = await readPage(api, url, key)
    assert.is(page.status, 200, url)
    pages.push(page)
  }
  const told = [...new Set(pages.flatMap(({ text }) => amountsOf(text)))]
  assert.ok(told.length > 10)
  const pairs = told.flatMap((one) => told.map((other) => [one, other] as const))
  const telling = pairs.filter(([one, other]) => Math.abs(Math.abs(one - other) - Number(price)) < 1e-9)
  assert.equal(telling, [])
})

test('the calls of a day are one charge, of that day’s usage, behind its other movements', async () => {
  await show(none)
  const { data } = await must(
    api.send('GET', `${client}/balance-movements?sort=createdAt`, { key: keys[0] ?? '' }),
  )
  const charges = data.filter(({ kind }: { kind: string }) => kind === 'charge')
  assert.equal(
    charges.map(({ day, amount }: { day: string; amount: string }) => [day, amount]),
    [
      ['2026-02-10', '-2.9572'],
      ['2026-05-05', '-0.8494'],
      ['2026-05-06', '-0.2202'],
      [today, '-1.0696'],
    ],
  )
  for (const charge of charges) {
    assert.not.ok('id' in charge || 'seq' in charge || charge.callId)
    const usage = await must(
      api.send('GET', `${client}/daily-usage?day=${charge.day}`, { key: keys[0] ?? '' }),
    )
    assert.is(`-${usage.amount}`, charge.amount)
  }
  const { balance } = await must(api.send('GET', `${client}/balance`, { key: keys[0] ?? '' }))
  assert.is(data.at(-1).day, today)
  assert.is(data.at(-1).balanceAfter, balance)
  // The newest first is the same list, and its pages are.
  const seen: unknown[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`
    const page = await must(
      api.send('GET', `${client}/balance-movements?limit=2${query}`, { key: keys[0] ?? '' }),
    )
    seen.push(...page.data)
    cursor = page.nextCursor
  } while (cursor !== null)
  const withoutNow = (rows: { createdAt: string }[]) => rows.map((row) => ({ ...row, createdAt: '' }))
  assert.equal(withoutNow(seen.reverse() as { createdAt: string }[]), withoutNow(data))
})

test('statements and balances of days add up, and take no other days than the client’s', async () => {
  await show(none)
  const key = keys[0] ?? ''
  const get = (path: string) => api.send('GET', path, { key })
  const statement = await must(get(`${client}/statement?from=2026-05-01&to=2026-06-01&limit=1`))
  assert.equal(statement.totals, { charge: '-1.0696' })
  assert.is(statement.openingBalance, '-2.9572')
  assert.is(statement.closingBalance, '-4.0268')
  const next = await must(
    get(`${client}/statement?from=2026-05-01&to=2026-06-01&limit=1&cursor=${statement.nextCursor}`),
  )
  assert.equal(
    [statement, next].map(({ movements }) => movements[0].day),
    ['2026-05-05', '2026-05-06'],
  )
  assert.is(next.nextCursor, null)
  const { data } = await must(get('/v1/reports/balances?from=2026-05-01&to=2026-06-01'))
  const [row] = data
  assert.equal([row.openingBalance, row.charges, row.closingBalance], ['-2.9572', '-1.0696', '-4.0268'])
  for (const report of ['balances', 'statements']) {
    const other = await get(`/v1/reports/${report}?from=2026-05-01&to=2026-06-01&timeZone=Asia/Tokyo`)
    assert.equal([other.status, other.body.code], [403, 'forbidden'])
  }
  const wrong = Buffer.from(JSON.stringify(['2026-13-45', '1'])).toString('base64url')
  assert.is((await get(`${client}/balance-movements?cursor=${wrong}`)).status, 400)
  assert.is((await get(`${client}/statement?from=2026-05-01&to=2026-06-01&cursor=${wrong}`)).status, 400)
})

test('with invoices shown their files tell sums of calls, and of no call what it costs', async () => {
  await show({ ...none, invoices: true })
  for (const key of keys.slice(0, 1)) {
    const pages = await readAll(api, { ...wanted, key })
    const files = pages.filter(({ url }) => /\/v1\/invoices\/.*\.(pdf|xml|csv)/.test(url))
    assert.ok(files.length >= 4 && files.every(({ status }) => status === 200))
    assert.equal(urlsOf(pages.filter(tellsPrice)), [])
  }
})

test('with prices shown and invoices hidden, movements stay and name no invoice', async () => {
  await show({ ...none, callPrices: true })
  for (const key of keys.slice(0, 1)) {
    const pages = await readAll(api, { ...wanted, key })
    assert.ok(pages.some(tellsPrice))
    assert.equal(urlsOf(pages.filter(({ text }) => invoiceNumber.test(text))), [])
    const { data } = await must(api.send('GET', `${client}/balance-movements`, { key }))
    const references = data.map(({ reference }: { reference: string | null }) => reference)
    assert.equal(
      references.filter((reference: string | null) => reference !== null),
      ['cash'],
    )
  }
})

test.run()
