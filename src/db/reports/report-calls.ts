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
import type { ReportQuery } from './report-rows.ts'

/** Column of the report → what it is in SQL; k: the call, c: its client, r: its rollup row. */
const expressions = {
  clientId: 'k.client_id',
  clientName: 'c.name',
  callId: 'k.call_id',
  direction: 'k.direction',
  status: 'k.status',
  reason: 'k.reason',
  from: 'k.from_number',
  to: 'k.to_number',
  toNormalized: 'k.to_normalized',
  startedAt: 'k.started_at',
  answeredAt: 'k.answered_at',
  endedAt: 'k.ended_at',
  timeZone: 'c.time_zone',
  durationSeconds: 'k.duration_seconds',
  billedSeconds: 'k.billed_seconds',
  price: 'k.price',
  currency: 'k.currency',
  destination: 'k.destination',
  prefix: 'k.prefix',
  usageDay: 'k.usage_day',
  ratingPlanId: 'k.rating_plan_id',
  ratingProfileId: 'k.rating_profile_id',
  rateDeckId: 'k.rate_deck_id',
  invoiceId: 'r.invoice_id',
  labels: 'k.labels::text',
  engine: 'k.engine',
  sipCallId: 'k.sip_call_id',
  forwardedFrom: 'k.forwarded_from',
  toClientId: 'k.to_client_id',
  cause: 'k.cause',
  sipCode: 'k.sip_code',
  endedBy: 'k.ended_by',
  flags: "array_to_string(k.flags, ' ')",
} as const

export type CallsReportColumn = keyof typeof expressions

export interface CallsReportQuery {
  columns: readonly CallsReportColumn[]
  brandId: string | null
  clientId: string | null
  /** Local days, half open; null: no limit. */
  from: string | null
  to: string | null
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
    const [first, ...others] = query.columns.map((name) =>
      name === 'timeZone' && query.timeZone !== null
        ? sql`${query.timeZone}::text`
        : sql.unsafe(expressions[name]),
    )
    if (!first) throw new Error('a report without columns')
    const selected = others.reduce((list, one) => sql`${list}, ${one}`, sql`${first}`)
    const invoices = query.columns.includes('invoiceId')
      ? sql`left join call_rollups r on r.id = k.rollup_id`
      : sql``
    const day = sql`coalesce(k.usage_day,
      (coalesce(k.started_at, k.authorized_at, k.created_at) at time zone c.time_zone)::date)`
    return sql`
      select ${selected}
      from calls k
      left join clients c on c.id = k.client_id
      ${invoices}
      where true
        ${brandId === null ? sql`` : sql`and k.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and k.client_id = ${clientId}`}
        ${from === null ? sql`` : sql`and ${day} >= ${from}::text::date ${heardOfSince(from)}`}
        ${to === null ? sql`` : sql`and ${day} < ${to}::text::date`}
        ${status === null ? sql`` : sql`and k.status = ${status}`}
        ${direction === null ? sql`` : sql`and k.direction = ${direction}`}
        ${toNormalized === null ? sql`` : sql`and starts_with(k.to_normalized, ${toNormalized})`}
        ${destination === null ? sql`` : sql`and k.destination = ${destination}`}
        ${label === null ? sql`` : sql`and k.labels ->> ${label.name}::text = ${label.value}`}
      order by k.created_at desc nulls last, k.call_id`

    /** For the index alone: nothing is heard of a call that is to be answered more than a month later. */
    function heardOfSince(first: string) {
      return sql`and k.created_at >= ${first}::text::date - interval '33 days'`
    }
  }
}
