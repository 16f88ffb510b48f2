/**
 * Numbering and publishing the versions of a rating plan; when one takes effect stands in `effective-instant.ts`.
 */
import { sql } from 'drizzle-orm'
import { NotFound } from '../../errors.ts'
import type { CalendarDay, CalendarMode } from '../../rating/calendar.ts'
import type { PlanEntry } from '../../rating/tariff.ts'
import { parseInstant } from '../columns.ts'
import { readConfigurationVersion } from '../configuration/configuration-version.ts'
import { effectiveAfter, lockConfigurationVersion } from '../configuration/effective-instant.ts'
import { readEntries } from '../configuration/read-settings.ts'
import type { Tx } from '../connection.ts'
import type { PublishedVersion } from './rate-deck-versions.ts'

export interface LockedPlan {
  id: string
  brandId: string
  currency: string
  /** 0: it has none. */
  lastVersion: number
  timeZone: string | null
  entries: PlanEntry[]
}

/** Locks a plan, so that its versions are numbered one after another. Throws `NotFound`. */
export async function lockRatingPlan(tx: Tx, ratingPlanId: string): Promise<LockedPlan> {
  const [row] = await tx.execute<{ id: string; brand_id: string; currency: string }>(sql`
    select id, brand_id, currency from rating_plans where id = ${ratingPlanId} for no key update`)
  if (!row) throw new NotFound('rating plan', ratingPlanId)
  const [last] = await tx.execute<{ version: number; time_zone: string | null; entries: unknown }>(sql`
    select version, time_zone, entries
    from rating_plan_versions
    where rating_plan_id = ${ratingPlanId}
    order by version desc
    limit 1`)
  return {
    id: row.id,
    brandId: row.brand_id,
    currency: row.currency,
    lastVersion: last?.version ?? 0,
    timeZone: last?.time_zone ?? null,
    entries: last ? readEntries(last.entries) : [],
  }
}

/** As `rating_plan_versions.entries` has it. */
export type StoredEntry = Omit<PlanEntry, 'originPrefixes' | 'calendar'> & {
  originPrefixes?: string[]
  calendarId?: string
  calendar?: CalendarMode
  calendarDays?: readonly CalendarDay[]
}

/** The last statement of a transaction that made a version: every change of configuration waits for its end. */
export async function publishRatingPlanVersion(
  tx: Tx,
  plan: {
    ratingPlanId: string
    version: number
    timeZone: string | null
    entries: readonly StoredEntry[]
    leadSeconds: number
  },
): Promise<PublishedVersion> {
  const [reached] = await tx.execute<{ reached: boolean }>(sql`
    select exists (select from rating_profiles where rating_plan_id = ${plan.ratingPlanId})
      or exists (select from carrier_rating_profiles where rating_plan_id = ${plan.ratingPlanId}) as reached`)
  await lockConfigurationVersion(tx)
  const [row] = await tx.execute<{ effective_at: string }>(sql`
    insert into rating_plan_versions (rating_plan_id, version, effective_at, time_zone, entries)
    select ${plan.ratingPlanId}, ${plan.version},
      ${effectiveAfter(reached?.reached ? plan.leadSeconds : 0, sql`max(effective_at)`)},
      ${plan.timeZone}, ${JSON.stringify(plan.entries)}::jsonb
    from rating_plan_versions
    where rating_plan_id = ${plan.ratingPlanId}
    returning effective_at`)
  if (!row) throw new Error(`version ${plan.version} of rating plan ${plan.ratingPlanId} was not written`)
  return {
    version: plan.version,
    effectiveAt: parseInstant(row.effective_at),
    configurationVersion: await readConfigurationVersion(tx),
  }
}
