import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { remindInvoices } from '../../src/invoices/remind-invoices.ts'
import { makeTenant, must, openTestApi } from './test-api.ts'

let now = Date.parse('2026-03-02T09:00:00Z')
const api = await openTestApi({ clock: () => now })
const test = suite('direct debits over HTTP')
test.after(() => api.close())
test.before.each(() => {
  now = Date.parse('2026-03-02T09:00:00Z')
})

const creditor = {
  legalName: 'Telco, S.L.',
  iban: 'ES9121000418450200051332',
  creditorId: 'ES50ZZZM23456789',
}
const german = 'DE89370400440532013000'
const path = '/v1/direct-debit-runs'
let n = 0

/** A brand that collects, and invoices of 12.10 each. */
async function openBrand(issuer: object = creditor) {
  const tenant = await makeTenant(api)
  const { brandId, brandKey: key } = tenant
  const send = (method: string, url: string, body?: unknown, headers?: Record<string, string>) =>
    api.send(method, url, { key, body, ...(headers && { headers }) })
  const make = (url: string, body: object) => must(send('POST', url, body))
  await must(send('PATCH', `/v1/brands/${brandId}`, { issuer }))
  const tax = await make('/v1/taxes', { name: 'VAT', rate: '21', category: 'S' })
  const sequence = await make('/v1/invoice-number-sequences', { name: 'main', prefix: 'F', width: 4 })
  const line = await make('/v1/fixed-costs', { name: 'Line', price: '10', currency: 'EUR' })
  const addClient = (mandate: object | null, more: object = {}) =>
    make('/v1/clients', {
      ...{ name: `Client ${++n}`, sipDomain: `debtor${n}.example.com`, taxIds: [tax.id], countryCode: 'DE' },
      directDebit: mandate && { mandateId: `M-${n}`, signedDay: '2026-01-15', iban: german, ...mandate },
      ...more,
    })
  /** Of February: dated 2 March, due ten days later. */
  async function issue(
    clientId: string,
    dueDays = 10,
    [from, to] = ['2026-02-01', '2026-03-01'],
    fixedCosts = [{ fixedCostId: line.id }],
    discounts: object[] = [],
  ) {
    const draft = await make('/v1/invoices', {
      ...{ clientId, numberSequenceId: sequence.id, from, to, dueDays },
      ...{ fixedCosts, discounts },
    })
    return must(send('POST', `/v1/invoices/${draft.id}/issue`))
  }
  const collect = (body: object = {}) => send('POST', path, { collectionDay: '2026-03-12', ...body })
  const run = (id: string) => must(send('GET', `${path}/${id}`))
  const debits = async (id: string, query = '') =>
    (await must(send('GET', `${path}/${id}/debits${query}`))).data
  const post = (url: string, body?: unknown) => send('POST', `${path}/${url}`, body)
  async function told(invoiceId: string) {
    const { status, amountDue, payments } = await must(send('GET', `/v1/invoices/${invoiceId}`))
    return [status, amountDue, payments.map(({ amount }: { amount: string }) => amount)]
  }
  const balance = async (clientId: string) =>
    (await must(send('GET', `/v1/clients/${clientId}/balance`))).balance
  return { ...tenant, send, make, addClient, issue, collect, run, debits, post, told, balance }
}

test('a run takes what is due from clients with a mandate, and its confirmation pays 12.10 each, once', async () => {
  const brand = await openBrand()
  const [core, business, none] = [
    await brand.addClient({ accountHolder: 'Acme Holding' }),
    await brand.addClient({ scheme: 'b2b' }),
    await brand.addClient(null),
  ]
  const invoices = [await brand.issue(core.id), await brand.issue(business.id)]
  const unpaid = await brand.issue(none.id)
  const later = await brand.issue((await brand.addClient({})).id, 11)
  const { status, body, headers } = await brand.collect()
  assert.is(status, 201, JSON.stringify(body))
  assert.is(headers.location, `${path}/${body.id}`)
  assert.equal(
    [body.status, body.total, body.booked, body.skipped, body.creditor],
    [
      'open',
      { debits: 2, amount: '24.2' },
      { debits: 0, amount: '0' },
      [],
      { name: 'Telco, S.L.', iban: creditor.iban, bic: null, creditorId: creditor.creditorId },
    ],
  )
  const listed = await brand.debits(body.id)
  assert.equal(
    listed.map((debit: Record<string, string>) => [
      debit.invoiceNumber,
      debit.scheme,
      debit.amount,
      debit.status,
    ]),
    [
      [invoices[0].number, 'core', '12.1', 'pending'],
      [invoices[1].number, 'b2b', '12.1', 'pending'],
    ],
  )
  const file = await brand.send('GET', `${path}/${body.id}.xml`)
  assert.is(file.status, 200)
  assert.match(String(file.headers['content-disposition']), /filename="direct-debits-2026-03-12-/)
  for (const text of [
    '<CtrlSum>24.20</CtrlSum>',
    '<Cd>B2B</Cd>',
    '<Nm>Acme Holding</Nm>',
    `>${core.directDebit.mandateId}<`,
  ]) {
    assert.ok(file.body.includes(text), text)
  }
  assert.is((await brand.send('GET', `${path}/${body.id}.xml`)).body, file.body)
  // Nothing is paid before the bank has the money.
  assert.equal(await brand.told(invoices[0].id), ['issued', '12.1', []])
  const early = await brand.post(`${body.id}/confirm`)
  assert.equal([early.status, early.body.code], [409, 'collection_day_ahead'])

  now = Date.parse('2026-03-13T09:00:00Z')
  for (const answer of [await brand.post(`${body.id}/confirm`), await brand.post(`${body.id}/confirm`)]) {
    assert.equal(
      [answer.status, answer.body.status, answer.body.booked],
      [200, 'confirmed', { debits: 2, amount: '24.2' }],
    )
  }
  for (const { id } of invoices) assert.equal(await brand.told(id), ['paid', '0', ['12.1']])
  assert.equal(await brand.told(unpaid.id), ['overdue', '12.1', []])
  assert.equal((await brand.told(later.id))[0], 'issued')
  assert.is(await brand.balance(core.id), '0')
  const cancelled = await brand.post(`${body.id}/cancel`)
  assert.equal([cancelled.status, cancelled.body.code], [409, 'run_confirmed'])
})

test('an invoice is in one run at a time; a cancelled run gives its invoices to the next', async () => {
  const brand = await openBrand()
  const { id: clientId } = await brand.addClient({})
  const invoice = await brand.issue(clientId)
  const first = (await brand.collect()).body
  const second = await brand.collect()
  assert.equal([second.status, second.body.code], [422, 'nothing_to_collect'])
  for (const answer of [await brand.post(`${first.id}/cancel`), await brand.post(`${first.id}/cancel`)]) {
    assert.equal([answer.status, answer.body.status], [200, 'cancelled'])
  }
  const third = await brand.collect()
  assert.equal([third.status, third.body.total.debits], [201, 1])
  now = Date.parse('2026-03-13T09:00:00Z')
  const late = await brand.post(`${first.id}/confirm`)
  assert.equal([late.status, late.body.code], [409, 'run_cancelled'])
  await must(brand.post(`${third.body.id}/confirm`))
  assert.equal(await brand.told(invoice.id), ['paid', '0', ['12.1']])
  const { data } = await must(brand.send('GET', path))
  assert.equal(
    data.map(({ status }: { status: string }) => status),
    ['confirmed', 'cancelled'],
  )
})

test('two runs at once take an invoice once', async () => {
  const brand = await openBrand()
  await brand.issue((await brand.addClient({})).id)
  const answers = await Promise.all([brand.collect(), brand.collect()])
  const statuses = answers.map(({ status }) => status).sort()
  assert.is(statuses[0], 201)
  assert.ok([409, 422].includes(statuses[1] ?? 0), JSON.stringify(answers.map(({ body }) => body)))
  assert.is((await must(brand.send('GET', path))).data.length, 1)
})

test('a debit that comes back opens its invoice again, before and after it was booked, once', async () => {
  const brand = await openBrand()
  const [refused, returned] = [await brand.addClient({}), await brand.addClient({})]
  const invoices = [await brand.issue(refused.id), await brand.issue(returned.id)]
  const { body } = await brand.collect()
  const [first, second] = await brand.debits(body.id)
  const giveBack = (debit: { id: string }, reason: string) =>
    brand.post(`${body.id}/debits/${debit.id}/return`, { reason })
  // The bank refused it before the day: nothing was ever booked.
  assert.equal((await must(giveBack(first, 'AC01'))).status, 'returned')
  now = Date.parse('2026-03-13T09:00:00Z')
  await must(brand.post(`${body.id}/confirm`))
  assert.equal(await brand.told(invoices[0].id), ['overdue', '12.1', []])
  assert.equal(await brand.told(invoices[1].id), ['paid', '0', ['12.1']])
  // It gave this one back after it had paid.
  now = Date.parse('2026-03-16T09:00:00Z')
  for (const answer of [await giveBack(second, 'AM04'), await giveBack(second, 'AM04')]) {
    assert.equal([answer.status, answer.body.status, answer.body.returnReason], [200, 'returned', 'AM04'])
  }
  assert.equal(await brand.told(invoices[1].id), ['overdue', '12.1', ['12.1', '-12.1']])
  assert.is(await brand.balance(returned.id), '-12.1')
  const run = await brand.run(body.id)
  assert.equal(
    [run.total, run.booked, run.returned],
    [
      { debits: 2, amount: '24.2' },
      { debits: 0, amount: '0' },
      { debits: 2, amount: '24.2' },
    ],
  )
  assert.equal((await brand.debits(body.id, '?status=booked')).length, 0)
  // Both are open, so the next run has both.
  assert.equal((await must(brand.collect({ collectionDay: '2026-03-20' }))).total, {
    debits: 2,
    amount: '24.2',
  })
})

test('money that was collected is booked though the invoice was paid or credited meanwhile, and is on the account', async () => {
  const brand = await openBrand()
  const [paid, credited, part] = [
    await brand.addClient({}),
    await brand.addClient({}),
    await brand.addClient({}),
  ]
  const invoices = [await brand.issue(paid.id), await brand.issue(credited.id), await brand.issue(part.id)]
  const { body } = await brand.collect()
  await brand.make(`/v1/invoices/${invoices[0].id}/payments`, { amount: '12.1', method: 'transfer' })
  await brand.make(`/v1/invoices/${invoices[1].id}/credit-notes`, {})
  await brand.make(`/v1/invoices/${invoices[2].id}/payments`, { amount: '5' })
  now = Date.parse('2026-03-13T09:00:00Z')
  await must(brand.post(`${body.id}/confirm`))
  assert.equal(await brand.told(invoices[0].id), ['paid', '0', ['12.1', '12.1']])
  assert.equal(await brand.told(invoices[1].id), ['credited', '0', ['12.1']])
  assert.equal(await brand.told(invoices[2].id), ['paid', '0', ['5', '12.1']])
  assert.equal(
    [await brand.balance(paid.id), await brand.balance(credited.id), await brand.balance(part.id)],
    ['12.1', '12.1', '5'],
  )
  assert.is((await brand.run(body.id)).booked.debits, 3)
})

test('confirmations and returns that come at once count once, whatever overtakes what', async () => {
  const brand = await openBrand()
  const clients = await Promise.all(Array.from({ length: 6 }, () => brand.addClient({})))
  for (const { id } of clients) await brand.issue(id)
  const { body: run } = await brand.collect()
  const debits = await brand.debits(run.id)
  now = Date.parse('2026-03-13T09:00:00Z')
  const giveBack = (debit: { id: string }) =>
    brand.post(`${run.id}/debits/${debit.id}/return`, { reason: 'AM04' })
  // Half of them come back, told twice, while the run is confirmed twice.
  const answers = await Promise.all([
    brand.post(`${run.id}/confirm`),
    ...debits.slice(0, 3).flatMap((debit: { id: string }) => [giveBack(debit), giveBack(debit)]),
    brand.post(`${run.id}/confirm`),
  ])
  assert.equal(
    answers.map(({ status }) => status),
    answers.map(() => 200),
  )
  const after = await brand.debits(run.id)
  assert.equal(
    after.map(({ status }: { status: string }) => status),
    ['returned', 'returned', 'returned', 'booked', 'booked', 'booked'],
  )
  for (const [i, { clientId }] of after.entries()) {
    const balance = await brand.balance(clientId)
    assert.is(balance, i < 3 ? '-12.1' : '0', `client ${i}`)
  }
  const told = await brand.run(run.id)
  assert.equal([told.status, told.booked.debits, told.returned.debits], ['confirmed', 3, 3])
})

test('a run that is confirmed and cancelled at once is one of both, with its debits', async () => {
  for (let turn = 0; turn < 3; turn++) {
    const brand = await openBrand()
    const { id: clientId } = await brand.addClient({})
    await brand.issue(clientId)
    const { body: run } = await brand.collect()
    now = Date.parse('2026-03-13T09:00:00Z')
    const answers = await Promise.all([brand.post(`${run.id}/cancel`), brand.post(`${run.id}/confirm`)])
    assert.equal(answers.map(({ status }) => status).sort(), [200, 409])
    const { status } = await brand.run(run.id)
    const [debit] = await brand.debits(run.id)
    assert.is(debit.status, status === 'confirmed' ? 'booked' : 'cancelled')
    assert.is(await brand.balance(clientId), status === 'confirmed' ? '0' : '-12.1')
    const back = await brand.post(`${run.id}/debits/${debit.id}/return`, { reason: 'AM04' })
    assert.is(back.status, status === 'confirmed' ? 200 : 409)
    now = Date.parse('2026-03-02T09:00:00Z')
  }
})

test('what was collected twice over pays another invoice, which is open again when the bank takes it back', async () => {
  const brand = await openBrand()
  const { id: clientId } = await brand.addClient({})
  const first = await brand.issue(clientId)
  const { body: run } = await brand.collect()
  await brand.make(`/v1/invoices/${first.id}/payments`, { amount: '12.1', method: 'transfer' })
  now = Date.parse('2026-03-13T09:00:00Z')
  await must(brand.post(`${run.id}/confirm`))
  // The surplus is on the account when the next invoice is issued.
  now = Date.parse('2026-04-02T09:00:00Z')
  const second = await brand.issue(clientId, 10, ['2026-03-01', '2026-04-01'])
  assert.equal((await brand.told(second.id)).slice(0, 2), ['paid', '0'])
  const [debit] = await brand.debits(run.id)
  await must(brand.post(`${run.id}/debits/${debit.id}/return`, { reason: 'MD06' }))
  assert.equal((await brand.told(first.id)).slice(0, 2), ['paid', '0'])
  assert.equal((await brand.told(second.id)).slice(0, 2), ['issued', '12.1'])
  assert.is(await brand.balance(clientId), '-12.1')
})

test('what was credited before the bank had it, and comes back, leaves nothing on the account', async () => {
  const brand = await openBrand()
  const { id: clientId } = await brand.addClient({})
  const invoice = await brand.issue(clientId)
  const { body: run } = await brand.collect()
  await brand.make(`/v1/invoices/${invoice.id}/credit-notes`, {})
  now = Date.parse('2026-03-13T09:00:00Z')
  await must(brand.post(`${run.id}/confirm`))
  assert.is(await brand.balance(clientId), '12.1')
  const [debit] = await brand.debits(run.id)
  await must(brand.post(`${run.id}/debits/${debit.id}/return`, { reason: 'AM04' }))
  assert.equal((await brand.told(invoice.id)).slice(0, 2), ['credited', '0'])
  assert.is(await brand.balance(clientId), '0')
  const next = await brand.collect({ collectionDay: '2026-03-20' })
  assert.equal([next.status, next.body.code], [422, 'nothing_to_collect'])
})

test('a payment of a run that was reversed by hand is not reversed again when its debit comes back', async () => {
  const brand = await openBrand()
  const { id: clientId } = await brand.addClient({})
  const invoice = await brand.issue(clientId)
  const { body: run } = await brand.collect()
  now = Date.parse('2026-03-13T09:00:00Z')
  await must(brand.post(`${run.id}/confirm`))
  const [debit] = await brand.debits(run.id)
  const reversal = { amount: '-12.1', reversesPaymentId: debit.paymentId }
  await brand.make(`/v1/invoices/${invoice.id}/payments`, reversal)
  const told = await brand.post(`${run.id}/debits/${debit.id}/return`, { reason: 'AM04' })
  assert.equal([told.status, told.body.code], [409, 'payment_reversed'])
  assert.is(await brand.balance(clientId), '-12.1')
})

test('a mandate that is signed on a later day is in no run before, as its bank would refuse it', async () => {
  const brand = await openBrand()
  const later = await brand.addClient({ signedDay: '2026-03-03' })
  const invoice = await brand.issue(later.id)
  await brand.issue((await brand.addClient({ signedDay: '2026-03-02' })).id)
  const { total, skipped, id } = (await brand.collect()).body
  assert.is(total.debits, 1)
  assert.equal(
    skipped.map(({ invoiceId, code }: Record<string, string>) => [invoiceId, code]),
    [[invoice.id, 'mandate_not_signed']],
  )
  const { body: file } = await brand.send('GET', `${path}/${id}.xml`)
  assert.not.match(file, /2026-03-03/)
})

test('a mandate that is withdrawn, and a client without one, are in no next run; what is under way goes on', async () => {
  const brand = await openBrand()
  const { id: clientId } = await brand.addClient({})
  const invoice = await brand.issue(clientId)
  const { body: run } = await brand.collect()
  const { body: file } = await brand.send('GET', `${path}/${run.id}.xml`)
  await must(brand.send('PATCH', `/v1/clients/${clientId}`, { directDebit: null }))
  assert.is((await brand.send('GET', `${path}/${run.id}.xml`)).body, file)
  now = Date.parse('2026-03-13T09:00:00Z')
  await must(brand.post(`${run.id}/confirm`))
  assert.equal(await brand.told(invoice.id), ['paid', '0', ['12.1']])
  const [debit] = await brand.debits(run.id)
  await must(brand.post(`${run.id}/debits/${debit.id}/return`, { reason: 'MD01' }))
  const next = await brand.collect({ collectionDay: '2026-03-20' })
  assert.equal([next.status, next.body.code], [422, 'nothing_to_collect'])
})

test('other currencies, and invoices of nothing, are collected by no run', async () => {
  const brand = await openBrand()
  const { id: dollars } = await brand.addClient({}, { currency: 'USD' })
  const usd = await brand.make('/v1/fixed-costs', { name: 'Line in dollars', price: '10', currency: 'USD' })
  const free = await brand.make('/v1/fixed-costs', { name: 'Free', price: '0', currency: 'EUR' })
  await brand.issue(dollars, 10, undefined, [{ fixedCostId: usd.id }])
  await brand.issue((await brand.addClient({})).id, 10, undefined, [{ fixedCostId: free.id }])
  const all = [{ description: 'Sorry', percent: '100' }]
  const nothing = await brand.issue((await brand.addClient({})).id, 10, undefined, undefined, all)
  assert.is(nothing.total, '0')
  const { status, body } = await brand.collect()
  assert.equal([status, body.code], [422, 'nothing_to_collect'])
})

test('a mandate that moved to another account tells the bank, in the first file after it', async () => {
  const brand = await openBrand()
  const { id, directDebit } = await brand.addClient({})
  await brand.issue(id)
  const file = async () => {
    const { body } = await brand.collect()
    const { body: xml } = await brand.send('GET', `${path}/${body.id}.xml`)
    const [debit] = await brand.debits(body.id)
    await must(brand.post(`${body.id}/debits/${debit.id}/return`, { reason: 'AC04' }))
    return xml.includes('<Id>SMNDA</Id>')
  }
  assert.is(await file(), false)
  const moved = { ...directDebit, iban: 'FR1420041010050500013M02606' }
  await must(brand.send('PATCH', `/v1/clients/${id}`, { directDebit: moved }))
  assert.equal([await file(), await file()], [true, false])
})

test('what a bank outside the European Economic Area asks for is told before the file is made', async () => {
  const brand = await openBrand()
  const swiss = { iban: 'CH9300762011623852957' }
  const address = { postalAddress: 'Rämistrasse 1', postalCode: '8001', town: 'Zürich', country: 'CH' }
  const bare = await brand.addClient(swiss)
  const homeless = await brand.addClient({ ...swiss, bic: 'POFICHBEXXX' })
  const complete = await brand.addClient({ ...swiss, bic: 'POFICHBEXXX' }, { invoiceData: address })
  await brand.issue(bare.id)
  const refused = await brand.collect()
  assert.equal(
    [refused.status, refused.body.code, refused.body.errors.length],
    [422, 'nothing_to_collect', 1],
  )
  await brand.issue(homeless.id)
  await brand.issue(complete.id)
  const { total, skipped } = (await brand.collect()).body
  assert.equal(total, { debits: 1, amount: '12.1' })
  assert.equal(
    skipped.map(({ clientId, code }: Record<string, string>) => [clientId, code]),
    [
      [bare.id, 'bic_missing'],
      [homeless.id, 'address_missing'],
    ],
  )
})

test('bad input is refused with its place and changes nothing', async () => {
  const bare = await openBrand({ legalName: 'Telco' })
  const incomplete = await bare.collect()
  assert.equal(
    [
      incomplete.status,
      incomplete.body.code,
      incomplete.body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ],
    [422, 'creditor_incomplete', ['/issuer/creditorId', '/issuer/iban']],
  )
  const brand = await openBrand()
  const invoice = await brand.issue((await brand.addClient({})).id)
  for (const [body, pointer] of [
    [{ collectionDay: '2026-03-02' }, '/collectionDay'],
    [{ collectionDay: '2026-02-30' }, '/collectionDay'],
    [{ collectionDay: '2026-03-12', dueTo: '2026-02-30' }, '/dueTo'],
    [{ collectionDay: '2026-03-12', day: '2026-03-12' }, '/day'],
    [{}, '/collectionDay'],
  ] as const) {
    const answer = await brand.send('POST', path, body)
    assert.equal([answer.status, answer.body.errors?.[0]?.pointer], [400, pointer], JSON.stringify(body))
  }
  const { body: run } = await brand.collect()
  const [debit] = await brand.debits(run.id)
  for (const [url, body, pointer] of [
    [`${run.id}/confirm`, { paidAt: '2026-03-13' }, '/paidAt'],
    [`${run.id}/confirm`, { paidAt: '2027-03-13T00:00:00Z' }, '/paidAt'],
    [`${run.id}/debits/${debit.id}/return`, { reason: 'no money' }, '/reason'],
    [
      `${run.id}/debits/${debit.id}/return`,
      { reason: 'AM04', returnedAt: '2027-01-01T00:00:00Z' },
      '/returnedAt',
    ],
  ] as const) {
    const answer = await brand.post(url, body)
    assert.equal(
      [answer.status, answer.body.errors?.[0]?.pointer],
      [400, pointer],
      JSON.stringify(answer.body),
    )
  }
  assert.equal(
    [(await brand.run(run.id)).status, await brand.told(invoice.id)],
    ['open', ['issued', '12.1', []]],
  )
  const again = await brand.send('POST', `${path}/${run.id}/cancel`, undefined, { 'if-match': '"7"' })
  assert.is(again.status, 412)
})

test("another brand sees no run; finance reads and changes none; a client's key has no part in it", async () => {
  const brand = await openBrand()
  await brand.issue((await brand.addClient({})).id)
  const { body: run } = await brand.collect()
  const [debit] = await brand.debits(run.id)
  const stranger = await openBrand()
  for (const [method, url] of [
    ['GET', ''],
    ['GET', '.xml'],
    ['GET', '/debits'],
    ['POST', '/confirm'],
    ['POST', '/cancel'],
    ['POST', `/debits/${debit.id}/return`],
  ] as const) {
    const options = { body: url.endsWith('return') ? { reason: 'AM04' } : undefined }
    const full = `${path}/${run.id}${url}`
    assert.is((await api.send(method, full, { key: stranger.brandKey, ...options })).status, 404, full)
    assert.is((await api.send(method, full, { key: brand.clientKey, ...options })).status, 403, full)
    const finance = await api.send(method, full, { key: brand.financeKey, ...options })
    assert.is(finance.status, method === 'GET' ? 200 : 403, full)
  }
  assert.is((await must(stranger.send('GET', path))).data.length, 0)
  const foreign = await api.send('POST', path, {
    key: stranger.brandKey,
    body: { brandId: brand.brandId, collectionDay: '2026-03-12' },
  })
  assert.is(foreign.status, 404)
})

test('who is being debited is not reminded; who gave the money back is', async () => {
  const brand = await openBrand()
  await must(brand.send('PATCH', `/v1/brands/${brand.brandId}`, { invoiceReminders: { daysAfterDue: [3] } }))
  const { id } = await brand.addClient({}, { invoiceData: { email: 'accounts@acme.example' } })
  await brand.issue(id, 0)
  const { body: run } = await brand.collect()
  now = Date.parse('2026-03-10T09:00:00Z')
  const reminded = async () => {
    await remindInvoices({ sql: api.context.worker.$client, clock: () => now, onCommitted: () => {} })
    const { data } = await must(brand.send('GET', '/v1/mails'))
    return data.filter(({ kind }: { kind: string }) => kind === 'invoice-reminder').length
  }
  assert.is(await reminded(), 0)
  const [debit] = await brand.debits(run.id)
  await must(brand.post(`${run.id}/debits/${debit.id}/return`, { reason: 'MS03' }))
  assert.is(await reminded(), 1)
})

test.run()
