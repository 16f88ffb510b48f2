/**
 * Locks what a batch may change, in the order that all stories keep, and reads what the locks protect.
 *
 * Brand counters, then accounts ascending by client, then calls and days in statements of their own: under READ
 * COMMITTED those see what the holder before us wrote.
 */
import { lockAccounts, lockBrandCounters } from '../db/accounts/accounts.ts'
import { type ClientDay, loadDailyUsage } from '../db/accounts/daily-usage.ts'
import type { Batch } from '../db/batch.ts'
import { type CallKey, callKey, loadCalls } from '../db/calls/calls.ts'
import { loadRemovedCalls, type RemovedCall } from '../db/calls/removed-calls.ts'
import { readVersionInBatch } from '../db/configuration/configuration-version.ts'
import { termsAt } from '../limits/client.ts'
import { localDay } from '../rating/local-day.ts'
import { BatchLedger } from './batch-ledger.ts'
import { type Call, isOpen } from './call.ts'
import type { CallsContext } from './calls-context.ts'

export interface LockedCalls {
  ledger: BatchLedger
  /** The calls that exist, by `callKey`. */
  calls: Map<string, Call>
  /** What is left of those whose row is gone, by `callKey`. */
  removed: ReadonlyMap<string, RemovedCall>
  /** Clients whose account was had; all of them unless others were to be skipped. */
  lockedClients: ReadonlySet<string>
  /** The configuration's version in the database. */
  version: number
}

export async function lockCalls(
  context: CallsContext,
  { tx }: Batch,
  wanted: {
    keys: readonly CallKey[]
    days: readonly ClientDay[]
    now: number
    mode?: 'wait' | 'skip locked'
  },
): Promise<LockedCalls> {
  const { configuration } = context
  const mode = wanted.mode ?? 'wait'
  const clientIds = [...new Set(wanted.keys.map((key) => key.clientId))].sort()
  const brandOf = (clientId: string) => configuration.getClient(clientId).brandId
  const counted = [...new Set(clientIds.map(brandOf))]
    .filter((id) => configuration.getBrand(id).maxCalls > 0)
    .sort()
  const keys = [...new Map(wanted.keys.map((key) => [callKey(key), key])).values()]
  const days = new Map(wanted.days.map((day) => [`${day.clientId} ${day.day}`, day]))

  // Sent at once, answered in this order.
  const [brandCounters, accounts, loaded, usages, version] = await Promise.all([
    counted.length > 0 ? lockBrandCounters(tx, counted, mode) : new Map<string, number>(),
    lockAccounts(tx, clientIds, mode),
    loadCalls(tx, keys),
    loadDailyUsage(tx, [...days.values()]),
    readVersionInBatch(tx),
  ])
  const calls = new Map(loaded.map((call) => [callKey(call), call]))
  const withRemoved = new Set(accounts.filter((one) => one.hasRemovedCalls).map((one) => one.clientId))
  const mayBeRemoved = keys.filter((key) => withRemoved.has(key.clientId) && !calls.has(callKey(key)))
  const removed = mayBeRemoved.length > 0 ? await loadRemovedCalls(tx, mayBeRemoved) : []

  const moreDays = daysOfCalls(context, loaded, wanted.now).filter(
    (day) => !days.has(`${day.clientId} ${day.day}`),
  )
  if (moreDays.length > 0) usages.push(...(await loadDailyUsage(tx, moreDays)))
  // A brand whose Max calls was lifted while calls held its slots: late, and a deadlock is repeated.
  const late = loaded.filter((call) => call.holdsBrandSlot && !counted.includes(call.brandId))
  if (late.length > 0) {
    const ids = [...new Set(late.map((call) => call.brandId))]
    for (const [id, running] of await lockBrandCounters(tx, ids)) brandCounters.set(id, running)
  }

  const lockedClients = new Set(
    accounts
      .map((account) => account.clientId)
      .filter((id) => configuration.getBrand(brandOf(id)).maxCalls === 0 || brandCounters.has(brandOf(id))),
  )
  const ledger = new BatchLedger(
    { accounts, usages, days: [...days.values(), ...moreDays], brandCounters },
    wanted.now,
  )
  return {
    ledger,
    calls,
    removed: new Map(removed.map((call) => [callKey(call), call])),
    lockedClients,
    version,
  }
}

/** Days that calls were answered on, are counted on, hold money of, or run on by the zone of their answer. */
function daysOfCalls({ configuration }: CallsContext, calls: readonly Call[], now: number): ClientDay[] {
  const days = new Map<string, ClientDay>()
  for (const call of calls) {
    const { clientId, answeredAt, reservedDay, usageDay } = call
    const found = [reservedDay, usageDay]
    const { terms } = configuration.getClient(clientId)
    if (answeredAt !== null) found.push(localDay(answeredAt, termsAt(terms, answeredAt).timeZone))
    if (isOpen(call)) {
      const { timeZone } = termsAt(terms, answeredAt ?? call.startedAt ?? call.createdAt)
      found.push(localDay(now, timeZone))
    }
    for (const day of found) if (day !== null) days.set(`${clientId} ${day}`, { clientId, day })
  }
  return [...days.values()]
}
