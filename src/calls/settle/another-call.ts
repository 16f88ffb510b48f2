/**
 * Does an event belong to another leg that uses the callId of one that is over?
 *
 * A leg that began or was answered after the first one's end is another call: applied to the first it would vanish or
 * change it. What lies before that end is a half of the first call, and a conflict where it contradicts.
 */
import type { Call } from '../call.ts'
import { type ClientEvent, endDigest, startDigest } from './fold-event.ts'

export function isAnotherCall(call: Call, event: ClientEvent): boolean {
  const overAt = whenOver(call)
  if (overAt === null || isRepeat(call, event)) return false
  const { kind, startedAt, answeredAt } = event
  if (startedAt !== null && startedAt > overAt) return true
  // A ringing leg that was closed as lost may be answered after all, and its answer may still be awaited.
  if (call.endDigest === null || typeof answeredAt !== 'number' || answeredAt <= overAt) return false
  if (kind === 'answer') return call.answerAwaitedUntil === null
  return kind === 'end' || startedAt !== call.startedAt
}

/** null: it may still run. */
function whenOver({ endDigest, endedAt, status, settledAt }: Call): number | null {
  if (endDigest !== null) return endedAt
  return status === 'lost-end' ? settledAt : null
}

function isRepeat(call: Call, event: ClientEvent): boolean {
  if (event.kind === 'start') return call.startDigest === startDigest(event)
  if (event.kind === 'end') return call.endDigest === endDigest(event)
  return event.kind === 'answer' && call.answerDigest === String(event.answeredAt)
}
