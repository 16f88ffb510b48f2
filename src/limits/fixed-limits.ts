/**
 * The limits of guards as numbers that a window compares with. Of a limit that is not set nothing is asked: it is endless.
 */
import { type FixedAmount, fixAmount, isMore } from './fixed-amount.ts'
import type { GuardLimits } from './spend-guard.ts'

export interface FixedLimits {
  spendPerHour: FixedAmount
  spendPerDay: FixedAmount
  callsPerMinute: number
  runningCalls: number
  distinctNumbersPerHour: number
  asksCountries: boolean
}

const noNumber = Number.POSITIVE_INFINITY
const noAmount: FixedAmount = { whole: Number.POSITIVE_INFINITY, parts: 0 }

export const noLimits: FixedLimits = {
  spendPerHour: noAmount,
  spendPerDay: noAmount,
  callsPerMinute: noNumber,
  runningCalls: noNumber,
  distinctNumbersPerHour: noNumber,
  asksCountries: false,
}

export function fixLimits(limits: GuardLimits): FixedLimits {
  return {
    spendPerHour: limits.spendPerHour ? fixAmount(limits.spendPerHour) : noAmount,
    spendPerDay: limits.spendPerDay ? fixAmount(limits.spendPerDay) : noAmount,
    callsPerMinute: limits.callsPerMinute ?? noNumber,
    runningCalls: limits.runningCalls ?? noNumber,
    distinctNumbersPerHour: limits.distinctNumbersPerHour ?? noNumber,
    asksCountries: limits.newCountries !== undefined,
  }
}

/** What keeps to these keeps to both. */
export function strictest(one: FixedLimits, other: FixedLimits): FixedLimits {
  return {
    spendPerHour: less(one.spendPerHour, other.spendPerHour),
    spendPerDay: less(one.spendPerDay, other.spendPerDay),
    callsPerMinute: Math.min(one.callsPerMinute, other.callsPerMinute),
    runningCalls: Math.min(one.runningCalls, other.runningCalls),
    distinctNumbersPerHour: Math.min(one.distinctNumbersPerHour, other.distinctNumbersPerHour),
    asksCountries: one.asksCountries || other.asksCountries,
  }
}

const less = (one: FixedAmount, other: FixedAmount) => (isMore(one, other) ? other : one)
