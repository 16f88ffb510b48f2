/**
 * Legs that were granted from leases and have not begun become calls of their account before somebody looks at them: what
 * is shown is the same, however a leg was granted.
 */
import type { CallKey } from '../../db/calls/calls.ts'
import { listGrantsOfClient } from '../../db/calls/lease-grants.ts'
import type { CallsContext } from '../calls-context.ts'
import { takeOverGrants } from './end-leases.ts'

/** `max`: the latest ones. */
export async function bookLeasedLegs(context: CallsContext, clientId: string, max: number): Promise<void> {
  await context.leases?.flush()
  await takeOverGrants(context, await listGrantsOfClient(context.db.$client, { clientId }, max))
}

/** Answers whether there was such a leg. */
export async function bookLeasedLeg(context: CallsContext, key: CallKey): Promise<boolean> {
  await context.leases?.flush([key])
  const found = await listGrantsOfClient(context.db.$client, key, 1)
  await takeOverGrants(context, found)
  return found.length > 0
}
