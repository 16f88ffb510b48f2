/**
 * What does the carrier of an ended call take by the tariffs as they stand now? Price, balance and invoices stay: a cost
 * may change whatever became of the price. Throws `RateTableNotLoaded`; changes nothing.
 */
import type { Ledger } from '../../ledger/ledger.ts'
import type { Decimal } from '../../money.ts'
import type { Call } from '../call.ts'
import { type Cost, type CostContext, findCost } from '../settle/carrier-cost.ts'
import type { Owner } from '../settle/rate-call.ts'

export type CostRerating =
  | { outcome: 'changed'; cost: Cost }
  | { outcome: 'unchanged' }
  | { outcome: 'skipped'; reason: string }

export function rerateCost(call: Call, owner: Owner, context: CostContext): CostRerating {
  if (call.settledAt === null) return { outcome: 'skipped', reason: call.status }
  if (call.carrier === null) return { outcome: 'skipped', reason: 'no_carrier' }
  const cost = findCost(call, owner, context)
  return isSame(call, cost) ? { outcome: 'unchanged' } : { outcome: 'changed', cost }
}

export function applyCost(call: Call, cost: Cost, ledger: Ledger): void {
  const before = { ...call }
  Object.assign(call, cost)
  ledger.carrierSums.move(before, call)
}

function isSame(one: Cost, other: Cost): boolean {
  const isSameAmount = (a: Decimal | null, b: Decimal | null) =>
    a === null || b === null ? a === b : a.eq(b)
  return (
    one.carrierId === other.carrierId &&
    one.costCurrency === other.costCurrency &&
    one.costReason === other.costReason &&
    isSameAmount(one.cost, other.cost) &&
    isSameAmount(one.margin, other.margin)
  )
}
