/**
 * What a SIP engine sends: the shapes of authorization requests and call events, the same over HTTP and NATS.
 *
 * The doors check a message against these schemas; the stories get `AuthorizationRequest` and `CallEvent`,
 * whose instants are milliseconds since 1970 in UTC. Unknown fields are refused: a misspelt `answeredAt`
 * would otherwise make a call free.
 */
import { isIP } from 'node:net'
import Type, { type Static } from 'typebox'
import { InvalidRequest } from '../errors.ts'
import { Instant, nullable, oneOf } from '../shapes/fields.ts'
import type { deadLetterReasons } from '../shapes/reasons.ts'
import { CallId, type LegFacts, legFacts } from './leg-facts.ts'
import { readInstant } from './read-instant.ts'

export const ClientReference = Type.String({
  minLength: 1,
  maxLength: 255,
  description: "A client's id or SIP domain.",
})
export const Direction = oneOf(['outbound', 'inbound'])
/** Whatever was dialled: what is no number is refused as one, not as a broken message. */
const Dialled = Type.String({ maxLength: 1024 })
const OtherParty = (description: string) =>
  Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 255, description })))
const otherParties = {
  toClient: OtherParty(
    'The client being called, by id or SIP domain, where it is one of the same brand. Decides on outbound legs.',
  ),
  fromClient: OtherParty(
    'The client that calls, by id or SIP domain, where it is one of the same brand. Decides on inbound legs.',
  ),
}

export const AuthorizationMessage = Type.Object(
  {
    callId: CallId,
    client: ClientReference,
    direction: Type.Optional(Direction),
    from: Type.Optional(Type.String({ maxLength: 255 })),
    to: Dialled,
    sourceIp: Type.Optional(
      nullable(Type.String({ maxLength: 64, description: 'An IPv4 or IPv6 address.' })),
    ),
    ...otherParties,
    at: Type.Optional(Instant),
    ...legFacts,
  },
  {
    additionalProperties: false,
    examples: [
      {
        callId: 'a84b4c76e66710@pbx;1928301774;out',
        client: 'acme.example.com',
        direction: 'outbound',
        from: '+34911000111',
        to: '+34600111222',
        sourceIp: '203.0.113.7',
      },
    ],
  },
)
export type AuthorizationMessage = Static<typeof AuthorizationMessage>

const Carrier = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[^\\u0000]*$',
    description: 'Code of the carrier that the leg was handed to; the one of the end counts.',
  }),
)
const aboutTheCall = {
  callId: CallId,
  client: ClientReference,
  direction: Type.Optional(Direction),
  from: Type.Optional(Type.String({ maxLength: 255 })),
  to: Dialled,
  ...otherParties,
  ...legFacts,
}

export const StartMessage = Type.Object(
  { ...aboutTheCall, carrier: Carrier, startedAt: Instant, answeredAt: Type.Optional(nullable(Instant)) },
  { additionalProperties: false },
)
export const AnswerMessage = Type.Object(
  {
    callId: CallId,
    client: ClientReference,
    at: Type.Optional(Instant),
    answeredAt: Instant,
    engine: legFacts.engine,
    engineRef: legFacts.engineRef,
  },
  { additionalProperties: false },
)
export const AliveMessage = Type.Object(
  {
    callId: CallId,
    client: ClientReference,
    at: Instant,
    engine: legFacts.engine,
    engineRef: legFacts.engineRef,
  },
  { additionalProperties: false },
)
export const EndMessage = Type.Object(
  {
    ...aboutTheCall,
    carrier: Carrier,
    startedAt: Instant,
    answeredAt: Type.Optional(nullable(Instant)),
    endedAt: Instant,
    cause: Type.Optional(Type.Integer({ minimum: 0, maximum: 127 })),
    sipCode: Type.Optional(Type.Integer({ minimum: 100, maximum: 699 })),
    endedBy: Type.Optional(oneOf(['caller', 'callee', 'engine'])),
  },
  { additionalProperties: false },
)

/** Our own: a leg granted while PostgreSQL did not answer. */
export const OfflineMessage = Type.Object({ ...aboutTheCall, at: Instant }, { additionalProperties: false })

/** What engines send. */
export const callEventKinds = ['start', 'answer', 'alive', 'end'] as const
export type CallEventKind = (typeof callEventKinds)[number] | 'blind'

/** The body of each kind of event, by the second token of its subject. */
export const callEventSchemas = {
  start: StartMessage,
  answer: AnswerMessage,
  alive: AliveMessage,
  end: EndMessage,
} as const

/** An authorization request behind its door: the shape is right, nothing else is known. */
export interface AuthorizationRequest extends LegFacts {
  callId: string
  /** Id or SIP domain. */
  client: string
  direction: 'outbound' | 'inbound'
  from: string | null
  to: string
  sourceIp: string | null
  toClient: string | null
  fromClient: string | null
  at: number
}

/** An event behind its door. A field that the kind does not carry, or the engine left out, is null. */
export interface CallEvent extends LegFacts {
  kind: CallEventKind
  callId: string
  client: string
  direction: 'outbound' | 'inbound'
  from: string | null
  /** null: an answer or a heartbeat. */
  to: string | null
  toClient: string | null
  fromClient: string | null
  startedAt: number | null
  /** undefined: not said; null: said to be unanswered for good. */
  answeredAt: number | null | undefined
  endedAt: number | null
  /** When the answer was noticed, or the heartbeat was given. */
  at: number | null
  cause: number | null
  sipCode: number | null
  endedBy: string | null
  /** Of a start or an end. */
  carrier: string | null
  delivery: Delivery
}

/** How an event reached us; what a dead letter keeps. */
export interface Delivery {
  subject: string
  /** As received; base64 with the prefix `base64:` where it is no UTF-8. */
  body: string
  /** The client's id when the subject carries one as its last token. */
  subjectClient: string | null
  /** The brand that it came for, by key or by dead letter: names mean its clients. null: any brand's. */
  brandId: string | null
  receivedAt: number
  /** 1 for the first. */
  deliveries: number
  /** Of whoever follows the call; only where the service follows it, too. */
  traceparent?: string
}

export type DeadLetterReason = (typeof deadLetterReasons)[number]

export interface UndeliverableEvent {
  delivery: Delivery
  reason: DeadLetterReason
  detail: string
}

/** How far a worker has read a stream, so that a broker that lost what it acknowledged can be noticed. */
export interface BrokerMark {
  stream: string
  worker: string
  streamCreatedAt: string
  highSeq: number
  /** Hex of SHA-256 over the subject, a zero byte and the body of the event at `highSeq`. */
  highEventDigest: string
}

/** Events fetched together: what shares one transaction. */
export interface CallBatch {
  events: CallEvent[]
  /** Those that the door could not read. */
  undeliverable: UndeliverableEvent[]
  mark?: BrokerMark
}

/** PostgreSQL's text holds no NUL; `from` is kept as sent in all else. */
export function storableText(value: string): string {
  return value.includes('\u0000') ? value.replaceAll('\u0000', '\u2400') : value
}

/** A checked authorization message as the story takes it. Throws `InvalidRequest` for what no schema can tell. */
export function readAuthorizationMessage(message: AuthorizationMessage, now: number): AuthorizationRequest {
  const at = message.at === undefined ? now : readInstant(message.at)
  if (at === undefined) throw badField('at', 'is not a valid RFC 3339 timestamp')
  if (message.sourceIp != null && isIP(message.sourceIp) === 0) {
    throw badField('sourceIp', 'is not an IPv4 or IPv6 address')
  }
  return {
    callId: message.callId,
    client: message.client,
    direction: message.direction ?? 'outbound',
    from: message.from === undefined ? null : storableText(message.from),
    to: storableText(message.to),
    sourceIp: message.sourceIp ?? null,
    toClient: message.toClient ?? null,
    fromClient: message.fromClient ?? null,
    at,
    sipCallId: message.sipCallId ?? null,
    forwardedFrom: message.forwardedFrom ?? null,
    engine: message.engine ?? null,
    engineRef: message.engineRef ?? null,
    labels: message.labels ?? null,
  }
}

function badField(name: string, detail: string): InvalidRequest {
  return new InvalidRequest(`"${name}" ${detail}.`, [{ pointer: `/${name}`, detail }])
}

type EventMessage = Partial<Static<typeof StartMessage>> &
  Partial<Static<typeof EndMessage>> &
  Partial<Omit<Static<typeof AliveMessage>, 'callId' | 'client'>> & { callId: string; client: string }

/** A checked event message as the story takes it. Names the field that is no instant where there is one. */
export function readEventMessage(
  kind: CallEventKind,
  message: EventMessage,
  delivery: Delivery,
): CallEvent | { badInstant: 'startedAt' | 'answeredAt' | 'endedAt' | 'at' } {
  const instants: Record<'startedAt' | 'endedAt' | 'at', number | null> = {
    startedAt: null,
    endedAt: null,
    at: null,
  }
  for (const field of ['startedAt', 'endedAt', 'at'] as const) {
    const value = message[field]
    if (value === undefined) continue
    const at = readInstant(value)
    if (at === undefined) return { badInstant: field }
    instants[field] = at
  }
  let answeredAt: number | null | undefined
  if (typeof message.answeredAt === 'string') {
    answeredAt = readInstant(message.answeredAt)
    if (answeredAt === undefined) return { badInstant: 'answeredAt' }
  } else answeredAt = message.answeredAt
  return {
    kind,
    callId: message.callId,
    client: message.client,
    direction: message.direction ?? 'outbound',
    from: message.from === undefined ? null : storableText(message.from),
    to: message.to === undefined ? null : storableText(message.to),
    toClient: message.toClient ?? null,
    fromClient: message.fromClient ?? null,
    ...instants,
    answeredAt,
    cause: message.cause ?? null,
    sipCode: message.sipCode ?? null,
    endedBy: message.endedBy ?? null,
    carrier: message.carrier ?? null,
    sipCallId: message.sipCallId ?? null,
    forwardedFrom: message.forwardedFrom ?? null,
    engine: message.engine ?? null,
    engineRef: message.engineRef ?? null,
    labels: message.labels ?? null,
    delivery,
  }
}
