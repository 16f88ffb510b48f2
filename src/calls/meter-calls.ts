/**
 * Extends what running calls hold slice by slice, hangs up whose money or time is over, closes what nobody ended.
 *
 * Candidates are found without locks by the instant noted on each call, and by what has changed in their clients'
 * settings; then their accounts are locked in order and the calls read again. Two replicas doing so at once are
 * harmless: the second finds nothing due. One transaction per batch, its commit waited to disk, for a hang-up may
 * be in it.
 */
import { inBatch } from '../db/batch.ts'
import { type CallKey, callKey, writeCalls } from '../db/calls/calls.ts'
import { listCallsToMeter, listRunningCallsOf } from '../db/calls/running-calls.ts'
import { termsAt } from '../limits/client.ts'
import { localDay } from '../rating/local-day.ts'
import { RateTableNotLoaded } from '../rating/tariff.ts'
import { type Call, isOpen } from './call.ts'
import { countOver } from './call-metrics.ts'
import type { CallsContext } from './calls-context.ts'
import type { ChangedClients } from './changed-clients.ts'
import { lockCalls } from './lock-calls.ts'
import { meterCall } from './meter-call.ts'

const batchSize = 250

/** Answers how many calls it changed: while that is not nothing there may be more. */
export async function meterCalls(context: CallsContext, changed: ChangedClients): Promise<number> {
  let metered = await meterChangedClients(context, changed)
  const due = await listCallsToMeter(context.db.$client, context.clock(), batchSize)
  metered += await meterBatch(context, due)
  return metered
}

/** Suspended, held to another limit, freed of one: their calls are looked at now. */
async function meterChangedClients(context: CallsContext, changed: ChangedClients): Promise<number> {
  const clientIds = changed.look()
  if (clientIds.length === 0) return 0
  let metered = 0
  let after: CallKey | null = null
  for (;;) {
    const keys: CallKey[] = await listRunningCallsOf(context.db.$client, clientIds, {
      after,
      most: batchSize,
    })
    metered += await meterBatch(context, keys)
    after = keys.at(-1) ?? null
    if (keys.length < batchSize) break
  }
  changed.done()
  return metered
}

/** Looks at these calls, with old tariffs loaded where they are needed and locked accounts left for the next tick. */
async function meterBatch(context: CallsContext, keys: readonly CallKey[]): Promise<number> {
  const known = keys.filter((key) => context.configuration.findClient(key.clientId, context.clock()))
  if (known.length === 0) return 0
  for (let mode: 'wait' | 'skip locked' = 'wait', attempt = 1; ; attempt++) {
    try {
      return await meterLocked(context, known, mode)
    } catch (error) {
      if (attempt > 20) throw error
      if (error instanceof RateTableNotLoaded) {
        await context.configuration.loadRateTable(error.rateDeckId, error.version)
      } else if (mode === 'wait' && error instanceof Error && 'code' in error && error.code === '55P03') {
        mode = 'skip locked'
      } else throw error
    }
  }
}

async function meterLocked(
  context: CallsContext,
  keys: readonly CallKey[],
  mode: 'wait' | 'skip locked',
): Promise<number> {
  const { configuration } = context
  const now = context.clock()
  const days = keys.map(({ clientId }) => {
    const { terms } = configuration.getClient(clientId)
    return { clientId, day: localDay(now, termsAt(terms, now).timeZone) }
  })
  const done = await inBatch(context.db.$client, async (batch) => {
    const { ledger, calls, isLocked } = await lockCalls(context, batch, { keys, days, now, mode })
    const changed: Call[] = []
    for (const key of keys) {
      const call = calls.get(callKey(key))
      if (!call) continue
      const client = configuration.getClient(call.clientId)
      if (!isLocked(client)) continue
      const owner = { client, brand: configuration.getBrand(client.brandId) }
      if (meterCall(call, owner, context, ledger)) changed.push(call)
      if (!isOpen(call)) context.onEnded(call)
    }
    const closed = changed.filter((call) => !isOpen(call))
    if (changed.length === 0) return { changed: 0, closed, facts: false, mails: false }
    await ledger.rollups.write(batch.tx)
    await batch.commitAfter([writeCalls(batch.tx, changed), ...ledger.write(batch.tx)])
    return { changed: changed.length, closed, ...ledger.news }
  })
  countOver(context, done.closed)
  if (done.facts || done.mails) context.onTold(done)
  return done.changed
}
