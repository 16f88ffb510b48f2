/**
 * How does a rating plan get its entries and its zone? By versions: the first with the plan, the next with
 * each change. The caller writes the plan's own row (name, currency) in the same transaction and commits;
 * then it reaches `configurationVersion`.
 */
import type { Tx } from '../db/connection.ts'
import type { PublishedVersion } from '../db/tariffs/rate-deck-versions.ts'
import {
  lockRatingPlan,
  publishRatingPlanVersion,
  type StoredEntry,
} from '../db/tariffs/rating-plan-versions.ts'
import { InvalidRequest } from '../errors.ts'
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
  const { ratingPlanId, content, leadSeconds } = change
  const plan = await lockRatingPlan(tx, ratingPlanId)
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

function isSame(one: PlanContent, other: PlanContent): boolean {
  const text = ({ timeZone, entries }: PlanContent) => JSON.stringify([timeZone, entries.map(toStoredEntry)])
  return text(one) === text(other)
}

/**
 * Fields in one order, ids in lower case and prefixes as digits, so that equal entries have equal texts. Without
 * prefixes of callers the text is that of entries stored before there were any.
 */
function toStoredEntry({ rateDeckId, weight, days, from, to, originPrefixes }: PlanEntry): StoredEntry {
  return {
    rateDeckId: rateDeckId.toLowerCase(),
    weight,
    days: days && [...days].sort((a, b) => a - b),
    from,
    to,
    ...(originPrefixes && { originPrefixes: canonicalPrefixes(originPrefixes) }),
  }
}

function canonicalPrefixes(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes.map((prefix) => normalizePrefix(prefix) ?? prefix))].sort()
}
