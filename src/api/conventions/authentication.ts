/**
 * Who sends this request, and may they? Runs before the body is read.
 *
 * A route outside `/v1` is open (probes, the API's description), and so are the logins. Under `/v1` a key or token
 * is needed, a role that the list of `access.ts` names for the route, the scope of the key and the right of the
 * admin. One answer for everything that is not good: nothing tells an expired key from a wrong one.
 */
import type { FastifyRequest } from 'fastify'
import type { Tenant } from '../../db/tenant.ts'
import { Forbidden, TooManyRequests, Unauthenticated } from '../../errors.ts'
import type { Identities } from '../../identities/identify.ts'
import { type Identity, tenantOf } from '../../identities/identity.ts'
import { hasRight, scopeOfRight } from '../../identities/rights.ts'
import { WrongKeyThrottle } from '../../identities/wrong-key-throttle.ts'
import { type Access, access, openRoutes } from '../access.ts'
import type { Api } from '../api.ts'

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | null
  }
  interface FastifyContextConfig {
    access?: Access
  }
}

export function requireIdentities(app: Api, identities: Identities): void {
  const throttle = new WrongKeyThrottle()
  app.decorateRequest('identity', null)
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/v1/')) return
    const method = (Array.isArray(route.method) ? route.method[0] : route.method) ?? 'GET'
    const line = `${method === 'HEAD' ? 'GET' : method} ${route.url}`
    if (openRoutes.has(line)) return
    const allowed = access.get(line)
    if (!allowed) throw new Error(`${line} is not in the list of api/access.ts`)
    route.config = { ...route.config, access: allowed }
  })
  app.addHook('onRequest', async (request) => {
    const { access: allowed } = request.routeOptions.config
    if (!allowed) return
    const { roles, right } = allowed
    const identity = await readIdentity(request, identities, throttle)
    request.identity = identity
    if (!roles.includes(identity.role)) {
      throw new Forbidden(`The role "${identity.role}" may not do this.`)
    }
    const scope = scopeOfRight(right)
    if (identity.scopes && !identity.scopes.includes(scope)) {
      throw new Forbidden(`This key does not have the scope "${scope}".`)
    }
    // A restricted admin may always end its own session and change its own password.
    if (identity.rights && right.resource !== 'sessions' && !hasRight(identity.rights, right)) {
      throw new Forbidden(`This admin does not have the right "${right.letter}" on "${right.resource}".`)
    }
  })
}

async function readIdentity(
  request: FastifyRequest,
  identities: Identities,
  throttle: WrongKeyThrottle,
): Promise<Identity> {
  const token = /^Bearer +([\x21-\x7e]{1,8192}) *$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) throw new Unauthenticated()
  const now = Date.now()
  if (!throttle.mayLookUp(request.ip, now) && !identities.isKnown(token)) {
    throw new TooManyRequests('Too many wrong keys came from this address: wait.', 60)
  }
  const identity = await identities.identify(token)
  if (identity) return identity
  throttle.noteWrong(request.ip, now)
  throw new Unauthenticated()
}

/** The identity that the hook above found. */
export function identityOf(request: FastifyRequest): Identity {
  if (!request.identity) throw new Unauthenticated()
  return request.identity
}

export function tenantOfRequest(request: FastifyRequest): Tenant {
  return { ...tenantOf(identityOf(request)), requestId: request.id }
}
