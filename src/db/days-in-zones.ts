/**
 * Which day is it now where the brands or the clients are? As a small table for queries that count days: PostgreSQL is
 * given days and never asked about zones, of which it may know others than this service.
 *
 *     const today = await daysInZones(tx, 'brands', now)
 *     await tx`select … from brands b join ${today(tx)} on today.time_zone = b.time_zone`
 */
import type { PendingQuery, Row } from 'postgres'
import { localDay } from '../rating/local-day.ts'
import type { Sql } from './connection.ts'

/** Writes `today (time_zone, day)`. */
export type DaysInZones = (sql: Sql) => PendingQuery<Row[]>

export interface DayInZone {
  timeZone: string
  day: string
}

/** Of those that the tenant sees. */
export async function daysInZones(tx: Sql, table: 'brands' | 'clients', now: number): Promise<DaysInZones> {
  const owners = table === 'brands' ? tx`brands` : tx`clients`
  const rows = await tx`select distinct time_zone from ${owners}`
  const days = rows.map(({ time_zone: timeZone }) => ({ timeZone, day: localDay(now, timeZone) }))
  return (sql) => writeDays(sql, days)
}

/** As `today (time_zone, day)`. */
export function writeDays(sql: Sql, days: readonly DayInZone[]): PendingQuery<Row[]> {
  const zones = days.map(({ timeZone }) => timeZone)
  const names = days.map(({ day }) => day)
  return sql`unnest(${zones}::text[], ${names}::text[]::date[]) as today (time_zone, day)`
}
