/**
 * Legs that have fallen silent, of engines that otherwise tell which of their legs stand: closed after three
 * missed intervals. (Legs past their longest duration or ringing time are the meter's: it looks at them then.)
 */
import { listSilentCalls } from '../../db/calls/running-calls.ts'
import type { CallsContext } from '../calls-context.ts'
import { closeLegs } from './close-legs.ts'
import { forgottenMs, silentMs } from './engine-silence.ts'

const batchSize = 500

/** Answers how many legs it closed. */
export async function closeLostCalls(context: CallsContext): Promise<number> {
  const now = context.clock()
  const keys = await listSilentCalls(context.db.$client, {
    before: now - silentMs,
    since: now - forgottenMs,
    max: batchSize,
  })
  if (keys.length === 0) return 0
  return closeLegs(context, keys, (call, at) =>
    call.status === 'started' && call.aliveAt !== null && call.aliveAt < at - silentMs
      ? { goneAt: null }
      : 'leave',
  )
}
