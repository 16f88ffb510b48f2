/**
 * What guards count of calls that are in the database: outbound ones of the last hours, those that run, and which countries
 * were reached.
 */
import { Decimal } from '../../money.ts'
import { findInstant, instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { streamBatches, streamReadOnly } from '../stream-batches.ts'

export interface CallOfHistory {
  clientId: string
  callId: string
  from: string | null
  to: string
  status: string
  price: Decimal | null
  /** When it was granted, or began. */
  at: number
  answeredAt: number | null
  durationSeconds: number | null
}

/** Neither emergency nor internal ones. In the order in which they began. */
export async function* streamGuardHistory(
  sql: Sql,
  { clientIds, since }: { clientIds: readonly string[]; since: number },
): AsyncGenerator<readonly CallOfHistory[], void, undefined> {
  yield* streamReadOnly(sql, async function* (tx) {
    const shown = tx`
      client_id, call_id, from_number, to_normalized, status, price, answered_at, duration_seconds,
      coalesce(authorized_at, started_at, created_at) as begun_at`
    const isCounted = tx`
      client_id = any(${[...clientIds]}::uuid[])
      and direction = 'outbound' and to_normalized is not null and not special and not internal`
    const query = tx`
      select ${shown}
      from all_calls
      where ${isCounted}
        and created_at >= ${instantText(since)}
      union all
      -- Old calls run no more.
      select ${shown}
      from calls
      where ${isCounted}
        and created_at < ${instantText(since)}
        and status in ('authorized', 'started')
      order by begun_at, client_id, call_id`
    for await (const rows of streamBatches<Record<string, string | null>>(tx, query, { rows: 2000 })) {
      yield rows.map(readCall)
    }
  })
}

function readCall(row: Record<string, string | number | null>): CallOfHistory {
  const text = (name: string) => String(row[name])
  const maybe = (name: string) => (row[name] === null ? null : text(name))
  return {
    clientId: text('client_id'),
    callId: text('call_id'),
    from: maybe('from_number'),
    to: text('to_normalized'),
    status: text('status'),
    price: row.price === null ? null : new Decimal(text('price')),
    at: parseInstant(text('begun_at')),
    answeredAt: findInstant(maybe('answered_at')),
    durationSeconds: row.duration_seconds === null ? null : Number(row.duration_seconds),
  }
}

/**
 * Countries that calls answered in that span have reached, with the end of the last day of such a call. `digits`: of a call that
 * was settled before countries were kept.
 */
export async function listCountriesReached(
  sql: Sql,
  { clientIds, since, until }: { clientIds: readonly string[]; since: number; until: number },
): Promise<{ clientId: string; country: string | null; digits: string | null; answeredAt: number }[]> {
  const ids = [...clientIds]
  const rows = await sql`
    select client_id, country, null as digits, max(day)::timestamptz + interval '36 hours' as answered_at
    from country_rollups
    where client_id = any(${ids}::uuid[]) and day >= ${instantText(since).slice(0, 10)}::date
      and day <= ${instantText(until).slice(0, 10)}::date and calls > 0
    group by client_id, country
    union all
    select client_id, country, left(to_normalized, 11) as digits, max(answered_at)
    from all_calls
    where client_id = any(${ids}::uuid[]) and created_at >= ${instantText(since)} and created_at < ${instantText(until)}
      and answered_at is not null and direction = 'outbound' and not special and not internal
      and (country is null or status = 'unpriced')
    group by 1, 2, 3`
  return rows.map((row) => ({
    clientId: row.client_id,
    country: row.country,
    digits: row.digits,
    answeredAt: parseInstant(String(row.answered_at)),
  }))
}

/** Of these clients those of whose outbound calls any was answered before. */
export async function listClientsWithAnswers(
  sql: Sql,
  { clientIds, until }: { clientIds: readonly string[]; until: number },
): Promise<ReadonlySet<string>> {
  const rows = await sql`
    select id
    from unnest(${[...clientIds]}::uuid[]) as asked (id)
    where exists (select 1 from call_rollups r
                  where r.client_id = id and r.destination is not null and r.calls > 0
                    and r.day < ${instantText(until).slice(0, 10)}::date)
      or exists (select 1 from all_calls c
                 where c.client_id = id and c.answered_at is not null and c.direction = 'outbound'
                   and not c.special and not c.internal and c.answered_at < ${instantText(until)})`
  return new Set(rows.map(({ id }) => id))
}
