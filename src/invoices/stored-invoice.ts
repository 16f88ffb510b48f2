/**
 * An invoice as it is kept, and as the API shows it.
 *
 * The row's status is draft, issued, paid or credited; `overdue` is an issued one whose due day is over at the
 * instant of asking. Amounts are Decimals here and text in the record; instants are epoch milliseconds here.
 */
import { instantText } from '../db/columns.ts'
import { writeTax } from '../db/invoices/written-tax.ts'
import { amountDue } from '../ledger/settled-invoice.ts'
import { type Decimal, formatAmount } from '../money.ts'
import type {
  InvoiceKind,
  InvoiceLine,
  InvoiceStatus,
  Party,
  Period,
  StoredStatus,
  TaxGroup,
} from './invoice.ts'
import type { InvoiceTerms } from './invoice-terms.ts'

export interface StoredInvoice {
  id: string
  brandId: string
  clientId: string
  kind: InvoiceKind
  status: StoredStatus
  /** null: a draft. */
  number: string | null
  numberSequenceId: string
  period: Period
  timeZone: string
  currency: string
  language: string
  billingMethod: string
  terms: InvoiceTerms
  /** Both parties as they stood at issue; null: a draft. */
  seller: Party | null
  buyer: Party | null
  /** Content of the template as it stood at issue. */
  template: unknown
  logoDigest: string | null
  taxes: TaxGroup[]
  net: Decimal
  tax: Decimal
  total: Decimal
  callsAmount: Decimal
  /** Fees in it that were posted when their periods began. Written when it is issued. */
  feesAmount: Decimal
  /** What the balance covered at issue, of those who pay in advance. */
  prepaidAmount: Decimal
  /** null: a draft, or issued before it was kept; see `amountDueAtIssue`. */
  amountDueAtIssue: Decimal | null
  /** By payments and allocations; below 0 on a negative invoice. */
  paidAmount: Decimal
  creditedAmount: Decimal
  creditsInvoiceId: string | null
  reason: string | null
  issuedAt: number | null
  /** Days as documents print them; null: a draft, or nothing to pay by a day. See due-day.ts. */
  issueDay: string | null
  dueDay: string | null
  dueAt: number | null
  actor: string
  revision: number
  createdAt: number
  updatedAt: number
}

/** As documents show it, whatever was paid since. */
export function amountDueAtIssue({ amountDueAtIssue: kept, total, prepaidAmount }: StoredInvoice): Decimal {
  // One issued before it was kept had what the balance covered taken off, and nothing else.
  return kept ?? total.minus(prepaidAmount)
}

export interface InvoiceWithLines extends StoredInvoice {
  lines: InvoiceLine[]
}

function statusAt(invoice: StoredInvoice, now: number): InvoiceStatus {
  const isLate = invoice.status === 'issued' && invoice.dueAt !== null && invoice.dueAt <= now
  return isLate && amountDue(invoice).gt(0) ? 'overdue' : invoice.status
}

/** The contract's invoice without its lines, which may be many. */
export function invoiceSummary(invoice: StoredInvoice, now: number) {
  return {
    id: invoice.id,
    kind: invoice.kind,
    status: statusAt(invoice, now),
    number: invoice.number,
    clientId: invoice.clientId,
    numberSequenceId: invoice.numberSequenceId,
    from: invoice.period.from,
    to: invoice.period.to,
    timeZone: invoice.timeZone,
    currency: invoice.currency,
    taxes: invoice.taxes.map((group) => ({
      ...writeTax(group),
      base: formatAmount(group.base),
      amount: formatAmount(group.amount),
    })),
    net: formatAmount(invoice.net),
    tax: formatAmount(invoice.tax),
    total: formatAmount(invoice.total),
    prepaidAmount: formatAmount(invoice.prepaidAmount),
    paidAmount: formatAmount(invoice.paidAmount),
    creditedAmount: formatAmount(invoice.creditedAmount),
    amountDue: formatAmount(amountDue(invoice)),
    issuedAt: invoice.issuedAt === null ? null : instantText(invoice.issuedAt),
    issueDay: invoice.issueDay,
    dueDay: invoice.dueDay,
    dueAt: invoice.dueAt === null ? null : instantText(invoice.dueAt),
    creditsInvoiceId: invoice.creditsInvoiceId,
    reason: invoice.reason,
    createdAt: instantText(invoice.createdAt),
    updatedAt: instantText(invoice.updatedAt),
  }
}

export type InvoiceSummary = ReturnType<typeof invoiceSummary>

export function invoiceRecord(invoice: InvoiceWithLines, now: number) {
  return {
    ...invoiceSummary(invoice, now),
    buyerReference: invoice.terms.buyerReference ?? null,
    purchaseOrder: invoice.terms.purchaseOrder ?? null,
    lines: invoice.lines.map(lineRecord),
  }
}

function lineRecord(line: InvoiceLine, index: number) {
  const tax = line.taxes[0]
  return {
    index,
    kind: line.kind,
    description: line.description,
    quantity: formatAmount(line.quantity),
    unitPrice: formatAmount(line.unitPrice),
    net: formatAmount(line.net),
    taxCategory: tax?.category ?? null,
    taxRate: tax ? formatAmount(tax.rate) : null,
    calls: line.calls?.calls ?? null,
    durationSeconds: line.calls?.durationSeconds ?? null,
    billedSeconds: line.calls?.billedSeconds ?? null,
    creditsIndex: line.creditsIndex,
    correctsInvoiceId: line.correctsInvoiceId,
  }
}
