/** A month that is seeded, and ready to be invoiced in a process of its own. */
import postgres from 'postgres'
import { newId } from '../src/uuid.ts'
import { startChild } from './child.ts'
import type { InvoiceOrder, InvoiceResult, MonthToInvoice } from './invoice-worker.ts'

/** Its numbers, and what PostgreSQL should know of the rows by then. */
export async function prepareMonth(
  databaseUrl: string,
  { brandId, period }: Pick<MonthToInvoice, 'brandId' | 'period'>,
): Promise<MonthToInvoice> {
  // As the owner: PostgreSQL vacuums for nobody else.
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const sequenceId = newId()
    await sql`
      insert into invoice_number_sequences (id, brand_id, name, prefix, width)
      values (${sequenceId}, ${brandId}, 'Bench', 'B', 6)`
    await sql`vacuum analyze`
    return { databaseUrl, brandId, sequenceId, period }
  } finally {
    await sql.end()
  }
}

export async function invoiceInChild(order: InvoiceOrder): Promise<InvoiceResult> {
  const child = startChild('./invoice-worker.ts')
  try {
    return await child.ask<InvoiceResult>(order)
  } finally {
    await child.stop()
  }
}
