/**
 * Payments of invoices: appended, never changed.
 */
import { Decimal, formatAmount } from '../../money.ts'
import { instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface InvoicePayment {
  id: string
  invoiceId: string
  clientId: string
  /** Below 0: paid out, or a reversal. */
  amount: Decimal
  /** How much of it settled its own invoice. */
  settledAmount: Decimal
  reversesPaymentId: string | null
  paidAt: number
  method: string | null
  reference: string | null
  actor: string
  createdAt: number
}

export function appendPayment(tx: Sql, payment: InvoicePayment): Promise<unknown> {
  return tx`
    insert into invoice_payments (id, invoice_id, client_id, amount, settled_amount, reverses_payment_id, paid_at, method,
                                  reference, actor, created_at)
    values (${payment.id}, ${payment.invoiceId}, ${payment.clientId}, ${formatAmount(payment.amount)}::text::numeric,
            ${formatAmount(payment.settledAmount)}::text::numeric, ${payment.reversesPaymentId},
            ${instantText(payment.paidAt)}, ${payment.method}, ${payment.reference}, ${payment.actor},
            ${instantText(payment.createdAt)})`.execute()
}

export async function listPayments(tx: Sql, invoiceId: string): Promise<InvoicePayment[]> {
  const rows = await tx`
    select *
    from invoice_payments
    where invoice_id = ${invoiceId}
    order by created_at, id`
  return rows.map((row) => ({
    id: row.id,
    invoiceId: row.invoice_id,
    clientId: row.client_id,
    amount: new Decimal(row.amount),
    settledAmount: new Decimal(row.settled_amount ?? row.amount),
    reversesPaymentId: row.reverses_payment_id,
    paidAt: parseInstant(row.paid_at),
    method: row.method,
    reference: row.reference,
    actor: row.actor,
    createdAt: parseInstant(row.created_at),
  }))
}

/** Did a movement of this cause pass before? */
export async function hasMovement(
  tx: Sql,
  wanted: { clientId: string; kind: string; source: string },
): Promise<boolean> {
  const rows = await tx`
    select 1
    from movements
    where client_id = ${wanted.clientId}
      and kind = ${wanted.kind}
      and source = ${wanted.source}`
  return rows.length > 0
}
