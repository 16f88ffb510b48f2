/** Calls of months that are over, in partitions of a month, and the views that read calls wherever they lie. */
import { getTableColumns, sql } from 'drizzle-orm'
import { check, date, index, integer, pgTable, pgView, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { callColumns } from '../calls/call-table.ts'
import { amount, instant, localDay } from '../columns.ts'
import { calls } from './calls.ts'
import { removedCalls } from './retention.ts'

/**
 * Calls that are over and hold nothing, moved here from `calls` when their month is over; partitioned by `created_at` in
 * months of UTC. Never changed here: a call that has to change goes back to `calls`. A key of a partitioned table has to
 * contain the month, so this one guards nothing: the row that each of these calls has in `removed_calls` does. Written by the
 * mover, under the locks of its accounts.
 */
export const oldCalls = pgTable('old_calls', callColumns, (t) => [
  primaryKey({ columns: [t.clientId, t.callId, t.createdAt] }),
  // As lists and reports walk through `calls`.
  index('old_calls_by_client').on(t.clientId, t.createdAt.desc(), t.callId),
  index('old_calls_by_brand').on(t.brandId, t.createdAt.desc(), t.callId),
  index('old_calls_by_age').on(t.createdAt.desc(), t.callId, t.clientId),
  index('old_calls_by_number').on(t.toNormalized, t.createdAt.desc(), t.callId, t.clientId),
  index('old_calls_unanswered')
    .on(t.brandId, t.clientId, t.usageDay, t.destination)
    .where(
      sql`${t.status} = 'unanswered' and ${t.direction} = 'outbound' and not ${t.special} and not ${t.internal}`,
    ),
  // Of an invoice that is asked for its calls long after.
  index('old_calls_by_rollup').on(t.rollupId).where(sql`${t.rollupId} is not null`),
  check(
    'old_call_is_over',
    sql`${t.status} in ('priced', 'unpriced', 'unanswered', 'expired', 'lost-end') and ${t.answerAwaitedUntil} is null`,
  ),
  check(
    'old_call_holds_nothing',
    sql`${t.reserved} = 0 and not ${t.holdsClientSlot} and not ${t.holdsBrandSlot}
        and ${t.heldAllowances} is null and ${t.meterAt} is null`,
  ),
])

/** Months that `old_calls` has, or had, a partition of. Written by the mover, marked by retention; never made a second time. */
export const oldCallMonths = pgTable('old_call_months', {
  /** Its first day. */
  month: date('month').primaryKey(),
  /** All of its calls had passed their retention: the partition is gone with their details. */
  droppedAt: instant('dropped_at'),
})

const columnNames = sql.raw(
  Object.values(getTableColumns(calls))
    .map(({ name }) => name)
    .join(', '),
)

/** Every call with its details, hot or old: what lists, reports, annexes and `tollgate verify` read. */
export const allCalls = pgView('all_calls', callColumns)
  .with({ securityInvoker: true })
  .as(sql`select ${columnNames} from ${calls} union all select ${columnNames} from ${oldCalls}`)

/** What is left of calls whose details are gone: removed one by one, or with their month. */
export const callsWithoutDetails = pgView('calls_without_details', {
  clientId: uuid('client_id').notNull(),
  callId: text('call_id').notNull(),
  rollupId: uuid('rollup_id'),
  usageDay: localDay('usage_day'),
  durationSeconds: integer('duration_seconds'),
  billedSeconds: integer('billed_seconds'),
  price: amount('price'),
  country: text('country'),
})
  .with({ securityInvoker: true })
  .as(sql`
    select client_id, call_id, rollup_id, usage_day, duration_seconds, billed_seconds, price, country
    from ${removedCalls}
    where details_at is null
      or date_trunc('month', timestamp 'epoch' + extract(epoch from details_at) * interval '1 second')::date in (
        select month from ${oldCallMonths} where dropped_at is not null
      )`)
