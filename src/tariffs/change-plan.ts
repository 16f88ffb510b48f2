/**
 * How does a rating plan get its entries and its zone? By versions: the first with the plan, the next with
 * each change. The caller writes the plan's own row (name, currency) in the same transaction and commits;
 * then it reaches `configurationVersion`.
 */
import type { Tx } from '../db/connection.ts'
import { loadCalendarDays } from '../db/tariffs/calendars.ts'
import type { PublishedVersion } from '../db/tariffs/rate-deck-versions.ts'
import {
  lockRatingPlan,
  publishRatingPlanVersion,
  type StoredEntry,
} from '../db/tariffs/rating-plan-versions.ts'
import { type InputFault, InvalidRequest } from '../errors.ts'
import { normalizePrefix } from '../rating/prefix.ts'
import type { PlanEntry } from '../rating/tariff.ts'
import { requireDecksInCurrency } from './check-currency.ts'
import { checkPlan, type PlanContent, type PlanWarning } from './check-plan.ts'

export interface PlanChange {
  /** Undefined: entries and zone are as they were, no version was made. */
  published: PublishedVersion | undefined
  warnings: PlanWarning[]
}

/**
 * Makes the next version of a plan whose row exists. Throws `NotFound`, `InvalidRequest` with pointers, and
 * `currency_mismatch`.
 */
export async function changePlan(
  tx: Tx,
  change: { ratingPlanId: string; content: PlanContent; leadSeconds: number },
): Promise<PlanChange> {
  const { ratingPlanId, leadSeconds } = change
  const plan = await lockRatingPlan(tx, ratingPlanId)
  const content = await withCalendarDays(tx, plan.brandId, change.content)
  const { faults, warnings } = checkPlan(content, plan.timeZone)
  if (faults.length > 0) throw new InvalidRequest('The rating plan is not valid.', faults)
  await requireDecksInCurrency(tx, { ...plan, entries: content.entries })
  if (plan.lastVersion > 0 && isSame(plan, content)) return { published: undefined, warnings }
  const published = await publishRatingPlanVersion(tx, {
    ratingPlanId,
    version: plan.lastVersion + 1,
    timeZone: content.timeZone,
    entries: content.entries.map(toStoredEntry),
    leadSeconds,
  })
  return { published, warnings }
}

/** The days that each calendar has now. Throws `InvalidRequest` for one that the brand does not have. */
async function withCalendarDays(tx: Tx, brandId: string, content: PlanContent): Promise<PlanContent> {
  const wanted = content.entries.flatMap(({ calendar }) =>
    calendar ? [calendar.calendarId.toLowerCase()] : [],
  )
  if (wanted.length === 0) return content
  const days = await loadCalendarDays(tx, brandId, [...new Set(wanted)])
  const faults: InputFault[] = []
  const entries = content.entries.map((entry, place) => {
    if (!entry.calendar) return entry
    const found = days.get(entry.calendar.calendarId.toLowerCase())
    const pointer = `/entries/${place}/calendarId`
    if (!found) faults.push({ pointer, detail: `There is no calendar "${entry.calendar.calendarId}".` })
    return { ...entry, calendar: { ...entry.calendar, days: found ?? [] } }
  })
  if (faults.length > 0) throw new InvalidRequest('The plan names calendars that do not exist.', faults)
  return { ...content, entries }
}

function isSame(one: PlanContent, other: PlanContent): boolean {
  const text = ({ timeZone, entries }: PlanContent) => JSON.stringify([timeZone, entries.map(toStoredEntry)])
  return text(one) === text(other)
}

/**
 * Fields in one order, ids in lower case and prefixes as digits, so that equal entries have equal texts. Without
 * prefixes of callers and calendars the text is that of entries stored before there were any.
 */
function toStoredEntry(entry: PlanEntry): StoredEntry {
  const { rateDeckId, weight, days, from, to, originPrefixes, calendar } = entry
  return {
    rateDeckId: rateDeckId.toLowerCase(),
    weight,
    days: days && [...days].sort((a, b) => a - b),
    from,
    to,
    ...(originPrefixes && { originPrefixes: canonicalPrefixes(originPrefixes) }),
    ...(calendar && {
      calendarId: calendar.calendarId.toLowerCase(),
      calendar: calendar.mode,
      calendarDays: calendar.days,
    }),
  }
}

function canonicalPrefixes(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes.map((prefix) => normalizePrefix(prefix) ?? prefix))].sort()
}
