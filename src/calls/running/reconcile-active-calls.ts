/**
 * An engine states every leg it has at an instant: those named are alive, those that began before and are not named
 * are gone and closed. An empty list after a restart closes them all.
 */
import { setImmediate } from 'node:timers/promises'
import { callKey } from '../../db/calls/calls.ts'
import { listLegsOfEngine } from '../../db/calls/running-calls.ts'
import { InvalidRequest } from '../../errors.ts'
import { chooseOwner, findLegOwners } from '../authorize/resolve-client.ts'
import type { CallsContext } from '../calls-context.ts'
import { aheadMs } from '../settle/find-clients.ts'
import { closeLegs } from './close-legs.ts'

export interface ActiveCalls {
  engine: string
  /** The brand of the key; null: all brands. */
  brandId: string | null
  /** Milliseconds since 1970. */
  at: number
  /** `client`: id or SIP domain. */
  calls: readonly { client: string; callId: string }[]
}

/** Looked up before others get their turn on the event loop. */
const legsAtOnce = 5_000

/** Throws `InvalidRequest` for an `at` ahead of our clock. */
export async function reconcileActiveCalls(
  context: CallsContext,
  stated: ActiveCalls,
): Promise<{ active: number; closed: number }> {
  const { configuration, engineHeartbeats } = context
  const now = context.clock()
  if (stated.at > now + aheadMs) {
    throw new InvalidRequest('"at" is in the future.', [
      { pointer: '/at', detail: 'must not be more than 60 s ahead' },
    ])
  }
  const { engine, brandId, at } = stated
  const legs = await listLegsOfEngine(context.db.$client, { engine, brandId, before: at })
  const ofEngine = new Set(legs.map(callKey))
  const named = new Set<string>()
  const brands = new Set<string>(brandId === null ? [] : [brandId])
  for (const [index, { client: reference, callId }] of stated.calls.entries()) {
    if (index % legsAtOnce === legsAtOnce - 1) await setImmediate()
    // A name may have changed hands since: it means the owner that has such a leg on this engine.
    const owners = findLegOwners(configuration, { client: reference, callId, at }, { brandId, now })
    const client = chooseOwner(owners, ({ id }) => ofEngine.has(callKey({ clientId: id, callId })))
    if (!client) continue
    named.add(callKey({ clientId: client.id, callId }))
    brands.add(client.brandId)
  }
  let active = 0
  const closed = await closeLegs(context, legs, (call) => {
    const isNamed = named.has(callKey(call))
    if (isNamed) active++
    if (isNamed) return (call.aliveAt ?? 0) < at ? { aliveAt: at } : 'leave'
    return (call.startedAt ?? call.answeredAt ?? call.createdAt) < at ? { goneAt: at } : 'leave'
  })
  // Noted last: silence before an engine's first list means nothing yet.
  for (const id of brands) engineHeartbeats.note({ brandId: id, engine, heartbeatAt: now })
  return { active, closed }
}
