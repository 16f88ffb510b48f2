/**
 * Which facts can an endpoint ask for? Their types, or all below a name.
 */
import type { FactType } from '../ledger/fact.ts'

/** `client`: told to a client's own endpoints, too. */
const facts = {
  'billing.calls.priced': 'client',
  'billing.calls.rejected': 'client',
  /** What an engine has to do is no client's affair. */
  'billing.calls.hangup': 'brand',
  'billing.usage.warning': 'client',
  'billing.usage.limit-reached': 'client',
  'billing.balance.low': 'client',
  'billing.invoices.issued': 'client',
  'billing.allowances.low': 'client',
  'billing.guards.tripped': 'client',
} as const satisfies Record<FactType, 'client' | 'brand'>

export const pingEvent = 'tollgate.ping'

const entries = Object.entries(facts)
export const factTypes: readonly string[] = entries.map(([type]) => type)

/** Does any fact that these endpoints may have match it? */
export function isKnownEvent(wanted: string, owner: 'client' | 'brand'): boolean {
  const types = entries.filter(([, to]) => owner === 'brand' || to === 'client').map(([type]) => type)
  if (!wanted.endsWith('.*')) return types.some((type) => type === wanted)
  return types.some((type) => type.startsWith(wanted.slice(0, -1)))
}
