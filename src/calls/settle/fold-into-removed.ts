/**
 * What does an event make of a call whose details are gone? Nothing: what it says is known, or comes too late.
 *
 * An accepted half is a repeat, and so is a heartbeat. Anything else contradicts a call that was settled, invoiced
 * and paid: it is kept as a conflict, and no money moves.
 */
import type { RemovedCall } from '../../db/calls/removed-calls.ts'
import { type ClientEvent, endDigest, startDigest } from './fold-event.ts'

export function foldIntoRemoved(call: RemovedCall, event: ClientEvent): 'repeat' | 'conflict' {
  switch (event.kind) {
    case 'start':
      return call.startDigest === startDigest(event) ? 'repeat' : 'conflict'
    case 'answer':
      return call.answerDigest === String(event.answeredAt) ? 'repeat' : 'conflict'
    case 'end':
      return call.endDigest === endDigest(event) ? 'repeat' : 'conflict'
    case 'alive':
    case 'blind':
      return 'repeat'
  }
}
