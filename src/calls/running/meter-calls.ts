/**
 * Extends what running calls hold slice by slice, hangs up whose money or time is over, closes what nobody ended.
 *
 * Candidates are found without locks by the instant noted on each call, and by what has changed in their clients'
 * settings; then their accounts are locked in order and the calls read again. Two replicas doing so at once are
 * harmless: the second finds nothing due. One transaction per batch, its commit waited to disk, for a hang-up may
 * be in it.
 */
import { type CallKey, callKey } from '../../db/calls/calls.ts'
import { listCallsToMeter, listRunningCalls } from '../../db/calls/running-calls.ts'
import { termsAt } from '../../limits/client.ts'
import { localDay } from '../../rating/local-day.ts'
import { isOpen } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { transact } from '../transact.ts'
import type { ChangedClients } from './changed-clients.ts'
import { findCallsWithSigns } from './engine-silence.ts'
import { meterCall } from './meter-call.ts'
import { isOverdue } from './next-check.ts'

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
    const keys: CallKey[] = await listRunningCalls(context.db.$client, clientIds, {
      after,
      max: batchSize,
    })
    metered += await meterBatch(context, keys)
    after = keys.at(-1) ?? null
    if (keys.length < batchSize) break
  }
  changed.done()
  return metered
}

/** Looks at these calls; those of accounts that somebody holds are left for the next tick. */
async function meterBatch(context: CallsContext, keys: readonly CallKey[]): Promise<number> {
  const { configuration } = context
  const now = context.clock()
  const known = keys.filter((key) => configuration.findClient(key.clientId, now))
  if (known.length === 0) return 0
  const days = known.map(({ clientId }) => {
    const { terms } = configuration.getClient(clientId)
    return { clientId, day: localDay(now, termsAt(terms, now).timeZone) }
  })
  const leased = new Set<string>()
  const metered = await transact(
    context,
    { calls: known, days, now, whenHeld: 'skip', failPoints: 'meter' },
    async (transaction) => {
      leased.clear()
      const { tx, ledger, calls, isLocked, changed, over } = transaction
      const overdue = [...calls.values()].filter((call) =>
        isOverdue(call, configuration.getBrand(call.brandId), now),
      )
      const withSigns = overdue.length > 0 ? await findCallsWithSigns(tx, overdue, now) : new Set()
      for (const key of known) {
        const call = calls.get(callKey(key))
        if (!call) continue
        const client = configuration.getClient(call.clientId)
        if (!isLocked(client)) continue
        const owner = { client, brand: configuration.getBrand(client.brandId) }
        if (!meterCall(call, owner, context, ledger, withSigns.has(call), leased)) continue
        changed.add(call)
        if (!isOpen(call)) over.add(call)
      }
      return changed.size
    },
  )
  if (leased.size > 0) await context.leases?.callBack({ clientIds: [...leased], brandIds: [] })
  return metered
}
