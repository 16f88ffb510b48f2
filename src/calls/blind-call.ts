/**
 * A leg granted while PostgreSQL did not answer: what is kept of it, so that it can be booked later.
 *
 * It travels as an event of its own on `calls.blind.<clientId>` and is folded into its call like the others.
 */
import type { Static } from 'typebox'
import { instantText } from '../db/columns.ts'
import type { AuthorizationRequest, BlindMessage } from './call-messages.ts'

/** Longest leg of a grant given blindly. */
export const blindCallSeconds = 600

export type BlindCall = Static<typeof BlindMessage>

export function blindCallOf(request: AuthorizationRequest, clientId: string, now: number): BlindCall {
  const { callId, direction, from, to, toClient, sipCallId, forwardedFrom, engine, engineRef, labels } =
    request
  return {
    callId,
    client: clientId,
    direction,
    to,
    at: instantText(now),
    ...(from !== null && { from }),
    ...(toClient !== null && { toClient }),
    ...(sipCallId !== null && { sipCallId }),
    ...(forwardedFrom !== null && { forwardedFrom }),
    ...(engine !== null && { engine }),
    ...(engineRef !== null && { engineRef }),
    ...(labels !== null && { labels }),
  }
}
