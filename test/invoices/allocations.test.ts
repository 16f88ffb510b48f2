import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findBalance } from '../../src/db/accounts/read-accounts.ts'
import { listReceivables } from '../../src/db/accounts/receivables.ts'
import { listAllocations } from '../../src/db/invoices/invoice-allocations.ts'
import { listPayments } from '../../src/db/invoices/invoice-payments.ts'
import { findInvoice } from '../../src/db/invoices/invoices.ts'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { noTerms } from '../../src/invoices/invoice-terms.ts'
import { issueNewInvoice } from '../../src/invoices/issue-invoice.ts'
import { payInvoice } from '../../src/invoices/pay-invoice.ts'
import { amountDueAtIssue, invoiceSummary } from '../../src/invoices/stored-invoice.ts'
import { Decimal, formatAmount } from '../../src/money.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { fixedCostTerm, type OfficeClient, openOffice, refusalOf } from './office.ts'

const office = await openOffice()
// Elsewhere corrections of calls may be credit notes; here they make an invoice negative.
await office.sql`update brands set issuer = jsonb_set(issuer, '{country}', '"PT"') where id = ${office.brandId}`
const test = suite('money settles invoices')
test.after(() => office.close())
test.before.each(() => office.setNow('2026-02-03T09:00:00Z'))

const january = ['2026-01-01', '2026-02-01'] as const
const february = ['2026-02-01', '2026-03-01'] as const

const post = office.topUp
const pay = (id: string, amount: string, more: object = {}) =>
  payInvoice(office.context, {
    ...office.request,
    ...{ id, amount, paidAt: Date.parse('2026-02-03T00:00:00Z'), method: 'transfer', reference: null },
    idempotencyKey: null,
    ...more,
  })
const credit = (id: string, lines: { index: number; quantity?: string }[] | null = null) =>
  creditInvoice(office.context, { ...office.request, id, lines, reason: 'wrong', numberSequenceId: null })
const wait = (client: OfficeClient) =>
  office.sql`update clients set auto_allocate = false where id = ${client.id}`

/** A call in January, and its invoice: 21 % tax. */
async function invoiceOf(client: OfficeClient, price: string) {
  await office.call(client, { day: '2026-01-05', price })
  return office.issue(client, ...january)
}

/** Half a month each, so that there are two: of 7.26 and 12.10. */
async function twoInvoices(client: OfficeClient) {
  await office.call(client, { day: '2026-01-05', price: '6' })
  await office.call(client, { day: '2026-01-25', price: '10' })
  const older = await office.issue(client, '2026-01-01', '2026-01-16')
  const newer = await office.issue(client, '2026-01-16', '2026-02-01')
  return { older: older.id, newer: newer.id }
}

/** Of −6.53: a call of 10 was invoiced and paid, and costs 4.60 since. */
async function negativeInvoice(client: OfficeClient) {
  const callId = await office.call(client, { day: '2026-01-05', price: '10' })
  const first = await office.issue(client, ...january)
  await pay(first.id, '12.1')
  await office.correct(client, callId, { price: '4.6', seconds: 28 })
  office.setNow('2026-03-01T09:00:00Z')
  return { first, negative: await office.issue(client, ...february) }
}

async function told(id: string, at = '2026-02-03T10:00:00Z') {
  const invoice = await findInvoice(office.sql, id)
  assert.ok(invoice)
  const { status, amountDue, paidAmount } = invoiceSummary(invoice, Date.parse(at))
  return [status, amountDue, paidAmount]
}

async function allocationsOf(id: string) {
  const rows = await listAllocations(office.sql, { invoiceId: id, after: null, limit: 100 })
  return rows.reverse().map(({ fromInvoiceId, amount }) => [fromInvoiceId, formatAmount(amount)])
}

/** Balance, due, on no invoice, and what is unallocated by these. */
async function booksOf(client: OfficeClient) {
  const row = await findBalance(office.sql, client.id)
  assert.ok(row)
  const [balance, due, unbilled] = [row.balance, row.invoicedUnpaid, row.unbilled].map(
    (text) => new Decimal(text),
  ) as [Decimal, Decimal, Decimal]
  return [balance, due, unbilled, balance.plus(due).plus(unbilled)].map(formatAmount)
}

const receivableOf = async (client: OfficeClient, at = '2026-06-01T00:00:00Z') => {
  const rows = await listReceivables(office.sql, {
    ...{ brandId: office.brandId, after: null, limit: 500 },
    now: Date.parse(at),
  })
  const found = rows.find(({ clientId }) => clientId === client.id)
  return found && formatAmount(found.due)
}

test('100 topped up before pays an invoice of 7.26 at its issue, and nobody is asked for money', async () => {
  const client = await office.addClient({ email: 'accounts@acme.example.com' })
  await post(client, '100')
  const { id } = await invoiceOf(client, '6')
  assert.equal(await told(id, '2027-01-01T00:00:00Z'), ['paid', '0', '7.26'])
  assert.equal(await allocationsOf(id), [[null, '7.26']])
  assert.equal(await booksOf(client), ['92.74', '0', '0', '92.74'])
  assert.is(await receivableOf(client), undefined)
  const [mail] = await office.sql`
    select content ->> 'amountDue' as due, content ->> 'dueDay' as "dueDay" from mails where client_id = ${client.id}`
  assert.equal({ ...mail }, { due: '0', dueDay: null })
})

for (const kind of ['top-up', 'adjustment'] as const) {
  test(`100 that comes after by ${kind} pays an invoice of 7.26, and the document says 7.26 for ever`, async () => {
    const client = await office.addClient()
    const { id } = await invoiceOf(client, '6')
    assert.equal(await told(id, '2027-01-01T00:00:00Z'), ['overdue', '7.26', '0'])
    assert.is(await receivableOf(client), '7.26')
    await post(client, '100', kind)
    assert.equal(await told(id, '2027-01-01T00:00:00Z'), ['paid', '0', '7.26'])
    assert.equal(await booksOf(client), ['92.74', '0', '0', '92.74'])
    assert.is(await receivableOf(client), undefined)
    const invoice = await findInvoice(office.sql, id)
    assert.is(invoice && formatAmount(amountDueAtIssue(invoice)), '7.26')
  })
}

test('the older invoice is settled first, the newer by what is left', async () => {
  const client = await office.addClient()
  const { older, newer } = await twoInvoices(client)
  await post(client, '10')
  assert.equal(
    [await told(older), await told(newer)],
    [
      ['paid', '0', '7.26'],
      ['issued', '9.36', '2.74'],
    ],
  )
  await post(client, '9.36')
  assert.equal(await told(newer), ['paid', '0', '12.1'])
  assert.equal(await allocationsOf(newer), [
    [null, '2.74'],
    [null, '9.36'],
  ])
})

test('paid, credited in full and invoiced anew: it is not due a second time', async () => {
  const client = await office.addClient()
  const first = await invoiceOf(client, '6')
  await pay(first.id, '7.26')
  await credit(first.id)
  assert.equal(await booksOf(client), ['1.26', '0', '6', '7.26'])
  const second = await office.issue(client, ...january)
  assert.equal(await told(second.id), ['paid', '0', '7.26'])
  assert.equal(await booksOf(client), ['0', '0', '0', '0'])
})

test('what a note by line gives back of a paid invoice settles another', async () => {
  const client = await office.addClient()
  const { older, newer } = await twoInvoices(client)
  await pay(older, '7.26')
  await credit(older, [{ index: 0, quantity: '0.5' }])
  assert.equal(await told(newer), ['issued', '8.47', '3.63'])
  assert.equal(await booksOf(client), ['-8.47', '8.47', '0', '0'])
})

test('a negative adjustment is owed before any invoice', async () => {
  const client = await office.addClient()
  const { id } = await invoiceOf(client, '6')
  await post(client, '-10', 'adjustment')
  assert.equal(await booksOf(client), ['-17.26', '7.26', '0', '-10'])
  await post(client, '12')
  assert.equal(await told(id), ['issued', '5.26', '2'])
  assert.equal(await booksOf(client), ['-5.26', '5.26', '0', '0'])
})

test('calls on no invoice are not paid before their invoice: money settles what is open', async () => {
  const client = await office.addClient()
  const { id } = await invoiceOf(client, '6')
  await office.call(client, { day: '2026-02-01', price: '3' })
  await post(client, '5')
  assert.equal(await told(id), ['issued', '2.26', '5'])
  assert.equal(await booksOf(client), ['-5.26', '2.26', '3', '0'])
})

test('a call, a correction up and one down make no unallocated money and settle nothing', async () => {
  const client = await office.addClient()
  const { id } = await invoiceOf(client, '6')
  await post(client, '1')
  const before = (await booksOf(client))[3]
  const late = await office.call(client, { day: '2026-01-07', price: '3' })
  await office.correct(client, late, { price: '5', seconds: 90 })
  await office.correct(client, late, { price: '0', seconds: 0 })
  assert.is((await booksOf(client))[3], before)
  assert.equal(await allocationsOf(id), [[null, '1']])
})

test('where money waits, it settles what an operator names, once for a key and no more than there is', async () => {
  const client = await office.addClient()
  await wait(client)
  await post(client, '9')
  const { older, newer } = await twoInvoices(client)
  assert.equal(await booksOf(client), ['-10.36', '19.36', '0', '9'])
  const byHand = { fromBalance: true, idempotencyKey: 'once' }
  await pay(newer, '5', byHand)
  await pay(newer, '5', byHand)
  assert.equal(
    [await told(older), await told(newer)],
    [
      ['issued', '7.26', '0'],
      ['issued', '7.1', '5'],
    ],
  )
  assert.equal(await booksOf(client), ['-10.36', '14.36', '0', '4'])
  const refusals = [
    [older, '4.01', 'insufficient_unallocated_money'],
    [newer, '7.11', 'payment_exceeds_due'],
    [newer, '-1', 'invalid_request'],
  ] as const
  for (const [id, amount, code] of refusals) {
    assert.is((await refusalOf(pay(id, amount, { fromBalance: true }))).code, code)
  }
  await pay(older, '4', { fromBalance: true })
  assert.equal(await told(older), ['issued', '3.26', '4'])
  assert.equal(await listPayments(office.sql, older), [])
  assert.equal(await booksOf(client), ['-10.36', '10.36', '0', '0'])
})

test('10 paid on 7.26 pays it, and 2.74 settle the next', async () => {
  const client = await office.addClient()
  const { older, newer } = await twoInvoices(client)
  const { payments } = await pay(older, '10')
  assert.equal(
    payments.map(({ amount, settledAmount }) => [formatAmount(amount), formatAmount(settledAmount)]),
    [['10', '7.26']],
  )
  assert.equal(
    [await told(older), await told(newer)],
    [
      ['paid', '0', '7.26'],
      ['issued', '9.36', '2.74'],
    ],
  )
  // Paid by mistake on one that is paid: it settles what is open.
  await pay(older, '10')
  assert.equal(await told(newer), ['paid', '0', '12.1'])
  assert.equal(await booksOf(client), ['0.64', '0', '0', '0.64'])
})

test('a reversal opens what the payment had paid, on other invoices too, and is posted once', async () => {
  const client = await office.addClient()
  const { older, newer } = await twoInvoices(client)
  const { payments } = await pay(older, '10')
  const reversesPaymentId = payments[0]?.id
  await pay(older, '-10', { reversesPaymentId })
  assert.equal(
    [await told(older), await told(newer)],
    [
      ['issued', '7.26', '0'],
      ['issued', '12.1', '0'],
    ],
  )
  assert.equal(await allocationsOf(newer), [
    [null, '2.74'],
    [null, '-2.74'],
  ])
  assert.equal(await booksOf(client), ['-19.36', '19.36', '0', '0'])
  assert.is((await refusalOf(pay(older, '-10', { reversesPaymentId }))).code, 'payment_reversed')
  const reversal = (await listPayments(office.sql, older))[1]
  for (const [amount, more, pointer] of [
    ['-1', {}, '/amount'],
    ['-10.01', { reversesPaymentId }, '/amount'],
    ['10', { reversesPaymentId }, '/amount'],
    ['10', { reversesPaymentId: reversal?.id }, '/reversesPaymentId'],
    ['-10', { reversesPaymentId: older }, '/reversesPaymentId'],
    ['0', {}, '/amount'],
  ] as const) {
    const { code, errors } = await refusalOf(pay(older, amount, more))
    assert.equal([code, errors[0]?.pointer], ['invalid_request', pointer], amount)
  }
})

test('a reversal that leaves money on the account settles the invoice from it at once', async () => {
  const client = await office.addClient()
  const { id } = await invoiceOf(client, '6')
  const { payments } = await pay(id, '7.26')
  await post(client, '5')
  await pay(id, '-7.26', { reversesPaymentId: payments[0]?.id })
  assert.equal(await told(id), ['issued', '2.26', '5'])
  assert.equal(await booksOf(client), ['-2.26', '2.26', '0', '0'])
})

test('a reversal on an invoice that was credited in part since leaves due what no note gave back', async () => {
  const client = await office.addClient({ taxIds: [] })
  const costs = await Promise.all(
    ['10', '3'].map((price) => office.addFixedCost({ name: `Part at ${price}`, price })),
  )
  const { id } = await office.issue(client, '2026-01-01', '2026-02-01', {
    fixedCosts: costs.map((cost) => fixedCostTerm(cost)),
  })
  const { payments } = await pay(id, '8')
  await credit(id, [{ index: 0 }])
  // Of the 8 that were paid, 3 settle the rest of the invoice.
  assert.equal(await booksOf(client), ['5', '0', '0', '5'])
  await pay(id, '-8', { reversesPaymentId: payments[0]?.id })
  assert.equal(await told(id), ['issued', '3', '0'])
  assert.equal(await booksOf(client), ['-3', '3', '0', '0'])
})

test('a reversal on an invoice that was credited since opens what its money settled', async () => {
  const client = await office.addClient()
  const { older, newer } = await twoInvoices(client)
  const { payments } = await pay(older, '7.26')
  await credit(older)
  // 1.26 of tax came back; the calls of 6 are owed again, on no invoice yet.
  assert.equal(await booksOf(client), ['-10.84', '4.84', '6', '0'])
  assert.equal(await told(newer), ['issued', '4.84', '7.26'])
  await pay(older, '-7.26', { reversesPaymentId: payments[0]?.id })
  assert.equal(
    [await told(older), await told(newer)],
    [
      ['credited', '0', '0'],
      ['issued', '12.1', '0'],
    ],
  )
  assert.equal(await booksOf(client), ['-18.1', '12.1', '6', '0'])
})

for (const billingMethod of ['prepaid', 'pseudoprepaid']) {
  test(`${billingMethod}: a client who never paid owes its statement, and a top-up pays it`, async () => {
    const client = await office.addClient({ billingMethod })
    const invoice = await invoiceOf(client, '30')
    assert.is(formatAmount(invoice.prepaidAmount), '0')
    assert.equal(await told(invoice.id, '2027-01-01T00:00:00Z'), ['overdue', '36.3', '0'])
    assert.is(await receivableOf(client), '36.3')
    await post(client, '50')
    assert.equal(await told(invoice.id), ['paid', '0', '36.3'])
    assert.equal(await booksOf(client), ['13.7', '0', '0', '13.7'])
  })

  test(`${billingMethod}: what the balance covers is prepaid, the rest is due`, async () => {
    const client = await office.addClient({ billingMethod })
    await post(client, '20')
    const invoice = await invoiceOf(client, '30')
    assert.is(formatAmount(invoice.prepaidAmount), '20')
    assert.equal(await told(invoice.id), ['issued', '16.3', '0'])
    // Owed already: the next statement owes no more than its own.
    await office.call(client, { day: '2026-02-01', price: '10' })
    office.setNow('2026-03-01T09:00:00Z')
    const next = await office.issue(client, ...february)
    assert.equal([formatAmount(next.prepaidAmount), ...(await told(next.id))], ['0', 'issued', '12.1', '0'])
    assert.equal(await booksOf(client), ['-28.4', '28.4', '0', '0'])
  })

  test(`${billingMethod}: a statement that the balance covers is paid, and its calls of tomorrow are not its own`, async () => {
    const client = await office.addClient({ billingMethod })
    await post(client, '40')
    await office.call(client, { day: '2026-02-01', price: '2' })
    const invoice = await invoiceOf(client, '30')
    assert.equal(
      [formatAmount(invoice.prepaidAmount), ...(await told(invoice.id))],
      ['36.3', 'paid', '0', '0'],
    )
    assert.equal(await booksOf(client), ['1.7', '0', '2', '3.7'])
    await credit(invoice.id)
    assert.equal(await booksOf(client), ['8', '0', '32', '40'])
  })

  test(`${billingMethod}: a negative statement is due with nothing, its money is on the balance`, async () => {
    const client = await office.addClient({ billingMethod })
    await post(client, '12.1')
    const callId = await office.call(client, { day: '2026-01-05', price: '10' })
    await office.issue(client, ...january)
    await office.correct(client, callId, { price: '4.6', seconds: 28 })
    office.setNow('2026-03-01T09:00:00Z')
    const negative = await office.issue(client, ...february)
    assert.is(formatAmount(negative.total), '-6.53')
    assert.equal(await told(negative.id), ['paid', '0', '0'])
    assert.equal(await booksOf(client), ['6.53', '0', '0', '6.53'])
  })
}

test('a negative invoice is open until later invoices have used it up, and never overdue', async () => {
  const client = await office.addClient()
  const { negative } = await negativeInvoice(client)
  assert.equal(await told(negative.id, '2027-01-01T00:00:00Z'), ['issued', '-6.53', '0'])
  assert.is(await receivableOf(client), undefined)
  assert.equal(await booksOf(client), ['6.53', '0', '0', '6.53'])
  await office.call(client, { day: '2026-03-01', price: '4' })
  office.setNow('2026-03-03T09:00:00Z')
  const third = await office.issue(client, '2026-03-01', '2026-03-02')
  assert.equal(await told(third.id), ['paid', '0', '4.84'])
  assert.equal(await told(negative.id), ['issued', '-1.69', '-4.84'])
  await office.call(client, { day: '2026-03-02', price: '4' })
  const fourth = await office.issue(client, '2026-03-02', '2026-03-03')
  assert.equal(await told(fourth.id), ['issued', '3.15', '1.69'])
  assert.equal(await told(negative.id), ['paid', '0', '-6.53'])
  assert.equal(await allocationsOf(negative.id), [
    [negative.id, '4.84'],
    [negative.id, '1.69'],
  ])
  assert.is(formatAmount(amountDueAtIssue(negative)), '-6.53')
})

test('a negative invoice settles an older one at its issue, and opens it again when it is credited', async () => {
  const client = await office.addClient()
  const callId = await office.call(client, { day: '2026-01-05', price: '10' })
  const first = await office.issue(client, ...january)
  await office.correct(client, callId, { price: '4.6', seconds: 28 })
  office.setNow('2026-03-01T09:00:00Z')
  const negative = await office.issue(client, ...february)
  assert.equal(
    [await told(first.id), await told(negative.id)],
    [
      ['issued', '5.57', '6.53'],
      ['paid', '0', '-6.53'],
    ],
  )
  await credit(negative.id)
  assert.equal(
    [await told(first.id), await told(negative.id)],
    [
      ['issued', '12.1', '0'],
      ['credited', '0', '0'],
    ],
  )
  assert.equal(await booksOf(client), ['-6.7', '12.1', '-5.4', '0'])
})

/** 12.10 in January, then corrected, and 4.84 in February: the note on the first is issued with the second. */
async function correctByNote(
  client: OfficeClient,
  { price, before }: { price: string; before: (first: string) => Promise<unknown> },
) {
  const callId = await office.call(client, { day: '2026-01-05', price: '10' })
  const first = await office.issue(client, ...january)
  await before(first.id)
  await office.correct(client, callId, { price, seconds: 28 })
  await office.call(client, { day: '2026-02-05', price: '4' })
  office.setNow('2026-03-01T09:00:00Z')
  const second = await office.issue(client, ...february)
  assert.is(formatAmount(second.total), '4.84')
  const notes = await office.sql`
    select trim_scale(total)::text as total from invoices
    where client_id = ${client.id} and kind = 'credit-note' and credits_invoice_id = ${first.id}`
  return {
    notes: notes.map(({ total }) => total),
    first: await told(first.id),
    second: await told(second.id),
  }
}

for (const [law, correctBy, country] of [
  ['as Spanish law says', 'invoice', 'ES'],
  ['as the brand says', 'credit-note', 'PT'],
] as const) {
  for (const billingMethod of ['postpaid', 'prepaid']) {
    test(`a correction note, ${law}, gives back money that settles the next invoice, ${billingMethod}`, async () => {
      await office.correctBy(correctBy, country)
      const client = await office.addClient({ billingMethod })
      const corrected = await correctByNote(client, {
        price: '4.6',
        before: (first) => pay(first, '12.1'),
      })
      await office.correctBy('invoice')
      assert.equal(corrected.notes, ['-6.53'])
      assert.equal(corrected.first, ['paid', '0', '12.1'])
      // Prepaid: the balance covered it at its issue.
      assert.equal(corrected.second, ['paid', '0', billingMethod === 'prepaid' ? '0' : '4.84'])
      assert.equal(await booksOf(client), ['1.69', '0', '0', '1.69'])
    })
  }
}

test('what a correction note gives back beyond what is due settles the next invoice', async () => {
  await office.correctBy('credit-note')
  const client = await office.addClient()
  await post(client, '8')
  const corrected = await correctByNote(client, { price: '4.6', before: async () => {} })
  await office.correctBy('invoice')
  // 12.10 less 8.00 that was on the account and 6.53 given back: 2.43 are left, and 2.41 of 4.84 are due.
  assert.equal(corrected, {
    notes: ['-6.53'],
    first: ['paid', '0', '8'],
    second: ['issued', '2.41', '2.43'],
  })
  assert.equal(await booksOf(client), ['-2.41', '2.41', '0', '0'])
})

test('a correction note that charges more opens its invoice again, and money settles that first', async () => {
  await office.correctBy('credit-note')
  const client = await office.addClient()
  const corrected = await correctByNote(client, {
    price: '15',
    before: async (first) => {
      await pay(first, '12.1')
      await post(client, '5')
    },
  })
  await office.correctBy('invoice')
  assert.equal(corrected, {
    notes: ['6.05'],
    first: ['issued', '1.05', '17.1'],
    second: ['issued', '4.84', '0'],
  })
  assert.equal(await booksOf(client), ['-5.89', '5.89', '0', '0'])
})

test('a correction note leaves its money on an account that is allocated by hand', async () => {
  await office.correctBy('credit-note')
  const client = await office.addClient()
  await wait(client)
  const corrected = await correctByNote(client, { price: '4.6', before: (first) => pay(first, '12.1') })
  await office.correctBy('invoice')
  assert.equal(corrected.second, ['issued', '4.84', '0'])
  assert.equal(await booksOf(client), ['1.69', '4.84', '0', '6.53'])
})

test('a negative invoice is paid out, no more than is left of it', async () => {
  const client = await office.addClient()
  const { negative } = await negativeInvoice(client)
  assert.is((await refusalOf(pay(negative.id, '-6.54'))).code, 'payment_exceeds_due')
  await pay(negative.id, '-2')
  assert.equal(await told(negative.id), ['issued', '-4.53', '-2'])
  const { payments } = await pay(negative.id, '-4.53')
  assert.equal(await told(negative.id), ['paid', '0', '-6.53'])
  assert.equal(await booksOf(client), ['0', '0', '0', '0'])
  assert.is((await refusalOf(pay(negative.id, '-0.01'))).code, 'payment_exceeds_due')
  // The bank gave the second one back.
  await pay(negative.id, '4.53', { reversesPaymentId: payments[1]?.id })
  assert.equal(await told(negative.id), ['issued', '-4.53', '-2'])
})

test('a negative invoice that was paid out and credited then is owed', async () => {
  const client = await office.addClient()
  const { negative } = await negativeInvoice(client)
  await pay(negative.id, '-6.53')
  await credit(negative.id)
  assert.equal(await told(negative.id), ['credited', '6.53', '-6.53'])
  assert.equal(await booksOf(client), ['-1.13', '6.53', '-5.4', '0'])
  assert.is(await receivableOf(client), '6.53')
  // The same once more: it settles what was paid out for it.
  const again = await office.issue(client, ...february)
  assert.equal(
    [await told(negative.id), await told(again.id)],
    [
      ['credited', '0', '0'],
      ['paid', '0', '-6.53'],
    ],
  )
  assert.equal(await booksOf(client), ['0', '0', '0', '0'])
})

test('money that waited beside a negative invoice is used after it', async () => {
  const client = await office.addClient()
  const { negative } = await negativeInvoice(client)
  await post(client, '100')
  await office.call(client, { day: '2026-03-01', price: '10' })
  office.setNow('2026-03-03T09:00:00Z')
  const third = await office.issue(client, '2026-03-01', '2026-03-02')
  assert.equal(await allocationsOf(third.id), [
    [negative.id, '6.53'],
    [null, '5.57'],
  ])
  assert.equal(await booksOf(client), ['94.43', '0', '0', '94.43'])
})

test('drafted and issued at once, as by a schedule, an invoice is settled the same', async () => {
  const client = await office.addClient({ email: 'accounts@acme.example.com' })
  await post(client, '5')
  await office.call(client, { day: '2026-01-05', price: '6' })
  const invoice = await issueNewInvoice(office.context, {
    ...office.request,
    ...{ clientId: client.id, numberSequenceId: office.sequenceId, terms: noTerms },
    period: { from: january[0], to: january[1] },
  })
  assert.equal(await told(invoice.id), ['issued', '2.26', '5'])
  const [mail] =
    await office.sql`select content ->> 'amountDue' as due from mails where client_id = ${client.id}`
  assert.is(mail?.due, '2.26')
})

test('a mail of a negative invoice asks for nothing on no day', async () => {
  const client = await office.addClient({ email: 'accounts@acme.example.com' })
  await negativeInvoice(client)
  const rows = await office.sql`
    select content ->> 'total' as total, content ->> 'dueDay' is null as "hasNoDay"
    from mails where client_id = ${client.id} and kind = 'invoice'`
  assert.equal(Object.fromEntries(rows.map(({ total, hasNoDay }) => [total, hasNoDay])), {
    '12.1': false,
    '-6.53': true,
  })
})

test('eight top-ups beside an issue and a payment settle each cent once', async () => {
  const client = await office.addClient()
  const { older, newer } = await twoInvoices(client)
  await office.call(client, { day: '2026-02-01', price: '1' })
  office.setNow('2026-03-02T09:00:00Z')
  await Promise.all([
    ...Array.from({ length: 8 }, () => post(client, '1.5')),
    office.issue(client, ...february),
    pay(older, '8'),
  ])
  // 7.26 + 12.10 + 1.21 − 8 − 12 = 0.57.
  assert.equal(await booksOf(client), ['-0.57', '0.57', '0', '0'])
  assert.equal([(await told(older))[0], (await told(newer))[0]], ['paid', 'paid'])
})

test('all of these books hold', async () => {
  const found: string[] = []
  const asked = { from: null, before: null, pricesPerClient: 0, only: ['I3', 'I9', 'I11'] }
  for await (const { check, differences } of verifyBooks(office.db, asked)) {
    found.push(...differences.map(({ detail }) => `${check.name}: ${detail}`))
  }
  assert.equal(found, [])
})

test.run()
