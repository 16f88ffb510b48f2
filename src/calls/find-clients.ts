/**
 * Whose event is this, and can its facts be true?
 *
 * Finds the client of each event by id or by the SIP domain in force at the call's start, and refuses what no
 * later configuration could make right: each such event becomes a dead letter with its reason.
 */
import type { DeadLetter } from '../db/calls/dead-letters.ts'
import type { Client } from '../limits/client.ts'
import { newId } from '../uuid.ts'
import type { CallEvent, DeadLetterReason, UndeliverableEvent } from './call-messages.ts'
import type { ClientEvent } from './fold-event.ts'

/** How far ahead of our clock an instant may be. */
export const aheadMs = 60_000
const longestCallMs = 31 * 86_400_000

export interface ClientsFound {
  events: ClientEvent[]
  deadLetters: DeadLetter[]
  /** Events whose client is not known: worth another look after a refresh of the configuration. */
  unknown: CallEvent[]
}

export function findClients(
  events: readonly CallEvent[],
  findClient: (reference: string, at: number) => Client | undefined,
  isNumber: (client: Client, to: string, at: number) => boolean,
  now: number,
): ClientsFound {
  const found: ClientsFound = { events: [], deadLetters: [], unknown: [] }
  for (const event of events) {
    const at = event.startedAt ?? event.answeredAt ?? event.at ?? now
    const client = findClient(event.client, at)
    if (!client) {
      found.unknown.push(event)
      continue
    }
    const fault = faultOf(event, client, now) ?? numberFault(event, client, at, isNumber)
    if (fault) found.deadLetters.push(deadLetterOf({ delivery: event.delivery, ...fault }, client, now))
    else {
      const toClientId = event.toClient === null ? null : (findClient(event.toClient, at)?.id ?? null)
      found.events.push({ ...event, clientId: client.id, toClientId })
    }
  }
  return found
}

export function deadLetterOf(event: UndeliverableEvent, client: Client | undefined, now: number): DeadLetter {
  return { id: newId(now), brandId: client?.brandId ?? null, clientId: client?.id ?? null, ...event }
}

type Fault = { reason: DeadLetterReason; detail: string }

function numberFault(
  event: CallEvent,
  client: Client,
  at: number,
  isNumber: (client: Client, to: string, at: number) => boolean,
): Fault | undefined {
  if (event.direction === 'inbound' || event.to === null || isNumber(client, event.to, at)) return undefined
  return { reason: 'invalid_number', detail: 'to is not a number of 1 to 18 digits.' }
}

function faultOf(event: CallEvent, client: Client, now: number): Fault | undefined {
  const { subjectClient } = event.delivery
  if (subjectClient !== null && subjectClient.toLowerCase() !== client.id) {
    return {
      reason: 'wrong_subject',
      detail: `The subject names client ${subjectClient}, the event ${client.id}.`,
    }
  }
  const { startedAt, answeredAt, endedAt, at } = event
  for (const [field, value] of Object.entries({ startedAt, answeredAt, endedAt, at })) {
    if (value != null && value > now + aheadMs) {
      return { reason: 'future_time', detail: `${field} is more than 60 s ahead of our clock.` }
    }
  }
  if (startedAt !== null && answeredAt != null && answeredAt < startedAt) {
    return { reason: 'bad_duration', detail: 'answeredAt lies before startedAt.' }
  }
  if (endedAt !== null && answeredAt != null) {
    if (endedAt < answeredAt) return { reason: 'bad_duration', detail: 'endedAt lies before answeredAt.' }
    if (endedAt - answeredAt > longestCallMs) {
      return { reason: 'bad_duration', detail: 'The call would have lasted more than 31 days.' }
    }
  }
  if (endedAt !== null && startedAt !== null && endedAt < startedAt) {
    return { reason: 'bad_duration', detail: 'endedAt lies before startedAt.' }
  }
  return undefined
}
