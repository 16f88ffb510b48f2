/**
 * What does a message of the stream `CALLS` say: an event, or something that can never be one?
 *
 * The subject names the kind (`calls.end`) and may name the client (`calls.end.<clientId>`), which the
 * settlement compares with the event's own. What cannot be read keeps its raw body, for the dead letter.
 */
import {
  type CallEvent,
  type CallEventKind,
  callEventKinds,
  callEventSchemas,
  type Delivery,
  OfflineMessage,
  readEventMessage,
  storableText,
  type UndeliverableEvent,
} from '../calls/call-messages.ts'
import { brandHeader } from './brand-header.ts'
import { compileCheck, readMessage } from './check-message.ts'

export const checkCallMessage = {
  start: compileCheck(callEventSchemas.start),
  answer: compileCheck(callEventSchemas.answer),
  alive: compileCheck(callEventSchemas.alive),
  end: compileCheck(callEventSchemas.end),
  blind: compileCheck(OfflineMessage),
} as const

export interface ReceivedMessage {
  subject: string
  data: Uint8Array
  /** As the header names it; null: none. */
  brandId: string | null | 'invalid'
  receivedAt: number
  deliveries: number
  traceparent?: string
}

export function readCallEvent(received: ReceivedMessage): CallEvent | UndeliverableEvent {
  const { kind, subjectClient } = readSubject(received.subject)
  const text = decode(received.data)
  const delivery: Delivery = {
    subject: storableText(received.subject),
    body: text ?? `base64:${Buffer.from(received.data).toString('base64')}`,
    subjectClient,
    brandId: received.brandId === 'invalid' ? null : received.brandId,
    receivedAt: received.receivedAt,
    deliveries: received.deliveries,
    ...(received.traceparent !== undefined && { traceparent: received.traceparent }),
  }
  if (text === undefined) {
    return { delivery, reason: 'invalid_json', detail: 'the body is not UTF-8 text, or holds NUL' }
  }
  if (received.brandId === 'invalid') {
    return { delivery, reason: 'invalid_event', detail: `the header ${brandHeader} is not the id of a brand` }
  }
  if (!kind) {
    return {
      delivery,
      reason: 'invalid_event',
      detail: `${received.subject} is not a subject of call events`,
    }
  }
  return readByKind(kind, text, delivery)
}

export function isUndeliverable(read: CallEvent | UndeliverableEvent): read is UndeliverableEvent {
  return 'reason' in read
}

function readByKind(kind: CallEventKind, text: string, delivery: Delivery): CallEvent | UndeliverableEvent {
  // Each kind has its own type of message, so each is called by its name.
  switch (kind) {
    case 'start':
      return finish(kind, readMessage(text, checkCallMessage.start), delivery)
    case 'answer':
      return finish(kind, readMessage(text, checkCallMessage.answer), delivery)
    case 'alive':
      return finish(kind, readMessage(text, checkCallMessage.alive), delivery)
    case 'end':
      return finish(kind, readMessage(text, checkCallMessage.end), delivery)
    case 'blind':
      return finish(kind, readMessage(text, checkCallMessage.blind), delivery)
  }
}

function finish(
  kind: CallEventKind,
  checked: ReturnType<typeof readMessage<Parameters<typeof readEventMessage>[1]>>,
  delivery: Delivery,
): CallEvent | UndeliverableEvent {
  if (!checked.valid) return { delivery, reason: checked.reason, detail: checked.detail }
  const read = readEventMessage(kind, checked.message, delivery)
  if ('badInstant' in read) {
    return {
      delivery,
      reason: 'invalid_event',
      detail: `/${read.badInstant} is not a valid RFC 3339 timestamp`,
    }
  }
  return read
}

function readSubject(subject: string): { kind: CallEventKind | undefined; subjectClient: string | null } {
  const [, second = '', ...rest] = subject.split('.')
  const kind = [...callEventKinds, 'blind' as const].find((name) => name === second)
  return { kind, subjectClient: rest.length > 0 ? rest.join('.') : null }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Undefined where PostgreSQL's text could not hold it as it came. */
function decode(data: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(data)
    return text.includes('\u0000') ? undefined : text
  } catch {
    return undefined
  }
}
