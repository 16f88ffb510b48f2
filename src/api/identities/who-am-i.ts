/**
 * `GET /v1/sessions/me`: who asks, for whom, and what may they do? What a page shows and hides follows from it alone:
 * `rights` has a resource only as far as role, scopes, rights and the sections of the client let the asker use it.
 */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { findAdminById } from '../../db/identities/admins.ts'
import { roles } from '../../identities/identity.ts'
import { hasRight, type Letter, toScope } from '../../identities/rights.ts'
import { billingMethods, features, termsAt } from '../../limits/client.ts'
import { Currency, closed, Instant, Language, nullable, oneOf, TimeZone, Uuid } from '../../shapes/fields.ts'
import { listRights } from '../access.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { hidesResource } from '../conventions/sections.ts'
import { SessionAdmin, showSessionAdmin } from './session-admin.ts'

const customs = { currency: Currency, language: Language, timeZone: TimeZone }
const WhoAmI = closed({
  role: oneOf(roles),
  brand: nullable(closed({ id: Uuid, name: Type.String(), ...customs })),
  client: nullable(
    closed({
      id: Uuid,
      name: Type.String(),
      sipDomain: Type.String(),
      ...customs,
      features: Type.Array(oneOf(features)),
      billingMethod: oneOf(billingMethods),
      portalVisibility: closed({
        invoices: Type.Boolean(),
        ratingProfiles: Type.Boolean(),
        callPrices: Type.Boolean(),
      }),
    }),
  ),
  admin: Type.Union([...SessionAdmin.anyOf, Type.Null()], {
    description: 'Who has logged in; null for a key or token.',
  }),
  keyId: nullable(Uuid),
  expiresAt: nullable(Type.Unsafe<string>({ ...Instant, description: 'When the key ends.' })),
  rights: Type.Record(Type.String(), Type.String(), {
    description: 'Resource → letters of "crud" that the asker has; what is not named is refused or hidden.',
    examples: [{ calls: 'r', balance: 'r' }],
  }),
})

export function whoAmIRoute(app: Api, context: ApiContext): void {
  app.get(
    '/v1/sessions/me',
    {
      schema: { tags: ['Identities'], summary: 'Who asks, and what they may do', response: { 200: WhoAmI } },
    },
    async (request, reply) => {
      const { role, brandId, clientId, keyId, expiresAt, session } = requireIdentity(request)
      const admin = session && (await read(context, request, (tx) => findAdminById(tx, session.adminId)))
      reply.header('cache-control', 'no-store')
      return {
        role,
        brand: brandId === null ? null : showBrand(context, brandId),
        client: clientId === null ? null : showClient(context, clientId),
        admin: admin ? showSessionAdmin(admin) : null,
        keyId,
        expiresAt: expiresAt === null ? null : instantText(expiresAt),
        rights: rightsNow(context, request),
      }
    },
  )
}

/** null: a token of another issuer names what is not there. */
function showBrand({ configuration }: ApiContext, id: string) {
  const brand = configuration.findBrand(id)
  if (!brand) return null
  const { name, currency, language, timeZone } = brand
  return { id, name, currency, language, timeZone }
}

function showClient({ configuration, calls }: ApiContext, id: string) {
  const client = configuration.findClient(id, 0)
  if (!client) return null
  const { sipDomain, timeZone, billingMethod } = termsAt(client.terms, calls.clock())
  const { name, currency, language, portalVisibility } = client
  const has = features.filter((feature) => client.features.has(feature))
  return { id, name, sipDomain, currency, language, timeZone, features: has, billingMethod, portalVisibility }
}

function rightsNow(context: ApiContext, request: FastifyRequest): Record<string, string> {
  const { role, scopes, rights } = requireIdentity(request)
  const found: Record<string, string> = {}
  for (const [resource, letters] of listRights(role)) {
    if (hidesResource(context, request, resource)) continue
    const has = (letter: Letter) => {
      const right = { resource, letter }
      return (scopes?.includes(toScope(right)) ?? true) && (rights === null || hasRight(rights, right))
    }
    const given = ([...letters] as Letter[]).filter(has).join('')
    if (given !== '') found[resource] = given
  }
  return found
}
