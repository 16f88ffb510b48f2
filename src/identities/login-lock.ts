/**
 * How long is no password tried after wrong ones? Four mistakes are free; from the fifth on the wait is half a minute,
 * and twice as long with each further one, an hour at most.
 *
 * Counted for an account and the network that the log-ins come from, so that somebody else's mistakes do not shut out
 * who has the right password. Of all networks together an account has a hundred for free: beyond that it is locked in
 * the same way for networks it never logged in from.
 */
const firstLockMs = 30_000
const maxLockMs = 3_600_000

export const freeFailures = { ofNetwork: 4, ofAllNetworks: 99 }

/** Epoch milliseconds; null: not locked. `failures` counts the one just now. */
export function lockedUntil(failures: number, { free, now }: { free: number; now: number }): number | null {
  const beyond = failures - free
  if (beyond <= 0) return null
  return now + Math.min(maxLockMs, firstLockMs * 2 ** Math.min(beyond - 1, 20))
}
