/** Invoices and credit notes with their lines and payments. */
import { type SQLWrapper, sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { amount, bytes, createdAt, exact, instant, localDay, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'
import { invoiceLogos, invoiceNumberSequences } from './invoicing.ts'

/** What is never due is due last. */
const dueLast = (dueAt: SQLWrapper) => sql`coalesce(${dueAt}, 'infinity'::timestamptz)`

/** A negative invoice that was paid out and credited then is owed. */
const isOpen = ({ status, total }: { status: SQLWrapper; total: SQLWrapper }) =>
  sql`(${status} = 'issued' or (${status} = 'credited' and ${total} < 0))`

/** Invoices and credit notes, from the draft on; frozen by a trigger once issued. Written by the stories of invoices/. */
export const invoices = pgTable(
  'invoices',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    kind: text('kind').notNull(),
    /** `overdue` is no state of the row: issued, and its due date is over. */
    status: text('status').notNull().default('draft'),
    number: text('number'),
    numberSequenceId: uuid('number_sequence_id')
      .notNull()
      .references(() => invoiceNumberSequences.id),
    seriesYear: smallint('series_year'),
    seriesNumber: bigint('series_number', { mode: 'number' }),
    /** Local days of the client, half open. */
    periodFrom: localDay('period_from').notNull(),
    periodTo: localDay('period_to').notNull(),
    timeZone: text('time_zone').notNull(),
    currency: text('currency').notNull(),
    language: text('language').notNull(),
    billingMethod: text('billing_method').notNull(),
    /** What was asked for: see invoices/invoice-terms.ts. */
    terms: jsonb('terms').notNull(),
    /** Both parties as they stood at issue. */
    seller: jsonb('seller'),
    buyer: jsonb('buyer'),
    template: jsonb('template'),
    logoDigest: text('logo_digest').references(() => invoiceLogos.digest),
    /** [{ category, rate, base, amount, name, reason }] */
    taxes: jsonb('taxes').notNull().default([]),
    net: amount('net').notNull(),
    tax: amount('tax').notNull(),
    total: amount('total').notNull(),
    /** Exact sum of the prices of its calls. */
    callsAmount: amount('calls_amount').notNull().default(sql`0`),
    /** Fees in it that were posted when their periods began. */
    feesAmount: amount('fees_amount').notNull().default(sql`0`),
    /** What the balance covered at issue, of those who pay in advance. */
    prepaidAmount: amount('prepaid_amount').notNull().default(sql`0`),
    /** As documents print it: due when all of the issue was written. null: a draft, or issued before this was kept. */
    amountDueAtIssue: amount('amount_due_at_issue'),
    /** What payments and allocations settled, with its sign: below 0 on a negative invoice. */
    paidAmount: amount('paid_amount').notNull().default(sql`0`),
    /** What credit notes took off the total. */
    creditedAmount: amount('credited_amount').notNull().default(sql`0`),
    creditsInvoiceId: uuid('credits_invoice_id'),
    reason: text('reason'),
    issuedAt: instant('issued_at'),
    dueAt: instant('due_at'),
    /** Day of issue in the brand's zone, as printed; the number is made from it. null: a draft. */
    issueDay: localDay('issue_day'),
    /** Last day to pay; over at `dueAt` in the brand's zone and in the client's. null: nothing is to be paid by a day. */
    dueDay: localDay('due_day'),
    actor: text('actor').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique('one_invoice_per_number').on(t.numberSequenceId, t.seriesYear, t.seriesNumber),
    unique('one_invoice_per_printed_number').on(t.brandId, t.number),
    uniqueIndex('one_invoice_per_period')
      .on(t.clientId, t.periodFrom)
      .where(sql`${t.kind} = 'invoice' and ${t.status} in ('issued', 'paid')`),
    index('invoices_by_client').on(t.clientId, t.id.desc()),
    index('invoices_by_brand').on(t.brandId, t.id.desc()),
    // The other orders of lists, for a client, a brand and all; read backwards for descending.
    index('invoices_of_client_by_due_day').on(t.clientId, dueLast(t.dueAt), t.id),
    index('invoices_of_brand_by_due_day').on(t.brandId, dueLast(t.dueAt), t.id),
    // Books of finance: what was issued on these days.
    index('invoices_of_brand_by_issue_day').on(t.brandId, t.issueDay, t.id),
    index('invoices_by_due_day').on(dueLast(t.dueAt), t.id),
    index('invoices_of_client_by_total').on(t.clientId, t.total, t.id),
    index('invoices_of_brand_by_total').on(t.brandId, t.total, t.id),
    index('invoices_by_total').on(t.total, t.id),
    index('credit_notes_of_invoice').on(t.creditsInvoiceId),
    // Few: what is still to be settled; see db/invoices/amount-due.ts.
    index('open_invoices')
      .on(t.clientId)
      .where(sql`${t.kind} = 'invoice' and ${isOpen(t)}`),
    index('open_invoices_by_due_day')
      .on(t.brandId, t.dueDay, t.id)
      .where(sql`${t.kind} = 'invoice' and ${t.status} = 'issued'`),
    check('invoice_kind_known', sql`${t.kind} in ('invoice', 'credit-note')`),
    check('invoice_status_known', sql`${t.status} in ('draft', 'issued', 'paid', 'credited')`),
    check('period_is_not_empty', sql`${t.periodFrom} < ${t.periodTo}`),
    check(
      'issued_has_number_and_date',
      sql`(${t.status} = 'draft') = (${t.number} is null) and (${t.number} is null) = (${t.issuedAt} is null)`,
    ),
    check('total_is_net_and_tax', sql`${t.total} = ${t.net} + ${t.tax}`),
    check(
      'credit_note_names_its_invoice',
      sql`(${t.kind} = 'credit-note') = (${t.creditsInvoiceId} is not null)`,
    ),
  ],
)

/** Lines of invoices, frozen with them. Written with the draft, anew at each computation, last at issue. */
export const invoiceLines = pgTable(
  'invoice_lines',
  {
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id, { onDelete: 'cascade' }),
    index: integer('index').notNull(),
    kind: text('kind').notNull(),
    description: text('description').notNull(),
    quantity: exact('quantity').notNull(),
    unitPrice: exact('unit_price').notNull(),
    net: amount('net').notNull(),
    /** [{ category, rate, name, reason }]; the first is the line's category in documents. */
    taxes: jsonb('taxes').notNull(),
    /** Of call lines alone: what they sum up. */
    destination: text('destination'),
    /** Its calls are inbound ones. */
    inbound: boolean('inbound').notNull().default(false),
    calls: integer('calls'),
    durationSeconds: bigint('duration_seconds', { mode: 'number' }),
    billedSeconds: bigint('billed_seconds', { mode: 'number' }),
    callsAmount: amount('calls_amount'),
    firstDay: localDay('first_day'),
    lastDay: localDay('last_day'),
    /** Of a credit note: the line it takes back. */
    creditsIndex: integer('credits_index'),
    /** The invoice whose calls changed, where the line gives back or charges the difference. */
    correctsInvoiceId: uuid('corrects_invoice_id').references(() => invoices.id),
    /** With its tax, before rounding, where the client's prices include it; null where they do not. */
    gross: exact('gross'),
  },
  (t) => [
    primaryKey({ columns: [t.invoiceId, t.index] }),
    check(
      'line_kind_known',
      sql`${t.kind} in ('calls', 'earlier-calls', 'correction', 'fixed-cost', 'discount', 'minimum')`,
    ),
  ],
)

/**
 * PDFs of issued invoices as they were first made, a row per profile: who fetches one later gets these bytes, also from
 * a release that draws in another way. Append-only. Written by invoices/keep-invoice-pdf.ts.
 */
export const invoiceDocuments = pgTable(
  'invoice_documents',
  {
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id),
    /** Which kind of PDF: `plain`, `factur-x`. */
    profile: text('profile').notNull(),
    content: bytes('content').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.invoiceId, t.profile] })],
)

/** Payments of invoices, each with its movement; append-only. Written by invoices/pay-invoice.ts. */
export const invoicePayments = pgTable(
  'invoice_payments',
  {
    id: uuid('id').primaryKey(),
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    /** Below 0: paid out, or the reversal of a payment. */
    amount: amount('amount').notNull(),
    /** How much of it settled this invoice; the rest is on the account. null: all of it. */
    settledAmount: amount('settled_amount'),
    reversesPaymentId: uuid('reverses_payment_id').references((): AnyPgColumn => invoicePayments.id),
    paidAt: instant('paid_at').notNull(),
    method: text('method'),
    reference: text('reference'),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('payments_of_invoice').on(t.invoiceId),
    unique('one_reversal_per_payment').on(t.reversesPaymentId),
    check('payment_moves', sql`${t.amount} <> 0`),
  ],
)

/**
 * Money on an account that settled an invoice; append-only, what is taken back is a row below 0. Written by the ledger in
 * the transaction that makes the money or the invoice.
 */
export const invoiceAllocations = pgTable(
  'invoice_allocations',
  {
    id: uuid('id').primaryKey(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    /** The negative invoice whose money it is; null: of the account. */
    fromInvoiceId: uuid('from_invoice_id').references(() => invoices.id),
    toInvoiceId: uuid('to_invoice_id')
      .notNull()
      .references(() => invoices.id),
    amount: amount('amount').notNull(),
    /** What asked for it, where it counts once: `key:<Idempotency-Key>`. */
    source: text('source'),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('allocations_to_invoice').on(t.toInvoiceId, t.id),
    index('allocations_from_invoice').on(t.fromInvoiceId, t.id).where(sql`${t.fromInvoiceId} is not null`),
    index('allocations_of_client').on(t.clientId, t.id),
    uniqueIndex('one_allocation_per_cause').on(t.clientId, t.source).where(sql`${t.source} is not null`),
    check('allocation_moves', sql`${t.amount} <> 0`),
  ],
)

/** Steps of a brand's reminders that an invoice has passed: each is told once, by one replica. Written with its mail. */
export const invoiceReminders = pgTable(
  'invoice_reminders',
  {
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id),
    /** Days after the due day, as the brand had set them then. */
    daysAfterDue: smallint('days_after_due').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.invoiceId, t.daysAfterDue] })],
)

/** Rollup rows that an invoice held before it was credited in full: its annex still lists their calls. Written then. */
export const freedRollups = pgTable(
  'freed_rollups',
  {
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id),
    rollupId: uuid('rollup_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.invoiceId, t.rollupId] })],
)

/**
 * Calls as an invoice lists them that were corrected since, each with the rollup row that held it and the open one
 * that took it back: the annex of either invoice still adds up. Append-only, but for numbers and times, which are
 * emptied when the details of the call are removed. Written with the correction.
 */
export const correctedCalls = pgTable(
  'corrected_calls',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    callId: text('call_id').notNull(),
    rollupId: uuid('rollup_id').notNull(),
    correctedInRollupId: uuid('corrected_in_rollup_id').notNull(),
    from: text('from_number'),
    to: text('to_number').notNull(),
    toNormalized: text('to_normalized'),
    answeredAt: instant('answered_at'),
    durationSeconds: integer('duration_seconds').notNull(),
    billedSeconds: integer('billed_seconds').notNull(),
    price: amount('price').notNull(),
    destination: text('destination').notNull(),
    correctedAt: instant('corrected_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.rollupId, t.callId] }),
    index('corrected_calls_by_rollup').on(t.correctedInRollupId),
    index('corrected_calls_by_call').on(t.clientId, t.callId),
  ],
)
