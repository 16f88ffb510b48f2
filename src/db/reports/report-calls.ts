/**
 * Calls one by one for reports, newest first: of one client, a brand, or all the tenant sees.
 *
 * A call stands on its `usage_day`, the local day of the client it counts on, so that a report of calls and one of
 * usage over the same days have the same sums; one that has not ended stands on the local day it began.
 *
 * Run it `by-index` (report-rows.ts): with its order as the index has it, nulls last, rows leave at once. Clients are
 * joined from the left, though each call has one: the planner takes a brand for one client, and would search all calls
 * of the brand anew for each of them.
 */
import { type CallFieldType, reportedCallFields } from '../calls/call-fields.ts'
import type { ReportedCallField } from '../calls/call-table.ts'
import { type DayBounds, dayBounds, keyOfClient } from '../clients/client-clocks.ts'
import type { ReportQuery } from './report-rows.ts'

/** Columns of others than the call, each with the one it stands behind; c: the client, r: the rollup row. */
const joined = {
  clientName: { behind: 'clientId', sql: 'c.name', kind: 'text' },
  timeZone: { behind: 'endedAt', sql: 'c.time_zone', kind: 'word' },
  invoiceId: { behind: 'rateDeckId', sql: 'r.invoice_id', kind: 'word' },
} as const

export type CallsReportColumn = ReportedCallField | keyof typeof joined

/** As report.ts names them. */
type Kind = 'word' | 'text' | 'integer' | 'amount' | 'instant' | 'day' | 'boolean' | 'object'

const kinds: Record<CallFieldType, Kind> = {
  uuid: 'word',
  text: 'text',
  integer: 'integer',
  smallint: 'integer',
  boolean: 'boolean',
  numeric: 'amount',
  timestamptz: 'instant',
  date: 'day',
  jsonb: 'object',
  'text[]': 'word',
}

/** In the order of the file; k: the call. */
export const callsReportColumns: readonly { name: CallsReportColumn; sql: string; kind: Kind }[] =
  reportedCallFields.flatMap(({ name, column, type, isWord }) => [
    { name, sql: columnSql(column, type), kind: isWord ? 'word' : kinds[type] },
    ...Object.entries(joined).flatMap(([other, { behind, sql, kind }]) =>
      behind === name ? [{ name: other as keyof typeof joined, sql, kind }] : [],
    ),
  ])

function columnSql(column: string, type: CallFieldType): string {
  if (type === 'jsonb') return `k.${column}::text`
  return type === 'text[]' ? `array_to_string(k.${column}, ' ')` : `k.${column}`
}

export interface CallsReportQuery {
  /** In any order: they are selected in that of the file. */
  columns: readonly CallsReportColumn[]
  brandId: string | null
  clientId: string | null
  /** Local days, half open; null: no limit. */
  from: string | null
  to: string | null
  /** When these days begin and end for calls that stand on none yet. */
  bounds: DayBounds
  /** Instead of each client's own. */
  timeZone: string | null
  status: string | null
  direction: string | null
  /** Leading digits of the normalized number. */
  toNormalized: string | null
  destination: string | null
  label: { name: string; value: string } | null
}

export function reportCalls(query: CallsReportQuery): ReportQuery {
  const { brandId, clientId, from, to, status, direction, toNormalized, destination, label } = query
  return (sql) => {
    const asked = callsReportColumns.filter(({ name }) => query.columns.includes(name))
    const [first, ...others] = asked.map((column) =>
      column.name === 'timeZone' && query.timeZone !== null
        ? sql`${query.timeZone}::text`
        : sql.unsafe(column.sql),
    )
    if (!first) throw new Error('a report without columns')
    const selected = others.reduce((list, one) => sql`${list}, ${one}`, sql`${first}`)
    const invoices = query.columns.includes('invoiceId')
      ? sql`left join call_rollups r on r.id = k.rollup_id`
      : sql``
    return sql`
      select ${selected}
      from all_calls k
      left join clients c on c.id = k.client_id
      ${invoices}
      where true
        ${brandId === null ? sql`` : sql`and k.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and k.client_id = ${clientId}`}
        ${from === null ? sql`` : heardOfSince(from)}
        ${from === null && to === null ? sql`` : sql`and (${onDay()} or k.usage_day is null and ${begunWithin()})`}
        ${status === null ? sql`` : sql`and k.status = ${status}`}
        ${direction === null ? sql`` : sql`and k.direction = ${direction}`}
        ${toNormalized === null ? sql`` : sql`and starts_with(k.to_normalized, ${toNormalized})`}
        ${destination === null ? sql`` : sql`and k.destination = ${destination}`}
        ${label === null ? sql`` : sql`and k.labels ->> ${label.name}::text = ${label.value}`}
      order by k.created_at desc nulls last, k.call_id`

    function onDay() {
      return sql`(true
        ${from === null ? sql`` : sql`and k.usage_day >= ${from}::text::date`}
        ${to === null ? sql`` : sql`and k.usage_day < ${to}::text::date`})`
    }

    function begunWithin() {
      const at = sql`coalesce(k.started_at, k.authorized_at, k.created_at)`
      return sql`exists (
        select 1
        from ${dayBounds(sql, query.bounds)} span
        where span.key = ${keyOfClient(sql, query.bounds)} and ${at} >= span.begins and ${at} < span.ends
      )`
    }

    /** For the index alone: nothing is heard of a call that is to be answered more than a month later. */
    function heardOfSince(first: string) {
      return sql`and k.created_at >= ${first}::text::date - interval '33 days'`
    }
  }
}
