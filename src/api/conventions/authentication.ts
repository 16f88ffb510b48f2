/**
 * Who sends this request, and may they? Runs before the body is read.
 *
 * A route outside `/v1` is open (probes, the API's description), and so are the logins. Under `/v1` a key or token
 * is needed (of a page of the service in its cookie), a role that the list of `access.ts` names for the route, the scope of the key and the right of the
 * admin. One answer for everything that is not good: nothing tells an expired key from a wrong one.
 */
import type { FastifyRequest } from 'fastify'
import type { Tenant } from '../../db/tenant.ts'
import { Forbidden, TooManyRequests, Unauthenticated } from '../../errors.ts'
import type { Identities } from '../../identities/identify.ts'
import { type Identity, toTenant } from '../../identities/identity.ts'
import { hasRight, toScope } from '../../identities/rights.ts'
import { WrongKeyThrottle } from '../../identities/wrong-key-throttle.ts'
import { type Access, access, openRoutes, withoutRights } from '../access.ts'
import type { Api } from '../api.ts'
import { pageTokenIn } from './page-cookies.ts'

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
  app.addHook('onRequest', (request, _reply, done) => {
    const { access: allowed } = request.routeOptions.config
    if (!allowed) return done()
    const token = tokenIn(request)
    if (token === undefined) return done(new Unauthenticated())
    const admit = (identity: Identity) => {
      request.identity = identity
      done(findRefusal(identity, allowed))
    }
    // The key of a switch was asked about a moment ago: no promise, no turn of the loop.
    const known = identities.recall(token)
    if (known) return admit(known)
    lookUp(token, request, { identities, throttle }).then(admit, done)
  })
}

function findRefusal(identity: Identity, { roles, right }: Access): Forbidden | undefined {
  if (!roles.includes(identity.role)) return new Forbidden(`The role "${identity.role}" may not do this.`)
  if (withoutRights.has(right.resource)) return undefined
  const { scopes, rights } = identity
  if (scopes) {
    const scope = toScope(right)
    if (!scopes.includes(scope)) return new Forbidden(`This key does not have the scope "${scope}".`)
  }
  if (rights && !hasRight(rights, right)) {
    return new Forbidden(`This admin does not have the right "${right.letter}" on "${right.resource}".`)
  }
  return undefined
}

/** The key or token that a request was sent with: whoever sends a key means the key; a page sends a cookie alone. */
export function tokenIn(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers
  if (authorization === undefined) return pageTokenIn(request)
  return /^Bearer +([\x21-\x7e]{1,8192}) *$/i.exec(authorization)?.[1]
}

async function lookUp(
  token: string,
  request: FastifyRequest,
  { identities, throttle }: { identities: Identities; throttle: WrongKeyThrottle },
): Promise<Identity> {
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
export function requireIdentity(request: FastifyRequest): Identity {
  if (!request.identity) throw new Unauthenticated()
  return request.identity
}

export function requestTenant(request: FastifyRequest): Tenant {
  return { ...toTenant(requireIdentity(request)), requestId: request.id }
}
