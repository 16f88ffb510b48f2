/**
 * Which facts does the asker see, and what of them? Those of its own tenant, of kinds that it has a right to, without what
 * its portal hides.
 */
import type { FastifyRequest } from 'fastify'
import type { ToldFact } from '../../db/live/read-facts.ts'
import { hiddenCallFields, withoutFields } from '../../identities/portal-view.ts'
import type { Resource } from '../access.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { findPortalView, mayRead } from '../conventions/sections.ts'
import type { Watched } from './look.ts'

/** By the beginning of their type. */
const resources: readonly [prefix: string, resource: Resource][] = [
  ['billing.calls.', 'calls'],
  ['billing.usage.', 'daily-usage'],
  ['billing.balance.', 'balance'],
  ['billing.invoices.', 'invoices'],
  ['billing.guards.', 'spend-guards'],
  ['billing.allowances.', 'allowances'],
]
/** A switch's own affair. */
const ofSwitches = ['engine', 'engineRef']

interface CloudEvent {
  type: string
  subject: string
  time: string
  data: Record<string, unknown>
}

/** As all see it from whom nothing is hidden: written once, however many look. */
const wholeTexts = new WeakMap<ToldFact, string>()

/** As JSON text; undefined: not for the asker. */
export function showFact(
  context: ApiContext,
  request: FastifyRequest,
  { watched, fact }: { watched: Watched; fact: ToldFact },
): string | undefined {
  const clientId = fact.subject.slice(fact.subject.lastIndexOf('.') + 1)
  if (watched.clientId !== null && watched.clientId !== clientId) return undefined
  const client = context.configuration.findClient(clientId, 0)
  if (!client || (watched.brandId !== null && client.brandId !== watched.brandId)) return undefined
  const resource = resources.find(([prefix]) => fact.subject.startsWith(prefix))?.[1]
  if (resource === undefined || !mayRead(context, request, resource)) return undefined
  if (requireIdentity(request).role !== 'client') return writeWhole(fact)
  const { type, subject, time, data } = JSON.parse(fact.body) as CloudEvent
  const hidden = new Set([...hiddenCallFields(findPortalView(context, request)), ...ofSwitches])
  // Amounts of usage and balance are shown by rights of their own.
  const shown = resource === 'calls' ? withoutFields(data, hidden) : data
  return JSON.stringify({ type, subject, time, data: shown })
}

function writeWhole(fact: ToldFact): string {
  const known = wholeTexts.get(fact)
  if (known !== undefined) return known
  const { type, subject, time, data } = JSON.parse(fact.body) as CloudEvent
  const text = JSON.stringify({ type, subject, time, data })
  wholeTexts.set(fact, text)
  return text
}
