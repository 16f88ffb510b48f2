import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { composeInvoice, type InvoiceParts } from '../../src/invoices/compose-invoice.ts'
import type { CallSums, InvoiceSums, LineTax } from '../../src/invoices/invoice.ts'
import { invoiceTexts } from '../../src/invoices/invoice-texts.ts'
import { taxGroups } from '../../src/invoices/tax-groups.ts'
import { Decimal, formatAmount, roundAmount } from '../../src/money.ts'

const tax = (category: LineTax['category'], rate: string): LineTax => ({
  category,
  rate: new Decimal(rate),
  name: `${category} ${rate}`,
  reason: null,
})
const vat21 = tax('S', '21')
const vat10 = tax('S', '10')

function callsTo(destination: string, calls: number, amount: string, more: Partial<CallSums> = {}): CallSums {
  return {
    destination,
    isInbound: false,
    isEarlier: false,
    calls,
    durationSeconds: calls * 60,
    billedSeconds: calls * 60,
    amount: new Decimal(amount),
    firstDay: '2026-01-01',
    lastDay: '2026-01-31',
    ...more,
  }
}

function parts(given: Partial<InvoiceParts>): InvoiceParts {
  const currency = given.currency ?? 'EUR'
  return {
    currency,
    period: { from: '2026-01-01', to: '2026-02-01' },
    monthsFrom: given.period?.from ?? '2026-01-01',
    includesTax: false,
    corrections: [],
    callSums: [],
    fixedCosts: [],
    discounts: [],
    minimumMonthlyAmount: null,
    taxes: [vat21],
    texts: invoiceTexts({ language: 'en', currency, timeZone: 'Europe/Madrid' }),
    ...given,
  }
}

function written(sums: InvoiceSums) {
  return {
    lines: sums.lines.map((line) =>
      [
        line.description,
        formatAmount(line.quantity),
        formatAmount(line.unitPrice),
        formatAmount(line.net),
      ].join(' | '),
    ),
    taxes: sums.taxes.map((group) =>
      [group.category, ...[group.rate, group.base, group.amount].map(formatAmount)].join(' '),
    ),
    sums: [sums.net, sums.tax, sums.total].map(formatAmount).join(' '),
  }
}

const fixed = (name: string, price: string, more: object = {}) => ({
  name,
  price: new Decimal(price),
  quantity: new Decimal(1),
  prorate: false,
  days: null,
  taxes: [vat21],
  ...more,
})

test('a worked invoice in euros adds up as it is printed', () => {
  const sums = composeInvoice(
    parts({
      callSums: [callsTo('Spain mobile', 3, '1.005'), callsTo('Spain', 4, '0.3333')],
      fixedCosts: [fixed('Seat', '9.95', { quantity: new Decimal('3') })],
      discounts: [{ description: 'Loyalty', percent: new Decimal('10'), amount: null }],
    }),
  )
  assert.equal(written(sums), {
    lines: [
      'Spain | 4 | 0.083325 | 0.33',
      'Spain mobile | 3 | 0.335 | 1.01',
      'Seat | 3 | 9.95 | 29.85',
      'Loyalty | 1 | -3.12 | -3.12',
    ],
    taxes: ['S 21 28.07 5.89'],
    sums: '28.07 5.89 33.96',
  })
  assert.is(formatAmount(sums.callsAmount), '1.3383')
})

test('yen have no decimals: lines and taxes are whole', () => {
  const sums = composeInvoice(
    parts({
      currency: 'JPY',
      callSums: [callsTo('Japan', 7, '104.5'), callsTo('Spain', 1, '0.49')],
      taxes: [tax('S', '10')],
    }),
  )
  assert.equal(written(sums), {
    lines: ['Japan | 7 | 14.9285715 | 105', 'Spain | 1 | 0.49 | 0'],
    taxes: ['S 10 105 11'],
    sums: '105 11 116',
  })
})

test('dinars have three decimals', () => {
  const sums = composeInvoice(
    parts({ currency: 'KWD', callSums: [callsTo('Kuwait', 2, '1.2345')], taxes: [tax('S', '5')] }),
  )
  assert.equal(written(sums), {
    lines: ['Kuwait | 2 | 0.61725 | 1.235'],
    taxes: ['S 5 1.235 0.062'],
    sums: '1.235 0.062 1.297',
  })
})

test('several rates are charged each on its own lines, and a discount is shared out among them', () => {
  const sums = composeInvoice(
    parts({
      callSums: [callsTo('Spain', 1, '60')],
      fixedCosts: [
        fixed('Book', '30', { taxes: [vat10] }),
        fixed('Abroad', '10', { taxes: [tax('AE', '0')] }),
      ],
      discounts: [{ description: 'Ten', percent: null, amount: new Decimal('10') }],
    }),
  )
  assert.equal(written(sums), {
    lines: [
      'Spain | 1 | 60 | 60',
      'Book | 1 | 30 | 30',
      'Abroad | 1 | 10 | 10',
      'Ten | 1 | -6 | -6',
      'Ten | 1 | -3 | -3',
      'Ten | 1 | -1 | -1',
    ],
    taxes: ['AE 0 9 0', 'S 21 54 11.34', 'S 10 27 2.7'],
    sums: '90 14.04 104.04',
  })
})

test('tax is computed once on the rounded sum, not per line', () => {
  const callSums = ['A', 'B', 'C'].map((name) => callsTo(name, 1, '0.03'))
  assert.is(written(composeInvoice(parts({ callSums }))).sums, '0.09 0.02 0.11')
})

test('a total is not rounded up in steps: 1.10 stays 1.10', () => {
  const sums = composeInvoice(parts({ callSums: [callsTo('Spain', 11, '1.1')], taxes: [] }))
  assert.is(written(sums).sums, '1.1 0 1.1')
})

test('calls of earlier days are lines of their own, named with their days', () => {
  const late = callsTo('Spain', 1, '0.5', { isEarlier: true, firstDay: '2025-12-30', lastDay: '2025-12-31' })
  const sums = composeInvoice(parts({ callSums: [late, callsTo('Spain', 1, '1')] }))
  assert.equal(
    sums.lines.map((line) => line.description),
    ['Spain', 'Spain, earlier calls (30 Dec 2025 – 31 Dec 2025)'],
  )
})

test('calls of one earlier day name it once', () => {
  const late = callsTo('Spain', 1, '0.5', { isEarlier: true, firstDay: '2025-12-30', lastDay: '2025-12-30' })
  const sums = composeInvoice(parts({ callSums: [late] }))
  assert.is(sums.lines[0]?.description, 'Spain, earlier calls (30 Dec 2025)')
})

test('waived calls, which have no destination, are called calls', () => {
  const sums = composeInvoice(parts({ callSums: [callsTo('', 2, '0')] }))
  assert.equal(written(sums).lines, ['Calls | 2 | 0 | 0'])
})

test('a correction that takes money back is one piece at its exact amount', () => {
  const sums = composeInvoice(parts({ callSums: [callsTo('Spain', 0, '-0.125', { isEarlier: true })] }))
  assert.is(written(sums).sums, '-0.13 -0.03 -0.16')
  assert.is(formatAmount(sums.lines[0]?.quantity ?? new Decimal(9)), '1')
})

test('rollups that cancel out make no line', () => {
  assert.is(composeInvoice(parts({ callSums: [callsTo('Spain', 0, '0')] })).lines.length, 0)
})

test('a monthly price is shared out by days', () => {
  const days = { from: '2026-01-11', to: '2026-01-21' }
  const sums = composeInvoice(parts({ fixedCosts: [fixed('Line', '31', { prorate: true, days })] }))
  assert.equal(written(sums).lines, ['Line | 0.3225806452 | 31 | 10'])
})

test('the minimum lifts what discounts have left, by months and days', () => {
  const sums = composeInvoice(
    parts({
      period: { from: '2026-01-01', to: '2026-02-15' },
      callSums: [callsTo('Spain', 1, '4')],
      minimumMonthlyAmount: new Decimal('20'),
    }),
  )
  assert.equal(written(sums).lines, ['Spain | 1 | 4 | 4', 'Minimum amount €30.00, difference | 1 | 26 | 26'])
})

test('discounts never take more than there is', () => {
  const discounts = ['8', '8'].map((amount) => ({
    description: 'D',
    percent: null,
    amount: new Decimal(amount),
  }))
  const sums = composeInvoice(parts({ callSums: [callsTo('Spain', 1, '10')], discounts }))
  assert.is(written(sums).sums, '0 0 0')
})

test('quantity times unit price rounds to the net, whatever the number of calls', () => {
  for (const [calls, amount] of [
    [6, '0.125'],
    [7, '10.005'],
    [13, '0.015'],
    [200_000, '12345.675'],
    [9999, '0.005'],
  ] as const) {
    const [line] = composeInvoice(parts({ callSums: [callsTo('Spain', calls, amount)] })).lines
    assert.ok(line)
    const product = roundAmount(line.quantity.times(line.unitPrice), { mode: 'half-up', decimals: 2 })
    assert.is(formatAmount(product), formatAmount(line.net), `${calls} calls at ${amount}`)
  }
})

/** Groups with their names and grounds. */
const groupsOf = (sums: InvoiceSums) =>
  sums.taxes.map(({ category, name, reason, ...group }) =>
    [category, ...[group.rate, group.base, group.amount].map(formatAmount), name, reason ?? '–'].join(' | '),
  )

test('two taxes of one category and rate are one group: the net once, the tax of both, both names', () => {
  const [central, state] = ['Central', 'State'].map((name) => ({ ...tax('S', '9'), name }))
  assert.ok(central && state)
  const taxes = [central, state]
  const sums = composeInvoice(parts({ callSums: [callsTo('India', 1, '100')], taxes }))
  assert.equal(groupsOf(sums), ['S | 9 | 100 | 18 | Central, State | –'])
  assert.is(written(sums).sums, '100 18 118')
})

test('taxes of one category and rate on different lines are one group with both names', () => {
  const other = { ...vat21, name: 'VAT' }
  const sums = composeInvoice(
    parts({
      callSums: [callsTo('Spain', 1, '0.03')],
      fixedCosts: [
        fixed('Seat', '0.03', { taxes: [other] }),
        fixed('Line', '0.03', { taxes: [vat21, other] }),
      ],
    }),
  )
  assert.equal(groupsOf(sums), ['S | 21 | 0.09 | 0.03 | S 21, VAT | –'])
})

test('exemptions of different grounds are groups of their own, each with its reason', () => {
  const exempt = (name: string, reason: string) => ({ ...tax('E', '0'), name, reason })
  const sums = composeInvoice(
    parts({
      fixedCosts: [
        fixed('Course', '10', { taxes: [exempt('Education', 'Article 132 (1) (i)')] }),
        fixed('Insurance', '5', { taxes: [exempt('Insurance', 'Article 135 (1) (a)')] }),
        fixed('Book', '1', { taxes: [exempt('Teaching', 'Article 132 (1) (i)')] }),
      ],
    }),
  )
  assert.equal(groupsOf(sums), [
    'E | 0 | 11 | 0 | Education, Teaching | Article 132 (1) (i)',
    'E | 0 | 5 | 0 | Insurance | Article 135 (1) (a)',
  ])
})

for (const [period, seat, minimum] of [
  [{ from: '2026-01-15', to: '2026-02-15' }, '30', '100'],
  [{ from: '2026-02-15', to: '2026-03-15' }, '30', '100'],
  [{ from: '2026-01-15', to: '2026-03-15' }, '60', '200'],
  [{ from: '2026-01-15', to: '2026-01-30' }, '14.52', '48.39'],
] as const) {
  test(`30 a month is ${seat} and a minimum of 100 is ${minimum} from ${period.from} to ${period.to}`, () => {
    const fixedCosts = [fixed('Seat', '30', { prorate: true })]
    assert.is(formatAmount(composeInvoice(parts({ period, fixedCosts })).net), seat)
    const minimumMonthlyAmount = new Decimal('100')
    assert.is(formatAmount(composeInvoice(parts({ period, minimumMonthlyAmount })).net), minimum)
  })
}

test("a fixed cost's spans count by the invoice's month that they lie in, and sum to the whole", () => {
  const period = { from: '2026-01-15', to: '2026-02-15' }
  const spans = [
    { from: '2026-01-15', to: '2026-02-01' },
    { from: '2026-02-01', to: '2026-02-15' },
  ]
  const sums = composeInvoice(
    parts({ period, fixedCosts: spans.map((days) => fixed('Seat', '31', { prorate: true, days })) }),
  )
  assert.equal(
    sums.lines.map(({ net }) => formatAmount(net)),
    ['17', '14'],
  )
})

test('half a cent of a thirtieth is half a cent: 0.15 a month for a day rounds to 0.01', () => {
  const days = { from: '2026-04-01', to: '2026-04-02' }
  const sums = composeInvoice(
    parts({
      period: { from: '2026-04-01', to: '2026-05-01' },
      fixedCosts: [fixed('Seat', '0.15', { prorate: true, days })],
    }),
  )
  assert.is(formatAmount(sums.net), '0.01')
})

test('a tax whose name has a comma is named once, and one whose name begins it is named, too', () => {
  const tax = (name: string) => ({ category: 'S' as const, rate: new Decimal(10), name, reason: null })
  const names = ['VAT, reduced', 'VAT, reduced', 'VAT']
  const groups = taxGroups(
    names.map((name) => ({ net: new Decimal(1), taxes: [tax(name)] })),
    2,
  )
  assert.equal(
    groups.map(({ name }) => name),
    ['VAT, reduced, VAT'],
  )
})

test.run()
