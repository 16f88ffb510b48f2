/**
 * Calendars that an import of tariffs brings along, by their names: one that is not there is made, one that has other days
 * gets those of the import, and every plan that names it its next version.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Tx } from '../db/connection.ts'
import {
  insertCalendar,
  listPlansOfCalendar,
  lockCalendars,
  setCalendarDays,
} from '../db/tariffs/calendars.ts'
import { lockRatingPlan } from '../db/tariffs/rating-plan-versions.ts'
import type { CalendarDay } from '../rating/calendar.ts'
import { newId } from '../uuid.ts'
import { changePlan } from './change-plan.ts'

export interface CalendarOutcome {
  name: string
  id: string
  outcome: 'added' | 'changed' | 'unchanged'
}

export async function writeCalendars(
  tx: Tx,
  {
    brandId,
    calendars,
    leadSeconds,
  }: {
    brandId: string
    calendars: readonly { name: string; days: readonly CalendarDay[] }[]
    leadSeconds: number
  },
): Promise<CalendarOutcome[]> {
  if (calendars.length === 0) return []
  const names = calendars.map(({ name }) => name)
  const there = new Map((await lockCalendars(tx, { brandId, names })).map((one) => [one.name, one]))
  const outcomes: CalendarOutcome[] = []
  for (const { name, days } of calendars) {
    const former = there.get(name)
    const id = former?.id ?? newId()
    if (!former) await insertCalendar(tx, { id, brandId, name, days })
    const isSame = former && isDeepStrictEqual(former.days, days)
    if (former && !isSame) {
      await setCalendarDays(tx, { id, days })
      await renewPlansOfCalendar(tx, id, leadSeconds)
    }
    outcomes.push({ name, id, outcome: !former ? 'added' : isSame ? 'unchanged' : 'changed' })
  }
  return outcomes
}

/** The next version of every plan that names a calendar whose days have changed. */
export async function renewPlansOfCalendar(tx: Tx, calendarId: string, leadSeconds: number): Promise<void> {
  for (const { id } of await listPlansOfCalendar(tx, calendarId)) {
    const content = await lockRatingPlan(tx, id)
    await changePlan(tx, { ratingPlanId: id, content, leadSeconds })
  }
}
