/**
 * `/v1/engines/policies`: what may an engine do for a client when we do not answer, and which numbers pass always?
 * Engines keep this and ask with `If-None-Match` whether it changed.
 */
import { createHash } from 'node:crypto'
import Type, { type Static } from 'typebox'
import { termsAt } from '../../limits/client.ts'
import { closed, oneOf, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'

const Policies = closed({
  data: Type.Array(
    closed({
      clientId: Uuid,
      brandId: Uuid,
      sipDomain: Type.String(),
      failurePolicy: oneOf(['deny', 'allow']),
    }),
  ),
  brands: Type.Array(
    closed({
      brandId: Uuid,
      specialNumbers: Type.Array(Type.String(), {
        description: 'As dialled or normalized; they go through for every client of the brand.',
      }),
    }),
  ),
  /** Whoever is not named is denied; these numbers go through for everybody. */
  unknownClients: oneOf(['deny']),
  emergencyNumbers: Type.Array(Type.String()),
})

export function engineRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/engines/policies',
    {
      schema: {
        tags: ['Authorization'],
        summary: "Each client's failure policy",
        // Written once, for its tag: the answer is that text.
        response: { 200: Type.Unsafe<string>(Policies), 304: Type.Null() },
      },
    },
    async (request, reply) => {
      const { brandId } = requireIdentity(request)
      const body = JSON.stringify(readPolicies(context, brandId))
      const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
      reply.header('etag', tag).header('cache-control', 'private, no-cache')
      if (request.headers['if-none-match'] === tag) return reply.code(304).send(null)
      return reply.type('application/json').serializer(String).send(body)
    },
  )
}

function readPolicies(context: ApiContext, brandId: string | null) {
  const now = Date.now()
  const data: Static<typeof Policies>['data'] = []
  for (const client of context.configuration.listClients()) {
    if (brandId !== null && client.brandId !== brandId) continue
    const { sipDomain } = termsAt(client.terms, now)
    const { id: clientId, failurePolicy } = client
    data.push({ clientId, brandId: client.brandId, sipDomain, failurePolicy })
  }
  const brands: Static<typeof Policies>['brands'] = []
  for (const brand of context.configuration.listBrands()) {
    if (brandId !== null && brand.id !== brandId) continue
    brands.push({ brandId: brand.id, specialNumbers: [...termsAt(brand.terms, now).specialNumbers] })
  }
  return { data, brands, unknownClients: 'deny', emergencyNumbers: context.settings.emergencyNumbers }
}
