/**
 * When is a delivery tried again that was not taken? After about 5 s, 30 s, 2 min, 10 min, 1 h, 3 h, 6 h, then every 12 h; after
 * three days never.
 */
const seconds = [5, 30, 120, 600, 3600, 10_800, 21_600] as const
const laterSeconds = 43_200
export const maxTryingMs = 3 * 86_400_000

/**
 * `attempts`: those that have failed, since it was written or sent again by hand. `chance` from 0 to 1 puts off by up to a tenth, so that those
 * of one outage do not come back as one. null: given up.
 */
export function nextAttemptAt(
  delivery: { attempts: number; triesSince: number },
  now: number,
  chance: number,
): number | null {
  const waitMs = (seconds[delivery.attempts - 1] ?? laterSeconds) * 1000 * (1 + chance / 10)
  const at = Math.round(now + waitMs)
  return at > delivery.triesSince + maxTryingMs ? null : at
}
