/**
 * Which of a client's rating profiles is in force?
 *
 * Profiles stand ascending by `activatesAt`. The one in force is the latest that is active at the instant; of
 * two activated together the one that stands later. An older one is never a fallback. Returns its index, −1: none.
 */
import type { RatingProfile } from './tariff.ts'

export function selectRatingProfile(profiles: readonly RatingProfile[], at: number): number {
  let index = profiles.length - 1
  while (index >= 0 && (profiles[index]?.activatesAt ?? 0) > at) index -= 1
  return index
}
