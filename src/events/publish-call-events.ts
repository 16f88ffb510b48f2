/**
 * Call events that came over HTTP, on their way to the stream `CALLS`.
 *
 * Each is checked as the consumer would check it, so that a bad one is refused here with its place in the list. Its
 * clients are resolved here, once, within the brand of the key: what is published names them by id and bears the
 * brand, whoever has the names later. The message id is `<clientId>:<callId>:<kind>`. The broker drops a second
 * message of an id for half an hour; as a set-up start and the start that completes it share one, a message dropped
 * so is compared with the one stored, and published under an id of its own where the facts differ. A heartbeat has
 * no id.
 * Throws `ServiceUnavailable` when the broker has not all accepted ones: repeat the request, nothing is counted
 * twice.
 */
import { createHash } from 'node:crypto'
import { type CallEvent, callEventKinds, readEventMessage } from '../calls/call-messages.ts'
import type { Parties, UnknownClient } from '../calls/settle/find-parties.ts'
import type { Broker } from './broker.ts'
import { hasLoneSurrogate, maxMessageBytes } from './check-message.ts'
import { checkCallMessage } from './read-call-event.ts'
import type { Stored } from './stored-publisher.ts'

export interface PublishedCallEvents {
  accepted: number
  rejected: { index: number; code: string; detail: string }[]
}

export interface PublishContext {
  broker: Broker
  /** Answers in the order of the events. */
  findParties(events: readonly CallEvent[]): Promise<(Parties | UnknownClient)[]>
}

/** `messages`: parsed JSON, each a call event with its `kind`. `brandId`: of the key; null: any brand. */
export async function publishCallEvents(
  { broker, findParties }: PublishContext,
  messages: readonly unknown[],
  { brandId, traceparent }: { brandId: string | null; traceparent?: string | undefined },
): Promise<PublishedCallEvents> {
  const rejected: PublishedCallEvents['rejected'] = []
  const readable: { index: number; read: ReadEvent }[] = []
  for (const [index, message] of messages.entries()) {
    const read = readPublishable(message, brandId)
    if ('code' in read) rejected.push({ index, ...read })
    else readable.push({ index, read })
  }
  const parties = await findParties(readable.map(({ read }) => read.event))
  const publishing: Publishable[] = []
  for (const [i, { index, read }] of readable.entries()) {
    const named = nameById(read, parties[i])
    if ('code' in named) rejected.push({ index, ...named })
    else publishing.push(named)
  }
  await Promise.all(publishing.map((one) => publish(broker, one, traceparent)))
  rejected.sort((one, other) => one.index - other.index)
  return { accepted: publishing.length, rejected }
}

type Refusal = { code: string; detail: string }

interface ReadEvent {
  event: CallEvent
  /** As they came, without the kind. */
  facts: object
}

interface Publishable {
  kind: CallEvent['kind']
  clientId: string
  brandId: string
  callId: string
  bytes: Buffer
}

function readPublishable(message: unknown, brandId: string | null): ReadEvent | Refusal {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return { code: 'invalid_event', detail: 'must be an object' }
  }
  const { kind: named, ...facts }: { kind?: unknown } = message
  const kind = callEventKinds.find((one) => one === named)
  if (!kind) return { code: 'invalid_event', detail: '/kind must be start, answer, alive or end' }
  const checked = checkCallMessage[kind](facts)
  if (!checked.valid) return { code: checked.reason, detail: checked.detail }
  if (hasLoneSurrogate(facts))
    return { code: 'invalid_event', detail: 'a text holds half of a surrogate pair' }
  const event = readEventMessage(kind, checked.message, {
    subject: `calls.${kind}`,
    body: '',
    subjectClient: null,
    brandId,
    receivedAt: 0,
    deliveries: 1,
  })
  if ('badInstant' in event) {
    return { code: 'invalid_event', detail: `/${event.badInstant} is not a valid RFC 3339 timestamp` }
  }
  return { event, facts }
}

/** A party that is unknown is left out: it must not become somebody's by the time the event is settled. */
function nameById(
  { event, facts }: ReadEvent,
  parties: Parties | UnknownClient | undefined,
): Publishable | Refusal {
  if (parties?.client === undefined) return { code: 'unknown_client', detail: parties?.detail ?? '' }
  const { client, toClientId, fromClientId } = parties
  const named = {
    ...facts,
    client: client.id,
    toClient: toClientId ?? undefined,
    fromClient: fromClientId ?? undefined,
  }
  const bytes = Buffer.from(JSON.stringify(named))
  if (bytes.length > maxMessageBytes - 1024) {
    return { code: 'invalid_event', detail: `has ${bytes.length} bytes, more than an event may have` }
  }
  return { kind: event.kind, clientId: client.id, brandId: client.brandId, callId: event.callId, bytes }
}

async function publish(
  broker: Broker,
  { kind, clientId, brandId, callId, bytes }: Publishable,
  traceparent: string | undefined,
): Promise<void> {
  const subject = `calls.${kind}`
  if (kind === 'alive') {
    await broker.publish(subject, bytes, { brandId, traceparent })
    return
  }
  const msgId = `${clientId}:${callId}:${kind}`
  const stored = await publishTwice(broker, subject, bytes, { msgId, brandId, traceparent })
  if (!stored.duplicate || (await broker.isStored(stored, bytes))) return
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  await publishTwice(broker, subject, bytes, { msgId: `${msgId}:${digest}`, brandId, traceparent })
}

/** A publish that timed out may have been stored: under the same id the second try is harmless. */
async function publishTwice(
  broker: Broker,
  subject: string,
  bytes: Uint8Array,
  options: { msgId: string; brandId: string; traceparent: string | undefined },
): Promise<Stored> {
  try {
    return await broker.publish(subject, bytes, options)
  } catch (error) {
    if (!broker.isConnected()) throw error
    return await broker.publish(subject, bytes, options)
  }
}
