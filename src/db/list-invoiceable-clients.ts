/**
 * Clients of a brand that invoices may be made for, a page in the order of their ids.
 */
import type { Sql } from './connection.ts'
import type { ScheduleFilter } from './invoice-schedule-periods.ts'

export async function listInvoiceableClients(
  sql: Sql,
  page: { brandId: string; filter: ScheduleFilter; after: string | null; limit: number },
): Promise<string[]> {
  const { billingMethods, currencies, timeZones, languages } = page.filter
  const rows = await sql`
    select id
    from clients
    where brand_id = ${page.brandId}
      and 'invoices' = any(features)
      and (${billingMethods ?? null}::text[] is null or billing_method = any(${billingMethods ?? null}::text[]))
      and (${currencies ?? null}::text[] is null or currency = any(${currencies ?? null}::text[]))
      and (${timeZones ?? null}::text[] is null or time_zone = any(${timeZones ?? null}::text[]))
      and (${languages ?? null}::text[] is null or language = any(${languages ?? null}::text[]))
      and (${page.after}::uuid is null or id > ${page.after}::uuid)
    order by id
    limit ${page.limit}`
  return rows.map((row) => row.id)
}

export async function countInvoiceableClients(
  sql: Sql,
  wanted: { brandId: string; filter: ScheduleFilter },
): Promise<number> {
  let count = 0
  let after: string | null = null
  for (;;) {
    const page: string[] = await listInvoiceableClients(sql, { ...wanted, after, limit: 5000 })
    count += page.length
    after = page.at(-1) ?? null
    if (page.length < 5000) return count
  }
}
