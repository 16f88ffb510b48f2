/**
 * What replicas have set aside of an account, for grants that they answer from memory (`lease.ts`).
 */
import { type Decimal, zero } from '../money.ts'
import { type Draw, noDraws } from '../rating/allowance.ts'
import { addDraws, negateDraws } from '../rating/draws.ts'

/** What is set aside. The money counts against balance and day alike, as a reservation does. */
export interface LeaseAmounts {
  money: Decimal
  clientSlots: number
  brandSlots: number
  /** Of items of allowances. */
  allowances: readonly Draw[]
}

export const noAmounts: LeaseAmounts = { money: zero, clientSlots: 0, brandSlots: 0, allowances: noDraws }

export function sumAmounts(one: LeaseAmounts, other: LeaseAmounts): LeaseAmounts {
  return {
    money: one.money.plus(other.money),
    clientSlots: one.clientSlots + other.clientSlots,
    brandSlots: one.brandSlots + other.brandSlots,
    allowances: addDraws(one.allowances, other.allowances),
  }
}

export function negateAmounts({ money, clientSlots, brandSlots, allowances }: LeaseAmounts): LeaseAmounts {
  return {
    money: money.negated(),
    clientSlots: -clientSlots,
    brandSlots: -brandSlots,
    allowances: negateDraws(allowances),
  }
}

export function isNothing({ money, clientSlots, brandSlots, allowances }: LeaseAmounts): boolean {
  return money.isZero() && clientSlots === 0 && brandSlots === 0 && allowances.length === 0
}

/** What all replicas have set aside of one account, but for allowances: their items say what is leased. */
export interface Leased extends Omit<LeaseAmounts, 'allowances'> {
  /** The part of `money` that is set aside of the day in question. */
  ofDay: Decimal
  /** The part of `money` that no grant has taken: a leg may last by it, whoever grants it. */
  unspent: Decimal
}

export const nothingLeased: Leased = {
  money: zero,
  clientSlots: 0,
  brandSlots: 0,
  ofDay: zero,
  unspent: zero,
}
