/**
 * What the limits of a client stood at, at an instant: by the rows that hold it now, or by its movements and calls where the
 * instant is past. What calls held of the balance then is not kept.
 */
import { Decimal } from '../../money.ts'
import { instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface TotalsAt {
  balance: Decimal
  reserved: Decimal
  runningCalls: number
  /** null: not known for the past. */
  brandRunningCalls: number | null
  /** Spent of the local day until then, and what running calls held of it. */
  spentOfDay: Decimal
  reservedOfDay: Decimal
  limitReachedAt: number | null
}

interface Asked {
  clientId: string
  brandId: string
  /** The local day of `at`, and where it begins. */
  day: string
  dayFrom: number
  at: number
  /** Longer no leg lasts. */
  maxCallSeconds: number
}

export async function readTotalsNow(tx: Sql, { clientId, brandId, day }: Asked): Promise<TotalsAt> {
  const [row] = await tx<Record<string, string>[]>`
    select a.balance, a.reserved, a.running_calls, coalesce(b.running_calls, 0) as brand_running_calls,
           coalesce(u.amount, 0) as amount, coalesce(u.reserved, 0) as reserved_of_day, u.limit_reached_at
    from accounts a
    left join brand_counters b on b.brand_id = ${brandId}
    left join daily_usage u on u.client_id = a.client_id and u.day = ${day}
    where a.client_id = ${clientId}`
  return {
    balance: new Decimal(row?.balance ?? 0),
    reserved: new Decimal(row?.reserved ?? 0),
    runningCalls: Number(row?.running_calls ?? 0),
    brandRunningCalls: Number(row?.brand_running_calls ?? 0),
    spentOfDay: new Decimal(row?.amount ?? 0),
    reservedOfDay: new Decimal(row?.reserved_of_day ?? 0),
    limitReachedAt: row?.limit_reached_at ? parseInstant(row.limit_reached_at) : null,
  }
}

export async function readTotalsThen(
  tx: Sql,
  { clientId, day, dayFrom, at, maxCallSeconds }: Asked,
): Promise<TotalsAt> {
  const then = instantText(at)
  const since = instantText(Math.min(dayFrom, at) - maxCallSeconds * 1000)
  // Movements are numbered as they were made: the last one until then is found by halves.
  const [row] = await tx<Record<string, string>[]>`
    with recursive search (low, high) as (
      select 0::bigint, seq from accounts where client_id = ${clientId}
      union all
      select case when m.created_at <= ${then} then m.seq else low end,
             case when m.created_at <= ${then} then high else m.seq - 1 end
      from search
      join movements m on m.client_id = ${clientId} and m.seq = (low + high + 1) / 2
      where low < high
    )
    select coalesce((
             select balance_after
             from movements
             where client_id = ${clientId} and seq = (select low from search where low = high)
           ), 0) as balance,
           count(*) filter (where started_at <= ${then} and (ended_at is null or ended_at > ${then}))
             as running_calls,
           coalesce(sum(price) filter (where answered_at >= ${instantText(dayFrom)} and ended_at <= ${then}), 0)
             as amount,
           (
             select limit_reached_at
             from daily_usage
             where client_id = ${clientId} and day = ${day} and limit_reached_at <= ${then}
           ) as limit_reached_at
    from all_calls
    where client_id = ${clientId}
      and direction = 'outbound'
      and created_at >= ${since}
      and created_at <= ${then}`
  return {
    balance: new Decimal(row?.balance ?? 0),
    reserved: new Decimal(0),
    runningCalls: Number(row?.running_calls ?? 0),
    brandRunningCalls: null,
    spentOfDay: new Decimal(row?.amount ?? 0),
    reservedOfDay: new Decimal(0),
    limitReachedAt: row?.limit_reached_at ? parseInstant(row.limit_reached_at) : null,
  }
}

export interface RefusingGuard {
  id: string
  name: string
  refused: number
}

/** Guards that refused legs of the client within the hour of `at`. */
export async function listRefusingGuards(
  tx: Sql,
  { clientId, at }: { clientId: string; at: number },
): Promise<RefusingGuard[]> {
  const then = instantText(at)
  return tx<RefusingGuard[]>`
    select guard_id as id, guard_name as name, refused
    from guard_events
    where client_id = ${clientId}
      and hour_at <= ${then}
      and hour_at > ${then}::timestamptz - interval '1 hour'
      and refused > 0
    order by refused desc, guard_id`
}
