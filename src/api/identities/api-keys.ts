/**
 * `/v1/api-keys`: keys of programs. The plain key is in the answer that makes it and nowhere else; deleting
 * revokes. An Idempotency-Key is not honoured here, since a remembered answer would keep the plain key.
 */
import Type, { type Static } from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import { findBrand } from '../../db/clients/brands.ts'
import { findClient } from '../../db/clients/clients.ts'
import { instantText } from '../../db/columns.ts'
import type { Tx } from '../../db/connection.ts'
import {
  type ApiKeyRow,
  findApiKey,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
} from '../../db/identities/api-keys.ts'
import { Forbidden, InvalidRequest, NotFound } from '../../errors.ts'
import { makeApiKey } from '../../identities/api-key.ts'
import type { ApiKeyCache } from '../../identities/api-key-cache.ts'
import { type Identity, roles } from '../../identities/identity.ts'
import { closed, Instant, Name, named, nullable, oneOf, PathId, stored, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import { resourceNames } from '../access.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { pageQuery, pageSchema, toPage } from '../conventions/pagination.ts'
import { readId } from '../conventions/request-scope.ts'
import { read, write } from '../conventions/run-as-tenant.ts'
import { byAgeOrName, makeNamedPlace, readPagePlace } from '../conventions/sorting.ts'

const Scope = oneOf(
  resourceNames.flatMap((resource) => [`${resource}:read`, `${resource}:write`]),
  'The last resource that the path names, and whether it is only read.',
)

const NewApiKey = closed({
  name: Name,
  role: oneOf(roles),
  brandId: Type.Optional(nullable(Uuid)),
  clientId: Type.Optional(nullable(Uuid)),
  scopes: Type.Optional(nullable(Type.Array(Scope, { maxItems: 100, uniqueItems: true }))),
  expiresAt: Type.Optional(nullable(Instant)),
})
type NewApiKey = Static<typeof NewApiKey>

const ApiKey = named('ApiKey', {
  id: Uuid,
  name: Type.String(),
  role: stored(oneOf(roles)),
  brandId: nullable(Uuid),
  clientId: nullable(Uuid),
  scopes: nullable(Type.Array(Type.String())),
  prefix: Type.String({ description: 'First characters, to tell keys apart.' }),
  expiresAt: nullable(Instant),
  revokedAt: nullable(Instant),
  lastUsedAt: nullable(Instant),
  createdAt: Instant,
})
const ApiKeyOnce = closed({ ...ApiKey.properties, key: Type.String({ description: 'Shown this once.' }) })
const params = Type.Object({ id: PathId })

export function apiKeyRoutes(app: Api, context: ApiContext, apiKeyCache: ApiKeyCache): void {
  app.get(
    '/v1/api-keys',
    {
      schema: {
        tags: ['Identities'],
        summary: 'Keys',
        querystring: closed({ ...pageQuery, ...byAgeOrName.query }),
        response: { 200: pageSchema(ApiKey) },
      },
    },
    async (request) => {
      const { limit = 50, ...asked } = request.query
      const order = byAgeOrName.read(asked)
      const rows = await read(context, request, (tx) =>
        listApiKeys(tx, { limit: limit + 1, ...readPagePlace(order) }),
      )
      const page = toPage(rows, limit, (row) => makeNamedPlace(order, row))
      return { data: page.rows.map(show), nextCursor: page.nextCursor }
    },
  )

  app.post(
    '/v1/api-keys',
    {
      schema: { tags: ['Identities'], summary: 'Make a key', body: NewApiKey, response: { 201: ApiKeyOnce } },
    },
    async (request, reply) => {
      const body = request.body
      const { key, prefix, digest } = makeApiKey()
      const row = await write(
        context,
        request,
        async (tx) => {
          const owner = await findOwner(tx, requireIdentity(request), body)
          return insertApiKey(tx, {
            id: newId(),
            name: body.name,
            role: body.role,
            ...owner,
            scopes: chooseScopes(requireIdentity(request), body),
            prefix,
            digest,
            expiresAt: chooseExpiry(requireIdentity(request), body.expiresAt ?? null, context.calls.clock()),
          })
        },
        'nothing-in-memory',
      )
      apiKeyCache.forget(digest)
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .header('location', `/v1/api-keys/${row.id}`)
        .send({ ...show(row), key })
    },
  )

  app.get(
    '/v1/api-keys/:id',
    { schema: { tags: ['Identities'], summary: 'One key', params, response: { 200: ApiKey } } },
    async (request) => {
      const id = readId(request, 'API key')
      const row = await read(context, request, (tx) => findApiKey(tx, id))
      if (!row) throw new NotFound('API key', id)
      return show(row)
    },
  )

  app.delete(
    '/v1/api-keys/:id',
    { schema: { tags: ['Identities'], summary: 'Revoke a key', params, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const id = readId(request, 'API key')
      const row = await write(
        context,
        request,
        async (tx) => {
          const found = await findApiKey(tx, id)
          if (!found) throw new NotFound('API key', id)
          await revokeApiKey(tx, id, Date.now())
          return found
        },
        'nothing-in-memory',
      )
      apiKeyCache.forget(row.digest)
      return reply.code(204).send(null)
    },
  )
}

/** A key with scopes makes keys within its scopes only. */
function chooseScopes(maker: Identity, body: NewApiKey): string[] | null {
  const scopes = body.scopes ?? null
  const held = maker.scopes
  if (held !== null && (scopes === null || scopes.some((scope) => !held.includes(scope)))) {
    throw new Forbidden('A key cannot grant a scope that it does not have.')
  }
  return scopes
}

/** Which brand and client a new key is for: never beyond the maker's own. */
async function findOwner(tx: Tx, maker: Identity, body: NewApiKey) {
  if (maker.brandId !== null && body.role === 'platform') {
    throw new Forbidden('A brand cannot make a platform key.')
  }
  const clientId = body.clientId ?? null
  if ((body.role === 'client') !== (clientId !== null)) {
    throw new InvalidRequest('clientId goes with the role "client".', [
      {
        pointer: '/clientId',
        detail: body.role === 'client' ? 'is required' : 'goes with the role "client" alone',
      },
    ])
  }
  const client = clientId === null ? undefined : await findClient(tx, clientId, 'none')
  if (clientId !== null && !client) throw new NotFound('client', clientId)
  const brandId = body.brandId ?? maker.brandId ?? client?.brandId ?? null
  if (body.role === 'platform' && brandId !== null) {
    throw new InvalidRequest('A platform key has no brand.', [
      { pointer: '/brandId', detail: 'must be left out' },
    ])
  }
  if (brandId === null && body.role !== 'platform' && body.role !== 'engine') {
    throw new InvalidRequest('This role needs a brand.', [{ pointer: '/brandId', detail: 'is required' }])
  }
  const isForeign = client !== undefined && brandId?.toLowerCase() !== client.brandId
  if (isForeign || (brandId !== null && !(await findBrand(tx, brandId, 'none')))) {
    throw new NotFound('brand', brandId ?? '')
  }
  return { brandId, clientId }
}

/** A key that expires makes no key that outlives it. */
function chooseExpiry(maker: Identity, text: string | null, now: number): number | null {
  const at = text === null ? null : readInstant(text)
  if (at === undefined || (at !== null && at <= now)) {
    throw new InvalidRequest('expiresAt must be in the future.', [
      { pointer: '/expiresAt', detail: at === undefined ? 'is not a valid RFC 3339 timestamp' : 'is over' },
    ])
  }
  if (maker.expiresAt !== null && (at === null || at > maker.expiresAt)) {
    throw new Forbidden(
      `This key expires at ${instantText(maker.expiresAt)}: give the new one an expiresAt that is not later.`,
    )
  }
  return at
}

const toText = (at: number | null) => (at === null ? null : instantText(at))

function show(row: ApiKeyRow) {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    brandId: row.brandId,
    clientId: row.clientId,
    scopes: row.scopes,
    prefix: row.prefix,
    expiresAt: toText(row.expiresAt),
    revokedAt: toText(row.revokedAt),
    lastUsedAt: toText(row.lastUsedAt),
    createdAt: instantText(row.createdAt),
  }
}
