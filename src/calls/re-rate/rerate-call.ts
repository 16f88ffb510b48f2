/**
 * What does an ended call cost by the tariffs as they stand now, and may its price change?
 *
 * Only what was priced or rejected is priced again, and inbound calls that had no price; a call that was charged as `lost-end` stays one. A price that
 * no profile can make any more is kept, since the client was told it: the call is named `unpriceable` with the
 * reason. A call made free by hand stays free, one on an issued invoice stays as printed. Equal in everything
 * that is shown of it means unchanged, its old explanation included: it is still true.
 * Throws `RateTableNotLoaded`; changes nothing.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Call } from '../call.ts'
import { type Owner, type Result, rateResult, type SettlementContext } from '../settle/rate-call.ts'

export type Rerating =
  | { outcome: 'changed'; result: Result }
  | { outcome: 'unchanged' | 'waived' | 'invoiced' }
  /** `reason`: why it has no price any more, or the status that has none to change. */
  | { outcome: 'unpriceable' | 'skipped'; reason: string }

export function rerateCall(
  call: Call,
  owner: Owner,
  context: SettlementContext & { invoiceId: string | undefined },
): Rerating {
  if (call.flags.includes('waived')) return { outcome: 'waived' }
  if (!isRated(call)) return { outcome: 'skipped', reason: call.status }
  const priced = rateResult(call, owner, context)
  if (call.price !== null && priced.price === null) {
    return { outcome: 'unpriceable', reason: priced.reason ?? priced.status }
  }
  if (priced.status === 'unpriced') return { outcome: 'skipped', reason: priced.status }
  const result: Result =
    call.status === 'lost-end' && priced.status === 'priced' ? { ...priced, status: 'lost-end' } : priced
  if (isSame(call, result)) return { outcome: 'unchanged' }
  if (context.invoiceId !== undefined) return { outcome: 'invoiced' }
  return { outcome: 'changed', result }
}

function isRated(call: Call): boolean {
  if (call.status === 'lost-end') return call.price?.isZero() === false
  if (call.status === 'unpriced') return call.direction === 'inbound' && call.answeredAt !== null
  return call.status === 'priced' || call.status === 'rejected'
}

function isSame(call: Call, result: Result): boolean {
  const isSamePrice =
    call.price === null || result.price === null ? call.price === result.price : call.price.eq(result.price)
  return (
    isSamePrice &&
    call.status === result.status &&
    call.reason === result.reason &&
    call.toNormalized === result.toNormalized &&
    call.durationSeconds === result.durationSeconds &&
    call.billedSeconds === result.billedSeconds &&
    call.destination === result.destination &&
    call.prefix === result.prefix &&
    call.ratingPlanId === result.ratingPlanId &&
    call.ratingProfileId === result.ratingProfileId &&
    call.rateDeckId === result.rateDeckId &&
    call.usageDay === result.usageDay &&
    call.coveredSeconds === result.coveredSeconds &&
    isDeepStrictEqual(call.allowances, result.allowances)
  )
}
