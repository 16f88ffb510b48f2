/**
 * Documents as the service composes them: over countries, currencies, categories of tax, discounts, minimums, prices with tax,
 * credits, corrections, prepaid and negative sums.
 */
import fc from 'fast-check'
import { composeInvoice } from '../../../src/invoices/compose-invoice.ts'
import { creditLines } from '../../../src/invoices/credit-lines.ts'
import { makeCreditNote } from '../../../src/invoices/credit-note.ts'
import type { CallSums, LineTax, TaxCategory } from '../../../src/invoices/invoice.ts'
import type { InvoiceDocument } from '../../../src/invoices/invoice-document.ts'
import { invoiceTexts } from '../../../src/invoices/invoice-texts.ts'
import type { PricedLine } from '../../../src/invoices/priced-line.ts'
import { sampleInvoice } from '../../../src/invoices/sample-invoice.ts'
import type { InvoiceWithLines } from '../../../src/invoices/stored-invoice.ts'
import { Decimal } from '../../../src/money.ts'
import { aBuyer, aSeller, type Country, countries, debited } from './parties.ts'

const aTax = (category: TaxCategory, rate = '0', more: Partial<LineTax> = {}): LineTax => ({
  category,
  rate: new Decimal(rate),
  name: `${category} ${rate} %`,
  reason: null,
  ...more,
})

/** What calls bear, and what each fixed cost bears. Rates are Swedish, which Peppol looks at. */
const taxSets: readonly (readonly [LineTax | null, LineTax | null])[] = [
  [aTax('S', '25'), aTax('S', '25')],
  [aTax('S', '25'), aTax('S', '6')],
  [aTax('S', '12'), aTax('Z')],
  [aTax('Z'), aTax('Z')],
  [
    aTax('E', '0', { reason: 'Article 132 (1) (i)', reasonCode: 'VATEX-EU-132-1I' }),
    aTax('E', '0', { reason: 'Article 135 (1) (a)', reasonCode: 'VATEX-EU-135-1' }),
  ],
  [aTax('E'), aTax('S', '25')],
  [aTax('AE', '0', { reasonCode: 'VATEX-EU-AE' }), aTax('AE')],
  [aTax('AE'), aTax('S', '25')],
  [aTax('K', '0', { reasonCode: 'VATEX-EU-IC' }), aTax('K', '0', { reasonCode: 'VATEX-EU-IC' })],
  [aTax('G', '0', { reasonCode: 'VATEX-EU-G' }), aTax('G')],
  [aTax('O', '0', { reasonCode: 'VATEX-EU-O' }), aTax('O', '0', { reason: 'Deposit' })],
  [aTax('O'), null],
  [null, null],
  [aTax('L', '7'), aTax('L', '7')],
  [aTax('L', '3'), aTax('L')],
  [aTax('M', '4'), aTax('M', '10')],
]

const nat = (max: number) => fc.nat({ max })
const drawn = fc.record({
  seller: nat(countries.length - 1),
  buyer: nat(countries.length - 1),
  isAtHome: fc.boolean(),
  taxes: nat(taxSets.length - 1),
  currency: fc.constantFrom('EUR', 'EUR', 'SEK', 'JPY', 'USD', 'GBP'),
  language: fc.constantFrom('en', 'es', 'ca', 'it', 'de', 'fr', 'pt'),
  calls: fc.array(nat(999_999), { minLength: 1, maxLength: 4 }),
  costs: fc.array(nat(99_999), { maxLength: 3 }),
  discount: fc.constantFrom('none', 'none', 'percent', 'amount', 'both'),
  minimum: fc.boolean(),
  includesTax: fc.boolean(),
  correction: fc.constantFrom('none', 'none', 'less', 'much less', 'more'),
  prepaid: fc.constantFrom('none', 'none', 'part', 'all'),
  isDebited: fc.boolean(),
  credit: fc.constantFrom('none', 'none', 'none', 'all', 'one line', 'more'),
})
type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never

export function randomDocuments(count: number, seed: number): InvoiceDocument[] {
  return fc.sample(drawn, { numRuns: count, seed }).map((one, i) => composed(one, i))
}

function composed(one: Drawn, i: number): InvoiceDocument {
  const country = countries[one.seller] as Country
  const seller = aSeller(country)
  const buyer = aBuyer(one.isAtHome ? country : (countries[one.buyer] as Country))
  const { document } = sampleInvoice({
    language: one.language,
    currency: one.currency,
    timeZone: 'Europe/Berlin',
    seller,
    logo: null,
    template: null,
  })
  const parties = { seller, buyer: one.isDebited && one.currency === 'EUR' ? debited(buyer) : buyer }
  const sums = composeInvoice(drawParts(one, document.invoice))
  const invoice: InvoiceWithLines = {
    ...document.invoice,
    ...sums,
    ...parties,
    number: `F-${i + 1}`,
    lines: [...sums.lines],
    taxes: [...sums.taxes],
  }
  const covered = { none: 0, part: 0.25, all: 1 }[one.prepaid]
  const settled = Decimal.max(0, sums.total)
    .times(covered)
    .toDecimalPlaces(one.currency === 'JPY' ? 0 : 2)
  invoice.amountDueAtIssue = sums.total.minus(settled)
  if (one.credit === 'none') return { ...document, ...parties, invoice }
  const note = drawNote(one, invoice)
  return { ...document, ...parties, invoice: note, corrects: { number: 'F-0', issueDay: '2026-01-31' } }
}

function drawParts(one: Drawn, { period, language, currency, timeZone }: InvoiceWithLines) {
  const [ofCalls, ofCosts] = taxSets[one.taxes] ?? [null, null]
  const taxes = ofCalls ? [ofCalls] : []
  const exact = (units: number, decimals: number) => new Decimal(units).div(10 ** decimals)
  const callSums = one.calls.map(
    (price, n): CallSums => ({
      destination: ['Spain mobile', 'Łódź – Polska', '', 'United States'][n] ?? 'Elsewhere',
      isInbound: n === 2,
      isEarlier: n === 3,
      calls: (price % 7) + 1,
      durationSeconds: price,
      billedSeconds: price,
      amount: exact(price, 4),
      firstDay: '2026-01-05',
      lastDay: '2026-01-09',
    }),
  )
  const percent = { description: 'Five percent', percent: new Decimal(5), amount: null }
  const amount = {
    description: 'Welcome',
    percent: null,
    amount: exact(one.currency === 'JPY' ? 3 : 333, one.currency === 'JPY' ? 0 : 2),
  }
  return {
    currency,
    period,
    monthsFrom: period.from,
    includesTax: one.includesTax,
    callSums,
    fixedCosts: one.costs.map((price, n) => ({
      name: `Cost ${n}`,
      price: exact(price, 3),
      quantity: new Decimal((price % 3) + 1).plus(n === 2 ? '0.5' : 0),
      prorate: false,
      days: null,
      taxes: ofCosts ? [ofCosts] : [],
    })),
    discounts: {
      none: [],
      percent: [percent],
      amount: [amount],
      both: [percent, amount],
    }[one.discount],
    minimumMonthlyAmount: one.minimum ? new Decimal(50) : null,
    taxes,
    corrections: drawCorrections(one, taxes),
    texts: invoiceTexts({ language, currency, timeZone }),
  }
}

function drawCorrections({ correction }: Drawn, taxes: readonly LineTax[]): PricedLine[] {
  if (correction === 'none') return []
  const price = new Decimal({ less: '-1.25', 'much less': '-9999.99', more: '3.75' }[correction])
  return [
    {
      kind: 'correction',
      description: 'Correction of an earlier invoice',
      quantity: new Decimal(1),
      unitPrice: price,
      price,
      taxes,
      calls: null,
      creditsIndex: null,
      correctsInvoiceId: '00000000-0000-0000-0000-000000000001',
    },
  ]
}

/** In full, of one line, or a correction that charges more. */
function drawNote({ credit }: Drawn, invoice: InvoiceWithLines): InvoiceWithLines {
  const { currency, lines, taxes } = invoice
  const index = lines.findIndex((line) => line.kind !== 'discount' && !line.net.isZero())
  const wanted = credit === 'one line' && index >= 0 ? [{ index }] : null
  const given = { numberSequenceId: '', reason: 'All "wrong" & late', actor: '', now: 0 }
  const note = makeCreditNote(invoice, creditLines({ currency, lines, taxes, notes: [] }, wanted), given)
  const isMore = credit === 'more'
  return {
    ...note,
    ...(isMore && {
      lines: invoice.lines,
      taxes: invoice.taxes,
      net: invoice.net,
      tax: invoice.tax,
      total: invoice.total,
    }),
    status: 'issued',
    number: `N-${invoice.number}`,
    issuedAt: invoice.issuedAt,
    issueDay: invoice.issueDay,
    seller: invoice.seller,
    buyer: invoice.buyer,
  }
}
