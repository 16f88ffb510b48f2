/**
 * Closes running legs that are known to be gone: their accounts locked in order, the calls read again, closed by
 * their brand's policy in one transaction per batch. Who calls says which of them still qualify.
 */
import { type CallKey, callKey } from '../../db/calls/calls.ts'
import { type Call, isOpen } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { settlementContext } from '../settle/rate-call.ts'
import { transact } from '../transact.ts'
import { closeLostCall } from './close-lost-call.ts'
import { findCallsWithSigns } from './engine-silence.ts'
import { nextCheckAt } from './next-check.ts'

const batchSize = 250

/** What is to become of a leg, decided under the lock. */
export type LegAction =
  | 'leave'
  /** It has been heard of at that instant. */
  | { aliveAt: number }
  /** It is closed: gone at that instant; null: it has fallen silent. */
  | { goneAt: number | null }

/** Answers how many legs it closed. */
export async function closeLegs(
  context: CallsContext,
  keys: readonly CallKey[],
  actionFor: (call: Call, now: number) => LegAction,
): Promise<number> {
  const known = keys.filter((key) => context.configuration.findClient(key.clientId, context.clock()))
  let closed = 0
  for (let from = 0; from < known.length; from += batchSize) {
    closed += await closeBatch(context, known.slice(from, from + batchSize), actionFor)
  }
  return closed
}

function closeBatch(
  context: CallsContext,
  keys: readonly CallKey[],
  actionFor: (call: Call, now: number) => LegAction,
): Promise<number> {
  const { configuration } = context
  return transact(
    context,
    { calls: keys, failPoints: 'sweep' },
    async ({ tx, ledger, calls, changed, over }) => {
      const { now } = ledger
      const withSigns = await findCallsWithSigns(tx, [...calls.values()], now)
      for (const key of keys) {
        const call = calls.get(callKey(key))
        if (!call || !isOpen(call) || call.endDigest !== null) continue
        const action = actionFor(call, now)
        if (action === 'leave') continue
        const client = configuration.getClient(call.clientId)
        const owner = { client, brand: configuration.getBrand(client.brandId) }
        if ('goneAt' in action) {
          const loss = { goneAt: action.goneAt, hasSigns: withSigns.has(call) }
          closeLostCall(call, owner, loss, settlementContext(context, now, ledger), ledger)
          over.add(call)
        } else {
          call.aliveAt = Math.max(call.aliveAt ?? 0, action.aliveAt)
          if (call.status === 'authorized') call.status = 'started'
          call.meterAt = nextCheckAt(call, owner, now)
        }
        changed.add(call)
      }
      return over.size
    },
  )
}
