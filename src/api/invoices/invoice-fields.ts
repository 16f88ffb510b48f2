/**
 * What are an invoice, its terms and its payments in JSON?
 */
import Type, { type Static } from 'typebox'
import { warningCodes } from '../../invoices/find-warnings.ts'
import { taxCategories } from '../../invoices/invoice.ts'
import { defaultDueDays, type InvoiceTerms } from '../../invoices/invoice-terms.ts'
import {
  Amount,
  Currency,
  closed,
  Day,
  Email,
  FreeText,
  Instant,
  Name,
  NonNegativeAmount,
  named,
  nullable,
  oneOf,
  TimeZone,
  Uuid,
} from '../../shapes/fields.ts'
import { buyerReferences } from '../../shapes/settings.ts'

const Exact = Type.String({
  pattern: '^-?(?:0|[1-9]\\d{0,14})(?:\\.\\d{1,20})?$',
  description: 'Decimal text.',
})
const Quantity = Type.Unsafe<string | number>({
  // Each of these holds for its own type.
  type: ['integer', 'string'],
  minimum: 0,
  maximum: 1_000_000_000,
  pattern: '^(?:0|[1-9]\\d{0,8})(?:\\.\\d{1,6})?$',
  description: 'A whole number, or decimal text.',
  examples: ['2.5'],
})
const Percent = Type.String({
  pattern: '^(?:100(?:\\.0+)?|\\d{1,2}(?:\\.\\d{1,6})?)$',
  description: 'Decimal text, 0 to 100.',
})

const FixedCostTerm = closed({
  fixedCostId: Uuid,
  quantity: Type.Optional(Quantity),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  taxId: Type.Optional(Uuid),
})
const Discount = closed({
  description: Name,
  percent: Type.Optional(Percent),
  amount: Type.Optional(NonNegativeAmount),
})

export const termFields = {
  taxIds: Type.Optional(
    Type.Array(Uuid, { maxItems: 20, uniqueItems: true, description: "The client's by default." }),
  ),
  fixedCosts: Type.Optional(Type.Array(FixedCostTerm, { maxItems: 200 })),
  discounts: Type.Optional(Type.Array(Discount, { maxItems: 50 })),
  dueDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 3650 })),
  runningCalls: Type.Optional(oneOf(['block', 'next'])),
  minimumMonthlyAmount: Type.Optional(nullable(NonNegativeAmount)),
  templateId: Type.Optional(nullable(Uuid)),
  ...buyerReferences,
}
const Terms = closed(termFields)

/** What was sent, with the defaults of what was not. */
export function toTerms(fields: Static<typeof Terms>): InvoiceTerms {
  return {
    taxIds: fields.taxIds ?? null,
    fixedCosts: (fields.fixedCosts ?? []).map((term) => ({
      fixedCostId: term.fixedCostId,
      quantity: term.quantity === undefined ? null : String(term.quantity),
      from: term.from ?? null,
      to: term.to ?? null,
      taxId: term.taxId ?? null,
    })),
    discounts: (fields.discounts ?? []).map(({ description, percent, amount }) =>
      percent === undefined
        ? { description, percent: null, amount: amount ?? '0' }
        : { description, percent, amount: null },
    ),
    dueDays: fields.dueDays ?? defaultDueDays,
    runningCalls: fields.runningCalls ?? 'block',
    minimumMonthlyAmount: fields.minimumMonthlyAmount ?? null,
    templateId: fields.templateId ?? null,
    buyerReference: fields.buyerReference ?? null,
    purchaseOrder: fields.purchaseOrder ?? null,
  }
}

export const NewInvoice = closed({
  clientId: Uuid,
  numberSequenceId: Uuid,
  from: Day,
  to: Day,
  ...termFields,
})
export const Recompute = Terms
export const IssueRequest = nullable(closed({ email: Type.Optional(nullable(Email)) }))
export const NewCreditNote = nullable(
  closed({
    lines: Type.Optional(
      Type.Array(closed({ index: Type.Integer({ minimum: 0 }), quantity: Type.Optional(Quantity) }), {
        minItems: 1,
        maxItems: 1000,
        description: 'All that is left by default.',
      }),
    ),
    reason: Type.Optional(FreeText),
    numberSequenceId: Type.Optional(Uuid),
    rebill: Type.Optional(
      Type.Boolean({
        description:
          'Free the calls of the lines that it credits whole for another invoice: by default where this note alone credits the whole invoice.',
      }),
    ),
  }),
)
export const NewPayment = closed({
  amount: Type.String({
    ...Amount,
    description: 'Below 0: paid out, of a negative invoice, or the reversal of a payment.',
  }),
  fromBalance: Type.Optional(
    Type.Boolean({ description: 'Allocates unallocated money of the account; no money enters or leaves.' }),
  ),
  reversesPaymentId: Type.Optional(
    nullable(Type.String({ ...Uuid, description: 'Takes back this payment of the invoice, once.' })),
  ),
  paidAt: Type.Optional(Instant),
  method: Type.Optional(nullable(FreeText)),
  reference: Type.Optional(nullable(FreeText)),
})

const category = oneOf(taxCategories)
const BrandDay = { ...Day, description: "YYYY-MM-DD of the brand's calendar, as printed." }
const summaryFields = {
  id: Uuid,
  kind: oneOf(['invoice', 'credit-note']),
  status: oneOf(['draft', 'issued', 'paid', 'overdue', 'credited']),
  number: nullable(Type.String()),
  clientId: Uuid,
  numberSequenceId: Uuid,
  from: Day,
  to: Day,
  timeZone: TimeZone,
  currency: Currency,
  taxes: Type.Array(
    closed({
      category,
      rate: Exact,
      base: Amount,
      amount: Amount,
      name: Type.String(),
      reason: nullable(Type.String()),
      reasonCode: Type.Optional(Type.String()),
    }),
  ),
  net: Amount,
  tax: Amount,
  total: Amount,
  prepaidAmount: Amount,
  paidAmount: Amount,
  creditedAmount: Amount,
  amountDue: Amount,
  issuedAt: nullable(Instant),
  issueDay: nullable(BrandDay),
  dueDay: nullable(BrandDay),
  dueAt: nullable({
    ...Instant,
    description: "When the due day has ended in the brand's zone and in the client's: overdue from then on.",
  }),
  creditsInvoiceId: nullable(Uuid),
  reason: nullable(Type.String()),
  createdAt: Instant,
  updatedAt: Instant,
}
export const InvoiceSummary = closed(summaryFields)
const Line = closed({
  index: Type.Integer(),
  kind: Type.String(),
  description: Type.String(),
  quantity: Exact,
  unitPrice: Exact,
  net: Amount,
  taxCategory: nullable(category),
  taxRate: nullable(Exact),
  calls: nullable(Type.Integer()),
  durationSeconds: nullable(Type.Integer()),
  billedSeconds: nullable(Type.Integer()),
  creditsIndex: nullable(Type.Integer()),
  correctsInvoiceId: nullable(Uuid),
})
const Payment = closed({
  id: Uuid,
  amount: Amount,
  settledAmount: Type.String({ ...Amount, description: 'How much of it settled this invoice.' }),
  reversesPaymentId: nullable(Uuid),
  paidAt: Instant,
  method: nullable(Type.String()),
  reference: nullable(Type.String()),
  actor: Type.String(),
  createdAt: Instant,
})
export const Allocation = closed({
  id: Uuid,
  fromInvoiceId: nullable(
    Type.String({ ...Uuid, description: "The negative invoice whose money it is; null: the account's." }),
  ),
  toInvoiceId: Uuid,
  amount: Type.String({ ...Amount, description: 'Below 0: taken back.' }),
  createdAt: Instant,
})
export const Invoice = named('Invoice', {
  ...summaryFields,
  buyerReference: nullable(Type.String({ description: "null: the client's." })),
  purchaseOrder: nullable(Type.String({ description: "null: the client's." })),
  lines: Type.Array(Line),
  payments: Type.Optional(Type.Array(Payment)),
  warnings: Type.Optional(
    Type.Array(closed({ code: oneOf(warningCodes), detail: Type.String() }), {
      description: 'Of drafts and previews: what the law or a reader will ask for.',
    }),
  ),
})
