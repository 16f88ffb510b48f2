/**
 * How long is no password tried for a name after wrong ones? Four mistakes are free; from the fifth on the name
 * is locked, half a minute at first and twice as long with each further one, an hour at most.
 *
 * By name, known or not, so an answer does not tell whether somebody has it.
 */
const freeFailures = 4
const firstLockMs = 30_000
const longestLockMs = 3_600_000

/** Epoch milliseconds; null: not locked. `failures` counts the one just now. */
export function lockedUntil(failures: number, now: number): number | null {
  const beyond = failures - freeFailures
  if (beyond <= 0) return null
  return now + Math.min(longestLockMs, firstLockMs * 2 ** Math.min(beyond - 1, 20))
}
