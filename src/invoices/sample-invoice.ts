/**
 * What does an invoice look like that nobody owes? A made-up month with everything that a template can touch: calls to
 * several destinations and of the month before, a share of a price, two rates of tax, a discount, terms, an annex.
 *
 * Composed as a real one is, so that it adds up. Amounts fit a currency of two digits and are scaled for others. The
 * number says that it is none; telephone numbers are those that regulators keep for fiction.
 */
import { DateTime } from 'luxon'
import type { CallItem } from '../db/invoices/invoice-items.ts'
import { unknownParty } from '../db/invoices/parties.ts'
import { currencyDigits, Decimal, zero } from '../money.ts'
import { localDay } from '../rating/local-day.ts'
import { composeInvoice } from './compose-invoice.ts'
import { dueDates } from './due-day.ts'
import type { CallSums, InvoiceSums, LineTax, Party } from './invoice.ts'
import type { InvoiceDocument } from './invoice-document.ts'
import type { TemplateContent } from './invoice-template.ts'
import { noTerms } from './invoice-terms.ts'
import { invoiceTexts } from './invoice-texts.ts'

export interface SampleWish {
  language: string
  currency: string
  timeZone: string
  /** null: made up, too. */
  seller: Party | null
  /** PNG or JPEG as a data URL. */
  logo: string | null
  /** Checked; null: the built-in template. */
  template: TemplateContent | null
}

const id = '00000000-0000-0000-0000-000000000000'
const period = { from: '2026-01-01', to: '2026-02-01' }
const issuedOn = '2026-02-02T10:00:00'

/** At local time, in the order of the annex; prices for a currency of two digits. */
const calls: [at: string, to: string, destination: string, seconds: number, price: string][] = [
  ['2025-12-30T18:12:09', '447700900811', 'United Kingdom mobile', 95, '0.1932'],
  ['2026-01-02T09:14:05', '442079460123', 'United Kingdom', 184, '0.0552'],
  ['2026-01-07T11:40:51', '447700900456', 'United Kingdom mobile', 61, '0.1241'],
  ['2026-01-12T16:03:27', '12025550143', 'United States', 3725, '0.8692'],
  ['2026-01-19T08:55:00', '447700900456', 'United Kingdom mobile', 642, '1.3054'],
  ['2026-01-23T23:59:58', '442079460987', 'United Kingdom', 45, '0.0135'],
  ['2026-01-31T12:20:33', '12025550176', 'United States', 1210, '0.2823'],
]

const standard: LineTax = { category: 'S', rate: new Decimal(21), name: 'VAT', reason: null }
const reduced: LineTax = { category: 'S', rate: new Decimal(10), name: 'VAT, reduced rate', reason: null }

const madeUpSeller: Party = {
  ...unknownParty,
  name: 'Example Telecom',
  taxId: 'GB000000000',
  address: '1 Example Street',
  postalCode: 'EX1 1EX',
  town: 'Exampleton',
  country: 'GB',
  email: 'billing@telecom.example',
  iban: 'GB82WEST12345698765432',
}
const buyer: Party = {
  ...unknownParty,
  name: 'Acme Ltd.',
  taxId: 'GB999999999',
  address: '22 Sample Road',
  postalCode: 'SA2 2SA',
  town: 'Sampleford',
  country: 'GB',
  email: 'accounts@acme.example',
}

export function sampleInvoice(wish: SampleWish): { document: InvoiceDocument; items: CallItem[] } {
  const items = sampleItems(wish)
  const sums = composeSample(wish, items)
  const issuedAt = readLocalTime(issuedOn, wish.timeZone)
  const { language, currency, timeZone, logo, template } = wish
  const issueDay = localDay(issuedAt, timeZone)
  const seller = wish.seller ?? madeUpSeller
  return {
    items,
    document: {
      invoice: {
        id,
        brandId: id,
        clientId: id,
        kind: 'invoice',
        status: 'issued',
        number: 'PREVIEW-0001',
        numberSequenceId: id,
        period,
        timeZone,
        currency,
        language,
        billingMethod: 'postpaid',
        terms: noTerms,
        seller,
        buyer,
        template,
        logoDigest: null,
        taxes: [...sums.taxes],
        net: sums.net,
        tax: sums.tax,
        total: sums.total,
        callsAmount: sums.callsAmount,
        feesAmount: zero,
        prepaidAmount: zero,
        amountDueAtIssue: null,
        paidAmount: zero,
        creditedAmount: zero,
        creditsInvoiceId: null,
        reason: null,
        issuedAt,
        issueDay,
        ...dueDates(issueDay, { dueDays: noTerms.dueDays, brandTimeZone: timeZone, timeZone }),
        actor: '',
        revision: 1,
        createdAt: issuedAt,
        updatedAt: issuedAt,
        lines: [...sums.lines],
      },
      seller,
      buyer,
      logo,
      template,
      corrects: null,
    },
  }
}

function sampleItems({ currency, timeZone }: SampleWish): CallItem[] {
  return calls.map(([at, to, destination, seconds, price], i) => ({
    callId: `preview-${i + 1}`,
    answeredAt: readLocalTime(at, timeZone),
    from: '+442079460001',
    to,
    toNormalized: to,
    destination,
    durationSeconds: seconds,
    billedSeconds: seconds,
    price: scaled(price, currency),
  }))
}

function composeSample(wish: SampleWish, items: readonly CallItem[]): InvoiceSums {
  const { currency } = wish
  const cost = { prorate: false, days: null, quantity: new Decimal(1) }
  return composeInvoice({
    currency,
    period,
    monthsFrom: period.from,
    includesTax: false,
    callSums: sumByDestination(items),
    fixedCosts: [
      { ...cost, name: 'PBX', price: scaled('29.9', currency), taxes: [standard] },
      {
        ...cost,
        name: 'SIP trunk',
        price: scaled('12', currency),
        quantity: new Decimal(2),
        prorate: true,
        days: { from: '2026-01-16' },
        taxes: [standard],
      },
      { ...cost, name: 'Manual', price: scaled('18.5', currency), taxes: [reduced] },
    ],
    discounts: [{ description: '−10 %', percent: new Decimal(10), amount: null }],
    minimumMonthlyAmount: null,
    taxes: [standard],
    corrections: [],
    texts: invoiceTexts(wish),
  })
}

function sumByDestination(items: readonly CallItem[]): CallSums[] {
  const sums = new Map<string, CallSums>()
  for (const [i, item] of items.entries()) {
    const day = calls[i]?.[0].slice(0, 10) ?? period.from
    const isEarlier = day < period.from
    const key = `${isEarlier} ${item.destination}`
    const before = sums.get(key)
    sums.set(key, {
      destination: item.destination,
      isInbound: false,
      isEarlier,
      calls: (before?.calls ?? 0) + 1,
      durationSeconds: (before?.durationSeconds ?? 0) + item.durationSeconds,
      billedSeconds: (before?.billedSeconds ?? 0) + item.billedSeconds,
      amount: item.price.plus(before?.amount ?? 0),
      firstDay: before?.firstDay ?? day,
      lastDay: day,
    })
  }
  return [...sums.values()]
}

/** 29.90 € is 2,990 ¥ and 2.990 KD: prices that look like prices. */
function scaled(amount: string, currency: string): Decimal {
  return new Decimal(amount).times(new Decimal(10).pow(2 - currencyDigits(currency)))
}

function readLocalTime(localTime: string, timeZone: string): number {
  return DateTime.fromISO(localTime, { zone: timeZone }).toMillis()
}
