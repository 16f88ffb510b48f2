/**
 * Books of finance, from issued documents as they are frozen: VAT by rate, category, country and tax number, and the journal.
 *
 * A document stands on its day of issue in the brand's zone, money on the client's local day.
 */
import { type ClockSpans, clockSpans, keyOfClient } from '../clients/client-clocks.ts'
import type { Sql } from '../connection.ts'
import type { ReportQuery } from './report-rows.ts'

export const taxBookGroups = ['document', 'client', 'month', 'category', 'rate', 'country', 'taxId'] as const
export type TaxBookGroup = (typeof taxBookGroups)[number]

export interface BooksQuery {
  brandId: string | null
  clientId: string | null
  /** Days, half open; null: no limit. */
  from: string | null
  to: string | null
}

/** What each group shows; the first of several is what its rows are sorted by. */
const groupColumns: Readonly<Record<TaxBookGroup, readonly string[]>> = {
  document: ['d.issue_day', 'd.number', 'd.kind', 'd.id'],
  client: ['c.name', 'd.client_id'],
  month: ["to_char(d.issue_day, 'YYYY-MM')"],
  category: ['t.category'],
  rate: ['t.rate'],
  country: ["coalesce(d.buyer ->> 'country', '')"],
  taxId: ["coalesce(d.buyer ->> 'taxId', '')"],
}

/**
 * Columns: those of the groups, currency, documents, base, amount. Lines without a tax are of category O. A line that bears
 * two taxes stands in the base of both.
 */
export function reportTaxBook({
  groups,
  ...query
}: BooksQuery & { groups: readonly TaxBookGroup[] }): ReportQuery {
  return (sql) => {
    const columns = groups.flatMap((group) => groupColumns[group])
    const places = sql.unsafe(Array.from({ length: columns.length + 1 }, (_, i) => i + 1).join(', '))
    return sql`
      with documents as (${documents(sql, query)}),
      taxed as (
        select d.id, t.category, t.rate::numeric as rate, t.base::numeric as base, t.amount::numeric as amount
        from documents d
        cross join lateral jsonb_to_recordset(d.taxes) as t (category text, rate text, base text, amount text)
        union all
        select l.invoice_id, 'O', 0, l.net, 0
        from documents d
        join invoice_lines l on l.invoice_id = d.id and l.taxes = '[]'::jsonb
      )
      select ${sql.unsafe([...columns, 'd.currency'].join(', '))}, count(distinct d.id), sum(t.base), sum(t.amount)
      from taxed t
      join documents d on d.id = t.id
      join clients c on c.id = d.client_id
      group by ${places}
      order by ${places}`
  }
}

/**
 * Columns: date, account, debit, credit, currency, document, clientId, clientName, text. Debits and credits of a document are
 * the same sum; `account` is the brand's number, or the account's name where it has none.
 */
export function reportJournal({ spans, ...query }: BooksQuery & { spans: ClockSpans }): ReportQuery {
  const { brandId, clientId, from, to } = query
  return (sql) => sql`
    with documents as (${documents(sql, query)}),
    sold as (
      select d.id, coalesce(l.taxes -> 0 ->> 'category', 'O') as category,
             coalesce((l.taxes -> 0 ->> 'rate')::numeric, 0) as rate, sum(l.net) as net
      from documents d
      join invoice_lines l on l.invoice_id = d.id
      group by 1, 2, 3
    ),
    entries as (
      select d.id, d.brand_id, d.client_id, d.issue_day as day, d.number as document, d.currency, d.kind as text,
             0 as place, 'receivables' as account, null as category, null::numeric as rate, d.total as amount
      from documents d
      union all
      select d.id, d.brand_id, d.client_id, d.issue_day, d.number, d.currency, d.kind, 1, 'sales', s.category, s.rate,
             -s.net
      from sold s
      join documents d on d.id = s.id
      union all
      select d.id, d.brand_id, d.client_id, d.issue_day, d.number, d.currency, d.kind, 2, 'tax', t.category,
             t.rate::numeric, -t.amount::numeric
      from documents d
      cross join lateral jsonb_to_recordset(d.taxes) as t (category text, rate text, amount text)
      union all
      select m.id, c.brand_id, m.client_id, (m.created_at + s.ahead)::date, m.reference, c.currency, m.kind, e.place,
             e.account, null, null, e.sign * m.amount
      from movements m
      join clients c on c.id = m.client_id
      join ${clockSpans(sql, spans)} s
        on s.key = ${keyOfClient(sql, spans)} and m.created_at >= s.begins and m.created_at < s.ends
      cross join (values (3, 'bank', 1), (4, 'receivables', -1)) as e (place, account, sign)
      where m.kind in ('top-up', 'payment')
        ${brandId === null ? sql`` : sql`and c.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and m.client_id = ${clientId}`}
        ${from === null ? sql`` : sql`and (m.created_at + s.ahead)::date >= ${from}::text::date`}
        ${to === null ? sql`` : sql`and (m.created_at + s.ahead)::date < ${to}::text::date`}
    )
    select e.day, coalesce(own.number, b.journal_accounts ->> e.account, e.account), greatest(e.amount, 0),
           greatest(-e.amount, 0), e.currency, e.document, e.client_id, c.name, e.text
    from entries e
    join clients c on c.id = e.client_id
    join brands b on b.id = e.brand_id
    left join lateral (
      select one ->> e.account as number
      from jsonb_array_elements(b.journal_accounts -> 'byTax') as one
      where one ->> 'category' = e.category
        and (one ->> 'rate')::numeric = e.rate
      limit 1
    ) own on true
    where e.amount <> 0
    order by e.day, e.document, e.id, e.place, e.category, e.rate desc`
}

function documents(sql: Sql, { brandId, clientId, from, to }: BooksQuery) {
  return sql`
    select i.id, i.brand_id, i.client_id, i.kind, i.number, i.issue_day, i.currency, i.buyer, i.taxes, i.total
    from invoices i
    where i.number is not null
      ${brandId === null ? sql`` : sql`and i.brand_id = ${brandId}`}
      ${clientId === null ? sql`` : sql`and i.client_id = ${clientId}`}
      ${from === null ? sql`` : sql`and i.issue_day >= ${from}::text::date`}
      ${to === null ? sql`` : sql`and i.issue_day < ${to}::text::date`}`
}
