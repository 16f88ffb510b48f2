/**
 * Calls of a span as a supposed tariff prices them again: what was dialled, when, how long, and what they came to.
 */
import type { ReportQuery } from './report-rows.ts'

export interface WhatIfQuery {
  brandId: string | null
  clientId: string | null
  /** Local days, half open. */
  from: string
  to: string
  /** `priced`: calls that a price was or would have been made for; `carried`: answered calls that go out. */
  which: 'priced' | 'carried'
}

/** Columns: clientId, from, toNormalized, answeredAt (text), durationSeconds, destination, price, margin; unordered. */
export function whatIfCalls({ brandId, clientId, from, to, which }: WhatIfQuery): ReportQuery {
  return (sql) => sql`
    select client_id, from_number, to_normalized, answered_at, duration_seconds, coalesce(destination, ''), price, margin
    from all_calls
    where usage_day >= ${from}::text::date and usage_day < ${to}::text::date
      and direction = 'outbound' and answered_at is not null and to_normalized is not null
      and duration_seconds is not null and settled_at is not null
      ${which === 'priced' ? sql`and status in ('priced', 'rejected', 'lost-end')` : sql``}
      ${brandId === null ? sql`` : sql`and brand_id = ${brandId}`}
      ${clientId === null ? sql`` : sql`and client_id = ${clientId}`}`
}
