/**
 * Whose event is this, and can its facts be true?
 *
 * What no later configuration could make right becomes a dead letter with its reason.
 */
import type { DeadLetter } from '../../db/calls/dead-letters.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { normalizeNumber } from '../../rating/normalize-number.ts'
import { newId } from '../../uuid.ts'
import type { CallEvent, DeadLetterReason, UndeliverableEvent } from '../call-messages.ts'
import type { CallsContext } from '../calls-context.ts'
import { findInstant, findParties, ownedSince, type Parties } from './find-parties.ts'
import type { ClientEvent } from './fold-event.ts'

/** How far ahead of our clock an instant may be. */
export const aheadMs = 60_000
const maxCallMs = 31 * 86_400_000

type FindContext = Pick<CallsContext, 'configuration' | 'db' | 'emergencyNumbers'>

export interface ClientsFound {
  events: ClientEvent[]
  deadLetters: DeadLetter[]
}

export async function findClients(
  context: FindContext,
  events: readonly CallEvent[],
  now: number,
): Promise<ClientsFound> {
  const found: ClientsFound = { events: [], deadLetters: [] }
  const parties = await findParties(context, events, now)
  for (const [i, event] of events.entries()) {
    const { delivery } = event
    const known = parties[i]
    if (known?.client === undefined) {
      const detail = known?.detail ?? ''
      found.deadLetters.push(makeDeadLetter({ delivery, reason: 'unknown_client', detail }, undefined, now))
      continue
    }
    const { client } = known
    const fault = findFault(event, client, now) ?? numberFault(context, event, client, now)
    if (fault) {
      const detail = fault.detail + ownedSince(context, event, client, now)
      found.deadLetters.push(makeDeadLetter({ delivery, reason: fault.reason, detail }, client, now))
    } else found.events.push(withParties(event, known))
  }
  return found
}

/** Added in place: a copy of so many fields would be another object per event. */
function withParties(event: CallEvent, { client, toClientId, fromClientId }: Parties): ClientEvent {
  return Object.assign(event, { clientId: client.id, toClientId, fromClientId })
}

export function makeDeadLetter(
  event: UndeliverableEvent,
  client: Client | undefined,
  now: number,
): DeadLetter {
  const brandId = client?.brandId ?? event.delivery.brandId
  return { id: newId(now), brandId, clientId: client?.id ?? null, ...event }
}

type Fault = { reason: DeadLetterReason; detail: string }

function numberFault(
  { configuration, emergencyNumbers }: FindContext,
  event: CallEvent,
  client: Client,
  now: number,
): Fault | undefined {
  const { to } = event
  if (event.direction === 'inbound' || to === null) return undefined
  const at = findInstant(event, now)
  const terms = termsAt(configuration.getBrand(client.brandId).terms, at)
  const numbering = termsAt(client.terms, at).numbering ?? terms.numbering
  if (normalizeNumber(to, numbering) !== undefined) return undefined
  if (terms.specialNumbers.has(to) || emergencyNumbers.has(to)) return undefined
  return { reason: 'invalid_number', detail: 'to is not a number of 1 to 18 digits.' }
}

const instants = ['startedAt', 'answeredAt', 'endedAt', 'at'] as const

function findFault(event: CallEvent, client: Client, now: number): Fault | undefined {
  const { subjectClient } = event.delivery
  if (subjectClient !== null && subjectClient.toLowerCase() !== client.id) {
    return {
      reason: 'wrong_subject',
      detail: `The subject names client ${subjectClient}, the event ${client.id}.`,
    }
  }
  const { startedAt, answeredAt, endedAt } = event
  for (const field of instants) {
    const value = event[field]
    if (value != null && value > now + aheadMs) {
      return { reason: 'future_time', detail: `${field} is more than 60 s ahead of our clock.` }
    }
  }
  if (startedAt !== null && answeredAt != null && answeredAt < startedAt) {
    return { reason: 'bad_duration', detail: 'answeredAt lies before startedAt.' }
  }
  if (endedAt !== null && answeredAt != null) {
    if (endedAt < answeredAt) return { reason: 'bad_duration', detail: 'endedAt lies before answeredAt.' }
    if (endedAt - answeredAt > maxCallMs) {
      return { reason: 'bad_duration', detail: 'The call would have lasted more than 31 days.' }
    }
  }
  if (endedAt !== null && startedAt !== null && endedAt < startedAt) {
    return { reason: 'bad_duration', detail: 'endedAt lies before startedAt.' }
  }
  return undefined
}
