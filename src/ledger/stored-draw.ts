/**
 * What a call takes of an item of an allowance, as it stands with the call and as it is shown: seconds and calls are
 * numbers, money is decimal text.
 */
import { Decimal, formatAmount } from '../money.ts'
import { type AllowanceUnit, type Draw, noDraws } from '../rating/allowance.ts'

export interface StoredDraw {
  allowanceId: string
  /** First day of the period, `YYYY-MM-DD`. */
  from: string
  item: string
  unit: AllowanceUnit
  amount: number | string
}

/** null: nothing is drawn. */
export function storeDraws(draws: readonly Draw[]): StoredDraw[] | null {
  if (draws.length === 0) return null
  return draws.map(({ allowanceId, from, item, unit, amount }) => ({
    ...{ allowanceId, from, item, unit },
    amount: showQuantity(unit, amount),
  }))
}

export function readDraws(stored: readonly StoredDraw[] | null): readonly Draw[] {
  if (stored === null || stored.length === 0) return noDraws
  return stored.map((draw) => ({ ...draw, amount: new Decimal(draw.amount) }))
}

/** An amount of an item in JSON. */
export function showQuantity(unit: AllowanceUnit, amount: Decimal): number | string {
  return unit === 'money' ? formatAmount(amount) : amount.toNumber()
}
