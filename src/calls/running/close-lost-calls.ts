/**
 * Legs that have fallen silent, of engines that otherwise tell which of their legs stand: closed after three
 * missed intervals. (Legs past their longest duration or ringing time are the meter's: it looks at them then.)
 */
import { listSilentCalls } from '../../db/calls/running-calls.ts'
import type { CallsContext } from '../calls-context.ts'
import { closeLegs } from './close-legs.ts'

/** Engines that send signs of life do so this often. */
export const aliveSeconds = 60
const missedIntervals = 3
/** An engine that has given no sign for so long no longer gives any. */
const forgottenMs = 86_400_000
const batchSize = 500

/** Answers how many legs it closed. */
export async function closeLostCalls(context: CallsContext): Promise<number> {
  const silentMs = missedIntervals * aliveSeconds * 1000
  const now = context.clock()
  const keys = await listSilentCalls(context.db.$client, {
    before: now - silentMs,
    since: now - forgottenMs,
    most: batchSize,
  })
  if (keys.length === 0) return 0
  return closeLegs(context, keys, (call, at) =>
    call.status === 'started' && call.aliveAt !== null && call.aliveAt < at - silentMs ? 'close' : 'leave',
  )
}
