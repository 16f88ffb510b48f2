/**
 * Is this section there for this client? A section of a feature that the client does not have is hidden, and so is one
 * that its portal does not show: 404 `feature_disabled`.
 *
 * What holds money is hidden from the client's own users alone: an operator who takes billing away still answers for
 * the balance that is left. What only a feature makes is hidden from everybody.
 *
 * Asked of configuration memory before anything is read. A client of another tenant is left to the route, which
 * does not find it.
 */
import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { FeatureDisabled } from '../../errors.ts'
import type { Identity, Role } from '../../identities/identity.ts'
import { hiddenCallFields, type PortalView, portalView, withoutFields } from '../../identities/portal-view.ts'
import { hasRight, toScope } from '../../identities/rights.ts'
import type { Client, Feature } from '../../limits/client.ts'
import { isUuid } from '../../uuid.ts'
import { listRights, type Resource } from '../access.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from './authentication.ts'
import { readParams } from './request-scope.ts'

interface Section {
  feature: Feature
  /** Whom a client without the feature hides it from. */
  from: 'everybody' | 'own-users'
  /** The switch of the portal that shows it. */
  shownBy?: keyof PortalView
}

const money: Section = { feature: 'billing', from: 'own-users' }

const sections: Partial<Record<Resource, Section>> = {
  allowances: money,
  invoices: { feature: 'invoices', from: 'everybody', shownBy: 'invoices' },
  'rating-profiles': { feature: 'billing', from: 'everybody', shownBy: 'ratingProfiles' },
  'rating-plans': { feature: 'billing', from: 'own-users', shownBy: 'ratingProfiles' },
  balance: money,
  'balance-alerts': money,
  'balance-movements': money,
  'daily-usage': money,
  statement: money,
}

/** Goes before the routes are added, behind what tells their access. */
export function hideSections(app: Api, context: Pick<ApiContext, 'configuration'>): void {
  app.addHook('onRoute', (route) => {
    const section = route.config?.access && findSection(route.config.access.right.resource, route.url)
    if (!section) return
    const refuseHidden: onRequestHookHandler = (request, _reply, done) =>
      done(isHidden(section, context, request) ? new FeatureDisabled(section.feature) : undefined)
    route.onRequest = [refuseHidden, ...[route.onRequest ?? []].flat()]
  })
}

/** Whether the asker's own client hides all of a resource from it. */
export function hidesResource(
  context: Pick<ApiContext, 'configuration'>,
  request: FastifyRequest,
  resource: Resource,
): boolean {
  const section = sections[resource]
  return section !== undefined && isHidden(section, context, request)
}

const readable = new Map<Role, ReadonlySet<Resource>>()

/** What a role can read at all; made once for each. */
function readableBy(role: Role): ReadonlySet<Resource> {
  const known = readable.get(role)
  if (known) return known
  const found = [...listRights(role)].filter(([, letters]) => letters.includes('r')).map(([name]) => name)
  const made = new Set(found)
  readable.set(role, made)
  return made
}

/** Whether the asker may read a resource: by its role, its key's scopes, its rights, and what its client hides. */
export function mayRead(
  context: Pick<ApiContext, 'configuration'>,
  request: FastifyRequest,
  resource: Resource,
): boolean {
  const { role, scopes, rights } = requireIdentity(request)
  if (!readableBy(role).has(resource)) return false
  const right = { resource, letter: 'r' } as const
  if (scopes && !scopes.includes(toScope(right))) return false
  if (rights && !hasRight(rights, right)) return false
  return !hidesResource(context, request, resource)
}

function isHidden(
  { feature, from, shownBy }: Section,
  context: Pick<ApiContext, 'configuration'>,
  request: FastifyRequest,
): boolean {
  const client = findOwnClient(context, request)
  if (!client) return false
  const isOwnUser = requireIdentity(request).role === 'client'
  if (!client.features.has(feature) && (from === 'everybody' || isOwnUser)) return true
  return shownBy !== undefined && !findPortalView(context, request)[shownBy]
}

/** What the asker may see of the client that it belongs to; all for everybody else. */
export function findPortalView(
  context: Pick<ApiContext, 'configuration'>,
  request: FastifyRequest,
): PortalView {
  return viewOwnClient(context, requireIdentity(request))
}

export function viewOwnClient(
  { configuration }: Pick<ApiContext, 'configuration'>,
  identity: Identity,
): PortalView {
  const own = identity.clientId === null ? undefined : configuration.findClient(identity.clientId, 0)
  return portalView(identity, own?.portalVisibility)
}

/** A call as the asker may see it. */
export function callShownTo<Shown extends object>(
  context: Pick<ApiContext, 'configuration'>,
  request: FastifyRequest,
): (call: Shown) => Partial<Shown> {
  const hidden = hiddenCallFields(findPortalView(context, request))
  return (call) => withoutFields(call, hidden)
}

/** Reports are told by their path. */
function findSection(resource: Resource, path: string): Section | undefined {
  const report = /^\/v1\/reports\/(\w+)/.exec(path)?.[1]
  if (report === 'invoices') return sections.invoices
  if (report === 'allowances' || report === 'balances' || report === 'statements') return money
  return sections[resource]
}

/** The client in the path, else the asker's own; undefined where it is none of the asker's. */
function findOwnClient({ configuration }: Pick<ApiContext, 'configuration'>, request: FastifyRequest) {
  const { brandId, clientId } = requireIdentity(request)
  const { clientId: named } = readParams(request)
  const id = named ?? clientId ?? ''
  const client: Client | undefined = isUuid(id) ? configuration.findClient(id, 0) : undefined
  if (!client || (brandId !== null && client.brandId !== brandId)) return undefined
  return clientId === null || client.id === clientId ? client : undefined
}
