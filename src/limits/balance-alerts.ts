/**
 * Which of a client's alerts does a change of its balance set off?
 *
 * An alert fires when the balance falls from its threshold or above to below it. It fires again only after the
 * balance has risen to the threshold: the balance itself is the memory, there is no state to keep.
 */
import type { Decimal } from '../money.ts'
import type { BalanceAlert } from './client.ts'

export function alertsCrossed(
  alerts: readonly BalanceAlert[],
  balance: { before: Decimal; after: Decimal },
): BalanceAlert[] {
  return alerts.filter(({ threshold }) => balance.before.gte(threshold) && balance.after.lt(threshold))
}
