/** Invoices that a brand collects from its clients' accounts by SEPA direct debit. */
import { sql } from 'drizzle-orm'
import { boolean, check, index, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { amount, createdAt, instant, localDay, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'
import { invoicePayments, invoices } from './invoices.ts'

/** A file for the bank: who collects, and on which day. Written by invoices/direct-debits/. */
export const directDebitRuns = pgTable(
  'direct_debit_runs',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    status: text('status').notNull().default('open'),
    collectionDay: localDay('collection_day').notNull(),
    /** As it stood then: { name, iban, bic, creditorId }. */
    creditor: jsonb('creditor').notNull(),
    /** When the bank had the money; null: not confirmed. */
    paidAt: instant('paid_at'),
    actor: text('actor').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index('direct_debit_runs_of_brand').on(t.brandId, t.id.desc()),
    check('direct_debit_run_status_known', sql`${t.status} in ('open', 'confirmed', 'cancelled')`),
    check('confirmed_run_has_money', sql`(${t.status} = 'confirmed') = (${t.paidAt} is not null)`),
  ],
)

/** One invoice in a file. Written with its run; what becomes of it, by the confirmation of the run and by a return. */
export const directDebits = pgTable(
  'direct_debits',
  {
    id: uuid('id').primaryKey(),
    runId: uuid('run_id')
      .notNull()
      .references(() => directDebitRuns.id),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id),
    status: text('status').notNull().default('pending'),
    /** What was due on the invoice when the run was made. */
    amount: amount('amount').notNull(),
    /** As it stood then: { mandateId, signedDay, scheme, iban, bic, debtor, address }. */
    mandate: jsonb('mandate').notNull(),
    /** The mandate was last used with another account: the bank is told. */
    isAccountChanged: boolean('is_account_changed').notNull(),
    paymentId: uuid('payment_id').references(() => invoicePayments.id),
    /** Of ISO 20022's list, such as AM04 (insufficient funds). */
    returnReason: text('return_reason'),
    returnedAt: instant('returned_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('one_direct_debit_per_run_and_invoice').on(t.runId, t.invoiceId),
    uniqueIndex('one_pending_direct_debit_per_invoice').on(t.invoiceId).where(sql`${t.status} = 'pending'`),
    index('direct_debits_of_run').on(t.runId, t.id),
    // Which account was a mandate last used with?
    index('direct_debits_of_client').on(t.clientId, t.id.desc()),
    check('direct_debit_status_known', sql`${t.status} in ('pending', 'booked', 'returned', 'cancelled')`),
    check('direct_debit_collects', sql`${t.amount} > 0`),
    check('booked_direct_debit_has_payment', sql`${t.status} <> 'booked' or ${t.paymentId} is not null`),
    check(
      'returned_direct_debit_has_reason',
      sql`(${t.status} = 'returned') = (${t.returnReason} is not null)`,
    ),
  ],
)
