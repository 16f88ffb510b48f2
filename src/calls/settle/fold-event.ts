/**
 * What does an event make of a call?
 *
 * Start, answer and end commute: any order, with any repeats, gives the same call. Start and end keep a digest
 * of their facts: the same digest again is a repeat, another one a conflict without effect on money. An answer
 * time that was missing and comes later completes a half. Where halves disagree the end's facts hold.
 * Pure: the caller prices, charges and releases by what it returns.
 */
import { createHash } from 'node:crypto'
import { type Call, grantSeconds } from '../call.ts'
import type { CallEvent } from '../call-messages.ts'
import { takeLegFacts, takeMissingLegFacts } from '../leg-facts.ts'
import { offlineCallSeconds } from '../offline-call.ts'

/** An event whose clients have been found. */
export interface ClientEvent extends CallEvent {
  clientId: string
  toClientId: string | null
  fromClientId: string | null
}

export type FoldOutcome =
  /** Nothing new. */
  | 'repeat'
  /** Contradicts an accepted half. */
  | 'conflict'
  /** The leg runs on, or its grant has become a call. */
  | 'running'
  /** The leg is over and its price can be told. */
  | 'ended'
  /** The leg is over; whether it was answered is still to be told. */
  | 'awaiting-answer'
  /** A later fact completed a call that was settled without it. */
  | 'completed'

/** How long an end without answer time waits for the start or answer that carries it. */
export const answerWaitMs = 60_000

/** Changes `call` in place. */
export function foldEvent(call: Call, event: ClientEvent): FoldOutcome {
  switch (event.kind) {
    case 'start':
      return foldStart(call, event)
    case 'answer':
      return foldAnswer(call, event)
    case 'alive':
      return foldAlive(call, event)
    case 'end':
      return foldEnd(call, event)
    case 'blind':
      return foldOffline(call, event)
  }
}

/** A grant given without the books: the call is as good as authorized, for a short while. */
function foldOffline(call: Call, event: ClientEvent): FoldOutcome {
  if (call.flags.includes('blind')) return 'repeat'
  addFlag(call, 'blind')
  if (call.endDigest !== null || call.settledAt !== null) return 'repeat'
  const isKnown = call.startDigest !== null || call.answeredAt !== null
  call.maxDurationSeconds = Math.min(offlineCallSeconds, call.maxDurationSeconds ?? offlineCallSeconds)
  if (isKnown || event.at === null) return 'repeat'
  takeMissingFacts(call, event)
  call.status = call.aliveAt === null ? 'authorized' : 'started'
  call.authorizedAt = event.at
  call.expiresAt = event.at + grantSeconds * 1000
  return 'running'
}

function foldStart(call: Call, event: ClientEvent): FoldOutcome {
  const digest = startDigest(event)
  const isRepeat = call.startDigest === digest
  if (call.startDigest !== null && !isRepeat) return 'conflict'
  if (!isRepeat) {
    call.startDigest = digest
    removeFlag(call, 'no_start')
    if (call.endDigest === null) takeFacts(call, event)
    else takeMissingFacts(call, event)
    call.aliveAt = later(call.aliveAt, event.answeredAt ?? event.startedAt)
  }
  const answer = typeof event.answeredAt === 'number' ? foldAnsweredAt(call, event.answeredAt) : 'repeat'
  if (isRepeat || answer !== 'repeat') return answer
  return runOn(call)
}

function foldAnswer(call: Call, event: ClientEvent): FoldOutcome {
  if (typeof event.answeredAt !== 'number') return 'repeat'
  takeMissingFacts(call, event)
  if (call.endDigest === null) call.aliveAt = later(call.aliveAt, event.answeredAt)
  return foldAnsweredAt(call, event.answeredAt)
}

/** An answer time from a start or an answer. */
function foldAnsweredAt(call: Call, answeredAt: number): FoldOutcome {
  const digest = String(answeredAt)
  if (call.answerDigest === digest) return 'repeat'
  if (call.answerDigest !== null) return 'conflict'
  call.answerDigest = digest
  if (call.endDigest === null) {
    // Closed as ringing for too long: it was answered after all.
    if (call.status === 'lost-end' && call.answeredAt === null) reopen(call)
    call.answeredAt = answeredAt
    return runOn(call)
  }
  // The end has told the answer, or that there was none: what it says holds.
  if (!call.flags.includes('answer_unknown')) return 'repeat'
  removeFlag(call, 'answer_unknown')
  call.answerAwaitedUntil = null
  if (call.endedAt !== null && answeredAt > call.endedAt) addFlag(call, 'answer_after_end')
  else call.answeredAt = answeredAt
  return call.status === 'started' ? 'ended' : 'completed'
}

function foldAlive(call: Call, event: ClientEvent): FoldOutcome {
  if (call.endDigest !== null) return 'repeat'
  takeMissingFacts(call, event)
  call.aliveAt = later(call.aliveAt, event.at)
  if (!isOnlyHeard(call)) return runOn(call)
  // A stray one makes no running call: it is kept for the start, the answer or the grant that may still come.
  call.status = 'expired'
  call.meterAt = null
  return 'repeat'
}

/** Nothing is known of the leg but heartbeats. */
function isOnlyHeard({ authorizedAt, startDigest, answerDigest }: Call): boolean {
  return authorizedAt === null && startDigest === null && answerDigest === null
}

function foldEnd(call: Call, event: ClientEvent): FoldOutcome {
  const digest = endDigest(event)
  if (call.endDigest === digest) return 'repeat'
  if (call.endDigest !== null) return 'conflict'
  const over = call.status === 'lost-end' ? 'completed' : 'ended'
  call.endDigest = digest
  takeFacts(call, event)
  call.endedAt = event.endedAt
  call.cause = event.cause
  call.sipCode = event.sipCode
  call.endedBy = event.endedBy
  if (call.startDigest === null) addFlag(call, 'no_start')
  if (over === 'completed') addFlag(call, 'late_end')
  else call.status = 'started'

  if (event.answeredAt !== undefined) {
    call.answeredAt = event.answeredAt
    return over
  }
  if (call.answeredAt === null) {
    addFlag(call, 'answer_unknown')
    if (over === 'completed') return over
    call.answerAwaitedUntil = event.delivery.receivedAt + answerWaitMs
    return 'awaiting-answer'
  }
  if (event.endedAt !== null && call.answeredAt > event.endedAt) {
    addFlag(call, 'answer_after_end')
    call.answeredAt = null
  }
  return over
}

function runOn(call: Call): FoldOutcome {
  if (call.endDigest !== null || call.status === 'lost-end') return 'repeat'
  call.status = 'started'
  return 'running'
}

function reopen(call: Call): void {
  removeFlag(call, 'lost_end')
  Object.assign(call, {
    status: 'started',
    settledAt: null,
    durationSeconds: null,
    billedSeconds: null,
    price: null,
    currency: null,
    usageDay: null,
  } satisfies Partial<Call>)
}

/** The half's facts over what is known. */
function takeFacts(call: Call, event: ClientEvent): void {
  call.direction = event.direction
  call.startedAt = event.startedAt ?? call.startedAt
  call.from = event.from ?? call.from
  call.to = event.to ?? call.to
  call.toClientId = event.toClientId ?? call.toClientId
  call.fromClientId = event.fromClientId ?? call.fromClientId
  call.carrier = event.carrier ?? call.carrier
  takeLegFacts(call, event)
}

/** The half's facts where nothing is known. */
function takeMissingFacts(call: Call, event: ClientEvent): void {
  call.startedAt ??= event.startedAt
  call.from ??= event.from
  call.toClientId ??= event.toClientId
  call.fromClientId ??= event.fromClientId
  call.carrier ??= event.carrier
  takeMissingLegFacts(call, event)
}

/** Sorted, so that the order of events leaves no trace. */
export function addFlag(call: Call, flag: string): void {
  if (!call.flags.includes(flag)) call.flags = [...call.flags, flag].sort()
}

export function removeFlag(call: Call, flag: string): void {
  if (call.flags.includes(flag)) call.flags = call.flags.filter((other) => other !== flag)
}

function later(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other
  return Math.max(one, other)
}

/** Of all facts of an event, whatever its kind. */
export function eventDigest(event: ClientEvent): string {
  const { startedAt, answeredAt, endedAt, at, cause, sipCode, endedBy } = event
  return digestEvent(event, [startedAt, answeredAt ?? null, endedAt, at, cause, sipCode, endedBy])
}

/** Of the facts of a start. */
export function startDigest(event: ClientEvent): string {
  return digestEvent(event, [event.startedAt])
}

/** Of the facts of an end; that nothing was said of the answer is one of them. */
export function endDigest(event: ClientEvent): string {
  const { startedAt, answeredAt, endedAt, cause, sipCode, endedBy } = event
  const said = answeredAt === undefined ? 'unsaid' : answeredAt
  return digestEvent(event, [startedAt, said, endedAt, cause, sipCode, endedBy])
}

/** 128 bits of SHA-256 over the facts of a half, without message id or time of sending. */
function digestEvent(event: ClientEvent, facts: readonly (number | string | null)[]): string {
  const all: unknown[] = [event.direction, event.from, event.to, event.toClientId, ...facts]
  // Named only where it is told, so that halves without it keep the digests that they have.
  if (event.fromClientId !== null) all.push({ fromClientId: event.fromClientId })
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32)
}
