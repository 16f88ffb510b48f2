/**
 * What replicas have set aside of an account, for grants that they answer from memory (`lease.ts`).
 */
import { type Decimal, zero } from '../money.ts'

/** What is set aside. The money counts against balance and day alike, as a reservation does. */
export interface LeaseAmounts {
  money: Decimal
  clientSlots: number
  brandSlots: number
}

export const noAmounts: LeaseAmounts = { money: zero, clientSlots: 0, brandSlots: 0 }

/** What all replicas have set aside of one account. */
export interface Leased extends LeaseAmounts {
  /** The part of `money` that is set aside of the day in question. */
  ofDay: Decimal
  /** The part of `money` that no grant has taken: a leg may last by it, whoever grants it. */
  unspent: Decimal
}

export const nothingLeased: Leased = {
  ...noAmounts,
  ofDay: zero,
  unspent: zero,
}
