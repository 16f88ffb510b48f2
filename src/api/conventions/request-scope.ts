/**
 * What do a resource's functions know of the request: who asks, what the path goes through, and when?
 */
import type { FastifyRequest } from 'fastify'
import { NotFound } from '../../errors.ts'
import type { Identity } from '../../identities/identity.ts'
import { isUuid } from '../../uuid.ts'
import { requireIdentity } from './authentication.ts'

export interface Scope {
  identity: Identity
  /** Ids of the resources that the path goes through, such as `clientId`: checked UUIDs. */
  parents: Readonly<Record<string, string>>
  now: number
}

/** What the path says: the router makes texts of it. */
export function readParams({ params }: Pick<FastifyRequest, 'params'>): Readonly<Record<string, string>> {
  return params as Record<string, string>
}

export function readScope(request: FastifyRequest): Scope {
  const parents: Record<string, string> = {}
  for (const [name, value] of Object.entries(readParams(request))) {
    if (name === 'id' || name === 'callId') continue
    if (!isUuid(value)) throw new NotFound(name.replace(/Id$/, ''), value.slice(0, 64))
    parents[name] = value.toLowerCase()
  }
  return { identity: requireIdentity(request), parents, now: Date.now() }
}

/** The path's `id`; what is no UUID names nothing. */
export function readId(request: FastifyRequest, noun: string): string {
  const { id = '' } = readParams(request)
  if (!isUuid(id)) throw new NotFound(noun, id.slice(0, 64))
  return id.toLowerCase()
}

/** Whose places a request takes where only so much is done at once: those of a brand, for all its keys and clients. */
export function tenantKey(request: FastifyRequest): string {
  return requireIdentity(request).brandId ?? 'platform'
}
