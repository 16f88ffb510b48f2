/**
 * An engine states every leg it has at an instant: those named are alive, those that began before and are not named
 * are gone and closed. An empty list after a restart closes them all.
 */
import { setImmediate } from 'node:timers/promises'
import { callKey } from '../db/calls/calls.ts'
import { listLegsOfEngine } from '../db/calls/running-calls.ts'
import { InvalidRequest } from '../errors.ts'
import type { CallsContext } from './calls-context.ts'
import { closeLegs } from './close-legs.ts'
import { aheadMs } from './find-clients.ts'

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
export async function stateActiveCalls(
  context: CallsContext,
  stated: ActiveCalls,
): Promise<{ active: number; closed: number }> {
  const { configuration, engineSigns } = context
  const now = context.clock()
  if (stated.at > now + aheadMs) {
    throw new InvalidRequest('"at" lies ahead of our clock.', [
      { pointer: '/at', detail: 'must not be more than 60 s ahead' },
    ])
  }
  const named = new Set<string>()
  const brands = new Set<string>(stated.brandId === null ? [] : [stated.brandId])
  for (const [at, { client: reference, callId }] of stated.calls.entries()) {
    if (at % legsAtOnce === legsAtOnce - 1) await setImmediate()
    const client = configuration.findClient(reference, stated.at)
    if (!client || (stated.brandId !== null && client.brandId !== stated.brandId)) continue
    named.add(callKey({ clientId: client.id, callId }))
    brands.add(client.brandId)
  }
  for (const brandId of brands) engineSigns.note({ brandId, engine: stated.engine, signAt: now })
  const { engine, brandId, at } = stated
  const legs = await listLegsOfEngine(context.db.$client, { engine, brandId, before: at })
  let active = 0
  const closed = await closeLegs(context, legs, (call) => {
    const isNamed = named.has(callKey(call))
    if (isNamed) active++
    if (isNamed) return (call.aliveAt ?? 0) < at ? { alive: at } : 'leave'
    return (call.startedAt ?? call.answeredAt ?? call.createdAt) < at ? 'close' : 'leave'
  })
  return { active, closed }
}
