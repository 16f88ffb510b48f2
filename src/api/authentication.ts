/**
 * Who sends this request, and may they? Runs before the body is read.
 *
 * A route outside `/v1` is open (probes, the API's description). Under `/v1` a key is needed, and a role that the
 * table `access.ts` names for the route. One answer for every bad key: nothing tells an expired one from a wrong one.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Tenant } from '../db/connection.ts'
import { Forbidden, Unauthenticated } from '../errors.ts'
import { type Identity, type Role, tenantOf } from '../identities/identity.ts'
import type { KeyRing } from '../identities/key-ring.ts'
import { access } from './access.ts'

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | null
  }
  interface FastifyContextConfig {
    roles?: readonly Role[]
  }
}

export function requireIdentities(app: FastifyInstance, keyRing: KeyRing): void {
  app.decorateRequest('identity', null)
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/v1/')) return
    const method = Array.isArray(route.method) ? route.method[0] : route.method
    const roles = access[`${method === 'HEAD' ? 'GET' : method} ${route.url}`]
    if (!roles) throw new Error(`${method} ${route.url} is not in the table of api/access.ts`)
    route.config = { ...route.config, roles }
  })
  app.addHook('onRequest', async (request) => {
    const { roles } = request.routeOptions.config
    if (!roles) return
    const identity = await readIdentity(keyRing, request.headers.authorization)
    request.identity = identity
    if (!roles.includes(identity.role)) {
      throw new Forbidden(`The role "${identity.role}" may not do this.`)
    }
    if (identity.scopes && !identity.scopes.includes(scopeOf(request))) {
      throw new Forbidden(`This key does not have the scope "${scopeOf(request)}".`)
    }
  })
}

async function readIdentity(keyRing: KeyRing, header: string | undefined): Promise<Identity> {
  const token = /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(header ?? '')?.[1]
  const identity = token === undefined ? undefined : await keyRing.recognize(token)
  if (!identity) throw new Unauthenticated()
  return identity
}

/** `clients:read` for GET /v1/clients/…, `clients:write` for the rest. */
function scopeOf(request: FastifyRequest): string {
  const collection = request.routeOptions.url?.split('/')[2] ?? ''
  return `${collection}:${request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write'}`
}

/** The identity that the hook above found. */
export function identityOf(request: FastifyRequest): Identity {
  if (!request.identity) throw new Unauthenticated()
  return request.identity
}

export function tenantOfRequest(request: FastifyRequest): Tenant {
  return tenantOf(identityOf(request))
}
