/**
 * What do a resource's functions know of the request: who asks, what the path goes through, and when?
 */
import type { FastifyRequest } from 'fastify'
import { NotFound } from '../../errors.ts'
import type { Identity } from '../../identities/identity.ts'
import { isUuid } from '../../uuid.ts'
import { identityOf } from './authentication.ts'

export interface Scope {
  identity: Identity
  /** Ids of the resources that the path goes through, such as `clientId`: checked UUIDs. */
  parents: Readonly<Record<string, string>>
  /** IP address of the one who asks. */
  address: string
  now: number
  /** What `prepare` made of the body; null: nothing. */
  prepared: string | null
}

export function scopeOf(request: FastifyRequest): Scope {
  const params = request.params as Record<string, string>
  const parents: Record<string, string> = {}
  for (const [name, value] of Object.entries(params)) {
    if (name === 'id' || name === 'callId') continue
    if (!isUuid(value)) throw new NotFound(name.replace(/Id$/, ''), value.slice(0, 64))
    parents[name] = value.toLowerCase()
  }
  return { identity: identityOf(request), parents, address: request.ip, now: Date.now(), prepared: null }
}

/** The path's `id`; what is no UUID names nothing. */
export function idOf(request: FastifyRequest, noun: string): string {
  const { id } = request.params as { id: string }
  if (!isUuid(id)) throw new NotFound(noun, id.slice(0, 64))
  return id.toLowerCase()
}

/** Whose places a request takes where only so much is done at once: those of a brand, for all its keys and clients. */
export function tenantKey(request: FastifyRequest): string {
  return identityOf(request).brandId ?? 'platform'
}
