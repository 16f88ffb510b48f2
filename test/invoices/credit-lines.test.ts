import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CreditSource, creditLines } from '../../src/invoices/credit-lines.ts'
import type { InvoiceLine, InvoiceSums } from '../../src/invoices/invoice.ts'
import { totals } from '../../src/invoices/sum-up.ts'
import { taxGroups } from '../../src/invoices/tax-groups.ts'
import { Decimal, formatAmount } from '../../src/money.ts'

function line(
  description: string,
  quantity: string,
  unitPrice: string,
  net: string,
  rate = '21',
): InvoiceLine {
  return {
    kind: 'fixed-cost',
    description,
    quantity: new Decimal(quantity),
    unitPrice: new Decimal(unitPrice),
    net: new Decimal(net),
    taxes: [{ category: 'S', rate: new Decimal(rate), name: 'VAT', reason: null }],
    calls: null,
    creditsIndex: null,
    correctsInvoiceId: null,
    gross: null,
  }
}

function sourceOf(lines: InvoiceLine[], notes: readonly InvoiceSums[] = []): CreditSource {
  return { currency: 'EUR', lines, taxes: taxGroups(lines, 2), notes }
}

const sums = (note: InvoiceSums) => [note.net, note.tax, note.total].map(formatAmount).join(' ')

test('a note in full is the invoice with its signs turned', () => {
  const lines = [line('Seat', '3', '9.95', '29.85'), line('Book', '1', '10.03', '10.03', '10')]
  const note = creditLines(sourceOf(lines), null)
  assert.equal(
    note.lines.map(({ quantity, net, creditsIndex }) => [
      formatAmount(quantity),
      formatAmount(net),
      creditsIndex,
    ]),
    [
      ['-3', '-29.85', 0],
      ['-1', '-10.03', 1],
    ],
  )
  assert.is(sums(note), '-39.88 -7.27 -47.15')
})

test('a line credited in three parts is credited exactly, net and tax', () => {
  const lines = [line('Third', '3', '3.335', '10.01')]
  const notes: InvoiceSums[] = []
  const seen: string[] = []
  for (let i = 0; i < 3; i++) {
    const note = creditLines(sourceOf(lines, notes), [{ index: 0, quantity: '1' }])
    notes.push(note)
    seen.push(sums(note))
  }
  assert.equal(seen, ['-3.34 -0.7 -4.04', '-3.34 -0.7 -4.04', '-3.33 -0.7 -4.03'])
  assert.is(sums(totals(lines, taxGroups(lines, 2))), '10.01 2.1 12.11')
})

test('what is left is credited after parts were', () => {
  const lines = [line('Seat', '2', '5', '10'), line('Line', '1', '7', '7')]
  const first = creditLines(sourceOf(lines), [{ index: 0, quantity: '1' }])
  assert.is(sums(first), '-5 -1.05 -6.05')
  const rest = creditLines(sourceOf(lines, [first]), null)
  assert.is(sums(rest), '-12 -2.52 -14.52')
})

test('more than is left, a line twice, or one that is not there is refused with its place', () => {
  const source = sourceOf([line('Seat', '2', '5', '10')])
  for (const [wanted, pointer] of [
    [[{ index: 0, quantity: '3' }], '/lines/0/quantity'],
    [[{ index: 0, quantity: '0' }], '/lines/0/quantity'],
    [[{ index: 1 }], '/lines/0/index'],
    [
      [
        { index: 0, quantity: '1' },
        { index: 0, quantity: '1' },
      ],
      '/lines/1/index',
    ],
  ] as const) {
    try {
      creditLines(source, wanted)
      assert.unreachable()
    } catch (error) {
      const { errors } = error as { errors: { pointer: string }[] }
      assert.is(errors[0]?.pointer, pointer)
    }
  }
})

test.run()
