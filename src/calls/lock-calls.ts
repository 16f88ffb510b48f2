/**
 * Locks what a transaction may change, and reads what the locks protect: the ledger first, then its calls.
 */
import { type CallKey, callKey, loadCalls } from '../db/calls/calls.ts'
import { type LeaseGrant, loadLeaseGrants } from '../db/calls/lease-grants.ts'
import { loadOldCalls } from '../db/calls/old-calls.ts'
import { loadRemovedCalls, type RemovedCall } from '../db/calls/removed-calls.ts'
import { readVersionInBatch } from '../db/configuration/configuration-version.ts'
import type { Sql } from '../db/connection.ts'
import type { ClientDay } from '../ledger/daily-usage.ts'
import type { Lease } from '../ledger/lease.ts'
import type { Ledger } from '../ledger/ledger.ts'
import {
  addAllowancePeriods,
  addBrandCounters,
  addDays,
  type LockMode,
  lockLedger,
} from '../ledger/lock-ledger.ts'
import { type Client, termsAt } from '../limits/client.ts'
import { localDay } from '../rating/local-day.ts'
import { type Call, isOpen } from './call.ts'
import type { CallsContext } from './calls-context.ts'
import { takeOverGrant } from './leases/take-over-grant.ts'

export interface LockedCalls {
  ledger: Ledger
  /** The calls that exist, by `callKey`; legs granted from leases and old calls among them. */
  calls: Map<string, Call>
  /** Keys of the old ones: what is changed of them goes back to `calls`. */
  old: ReadonlySet<string>
  /** Calls that were granted from leases: to be written whatever becomes of them. */
  takenOver: readonly CallKey[]
  /** What is left of those whose details are gone, by `callKey`. */
  removed: ReadonlyMap<string, RemovedCall>
  /** False where another transaction holds the client's account or its brand's counter, which were to be skipped. */
  isLocked: (client: Client) => boolean
  /** The configuration's version in the database. */
  version: number
}

export interface WantedCalls {
  /** Read behind the locks of their clients' accounts and their brands' counters. */
  calls?: readonly CallKey[]
  /** Clients whose accounts are locked beside those of the calls. */
  accounts?: readonly string[]
  /** The counters of their brands are locked, too. */
  countsBrands?: boolean
  /** Days beside those that the calls name. */
  days?: readonly ClientDay[]
  /** Milliseconds since 1970; by default the clock's. */
  now?: number
  /** Called once the accounts are locked. */
  onLocked?: () => void
  /** Calls are read only: the ledger has no account and can change nothing. */
  locks?: 'none'
}

export async function lockCalls(
  context: CallsContext,
  tx: Sql,
  wanted: WantedCalls,
  mode: LockMode,
): Promise<LockedCalls> {
  const { configuration } = context
  const now = wanted.now ?? context.clock()
  const isCounted = (brandId: string) => configuration.getBrand(brandId).maxCalls > 0
  const keys = [...new Map(wanted.calls?.map((key) => [callKey(key), key])).values()]
  const days = [...new Map(wanted.days?.map((day) => [`${day.clientId} ${day.day}`, day])).values()]
  const owners = wanted.locks === 'none' ? [] : [...new Set(keys.map((key) => key.clientId))]
  const counted = wanted.countsBrands ? [...owners, ...(wanted.accounts ?? [])] : owners
  const brandIds = counted.map((id) => configuration.getClient(id).brandId).filter(isCounted)
  const clientIds = wanted.accounts ? [...owners, ...wanted.accounts] : owners

  // Sent at once, answered in this order.
  const [ledger, hot, allGrants, version] = await Promise.all([
    lockLedger(tx, { clientIds, brandIds, days, now, mode }).then((ledger) => {
      wanted.onLocked?.()
      return ledger
    }),
    // Without locks a call may move between two looks.
    keys.length > 0 ? loadCalls(tx, keys, wanted.locks === 'none' ? 'all_calls' : 'calls') : [],
    owners.length > 0 ? loadLeaseGrants(tx, keys) : [],
    keys.length + clientIds.length > 0 ? readVersionInBatch(tx) : configuration.version,
  ])
  const calls = new Map(hot.map((call) => [callKey(call), call]))
  const grants = allGrants.filter(({ clientId }) => ledger.findAccount(clientId))
  const mayHaveLeft = keys.filter(
    (key) => ledger.findAccount(key.clientId)?.hasRemovedCalls && !calls.has(callKey(key)),
  )
  const left = mayHaveLeft.length > 0 ? await loadRemovedCalls(tx, mayHaveLeft) : []
  const mayBeOld = left.filter(({ isOld }) => isOld)
  const old = mayBeOld.length > 0 ? await loadOldCalls(tx, mayBeOld) : []
  for (const call of old) calls.set(callKey(call), call)
  const removed = left.filter((call) => !calls.has(callKey(call)))
  const loaded = [...hot, ...old]
  // A dry run reads them, too. What a call took or holds may be of a subscription that memory does not know yet.
  const drawn = new Set(
    loaded.flatMap((call) => ((call.allowances ?? call.heldAllowances) ? [call.clientId] : [])),
  )
  const leasedFrom = clientIds.flatMap((id) => ledger.leases.list(id)).flatMap(listLeasedDays)
  for (const { clientId } of leasedFrom) drawn.add(clientId)
  const drawing = [...new Set([...keys.map(({ clientId }) => clientId), ...clientIds])]
    .map((clientId) => configuration.getClient(clientId))
    .filter(({ id, allowances }) => allowances.length > 0 || drawn.has(id))
  ledger.allowances.isDryRun = wanted.locks === 'none'
  if (drawing.length > 0) {
    const drawnDays = [...loaded, ...grants].flatMap(listHeldDays)
    const known = [...days, ...listCallDays(context, loaded, now), ...drawnDays, ...leasedFrom]
    await addAllowances(tx, ledger, drawing, known)
  }
  await addDays(tx, ledger, [...listCallDays(context, loaded, now), ...listGrantDays(context, grants, now)])
  // A brand whose Max calls was lifted while calls held its slots.
  const holders = [
    ...loaded.filter((call) => call.holdsBrandSlot),
    ...grants.filter((grant) => grant.brandSlot),
  ]
  const late = holders
    .map(({ clientId }) => configuration.getClient(clientId).brandId)
    .filter((id) => !isCounted(id))
  await addBrandCounters(tx, ledger, late)
  for (const grant of grants) takeOverGrant(grant, calls, ledger)
  return {
    ledger,
    calls,
    old: new Set(old.map(callKey)),
    takenOver: grants,
    removed: new Map(removed.map((call) => [callKey(call), call])),
    isLocked: ({ id, brandId }) =>
      ledger.findAccount(id) !== undefined && (!isCounted(brandId) || ledger.hasBrandCounter(brandId)),
    version,
  }
}

/** What clients have left of their allowances, in the periods of these days and in later ones: one statement for all. */
async function addAllowances(
  tx: Sql,
  ledger: Ledger,
  clients: readonly Client[],
  days: readonly ClientDay[],
): Promise<void> {
  const first = new Map<string, string>()
  for (const { id, terms } of clients)
    first.set(id, localDay(ledger.now, termsAt(terms, ledger.now).timeZone))
  for (const { clientId, day } of days) {
    const known = first.get(clientId)
    if (known !== undefined && day < known) first.set(clientId, day)
  }
  const wanted = [...first].map(([clientId, day]) => ({ clientId, day }))
  await addAllowancePeriods(tx, ledger, wanted)
}

/** The first days of periods that a leg holds something of. */
function listHeldDays({ clientId, heldAllowances }: Pick<Call, 'clientId' | 'heldAllowances'>): ClientDay[] {
  return heldAllowances?.map(({ from }) => ({ clientId, day: from })) ?? []
}

/** The same of what is set aside for legs to come. */
function listLeasedDays({ clientId, allowances }: Lease): ClientDay[] {
  return allowances.map(({ from }) => ({ clientId, day: from }))
}

/** Days that calls were answered on, are counted on, hold money of, or run on by the zone of their answer. */
function listCallDays({ configuration }: CallsContext, calls: readonly Call[], now: number): ClientDay[] {
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

/** Days that the money of grants is held of, or that their legs are on now. */
function listGrantDays(
  { configuration }: CallsContext,
  grants: readonly LeaseGrant[],
  now: number,
): ClientDay[] {
  return grants.flatMap(({ clientId, reservedDay, authorizedAt }) => {
    const { timeZone } = termsAt(configuration.getClient(clientId).terms, authorizedAt)
    return [reservedDay, localDay(now, timeZone)].map((day) => ({ clientId, day }))
  })
}
