/**
 * What allocations did to invoices that the use case itself does not write. The lock of the account guards them.
 */
import { instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import { formatAmount } from '../../money.ts'
import type { SettledInvoice } from '../settled-invoice.ts'

export function writeSettledInvoices(
  tx: Sql,
  invoices: readonly SettledInvoice[],
  now: number,
): Promise<unknown> {
  return tx`
    update invoices
    set status = given.status,
        paid_amount = given.paid_amount::numeric,
        revision = invoices.revision + 1,
        updated_at = ${instantText(now)}
    from unnest(
      ${invoices.map((invoice) => invoice.id)}::uuid[],
      ${invoices.map((invoice) => invoice.status)}::text[],
      ${invoices.map((invoice) => formatAmount(invoice.paidAmount))}::text[]
    ) as given (id, status, paid_amount)
    where invoices.id = given.id`.execute()
}
