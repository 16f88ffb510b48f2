/**
 * Which brand, which number sequence, which schedule does an operator mean? By id or by name, both of which name one alone.
 */
import type { InvoiceTerms } from '../../invoices/invoice-terms.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'

export interface Named {
  id: string
  name: string
}

export async function findBrandCalled(sql: Sql, reference: string): Promise<Named | undefined> {
  const [row] = await sql`
    select id, name
    from brands
    where id::text = lower(${reference})
       or name = ${reference}
    order by id::text = lower(${reference}) desc
    limit 1`
  return row && { id: row.id, name: row.name }
}

export async function listNumberSequences(sql: Sql, brandId: string): Promise<Named[]> {
  const rows = await sql`
    select id, name
    from invoice_number_sequences
    where brand_id = ${brandId}
    order by name`
  return rows.map((row) => ({ id: row.id, name: row.name }))
}

export async function findScheduleTerms(
  sql: Sql,
  { brandId, reference }: { brandId: string; reference: string },
): Promise<InvoiceTerms | undefined> {
  const [row] = await sql`
    select terms
    from invoice_schedules
    where brand_id = ${brandId}
      and (id::text = lower(${reference}) or name = ${reference})
    order by id::text = lower(${reference}) desc
    limit 1`
  return row && readJson(row.terms)
}
