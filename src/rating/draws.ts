/**
 * Sums of what is drawn of items of allowances. An item stands in a list once at most; of one that is not there nothing is
 * drawn.
 */
import { type Decimal, zero } from '../money.ts'
import type { Allowance, Draw } from './allowance.ts'

/** Names an item of a period. */
export type ItemName = Pick<Draw, 'allowanceId' | 'from' | 'item'>

export function itemOf({
  allowanceId,
  from,
  name,
}: Pick<Allowance, 'allowanceId' | 'from' | 'name'>): ItemName {
  return { allowanceId, from, item: name }
}

export function isSameItem(one: ItemName, other: ItemName): boolean {
  return one.allowanceId === other.allowanceId && one.from === other.from && one.item === other.item
}

export function drawnOf(draws: readonly Draw[], item: ItemName): Decimal {
  return draws.find((draw) => isSameItem(draw, item))?.amount ?? zero
}

/** Without items of which nothing is left. */
export function addDraws(one: readonly Draw[], other: readonly Draw[]): readonly Draw[] {
  if (other.length === 0) return one
  const sums = one.map((draw) => ({ ...draw, amount: draw.amount.plus(drawnOf(other, draw)) }))
  const others = other.filter((draw) => !one.some((known) => isSameItem(known, draw)))
  return [...sums, ...others].filter(({ amount }) => !amount.isZero())
}

export function negateDraws(draws: readonly Draw[]): readonly Draw[] {
  return draws.length === 0 ? draws : draws.map((draw) => ({ ...draw, amount: draw.amount.negated() }))
}

export function subtractDraws(one: readonly Draw[], other: readonly Draw[]): readonly Draw[] {
  return addDraws(one, negateDraws(other))
}

/** Is there as much of each? */
export function coversDraws(held: readonly Draw[], wanted: readonly Draw[]): boolean {
  return wanted.every((draw) => drawnOf(held, draw).gte(draw.amount))
}
