import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi } from './test-api.ts'

const api = await openTestApi()
const test = suite('allocations over HTTP')
test.after(() => api.close())

/** A brand with invoices of 12.10 for a line rental, each of its own month. */
async function openBooks() {
  const tenant = await makeTenant(api)
  const { clientId, brandKey: key } = tenant
  const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    api.send(method, path, { key, body, ...(headers && { headers }) })
  const make = (path: string, body: object) => must(send('POST', path, body))
  const tax = await make('/v1/taxes', { name: 'VAT', rate: '21', category: 'S' })
  const sequence = await make('/v1/invoice-number-sequences', { name: 'main', prefix: 'F', width: 4 })
  const line = await make('/v1/fixed-costs', { name: 'Line', price: '10', currency: 'EUR' })
  await must(send('PATCH', `/v1/clients/${clientId}`, { taxIds: [tax.id] }))
  const client = `/v1/clients/${clientId}`
  let month = 0
  async function issue() {
    month++
    const day = (of: number) => `2026-${String(of).padStart(2, '0')}-01`
    const draft = await make('/v1/invoices', {
      ...{ clientId, numberSequenceId: sequence.id, from: day(month), to: day(month + 1) },
      fixedCosts: [{ fixedCostId: line.id }],
    })
    return must(send('POST', `/v1/invoices/${draft.id}/issue`))
  }
  const topUp = (amount: string) => make(`${client}/balance-movements`, { kind: 'top-up', amount })
  const balance = () => must(send('GET', `${client}/balance`))
  const read = (id: string) => must(send('GET', `/v1/invoices/${id}`))
  const allocations = (id: string, query = '') => must(send('GET', `/v1/invoices/${id}/allocations${query}`))
  return { ...tenant, client, send, make, issue, topUp, balance, read, allocations }
}

test('a top-up settles what is open, for a key of the brand and one of the platform', async () => {
  const books = await openBooks()
  const [older, newer] = [await books.issue(), await books.issue()]
  await books.topUp('20')
  const paid = await books.read(older.id)
  assert.equal([paid.status, paid.amountDue, paid.paidAmount, paid.payments], ['paid', '0', '12.1', []])
  assert.is((await books.read(newer.id)).amountDue, '4.2')
  assert.equal(
    (({ balance, invoicedUnpaid, unbilled, unallocated }) => [
      balance,
      invoicedUnpaid,
      unbilled,
      unallocated,
    ])(await books.balance()),
    ['-4.2', '4.2', '0', '0'],
  )
  await must(
    api.send('POST', `${books.client}/balance-movements`, { body: { kind: 'adjustment', amount: '1' } }),
  )
  assert.is((await books.read(newer.id)).amountDue, '3.2')
  const { data } = await books.allocations(newer.id)
  assert.equal(
    data.map(({ fromInvoiceId, toInvoiceId, amount }: Record<string, string>) => [
      fromInvoiceId,
      toInvoiceId,
      amount,
    ]),
    [
      [null, newer.id, '1'],
      [null, newer.id, '7.9'],
    ],
  )
  assert.equal(Object.keys(data[0]).sort(), ['amount', 'createdAt', 'fromInvoiceId', 'id', 'toInvoiceId'])
  const first = await books.allocations(newer.id, '?limit=1')
  const second = await books.allocations(newer.id, `?limit=1&cursor=${first.nextCursor}`)
  assert.equal([first.data[0].amount, second.data[0].amount, second.nextCursor], ['1', '7.9', null])
  assert.equal((await must(books.send('GET', '/v1/receivables'))).data[0].due, '3.2')
  // Money that settles is no money that moves.
  const { data: movements } = await must(books.send('GET', `${books.client}/balance-movements`))
  assert.equal(
    movements.map(({ kind }: { kind: string }) => kind),
    ['adjustment', 'top-up', 'invoice', 'invoice'],
  )
})

test("another brand, and a client whose portal shows no invoices, see no invoice's allocations", async () => {
  const books = await openBooks()
  const { id } = await books.issue()
  await books.topUp('5')
  const stranger = await makeTenant(api)
  const path = `/v1/invoices/${id}/allocations`
  assert.is((await api.send('GET', path, { key: stranger.brandKey })).status, 404)
  assert.is((await api.send('GET', path, { key: books.clientKey })).status, 404)
  await must(books.send('PATCH', books.client, { portalVisibility: { invoices: true } }))
  assert.is((await must(api.send('GET', path, { key: books.clientKey }))).data.length, 1)
  assert.is((await must(api.send('GET', path, { key: books.financeKey }))).data.length, 1)
})

test('money waits for an operator where autoAllocate is false, until it is turned on again', async () => {
  const books = await openBooks()
  assert.is((await must(books.send('GET', books.client))).autoAllocate, true)
  assert.is((await must(books.send('PATCH', books.client, { autoAllocate: false }))).autoAllocate, false)
  await books.topUp('30')
  const [older, newer] = [await books.issue(), await books.issue()]
  assert.equal([older.status, older.amountDue], ['issued', '12.1'])
  assert.equal(
    (({ balance, invoicedUnpaid, unallocated }) => [balance, invoicedUnpaid, unallocated])(
      await books.balance(),
    ),
    ['5.8', '24.2', '30'],
  )
  const byHand = { amount: '2.1', fromBalance: true }
  const key = { 'idempotency-key': 'by-hand' }
  const first = await books.send('POST', `/v1/invoices/${newer.id}/payments`, byHand, key)
  assert.equal(
    [first.status, first.body.amountDue, first.body.paidAmount, first.body.payments],
    [201, '10', '2.1', []],
  )
  assert.is((await books.send('POST', `/v1/invoices/${newer.id}/payments`, byHand, key)).body.amountDue, '10')
  const other = { amount: '2.2', fromBalance: true }
  assert.is(
    (await books.send('POST', `/v1/invoices/${newer.id}/payments`, other, key)).body.code,
    'idempotency_key_reused',
  )
  const tooMuch = await books.send('POST', `/v1/invoices/${newer.id}/payments`, {
    amount: '10.01',
    fromBalance: true,
  })
  assert.equal(
    [tooMuch.status, tooMuch.body.code, tooMuch.body.errors[0].pointer],
    [422, 'payment_exceeds_due', '/amount'],
  )
  await must(books.send('PATCH', books.client, { autoAllocate: true }))
  assert.equal([(await books.read(older.id)).status, (await books.read(newer.id)).status], ['paid', 'paid'])
  assert.equal(
    (({ balance, invoicedUnpaid, unallocated }) => [balance, invoicedUnpaid, unallocated])(
      await books.balance(),
    ),
    ['5.8', '0', '5.8'],
  )
})

test('a payment beyond what is due settles others, and its reversal opens them', async () => {
  const books = await openBooks()
  const [older, newer] = [await books.issue(), await books.issue()]
  const payments = `/v1/invoices/${older.id}/payments`
  const paid = await must(books.send('POST', payments, { amount: '20', method: 'transfer' }))
  const [payment] = paid.payments
  assert.equal(
    [paid.status, payment.amount, payment.settledAmount, payment.reversesPaymentId],
    ['paid', '20', '12.1', null],
  )
  assert.is((await books.read(newer.id)).amountDue, '4.2')
  const returned = { amount: '-20', reversesPaymentId: payment.id, reference: 'returned by the bank' }
  const open = await must(books.send('POST', payments, returned))
  assert.equal(
    [open.status, open.amountDue, open.payments[1].reversesPaymentId],
    ['issued', '12.1', payment.id],
  )
  assert.is((await books.read(newer.id)).amountDue, '12.1')
  const twice = await books.send('POST', payments, returned)
  assert.equal([twice.status, twice.body.code], [409, 'payment_reversed'])
  for (const [body, pointer] of [
    [{ amount: '-1' }, '/amount'],
    [{ amount: '1', reversesPaymentId: 'x' }, '/reversesPaymentId'],
    [{ amount: '1', fromBalance: 'yes' }, '/fromBalance'],
    [{ amount: '1', reversesPaymentId: payment.id, fromBalance: true }, '/fromBalance'],
  ] as const) {
    const { status, body: problem } = await books.send('POST', payments, body)
    assert.equal([status, problem.code, problem.errors[0].pointer], [400, 'invalid_request', pointer])
  }
})

test('the reports tell the same', async () => {
  const books = await openBooks()
  const [older, newer] = [await books.issue(), await books.issue()]
  await books.topUp('20')
  const rows = async (path: string) => (await must(books.send('GET', path))).data as Record<string, string>[]
  const invoices = await rows('/v1/reports/invoices.json')
  assert.equal(
    invoices.map(({ id, status, paidAmount, amountDue }) => [id, status, paidAmount, amountDue]),
    [
      [newer.id, 'issued', '7.9', '4.2'],
      [older.id, 'paid', '12.1', '0'],
    ],
  )
  assert.equal(
    (await rows('/v1/reports/receivables.json')).map(({ invoices: count, due }) => [count, due]),
    [[1, '4.2']],
  )
  assert.equal(
    (await rows('/v1/reports/balances.json')).map(({ balance, invoicedUnpaid }) => [balance, invoicedUnpaid]),
    [['-4.2', '4.2']],
  )
})

test.run()
