/**
 * Clients of a brand that invoices may be made for, a page in the order of their ids.
 */
import type { Sql } from '../connection.ts'
import type { ScheduleFilter } from './invoice-schedule-periods.ts'

export interface InvoiceableClient {
  id: string
  name: string
  /** An invoice of exactly this period stands. */
  isInvoiced: boolean
}

interface WantedClients {
  brandId: string
  filter: ScheduleFilter
  period: { from: string; to: string }
}

export async function listInvoiceableClients(
  sql: Sql,
  page: WantedClients & { after: string | null; limit: number },
): Promise<InvoiceableClient[]> {
  const { billingMethods, currencies, timeZones, languages } = page.filter
  const rows = await sql`
    select id, name,
           exists (
             select 1
             from invoices
             where client_id = clients.id
               and kind = 'invoice'
               and status in ('issued', 'paid')
               and period_from = ${page.period.from}::text::date
               and period_to = ${page.period.to}::text::date
           ) as is_invoiced
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
  return rows.map((row) => ({ id: row.id, name: row.name, isInvoiced: row.is_invoiced }))
}

export async function countInvoiceableClients(sql: Sql, wanted: WantedClients): Promise<number> {
  let count = 0
  let after: string | null = null
  for (;;) {
    const page: InvoiceableClient[] = await listInvoiceableClients(sql, { ...wanted, after, limit: 5000 })
    count += page.length
    after = page.at(-1)?.id ?? null
    if (page.length < 5000) return count
  }
}
