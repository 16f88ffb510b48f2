/** The naive biller itself, by sums that are written out: whoever trusts it for random books should see it count. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { minus, of, over, plus, roundTo, text, times } from './fraction.ts'
import { monthsOf } from './months.ts'
import { NaiveBooks, type Setup } from './naive-books.ts'
import type { FixedCost, Tax, Terms } from './naive-invoice.ts'

const vat: Tax = { id: 'vat', name: 'VAT', category: 'S', rate: '21', reason: null }
const rental: FixedCost = { id: 'rental', name: 'Rental', price: '30', prorate: true, tax: null }

const setup: Setup = { digits: 2, pricesIncludeTax: false, billingMethod: 'postpaid', autoAllocate: true }
const terms = (from: string, to: string, more: Partial<Terms> = {}): Terms => ({
  period: { from, to },
  taxes: [vat],
  fixedCosts: [],
  discounts: [],
  minimum: null,
  ...more,
})
const aCall = (day: string, price: string) => ({
  callId: day,
  day,
  destination: 'Spain',
  isInbound: false,
  price: of(price),
})
const nets = ({ lines }: { lines: readonly { kind: string; net: { top: bigint; bottom: bigint } }[] }) =>
  lines.map(({ kind, net }) => `${kind} ${text(net)}`)

test('fractions are exact, and rounded half away from zero', () => {
  assert.is(text(roundTo(times(of('0.335'), of(3)), 2)), '1.01')
  assert.is(text(roundTo(of('-0.005'), 2)), '-0.01')
  assert.is(text(minus(of('1.10'), of('3.2'))), '-2.1')
  assert.is(text(plus(over(of(1), of(3)), over(of(2), of(3)))), '1')
})

test('a month is a month wherever it begins, the rest by days of the month that begins there', () => {
  for (const [from, to, months] of [
    ['2026-01-15', '2026-02-15', '1'],
    ['2026-02-15', '2026-03-15', '1'],
    ['2026-01-31', '2026-02-28', '1'],
    ['2026-04-01', '2026-04-04', '0.1'],
    ['2026-01-01', '2026-04-04', '3.1'],
  ] as const)
    assert.is(text(monthsOf({ from, to })), months, `${from} to ${to}`)
})

test('the parts of a month sum to the whole, by the months of the invoice', () => {
  const invoice = { from: '2026-01-15', to: '2026-02-15' }
  const parts = [
    monthsOf(invoice, { from: '2026-01-15', to: '2026-02-01' }),
    monthsOf(invoice, { from: '2026-02-01', to: '2026-02-15' }),
  ]
  assert.equal(parts.map(text), ['17/31', '14/31'])
})

test('a corrected call keeps the discount that it was invoiced with', () => {
  const books = new NaiveBooks(setup)
  const call = aCall('2026-01-05', '6')
  books.call(call)
  assert.equal(
    nets(books.issue('1', terms('2026-01-01', '2026-02-01', { discounts: [{ percent: '50' }] }))),
    ['calls 6', 'discount -3'],
  )
  books.correct(call, of('0.6'))
  assert.equal(nets(books.issue('2', terms('2026-02-01', '2026-03-01'))), ['correction -2.7'])
})

test('a minimum is measured on its own period, also after a correction', () => {
  const books = new NaiveBooks(setup)
  const call = aCall('2026-04-02', '6')
  books.call(call)
  assert.equal(nets(books.issue('1', terms('2026-04-01', '2026-04-04', { minimum: '31' }))), ['calls 6'])
  books.correct(call, of('0.6'))
  assert.equal(nets(books.issue('2', terms('2026-04-04', '2026-04-05', { minimum: '31' }))), [
    'minimum 1.03',
    'correction -2.9',
  ])
})

test('late calls within a charged minimum cost nothing until their period exceeds it', () => {
  const books = new NaiveBooks(setup)
  books.issue('1', terms('2026-04-01', '2026-04-04', { minimum: '31' }))
  books.call(aCall('2026-04-02', '3'))
  assert.equal(nets(books.issue('2', terms('2026-04-04', '2026-04-05'))), ['late-calls 0'])
  books.call(aCall('2026-04-03', '3'))
  assert.equal(nets(books.issue('3', terms('2026-04-05', '2026-04-06'))), ['late-calls 2.9'])
})

test('a line of a discounted invoice gives back what it cost, the last one the rest', () => {
  const books = new NaiveBooks(setup)
  const tax = { ...vat, rate: '20' }
  const cost = (price: string): FixedCost => ({ id: price, name: price, price, prorate: false, tax: null })
  const fixedCosts = ['19.99', '68.33', '200.33'].map((price) => ({
    cost: cost(price),
    quantity: '1',
    span: null,
  }))
  const invoice = books.issue(
    '1',
    terms('2026-01-01', '2026-02-01', { taxes: [tax], fixedCosts, discounts: [{ amount: '10' }] }),
  )
  assert.is(text(invoice.total), '334.38')
  const totals = [0, 1, 2].map((index) =>
    text(books.credit(invoice, { lines: [{ index, quantity: null }], rebill: null }).total),
  )
  assert.equal(totals, ['-23.16', '-79.15', '-232.07'])
  assert.is(books.statusOf(invoice), 'credited')
  assert.is(text(books.balance), '0')
})

test('prices that include tax: the whole is rounded once, the tax is what is left', () => {
  const books = new NaiveBooks({ ...setup, pricesIncludeTax: true })
  const invoice = books.issue(
    '1',
    terms('2026-01-15', '2026-02-15', { fixedCosts: [{ cost: rental, quantity: '1', span: null }] }),
  )
  assert.equal([invoice.net, invoice.tax, invoice.total].map(text), ['24.79', '5.21', '30'])
})

test('money on the account settles what is open, oldest first, and a credited invoice gives it back', () => {
  const books = new NaiveBooks(setup)
  const call = aCall('2026-01-05', '6')
  books.call(call)
  const first = books.issue('1', terms('2026-01-01', '2026-02-01'))
  books.move(of(10))
  assert.equal([books.statusOf(first), text(books.unallocated)], ['paid', '2.74'])
  books.credit(first, { lines: [{ index: 0, quantity: null }], rebill: null })
  assert.equal(
    [books.statusOf(first), text(books.unallocated), text(books.unbilled)],
    ['credited', '10', '6'],
  )
  const again = books.issue('2', terms('2026-01-01', '2026-02-01'))
  assert.equal(
    [books.statusOf(again), text(books.unallocated), text(books.balance)],
    ['paid', '2.74', '2.74'],
  )
})

test('what a prepaid balance covers is paid, the rest is due', () => {
  const books = new NaiveBooks({ ...setup, billingMethod: 'prepaid' })
  books.move(of(5))
  books.call(aCall('2026-01-05', '6'))
  const statement = books.issue('1', terms('2026-01-01', '2026-02-01'))
  assert.equal([statement.prepaid, books.dueOf(statement)].map(text), ['5', '2.26'])
})

test('a negative invoice is set off against the next one, and its rest may be paid out', () => {
  const books = new NaiveBooks(setup)
  const call = aCall('2026-01-05', '6')
  books.call(call)
  books.issue('1', terms('2026-01-01', '2026-02-01'))
  books.pay(books.invoices[0] as never, 'p', of('7.26'))
  books.correct(call, of(0))
  const negative = books.issue('2', terms('2026-02-01', '2026-03-01'))
  assert.equal([text(books.dueOf(negative)), books.statusOf(negative)], ['-7.26', 'issued'])
  books.call(aCall('2026-03-05', '1'))
  const next = books.issue('3', terms('2026-03-01', '2026-04-01'))
  assert.equal([books.statusOf(next), text(books.dueOf(negative))], ['paid', '-6.05'])
  books.pay(negative, 'q', of('-6.05'))
  assert.equal([books.statusOf(negative), text(books.balance)], ['paid', '0'])
})

test.run()
