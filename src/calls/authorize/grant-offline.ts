/**
 * A grant while PostgreSQL does not answer, for a client whose failure policy allows it: short, without a reservation,
 * and kept in a record until it can be booked. Never rejects: a record that fails is told and counted.
 */
import { callKey } from '../../db/calls/calls.ts'
import { grantSeconds } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { makeOfflineCall, offlineCallSeconds } from '../offline-call.ts'
import { type AuthorizationAnswer, makeGrant } from './authorization-answer.ts'
import type { WaitingLeg } from './authorize-batch.ts'

/** Resolves when the record has it, or has failed. */
export async function grantOffline(
  { clock, configuration, log, metrics, recordOfflineCall }: CallsContext,
  { client, request, leg, judgement, carriers }: WaitingLeg,
): Promise<AuthorizationAnswer> {
  const now = clock()
  const { callId } = request
  try {
    const ids = {
      clientId: client.id,
      toClientId: leg.toClient?.id ?? null,
      fromClientId: leg.fromClient?.id ?? null,
    }
    await recordOfflineCall(makeOfflineCall(request, ids, now))
    metrics.offlineGrants.inc({ recorded: 'yes' })
  } catch (error) {
    metrics.offlineGrants.inc({ recorded: 'no' })
    const call = callKey({ clientId: client.id, callId })
    log.error({ event: 'offline_grant_not_recorded', call, error }, 'granted all the same')
  }
  return makeGrant(
    {
      callId,
      client,
      toNormalized: leg.toNormalized,
      kind: judgement.kind,
      rate: judgement.rate,
      carriers,
      maxDurationSeconds: Math.min(offlineCallSeconds, client.maxCallSeconds),
      expiresAt: now + grantSeconds * 1000,
    },
    configuration,
  )
}
