/**
 * A leg granted while PostgreSQL did not answer: what is kept of it, so that it can be booked later.
 *
 * It travels as an event of its own on `calls.blind.<clientId>` and is folded into its call like the others. (Its
 * subject, flag and kind are called `blind`: they are public or stored.)
 */
import type { Static } from 'typebox'
import { instantText } from '../db/columns.ts'
import type { AuthorizationRequest, OfflineMessage } from './call-messages.ts'
import { saidLegFacts } from './leg-facts.ts'

/** Longest leg of a grant given offline: while PostgreSQL did not answer. */
export const offlineCallSeconds = 600

export type OfflineCall = Static<typeof OfflineMessage>

/** Names have been resolved: the record takes ids, whoever has the names when it is booked. */
export function makeOfflineCall(
  request: AuthorizationRequest,
  ids: { clientId: string; toClientId: string | null; fromClientId: string | null },
  now: number,
): OfflineCall {
  const { callId, direction, from, to } = request
  const { clientId, toClientId, fromClientId } = ids
  return {
    callId,
    client: clientId,
    direction,
    to,
    at: instantText(now),
    ...(from !== null && { from }),
    ...(toClientId !== null && { toClient: toClientId }),
    ...(fromClientId !== null && { fromClient: fromClientId }),
    ...saidLegFacts(request),
  }
}
