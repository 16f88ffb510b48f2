/**
 * What is left of an item, what goes into its next period, and what a late call of a past period may still draw?
 *
 * What is rolled over is used before the period's own and lapses with it: an item hands on what is left of its own
 * amount, never what was handed on to it. A late call of the old period draws from what the next one still has of that;
 * what has lapsed meanwhile is for such calls alone. What replicas have set aside for legs to come is nobody else's.
 */
import { Decimal } from '../money.ts'

export interface ItemAmounts {
  amount: Decimal
  rolledOver: Decimal
  used: Decimal
  /** Held by running calls. */
  reserved: Decimal
  /** Set aside by replicas, for legs that they grant from memory. */
  leased: Decimal
  rollover: boolean
}

/** Whatever replicas have set aside of it. */
export function leftOfItem({ amount, rolledOver, used, reserved }: Omit<ItemAmounts, 'leased'>): Decimal {
  return amount.plus(rolledOver).minus(used).minus(reserved)
}

function freeOfItem(item: ItemAmounts): Decimal {
  return leftOfItem(item).minus(item.leased)
}

/** What the next period gets of it. */
export function rollOver(item: ItemAmounts): Decimal {
  if (!item.rollover) return new Decimal(0)
  return Decimal.max(0, Decimal.min(item.amount, freeOfItem(item)))
}

/** What a call may draw of an item at most. `next`: the item of the period after it, where that has begun. */
export function drawableOfItem(item: ItemAmounts, next: ItemAmounts | undefined): Decimal {
  const left = Decimal.max(0, freeOfItem(item))
  if (!next || !item.rollover) return left
  const lapsed = left.minus(rollOver(item))
  const rest = next.rolledOver.minus(next.used).minus(next.reserved).minus(next.leased)
  return Decimal.min(left, lapsed.plus(Decimal.max(0, rest)))
}
