/**
 * Call events that came over HTTP, on their way to the stream `CALLS`.
 *
 * Each is checked as the consumer would check it, so that a bad one is refused here with its place in the list,
 * and published under the message id `<client>:<callId>:<kind>`. The broker drops a second message of an id for
 * half an hour; as a set-up start and the start that completes it share one, a message dropped so is compared
 * with the one stored, and published under an id of its own where the facts differ. A sign of life has no id.
 * Throws `ServiceUnavailable` when the broker has not all accepted ones: repeat the request, nothing is counted
 * twice.
 */
import { createHash } from 'node:crypto'
import { type CallEventKind, callEventKinds, readEventMessage } from '../calls/call-messages.ts'
import type { Broker, Stored } from './broker.ts'
import { hasLoneSurrogate, maxMessageBytes } from './check-message.ts'
import { checkCallMessage } from './read-call-event.ts'

export interface PublishedCallEvents {
  accepted: number
  rejected: { index: number; code: string; detail: string }[]
}

/** `messages`: parsed JSON, each a call event with its `kind`. */
export async function publishCallEvents(
  { broker }: { broker: Broker },
  messages: readonly unknown[],
): Promise<PublishedCallEvents> {
  const rejected: PublishedCallEvents['rejected'] = []
  const publishing: Promise<void>[] = []
  messages.forEach((message, index) => {
    const read = readPublishable(message)
    if ('code' in read) rejected.push({ index, ...read })
    else publishing.push(publish(broker, read))
  })
  await Promise.all(publishing)
  return { accepted: publishing.length, rejected }
}

interface Publishable {
  kind: CallEventKind
  client: string
  callId: string
  bytes: Buffer
}

function readPublishable(message: unknown): Publishable | { code: string; detail: string } {
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
  const { client, callId } = checked.message
  const bytes = Buffer.from(JSON.stringify(facts))
  const read = readEventMessage(kind, checked.message, {
    subject: `calls.${kind}`,
    body: '',
    subjectClient: null,
    receivedAt: 0,
    deliveries: 1,
  })
  if ('badInstant' in read) {
    return { code: 'invalid_event', detail: `/${read.badInstant} names no instant of the calendar` }
  }
  if (bytes.length > maxMessageBytes - 1024) {
    return { code: 'invalid_event', detail: `has ${bytes.length} bytes, more than an event may have` }
  }
  return { kind, client, callId, bytes }
}

async function publish(broker: Broker, { kind, client, callId, bytes }: Publishable): Promise<void> {
  const subject = `calls.${kind}`
  if (kind === 'alive') {
    await broker.publish(subject, bytes)
    return
  }
  const msgId = `${headerText(client)}:${callId}:${kind}`
  const stored = await publishTwice(broker, subject, bytes, msgId)
  if (!stored.duplicate || (await broker.isStored(stored, bytes))) return
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  await publishTwice(broker, subject, bytes, `${msgId}:${digest}`)
}

/** A header takes no line breaks; ids and domains stay as they are. */
function headerText(client: string): string {
  return /^[\x21-\x7e]+$/.test(client) ? client : encodeURIComponent(client)
}

/** A publish that timed out may have been stored: under the same id the second try is harmless. */
async function publishTwice(
  broker: Broker,
  subject: string,
  bytes: Uint8Array,
  msgId: string,
): Promise<Stored> {
  try {
    return await broker.publish(subject, bytes, { msgId })
  } catch (error) {
    if (!broker.isConnected()) throw error
    return await broker.publish(subject, bytes, { msgId })
  }
}
