/**
 * Prices calls anew by the tariffs as they stand now, in chunks of at most 500 calls, one transaction each.
 *
 * A chunk locks the re-rating's row, then the accounts as every story does, looks at each call (`rerate-call.ts`)
 * and, unless it is a dry run, moves the difference: one `correction` per changed call, on the day and rollup of
 * the call. What came of each call and how far the re-rating is are written in the same transaction, so it goes on
 * after a death where it was, on any replica, and never does a call twice.
 */
import { type Batch, inBatch } from '../db/batch.ts'
import { writeCallRatings } from '../db/calls/call-ratings.ts'
import { type CallKey, callKey, loadCalls } from '../db/calls/calls.ts'
import { findChargedCalls, findInvoicesOfRollups } from '../db/calls/charged-calls.ts'
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
} from '../db/calls/re-rating-chunks.ts'
import { readVersionInBatch } from '../db/configuration/configuration-version.ts'
import { isInfrastructureFailure } from '../db/failures.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Tariffs } from '../rating/tariff.ts'
import { BackdatedTariffs, type Backdating } from '../tariffs/backdated-tariffs.ts'
import { applyRating } from './apply-rating.ts'
import type { Call } from './call.ts'
import type { CallsContext } from './calls-context.ts'
import { lockCalls } from './lock-calls.ts'
import { type Rerating, rerateCall } from './rerate-call.ts'
import { RerateSums } from './rerate-sums.ts'
import { settlementContext } from './settle-call.ts'
import { ConfigurationBehind, withConfiguration } from './with-configuration.ts'

const chunkCalls = 500

/** Goes on with a re-rating until it is over or the time is; what is left then is the sweeper's. */
export async function rerateCalls(
  context: CallsContext,
  { id, deadlineAt }: { id: string; deadlineAt: number },
): Promise<void> {
  try {
    while (context.clock() < deadlineAt && (await rerateNextCalls(context, id)) > 0);
  } catch (error) {
    if (!isInfrastructureFailure(error)) throw error
    context.log.warn({ event: 're_rating_waits', id, error }, 'the sweeper goes on with it')
  }
}

/**
 * One chunk of this re-rating, or of the oldest that nobody works on. Answers 0 where there is nothing left, else
 * how many calls it looked at. A failure that no repetition can mend ends the re-rating as `failed`.
 */
export async function rerateNextCalls(context: CallsContext, id: string | null): Promise<number> {
  const { configuration, db, clock } = context
  let claimedId = id
  try {
    await configuration.refresh()
    const chunk = await withConfiguration(configuration, () =>
      inBatch(db.$client, async (batch) => {
        const claimed = await claimReRating(batch.tx, id)
        claimedId = claimed?.id ?? null
        return claimed && rerateChunk(context, batch, claimed)
      }),
    )
    if (chunk?.told) context.onTold(chunk.told)
    return chunk?.calls ?? 0
  } catch (error) {
    if (claimedId === null || isInfrastructureFailure(error)) throw error
    context.log.error({ event: 're_rating_failed', id: claimedId, error }, 'it will not go on')
    await failReRating(db.$client, { id: claimedId, error: String(error), now: clock() })
    return 0
  }
}

async function rerateChunk(context: CallsContext, batch: Batch, claimed: ClaimedReRating) {
  const { configuration } = context
  const { tx } = batch
  const now = context.clock()
  const keys = await listNextCalls(tx, claimed, chunkCalls)
  const { calls, ledger, version } = await readCalls(context, batch, { keys, claimed, now })
  if (version > configuration.version) throw new ConfigurationBehind(version)
  const [invoices, charged] = await Promise.all([
    findInvoicesOfRollups(tx, [
      ...new Set([...calls.values()].flatMap(({ rollupId }) => (rollupId === null ? [] : [rollupId]))),
    ]),
    findChargedCalls(
      tx,
      [...calls.values()].filter(({ price }) => price === null),
    ),
  ])
  const settlement = settlementContext(context, now)
  const tariffs = tariffsFor(claimed, configuration.tariffs)
  const sums = new RerateSums(claimed)
  const results: RerateResult[] = []
  const changed: Call[] = []
  for (const key of keys) {
    const call = calls.get(callKey(key))
    if (!call) throw new Error(`call ${key.callId} of client ${key.clientId} is gone`)
    const client = configuration.getClient(call.clientId)
    const owner = { client, brand: configuration.getBrand(client.brandId) }
    const invoiceId = call.rollupId === null ? undefined : invoices.get(call.rollupId)
    const rerating = rerateCall(call, owner, { ...settlement, tariffs, invoiceId })
    const result = resultOf(key.number, call, client.currency, rerating, invoiceId)
    sums.add(result)
    results.push(result)
    if (rerating.outcome !== 'changed' || !ledger) continue
    applyRating(call, rerating.result, {
      client,
      reRating: claimed,
      wasCharged: charged.has(callKey(key)),
      ledger,
    })
    changed.push(call)
  }

  if (ledger) await ledger.rollups.write(tx)
  const writes: Promise<unknown>[] = []
  if (ledger && changed.length > 0) writes.push(writeCallRatings(tx, changed), ...ledger.write(tx))
  if (results.length > 0) writes.push(writeRerateResults(tx, claimed.id, results))
  writes.push(
    advanceReRating(tx, { id: claimed.id, callsDone: claimed.callsDone + keys.length, ...sums.text }),
  )
  if (keys.length < chunkCalls) writes.push(finishReRating(tx, claimed.id, now))
  await batch.commitAfter(writes)
  const told = ledger?.news
  return { calls: keys.length < chunkCalls ? 0 : keys.length, told }
}

/** A dry run holds up nobody: it locks nothing and has no ledger. */
async function readCalls(
  context: CallsContext,
  batch: Batch,
  { keys, claimed, now }: { keys: readonly NumberedCall[]; claimed: ClaimedReRating; now: number },
): Promise<{ calls: Map<string, Call>; ledger: Ledger | undefined; version: number }> {
  if (!claimed.dryRun) return lockCalls(context, batch, { keys, days: [], now })
  const { tx } = batch
  const plain: CallKey[] = [...keys]
  const [loaded, version] = await Promise.all([loadCalls(tx, plain), readVersionInBatch(tx)])
  return { calls: new Map(loaded.map((call) => [callKey(call), call])), ledger: undefined, version }
}

/** What a real run has written into the tariffs, a dry run only supposes. */
function tariffsFor({ dryRun, request }: ClaimedReRating, tariffs: Tariffs): Tariffs {
  const backdating = (request as { backdating?: Backdating }).backdating
  return dryRun && backdating ? new BackdatedTariffs(tariffs, backdating) : tariffs
}

function resultOf(
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
