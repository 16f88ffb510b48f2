/**
 * Moves calls that are over from `calls` to the partition of their month, once the month is over and `hotMonths` more are.
 *
 * By the instant at which their row was made, which every call has and keeps, and in months of UTC, so that a month is the same
 * for clients of all zones. Candidates are found without locks, their accounts locked in order, asked again and moved, a batch
 * to a transaction: whoever locks a call's account finds the call in one of the two places. One replica moves at a time.
 */
import { inBatch } from '../../db/batch.ts'
import { claimOldCalls, makeMonths } from '../../db/calls/old-call-months.ts'
import { findMovableCalls, type MovableCall, moveCalls } from '../../db/calls/old-calls.ts'
import type { CallPlace } from '../../db/calls/removed-calls.ts'
import { lockLedger } from '../../ledger/lock-ledger.ts'
import type { CallsContext } from '../calls-context.ts'

/** Calls looked at by a query, and moved by a transaction: its accounts are locked so long. */
const lookedAt = 5000
const batchSize = 250
const loggedEach = 100_000

/** Ends and corrections of a month still come in its first days: they find its last calls where they were. */
const graceMs = 3 * 86_400_000

type MoveContext = Pick<CallsContext, 'db' | 'clock' | 'log' | 'metrics'>

/** Answers how many it moved. `stop` asks to leave off. */
export async function moveOldCalls(
  context: MoveContext,
  { hotMonths, stop = () => false }: { hotMonths: number; stop?: () => boolean },
): Promise<number> {
  const { log } = context
  const before = firstHotInstant(context.clock(), hotMonths)
  let moved = 0
  const logMoved = () => log.info({ event: 'calls_moved', count: moved }, 'calls of months that are over')
  let after: CallPlace | null = null
  do {
    const found = await findMovableCalls(context.db.$client, { before, after, max: lookedAt })
    for (let from = 0; from < found.movable.length && !stop(); from += batchSize) {
      const count = await moveBatch(context, found.movable.slice(from, from + batchSize), before)
      if (count === 'elsewhere') return moved
      if (Math.floor((moved + count) / loggedEach) > Math.floor(moved / loggedEach)) logMoved()
      moved += count
    }
    after = found.last
  } while (after !== null && !stop())
  if (moved > 0) logMoved()
  return moved
}

/** `elsewhere`: another replica is at it. */
async function moveBatch(
  { db, clock, metrics }: MoveContext,
  calls: readonly MovableCall[],
  before: number,
): Promise<number | 'elsewhere'> {
  const now = clock()
  const moved = await inBatch(db.$client, async ({ tx, commitAfter }) => {
    if (!(await claimOldCalls(tx))) return 'elsewhere'
    await makeMonths(tx, [...new Set(calls.map(({ month }) => month))])
    await lockLedger(tx, { clientIds: calls.map(({ clientId }) => clientId), now })
    const count = await moveCalls(tx, calls, { before, now })
    await commitAfter([])
    return count
  })
  if (moved !== 'elsewhere') metrics.moved.inc(moved)
  return moved
}

/** Calls that were made before it may move. */
function firstHotInstant(now: number, hotMonths: number): number {
  const day = new Date(now - graceMs)
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - hotMonths, 1)
}
