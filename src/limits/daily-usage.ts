/**
 * How much of a client's day is spent, and which marks of its limit does that cross?
 *
 * A day is the client's local day of a call's answer; money that running calls hold counts against it. There is
 * no job at midnight: another day is another row.
 */
import { type Decimal, zero } from '../money.ts'
import type { DailyUsage } from './account.ts'

export function emptyDay(day: string): DailyUsage {
  return { day, amount: zero, reserved: zero, limitReachedAt: null, limitToldAt: null, warnedPercent: 0 }
}

/** What may still be spent on the day, never below 0. `leased`: what replicas have set aside of it. */
export function leftOfDay(usage: DailyUsage, limit: Decimal, leased = zero): Decimal {
  const left = limit.minus(usage.amount).minus(usage.reserved).minus(leased)
  return left.isNegative() ? zero : left
}

/** The highest warning the usage has earned and not yet been given: 80, 50 or none. */
export function warningDue(usage: DailyUsage, limit: Decimal): 50 | 80 | undefined {
  if (limit.isZero()) return undefined
  const percent = usage.amount.times(100).div(limit)
  for (const mark of [80, 50] as const) {
    if (percent.gte(mark)) return usage.warnedPercent < mark ? mark : undefined
  }
  return undefined
}
