/**
 * Time zones of clients, for whoever reckons their days: PostgreSQL is given instants, days and offsets, never the name of a
 * zone to reckon with, since its zone data and abbreviations are others than those that calls are counted by.
 *
 * A client is found by the name of its zone (a word like any other), or by its id where it had several.
 */
import type { Fragment } from 'postgres'
import { parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface ZonesOfClients {
  timeZones: string[]
  /** Clients that had several zones, each with its terms in order. */
  moved: Map<string, { effectiveAt: number; timeZone: string }[]>
}

export async function readZonesOfClients(
  sql: Sql,
  { brandId, clientId }: { brandId: string | null; clientId: string | null },
): Promise<ZonesOfClients> {
  const rows = await sql`
    with told as (
      select t.client_id, t.version, t.effective_at, t.time_zone
      from client_terms t
      join clients c on c.id = t.client_id
      where true
        ${brandId === null ? sql`` : sql`and c.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and c.id = ${clientId}`}
    )
    select null::uuid as client_id, null::timestamptz as effective_at, time_zone, 0 as version
    from told
    union
    select null, null, time_zone, 0
    from clients c
    where true
      ${brandId === null ? sql`` : sql`and c.brand_id = ${brandId}`}
      ${clientId === null ? sql`` : sql`and c.id = ${clientId}`}
    union all
    select client_id, effective_at, time_zone, version
    from told
    where client_id in (select client_id from told group by 1 having count(distinct time_zone) > 1)
    order by client_id nulls first, version`
  const zones: ZonesOfClients = { timeZones: [], moved: new Map() }
  for (const row of rows) {
    if (row.client_id === null) {
      zones.timeZones.push(row.time_zone)
      continue
    }
    const terms = zones.moved.get(row.client_id) ?? []
    terms.push({ effectiveAt: parseInstant(row.effective_at), timeZone: row.time_zone })
    zones.moved.set(row.client_id, terms)
  }
  return zones
}

/** A value for each client: `keys` and `moved` say whose. */
interface ByClient {
  keys: string[]
  /** Ids that are keys of their own. */
  moved: string[]
}

/** The key of a client; `client` is what the query calls its row of `clients`. */
export function keyOfClient(sql: Sql, { moved }: ByClient, client: 'c' | 'o' = 'c'): Fragment {
  if (moved.length === 0) return sql`${sql(client)}.time_zone`
  return sql`case when ${sql(client)}.id = any(${moved}::uuid[]) then ${sql(client)}.id::text else ${sql(client)}.time_zone end`
}

/** From when until when the days last that are asked for, as text of instants, `-infinity` and `infinity`. */
export interface DayBounds extends ByClient {
  begins: string[]
  ends: string[]
  /** Where they end. */
  timeZones: string[]
}

/** Columns: key, begins, ends, time_zone. */
export function dayBounds(sql: Sql, { keys, begins, ends, timeZones }: DayBounds): Fragment {
  return sql`(
    select key, begins::timestamptz as begins, ends::timestamptz as ends, time_zone
    from unnest(${keys}::text[], ${begins}::text[], ${ends}::text[], ${timeZones}::text[])
      as given (key, begins, ends, time_zone)
  )`
}

/** How far the clocks of clients are ahead of UTC, as text of instants and milliseconds. */
export interface ClockSpans extends ByClient {
  begins: string[]
  ends: string[]
  offsetsMs: number[]
}

/** Columns: key, begins, ends, ahead (an interval). What is read by them as UTC is on the client's wall. */
export function clockSpans(sql: Sql, { keys, begins, ends, offsetsMs }: ClockSpans): Fragment {
  return sql`(
    select key, begins::timestamptz as begins, ends::timestamptz as ends, ahead_ms * interval '1 millisecond' as ahead
    from unnest(${keys}::text[], ${begins}::text[], ${ends}::text[], ${offsetsMs.map(String)}::text[]::float8[])
      as given (key, begins, ends, ahead_ms)
  )`
}
