/** Which days do calendars have, and which plans name them in their newest version? */
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { CalendarDay } from '../../rating/calendar.ts'
import type { Tx } from '../connection.ts'
import { readJson } from '../json-column.ts'
import { calendars } from '../schema.ts'

/** Locked, so that they stay until the plan is written. One that is missing is not of the brand. */
export async function loadCalendarDays(
  tx: Tx,
  brandId: string,
  ids: readonly string[],
): Promise<Map<string, readonly CalendarDay[]>> {
  const rows = await tx
    .select({ id: calendars.id, days: calendars.days })
    .from(calendars)
    .where(and(eq(calendars.brandId, brandId), inArray(calendars.id, [...ids])))
    .orderBy(calendars.id)
    .for('share')
  return new Map(rows.map(({ id, days }) => [id, readJson<readonly CalendarDay[]>(days)]))
}

/** By id, so that plans are always locked in one order. */
export async function listPlansOfCalendar(
  tx: Tx,
  calendarId: string,
): Promise<{ id: string; name: string }[]> {
  return tx.execute<{ id: string; name: string }>(sql`
    select p.id, p.name
    from rating_plans p
    cross join lateral (
      select v.entries from rating_plan_versions v where v.rating_plan_id = p.id order by v.version desc limit 1
    ) newest
    where newest.entries @> ${JSON.stringify([{ calendarId }])}::jsonb
    order by p.id`)
}

/** Calendars of a brand by their names, so that nobody else changes them until the transaction ends. */
export async function lockCalendars(
  tx: Tx,
  { brandId, names }: { brandId: string; names: readonly string[] },
): Promise<{ id: string; name: string; days: readonly CalendarDay[] }[]> {
  const rows = await tx
    .select({ id: calendars.id, name: calendars.name, days: calendars.days })
    .from(calendars)
    .where(and(eq(calendars.brandId, brandId), inArray(calendars.name, [...names])))
    .orderBy(calendars.id)
    .for('update')
  return rows.map((row) => ({ ...row, days: readJson<readonly CalendarDay[]>(row.days) }))
}

export async function insertCalendar(
  tx: Tx,
  calendar: { id: string; brandId: string; name: string; days: readonly CalendarDay[] },
): Promise<void> {
  await tx.insert(calendars).values(calendar)
}

export async function setCalendarDays(
  tx: Tx,
  { id, days }: { id: string; days: readonly CalendarDay[] },
): Promise<void> {
  await tx
    .update(calendars)
    .set({ days, revision: sql`${calendars.revision} + 1`, updatedAt: sql`now()` })
    .where(eq(calendars.id, id))
}
