/**
 * The frame of whatever changes calls: one transaction, from its locks to what follows its commit.
 *
 *     lock → work decides → rollups, calls, the rest → commit → notify, callIds that are used up, counters
 *
 * `work` changes what it is given in memory and writes nothing itself. It runs again from the locks on where the
 * configuration in memory was behind or a rate table was not loaded, so it must change nothing else. Where it has
 * changed nothing, nothing is written and the transaction is rolled back. What it throws rolls back, too.
 */
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises'
import { inBatch } from '../db/batch.ts'
import { type CallKey, callKey, writeCalls } from '../db/calls/calls.ts'
import { deleteLeaseGrants, leaveMarks } from '../db/calls/lease-grants.ts'
import { deleteOldCalls } from '../db/calls/old-calls.ts'
import type { Sql } from '../db/connection.ts'
import { isLockTimeout } from '../db/failures.ts'
import {
  type AtFailPoint,
  type TransactionFailPoints,
  type TransactionKind,
  transactionFailPoints,
} from '../fail-points.ts'
import { AllowancePeriodNotOpen } from '../ledger/account-allowances.ts'
import { LeasesInTheWay } from '../ledger/leases-in-the-way.ts'
import type { LockMode } from '../ledger/lock-ledger.ts'
import { RateTableNotLoaded } from '../rating/tariff.ts'
import { openAllowancePeriods } from './allowances/open-allowance-periods.ts'
import { type Call, isOpen } from './call.ts'
import { countOver } from './call-metrics.ts'
import type { CallsContext } from './calls-context.ts'
import { type LockedCalls, lockCalls, type WantedCalls } from './lock-calls.ts'

export interface Wanted extends WantedCalls {
  /** More that is wanted, which only the transaction can find. */
  find?: (tx: Sql) => Promise<WantedCalls>
  /** Its connections; by default those that wait for the disk at a commit. */
  sql?: Sql
  /** Accounts that another transaction holds for long: left out, as `isLocked` tells. By default it fails. */
  whenHeld?: 'skip'
  /** The configuration in memory is good enough, however old. */
  configuration?: 'as-known'
  /** It writes grants that were answered from memory, and does not wait for them. */
  isWriteBehind?: boolean
  /** Which fail points it passes. */
  failPoints?: TransactionKind
}

export interface CallsTransaction extends LockedCalls {
  /** For reads of the use case's own. */
  tx: Sql
  /** Calls whose rows are to be written. */
  changed: Set<Call>
  /** Calls that are over by this transaction, to be counted. */
  over: Set<Call>
  /** Sent with the rest. */
  alsoWrite: (write: (tx: Sql) => Promise<unknown>) => void
  /** A grant of this leg that is not written yet, on whichever replica, is to hold nothing. */
  leaveMark: (key: CallKey) => void
  /** What is leased was called back for this transaction: what is not back will not come. */
  isCalledBack: boolean
}

type Work<Result> = (transaction: CallsTransaction) => Result | Promise<Result>

const maxAttempts = 20
/** Between attempts while a lease is in the way: all of them together outlast it. */
const voidWaitMs = 700

export async function transact<Result>(
  context: CallsContext,
  wanted: Wanted,
  work: Work<Result>,
): Promise<Result> {
  const { configuration } = context
  let mode: LockMode = 'wait'
  let isCalledBack = context.leases === undefined
  for (let attempt = 1; ; attempt++) {
    try {
      if (wanted.calls && !wanted.isWriteBehind) await context.leases?.flush(wanted.calls)
      return await transactOnce(context, wanted, { mode, isCalledBack }, work)
    } catch (error) {
      if (attempt === maxAttempts) throw error
      if (error instanceof GrantWritten) continue
      if (error instanceof LeasesInTheWay) {
        const isBack = await context.leases?.callBack(error.owners)
        // Of a replica that does not answer it is void after ten seconds.
        if (isCalledBack && !isBack) await setTimeout(voidWaitMs)
        isCalledBack = true
        continue
      }
      if (error instanceof AllowancePeriodNotOpen) {
        const opened = await openAllowancePeriods(context, error)
        // Another replica may have ended what this memory still knows.
        if (opened === 0) await configuration.refresh()
        continue
      }
      if (error instanceof RateTableNotLoaded) {
        await configuration.loadRateTable(error.rateDeckId, error.version)
      } else if (error instanceof ConfigurationBehind) await configuration.reach(error.version)
      else if (wanted.whenHeld === 'skip' && mode === 'wait' && isLockTimeout(error)) mode = 'skip locked'
      else throw error
    }
  }
}

async function transactOnce<Result>(
  context: CallsContext,
  wanted: Wanted,
  { mode, isCalledBack }: { mode: LockMode; isCalledBack: boolean },
  work: Work<Result>,
): Promise<Result> {
  const changed = new Set<Call>()
  const over = new Set<Call>()
  const at = (step: keyof TransactionFailPoints) => {
    const points: TransactionFailPoints | undefined =
      wanted.failPoints && transactionFailPoints[wanted.failPoints]
    if (points?.[step]) context.atFailPoint?.(points[step])
  }
  const { result, news } = await inBatch(wanted.sql ?? context.db.$client, async (batch) => {
    const { tx } = batch
    at('begun')
    const found = await wanted.find?.(tx)
    const locked = await lockCalls(context, tx, { ...wanted, ...found, onLocked: () => at('locked') }, mode)
    at('loaded')
    if (wanted.configuration !== 'as-known' && locked.version > context.configuration.version) {
      throw new ConfigurationBehind(locked.version)
    }
    const alsoWritten: ((tx: Sql) => Promise<unknown>)[] = []
    const alsoWrite = (write: (tx: Sql) => Promise<unknown>) => alsoWritten.push(write)
    const { ledger, calls, takenOver, old } = locked
    const known = new Set(calls.keys())
    const marked = new Map<string, CallKey>()
    const leaveMark = (key: CallKey) => {
      if (ledger.leases.list(key.clientId).length > 0) marked.set(callKey(key), key)
    }
    const result = await work({ ...locked, tx, changed, over, alsoWrite, leaveMark, isCalledBack })
    at('decided')
    for (const key of takenOver) {
      const call = calls.get(callKey(key))
      if (call) changed.add(call)
    }
    if (takenOver.length > 0) alsoWrite((tx) => deleteLeaseGrants(tx, takenOver))
    const back = old.size > 0 ? [...changed].filter((call) => old.has(callKey(call))) : []
    if (back.length > 0) alsoWrite((tx) => deleteOldCalls(tx, back))
    if (calls.size > known.size) for (const [key, call] of calls) if (!known.has(key)) leaveMark(call)
    if (marked.size > 0 && (await leaveMarks(tx, [...marked.values()], ledger.now)) < marked.size) {
      throw new GrantWritten()
    }
    await ledger.rollups.write(tx)
    const writes = changed.size > 0 ? [writeCalls(tx, [...changed])] : []
    for (const write of alsoWritten) writes.push(write(tx))
    writes.push(...ledger.write(tx))
    if (context.atFailPoint && wanted.failPoints)
      await passWrites(context.atFailPoint, wanted.failPoints, writes)
    if (writes.length > 0 || marked.size > 0) {
      const committed = batch.commitAfter(writes)
      if (context.atFailPoint && wanted.failPoints === 'settle') {
        committed.catch(() => {})
        // The driver writes to its socket at the end of this turn.
        await nextTurn()
        context.atFailPoint('commit_sent')
      }
      await committed
    }
    at('committed')
    return { result, news: ledger.news }
  })
  if (news.facts || news.mails) context.onCommitted(news)
  for (const call of changed) if (isUsedUp(call)) context.onEnded(call)
  context.guards.noteCalls(changed, over)
  countOver(context, over)
  return result
}

/**
 * The steps between the first write and the commit. They are sent together, so that a process that dies here leaves more
 * or fewer of them with PostgreSQL; each step waits for those before it.
 */
async function passWrites(
  at: AtFailPoint,
  kind: TransactionKind,
  writes: readonly Promise<unknown>[],
): Promise<void> {
  if (kind === 'settle') {
    await writes[0]
    at('after_calls')
    await writes[1]
    at('after_movements')
    await writes[2]
    at('after_usage')
  }
  await Promise.all(writes)
  at(transactionFailPoints[kind].written)
}

/** Its end has come or it was closed. A grant that ran out may be asked for again. */
function isUsedUp(call: Call): boolean {
  return call.status !== 'expired' && (!isOpen(call) || call.endDigest !== null)
}

/** A grant from a lease was written while this transaction made its call: it is to be taken over. */
class GrantWritten extends Error {
  constructor() {
    super('a leg was granted from a lease at this moment')
    this.name = 'GrantWritten'
  }
}

/** The database has a later version than memory, compared under the locks. */
class ConfigurationBehind extends Error {
  readonly version: number

  constructor(version: number) {
    super(`the configuration in memory is behind version ${version}`)
    this.name = 'ConfigurationBehind'
    this.version = version
  }
}
