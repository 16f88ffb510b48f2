/**
 * Closes running legs that are known to be gone: their accounts locked in order, the calls read again, closed by
 * their brand's policy in one transaction per batch. Who calls says which of them still qualify.
 */
import { inBatch } from '../db/batch.ts'
import { type CallKey, callKey, writeCalls } from '../db/calls/calls.ts'
import { RateTableNotLoaded } from '../rating/tariff.ts'
import { type Call, isOpen } from './call.ts'
import { countOver } from './call-metrics.ts'
import type { CallsContext } from './calls-context.ts'
import { closeLostCall } from './close-lost-call.ts'
import { lockCalls } from './lock-calls.ts'
import { nextLookAt } from './next-look.ts'
import { settlementContext } from './settle-call.ts'

const batchSize = 250

/** What is to become of a leg, decided under the lock: `alive` says that it has been heard of at `at`. */
export type LegFate = 'close' | 'leave' | { alive: number }

/** Answers how many legs it closed. */
export async function closeLegs(
  context: CallsContext,
  keys: readonly CallKey[],
  fateOf: (call: Call, now: number) => LegFate,
): Promise<number> {
  const known = keys.filter((key) => context.configuration.findClient(key.clientId, context.clock()))
  let closed = 0
  for (let from = 0; from < known.length; from += batchSize) {
    closed += await closeBatch(context, known.slice(from, from + batchSize), fateOf)
  }
  return closed
}

async function closeBatch(
  context: CallsContext,
  keys: readonly CallKey[],
  fateOf: (call: Call, now: number) => LegFate,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await closeLocked(context, keys, fateOf)
    } catch (error) {
      if (!(error instanceof RateTableNotLoaded) || attempt > 20) throw error
      await context.configuration.loadRateTable(error.rateDeckId, error.version)
    }
  }
}

async function closeLocked(
  context: CallsContext,
  keys: readonly CallKey[],
  fateOf: (call: Call, now: number) => LegFate,
): Promise<number> {
  const { configuration } = context
  const now = context.clock()
  const done = await inBatch(context.db.$client, async (batch) => {
    const { ledger, calls } = await lockCalls(context, batch, { keys, days: [], now })
    const changed: Call[] = []
    for (const key of keys) {
      const call = calls.get(callKey(key))
      if (!call || !isOpen(call) || call.endDigest !== null) continue
      const fate = fateOf(call, now)
      if (fate === 'leave') continue
      const client = configuration.getClient(call.clientId)
      const owner = { client, brand: configuration.getBrand(client.brandId) }
      if (fate === 'close') closeLostCall(call, owner, settlementContext(context, now), ledger)
      else {
        call.aliveAt = Math.max(call.aliveAt ?? 0, fate.alive)
        if (call.status === 'authorized') call.status = 'started'
        call.meterAt = nextLookAt(call, owner, now)
      }
      changed.push(call)
    }
    const closed = changed.filter((call) => !isOpen(call))
    for (const call of closed) context.onEnded(call)
    if (changed.length > 0) {
      await ledger.rollups.write(batch.tx)
      await batch.commitAfter([writeCalls(batch.tx, changed), ...ledger.write(batch.tx)])
    }
    return { closed, ...ledger.news }
  })
  countOver(context, done.closed)
  if (done.facts || done.mails) context.onTold(done)
  return done.closed.length
}
