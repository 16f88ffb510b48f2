/**
 * Guards that have tripped: one row per guard, client and hour.
 */
import type { Decimal } from '../../money.ts'
import { formatAmount } from '../../money.ts'
import { keptSince, type RecordAge } from '../clients/brand-retention.ts'
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface GuardEvent {
  id: string
  brandId: string
  clientId: string
  guardId: string
  guardName: string
  action: string
  limitName: string
  limitValue: string
  currency: string | null
  hourAt: number
  trippedAt: number
  lastAt: number
  refused: number
  spent: Decimal | null
}

/** Answers for each, in their order, whether it is the hour's first. */
export async function upsertGuardEvents(tx: Sql, events: readonly GuardEvent[]): Promise<boolean[]> {
  const rows = await tx`
    insert into guard_events (id, brand_id, client_id, guard_id, guard_name, action, limit_name, limit_value, currency,
                              hour_at, tripped_at, last_at, refused, spent)
    select id, brand_id, client_id, guard_id, guard_name, action, limit_name, limit_value, currency,
           hour_at::timestamptz, tripped_at::timestamptz, last_at::timestamptz, refused, spent::numeric
    from unnest(
      ${events.map((one) => one.id)}::uuid[],
      ${events.map((one) => one.brandId)}::uuid[],
      ${events.map((one) => one.clientId)}::uuid[],
      ${events.map((one) => one.guardId)}::uuid[],
      ${events.map((one) => one.guardName)}::text[],
      ${events.map((one) => one.action)}::text[],
      ${events.map((one) => one.limitName)}::text[],
      ${events.map((one) => one.limitValue)}::text[],
      ${events.map((one) => one.currency)}::text[],
      ${events.map((one) => instantText(one.hourAt))}::text[],
      ${events.map((one) => instantText(one.trippedAt))}::text[],
      ${events.map((one) => instantText(one.lastAt))}::text[],
      ${events.map((one) => one.refused)}::integer[],
      ${events.map((one) => (one.spent === null ? null : formatAmount(one.spent)))}::text[]
    ) as given (id, brand_id, client_id, guard_id, guard_name, action, limit_name, limit_value, currency,
                hour_at, tripped_at, last_at, refused, spent)
    -- In one order, so that two replicas do not wait for each other.
    order by guard_id, client_id, hour_at
    on conflict (guard_id, client_id, hour_at) do update set
      refused = guard_events.refused + excluded.refused,
      last_at = greatest(guard_events.last_at, excluded.last_at)
    returning id`
  // A row that was there keeps its id.
  const made = new Set(rows.map(({ id }) => id))
  return events.map(({ id }) => made.has(id))
}

/** Removes those that are too old, at most so many; answers how many. */
export async function removeOldGuardEvents(
  sql: Sql,
  { max, ...age }: RecordAge & { max: number },
): Promise<number> {
  const gone = await sql`
    delete from guard_events
    where id in (
      select e.id
      from guard_events e
      join brands b on b.id = e.brand_id
      where e.last_at < ${keptSince(sql, age)}
      limit ${max}
    )`
  return gone.count
}
