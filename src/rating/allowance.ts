/**
 * What may a call draw from, and in which order?
 *
 * An allowance plan sells a client items: so many seconds, calls or money for numbers with some prefixes, in each of
 * its periods. A call draws from the period that its answer lies in, also over the period's end.
 *
 * Items are asked by weight descending, then the period that ends first, then the older subscription, then the order of
 * the plan. Seconds and calls are whole numbers, money is in the client's currency.
 */
import type { Decimal } from '../money.ts'
import { anyPrefix } from './prefix.ts'

export const allowanceUnits = ['seconds', 'calls', 'money'] as const
export type AllowanceUnit = (typeof allowanceUnits)[number]

export interface AllowanceItem {
  /** Unique within its plan. */
  name: string
  /** Digits that numbers begin with; `*`: all numbers. */
  prefixes: readonly string[]
  unit: AllowanceUnit
  coversConnectFee: boolean
  weight: number
}

/** An item of one period of one subscription, as a call meets it. */
export interface Allowance extends AllowanceItem {
  allowanceId: string
  /** First day of the period, `YYYY-MM-DD`. */
  from: string
  /** The first day after it. */
  to: string
  subscribedFrom: string
  /** When it was subscribed. */
  createdAt: number
  /** Place in the plan. */
  place: number
  /** What this call may draw at most. */
  left: Decimal
}

/** What a call takes of one item. */
export interface Draw {
  allowanceId: string
  /** First day of the period. */
  from: string
  item: string
  unit: AllowanceUnit
  amount: Decimal
}

export const noAllowances: readonly Allowance[] = []
export const noDraws: readonly Draw[] = []

/** Those that this number may draw from, in their order. */
export function listCovering(allowances: readonly Allowance[], to: string): Allowance[] {
  return allowances
    .filter(({ left, prefixes }) => left.gt(0) && prefixes.some((prefix) => isOf(to, prefix)))
    .sort(compareAllowances)
}

function isOf(to: string, prefix: string): boolean {
  return prefix === anyPrefix || to.startsWith(prefix)
}

function compareAllowances(one: Allowance, other: Allowance): number {
  return (
    other.weight - one.weight ||
    compareTexts(one.to, other.to) ||
    compareTexts(one.subscribedFrom, other.subscribedFrom) ||
    one.createdAt - other.createdAt ||
    compareTexts(one.allowanceId, other.allowanceId) ||
    one.place - other.place
  )
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
