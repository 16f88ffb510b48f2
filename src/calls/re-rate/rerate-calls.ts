/**
 * Prices calls anew by the tariffs as they stand now, in chunks of at most 500 calls, one transaction each.
 *
 * A chunk locks the re-rating's row, then the accounts as every use case does, looks at each call (`rerate-call.ts`)
 * and, unless it is a dry run, moves the difference: one `correction` per changed call, on the day and rollup of
 * the call. A dry run keeps what its calls would take of allowances for the next chunk. What came of each call and how
 * far the re-rating is are written in the same transaction, so it goes on after a death where it was, on any replica,
 * and never does a call twice.
 */
import { writeCallRatings } from '../../db/calls/call-ratings.ts'
import { callKey } from '../../db/calls/calls.ts'
import { findChargedCalls, findInvoicesOfRollups } from '../../db/calls/charged-calls.ts'
import {
  advanceReRating,
  type ClaimedReRating,
  claimReRating,
  failReRating,
  finishReRating,
  listNextCalls,
  type NumberedCall,
  type RerateResult,
  writeRerateResults,
} from '../../db/calls/re-rating-chunks.ts'
import { deleteSupposedDraws, loadSupposedDraws, writeSupposedDraws } from '../../db/calls/re-rating-draws.ts'
import type { Sql } from '../../db/connection.ts'
import type { Tariffs } from '../../rating/tariff.ts'
import { BackdatedTariffs, type Backdating } from '../../tariffs/backdated-tariffs.ts'
import type { Call } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import type { WantedCalls } from '../lock-calls.ts'
import { isPassingFailure } from '../passing-failure.ts'
import { settlementContext } from '../settle/rate-call.ts'
import { type CallsTransaction, transact } from '../transact.ts'
import { applyRating } from './apply-rating.ts'
import { type Rerating, rerateCall } from './rerate-call.ts'
import { applyCost, type CostRerating, rerateCost } from './rerate-cost.ts'
import { RerateSums } from './rerate-sums.ts'

const chunkCalls = 500

/** Goes on with a re-rating until it is over or the time is; what is left then is the sweeper's. */
export async function rerateCalls(
  context: CallsContext,
  { id, deadlineAt }: { id: string; deadlineAt: number },
): Promise<void> {
  try {
    while (context.clock() < deadlineAt && (await rerateNextCalls(context, id)) > 0);
  } catch (error) {
    if (!isPassingFailure(error)) throw error
    context.log.warn({ event: 're_rating_waits', id, error }, 'the sweeper goes on with it')
  }
}

/**
 * One chunk of this re-rating, or of the oldest that nobody works on. Answers 0 where there is nothing left, else
 * how many calls it looked at. A failure that no repetition can mend ends the re-rating as `failed`.
 */
export async function rerateNextCalls(context: CallsContext, id: string | null): Promise<number> {
  const { configuration, db, clock } = context
  let claimed: ClaimedReRating | undefined
  let keys: NumberedCall[] = []
  // A dry run holds up nobody: it locks no account.
  const find = async (tx: Sql): Promise<WantedCalls> => {
    claimed = await claimReRating(tx, id)
    keys = claimed ? await listNextCalls(tx, claimed, chunkCalls) : []
    return { calls: keys, ...(claimed?.dryRun && { locks: 'none' }) }
  }
  try {
    await configuration.refresh()
    return await transact(context, { find }, (transaction) =>
      claimed ? rerateChunk(context, transaction, { claimed, keys }) : 0,
    )
  } catch (error) {
    const failedId = claimed?.id ?? id
    if (failedId === null || isPassingFailure(error)) throw error
    context.log.error({ event: 're_rating_failed', id: failedId, error }, 'it will not go on')
    await failReRating(db.$client, { id: failedId, error: String(error), now: clock() })
    return 0
  }
}

/** Answers how many calls it looked at, 0 where they were the last. */
async function rerateChunk(
  context: CallsContext,
  { tx, ledger, calls, old, changed, alsoWrite }: CallsTransaction,
  { claimed, keys }: { claimed: ClaimedReRating; keys: readonly NumberedCall[] },
): Promise<number> {
  const { configuration } = context
  const [invoices, charged] = await Promise.all([
    findInvoicesOfRollups(tx, [
      ...new Set([...calls.values()].flatMap(({ rollupId }) => (rollupId === null ? [] : [rollupId]))),
    ]),
    findChargedCalls(
      tx,
      [...calls.values()].filter(({ price }) => price === null),
    ),
  ])
  if (claimed.dryRun) {
    const clientIds = [...new Set(keys.map(({ clientId }) => clientId))]
    ledger.allowances.suppose(await loadSupposedDraws(tx, { id: claimed.id, clientIds }))
  }
  const settlement = settlementContext(context, ledger.now, ledger)
  const tariffs = tariffsFor(claimed, configuration.tariffs)
  const isOfCost = (claimed.request as { what?: string }).what === 'cost'
  const sums = new RerateSums(claimed)
  const results: RerateResult[] = []
  const changedRatings: Call[] = []
  const noteChanged = (call: Call) => {
    if (old.has(callKey(call))) changed.add(call)
    else changedRatings.push(call)
  }
  for (const key of keys) {
    const call = calls.get(callKey(key))
    if (!call) throw new Error(`call ${key.callId} of client ${key.clientId} is gone`)
    const client = configuration.getClient(call.clientId)
    const owner = { client, brand: configuration.getBrand(client.brandId) }
    if (isOfCost) {
      const rerating = rerateCost(call, owner, { ...settlement, tariffs })
      const result = toCostResult(key.number, call, rerating)
      sums.add(result)
      results.push(result)
      if (rerating.outcome !== 'changed' || claimed.dryRun) continue
      applyCost(call, rerating.cost, ledger)
      noteChanged(call)
      continue
    }
    const invoiceId = call.rollupId === null ? undefined : invoices.get(call.rollupId)
    const taken = call.allowances
    if (taken !== null) ledger.allowances.giveBack(call)
    const rerating = rerateCall({ ...call, allowances: taken }, owner, { ...settlement, tariffs, invoiceId })
    const result = toResult(key.number, call, client.currency, rerating, invoiceId)
    sums.add(result)
    results.push(result)
    if (rerating.outcome !== 'changed' || claimed.dryRun) {
      ledger.allowances.restore(call, rerating.outcome === 'changed' ? rerating.result.allowances : taken)
      continue
    }
    applyRating(call, rerating.result, {
      client,
      reRating: claimed,
      wasCharged: charged.has(callKey(key)),
      ledger,
    })
    noteChanged(call)
  }

  const isLast = keys.length < chunkCalls
  const supposed = ledger.allowances.listSupposed()
  if (supposed.length > 0 && !isLast) alsoWrite((tx) => writeSupposedDraws(tx, claimed.id, supposed))
  if (claimed.dryRun && isLast) alsoWrite((tx) => deleteSupposedDraws(tx, claimed.id))
  if (changedRatings.length > 0) alsoWrite((tx) => writeCallRatings(tx, changedRatings))
  if (results.length > 0) alsoWrite((tx) => writeRerateResults(tx, claimed.id, results))
  const callsDone = claimed.callsDone + keys.length
  alsoWrite((tx) => advanceReRating(tx, { id: claimed.id, callsDone, ...sums.text }))
  if (isLast) alsoWrite((tx) => finishReRating(tx, claimed.id, ledger.now))
  return isLast ? 0 : keys.length
}

/** The amounts are the carrier's. */
function toCostResult(number: number, call: Call, rerating: CostRerating): RerateResult {
  const cost = rerating.outcome === 'changed' ? rerating.cost : call
  return {
    number,
    outcome: rerating.outcome,
    reason: rerating.outcome === 'skipped' ? rerating.reason : cost.costReason,
    currency: cost.costCurrency ?? call.costCurrency,
    priceBefore: call.cost,
    priceAfter: cost.cost,
    invoiceId: null,
  }
}

/** What a real run has written into the tariffs, a dry run only supposes. */
function tariffsFor({ dryRun, request }: ClaimedReRating, tariffs: Tariffs): Tariffs {
  const backdating = (request as { backdating?: Backdating }).backdating
  return dryRun && backdating ? new BackdatedTariffs(tariffs, backdating) : tariffs
}

function toResult(
  number: number,
  call: Call,
  currency: string,
  rerating: Rerating,
  invoiceId: string | undefined,
): RerateResult {
  const isChanged = rerating.outcome === 'changed'
  return {
    number,
    outcome: rerating.outcome,
    reason: 'reason' in rerating ? rerating.reason : isChanged ? rerating.result.reason : null,
    currency: call.currency ?? currency,
    priceBefore: call.price,
    priceAfter: isChanged ? rerating.result.price : call.price,
    invoiceId: rerating.outcome === 'invoiced' ? (invoiceId ?? null) : null,
  }
}
