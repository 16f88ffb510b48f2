/**
 * A leg granted while PostgreSQL did not answer: what is kept of it, so that it can be booked later.
 *
 * It travels as an event of its own on `calls.blind.<clientId>` and is folded into its call like the others.
 */
import type { Static } from 'typebox'
import { instantText } from '../db/columns.ts'
import type { AuthorizationRequest, BlindMessage } from './call-messages.ts'
import { saidLegFacts } from './leg-facts.ts'

/** Longest leg of a grant given blindly. */
export const blindCallSeconds = 600

export type BlindCall = Static<typeof BlindMessage>

/** Names have been resolved: the record takes ids, whoever has the names when it is booked. */
export function blindCallOf(
  request: AuthorizationRequest,
  ids: { clientId: string; toClientId: string | null; fromClientId: string | null },
  now: number,
): BlindCall {
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
