/**
 * Which prefixes were tried before the one that matched, and why was each skipped?
 *
 * Listed are the prefixes that some deck of the plan has, down to the matched one; whatever else is longer
 * than the match stands in no deck. Only explanations ask, so this may look everything up again.
 */
import type { PlanInForce, RateMatch } from './match-rate.ts'
import { otherOrigin } from './origins.ts'
import { matchBuffer } from './rate-table.ts'
import { closed, windowBegin } from './windows.ts'

/** The position is what is stored, so that the list only ever grows. */
export const skipReasons = [
  'window_closed',
  'lower_weight',
  'window_began_earlier',
  'later_in_plan',
  'deck_without_rates',
  'other_origin',
  'shorter_origin',
] as const
export type SkipReason = (typeof skipReasons)[number]

export interface SkippedCandidate {
  entry: number
  rateDeckId: string
  /** Digits of the prefix, 0 for `*`; −1 where the deck has no rates at all. */
  prefixLength: number
  reason: SkipReason
}

/** Longest prefix first; without a match everything that was tried. */
export function listCandidates(
  inForce: PlanInForce,
  match: RateMatch | undefined,
  at: number,
): SkippedCandidate[] {
  const { plan, decks, to } = inForce
  if (decks.length === 1 && match !== undefined) return []
  const matchedLength = match === undefined ? 0 : findMatchLength(match)
  const into = matchBuffer()
  const skipped: SkippedCandidate[] = []
  for (const [entry, { rateDeckId }] of plan.entries.entries()) {
    const deck = decks[entry]
    if (entry === match?.entry) continue
    if (deck === undefined) {
      skipped.push({ entry, rateDeckId, prefixLength: -1, reason: 'deck_without_rates' })
      continue
    }
    const reason = skipReason({ inForce, entry, match, at })
    for (let count = deck.table.matches(to, into); count > 0; count -= 1) {
      const prefixLength = deck.table.prefixLengthAt(into[count - 1] ?? 0)
      if (prefixLength >= matchedLength) skipped.push({ entry, rateDeckId, prefixLength, reason })
    }
  }
  return skipped.sort((a, b) => b.prefixLength - a.prefixLength)
}

/** An open entry is only passed over for one of a longer origin, or with the same prefix, where weight, begin and place decide. */
function skipReason(of: {
  inForce: PlanInForce
  entry: number
  match: RateMatch | undefined
  at: number
}): SkipReason {
  const { origins } = of.inForce
  if (origins?.[of.entry] === otherOrigin) return 'other_origin'
  const begin = findWindowBegin(of.inForce, of.entry, of.at)
  if (Number.isNaN(begin) || of.match === undefined) return 'window_closed'
  if (origins && (origins[of.entry] ?? 0) < (origins[of.match.entry] ?? 0)) return 'shorter_origin'
  const { entries } = of.inForce.plan
  if ((entries[of.entry]?.weight ?? 0) < (entries[of.match.entry]?.weight ?? 0)) return 'lower_weight'
  return begin < findWindowBegin(of.inForce, of.match.entry, of.at) ? 'window_began_earlier' : 'later_in_plan'
}

function findWindowBegin({ windows, clock }: PlanInForce, entry: number, at: number): number {
  const window = windows.windows[entry]
  return window === undefined ? closed : windowBegin(window, at + clock.offsetAt(at))
}

function findMatchLength({ inForce, entry, deck }: RateMatch): number {
  return deck.table.prefixLengthAt(inForce.rows[entry] ?? -1)
}
