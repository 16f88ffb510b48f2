/**
 * What becomes of a run at the bank: its debits are booked when the money is there, or none of it was sent.
 *
 * A confirmation books a payment for each debit that was not returned before, each with its client's account in a transaction
 * of its own. One that broke off is simply asked for again: the debits that are left are booked, none twice. What the
 * bank has collected is booked whatever became of the invoice; what is not due any more is on the account.
 * Throws `Conflict` (`run_confirmed`, `run_cancelled`, `collection_day_ahead`), `InvalidRequest`, `NotFound`.
 */
import { inBatch } from '../../db/batch.ts'
import type { Sql } from '../../db/connection.ts'
import {
  cancelPendingDebits,
  listDebits,
  lockDebit,
  lockRun,
  writeBooked,
  writeRunStatus,
} from '../../db/invoices/direct-debits.ts'
import { Conflict, NotFound } from '../../errors.ts'
import { dayLater } from '../due-day.ts'
import { type InvoicesContext, isInScope, type Request } from '../invoices-context.ts'
import { checkPaidAt, payInvoice } from '../pay-invoice.ts'
import type { DirectDebit, DirectDebitRun } from './direct-debit.ts'

const pageSize = 100
/** Accounts are apart, so that a few are booked while one commits. */
const atOnce = 4

export async function confirmRun(
  context: InvoicesContext,
  { id, paidAt, ...request }: Request & { id: string; paidAt: number },
): Promise<void> {
  const now = context.clock()
  checkPaidAt(paidAt, now)
  const confirmed = await inBatch(context.sql, async ({ tx, commitAfter }) => {
    const run = await getLockedRun(tx, id, request)
    if (run.status === 'cancelled') throw wasCancelled()
    if (run.status === 'confirmed') {
      await commitAfter([])
      return run
    }
    checkCollected(run, paidAt)
    await commitAfter([writeRunStatus(tx, { id, status: 'confirmed', paidAt, now })])
    return { ...run, paidAt }
  })
  await bookDebits(context, confirmed, request)
}

/** The file was not sent, or the bank has refused it: its invoices may be collected by another. */
export async function cancelRun(
  { sql, clock }: InvoicesContext,
  { id, ...request }: Request & { id: string },
): Promise<void> {
  await inBatch(sql, async ({ tx, commitAfter }) => {
    const run = await getLockedRun(tx, id, request)
    if (run.status === 'confirmed') {
      throw new Conflict('run_confirmed', 'The money of this run is booked: return its debits one by one.')
    }
    if (run.status === 'cancelled') return commitAfter([])
    const cancelled = { id, status: 'cancelled', paidAt: null, now: clock() } as const
    return commitAfter([writeRunStatus(tx, cancelled), cancelPendingDebits(tx, id)])
  })
}

async function getLockedRun(tx: Sql, id: string, { scope, checkRevision }: Request): Promise<DirectDebitRun> {
  const run = await lockRun(tx, id)
  if (!run || !isInScope({ brandId: run.brandId, clientId: '' }, { ...scope, clientId: null })) {
    throw new NotFound('direct debit run', id)
  }
  checkRevision?.(run.revision)
  return run
}

async function bookDebits(context: InvoicesContext, run: DirectDebitRun, request: Request): Promise<void> {
  const debits = streamPending(context.sql, run.id)
  const work = async () => {
    for await (const debit of debits) await bookDebit(context, run, { debit, request })
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

async function* streamPending(sql: Sql, runId: string): AsyncGenerator<DirectDebit, void> {
  let after: string | null = null
  for (;;) {
    const page: DirectDebit[] = await listDebits(sql, { runId, status: 'pending', after, limit: pageSize })
    yield* page
    after = page.at(-1)?.id ?? null
    if (page.length < pageSize) return
  }
}

async function bookDebit(
  context: InvoicesContext,
  { paidAt }: DirectDebitRun,
  { debit, request }: { debit: DirectDebit; request: Request },
): Promise<void> {
  const { id, invoiceId, amount, mandate } = debit
  await payInvoice(context, {
    scope: request.scope,
    actor: request.actor,
    id: invoiceId,
    amount: amount.toFixed(),
    paidAt: paidAt ?? context.clock(),
    method: 'SEPA direct debit',
    reference: mandate.mandateId,
    idempotencyKey: `direct-debit:${id}`,
    collection: {
      isDue: (tx) => lockDebit(tx, { id, status: 'pending' }),
      note: (tx, paymentId) => writeBooked(tx, { id, paymentId }),
    },
  })
}

/** The earliest zone is a day ahead of the latest. */
function checkCollected({ collectionDay }: DirectDebitRun, paidAt: number): void {
  const earliest = Date.parse(`${dayLater(collectionDay, -1)}T00:00:00Z`)
  if (paidAt >= earliest) return
  throw new Conflict('collection_day_ahead', `The bank collects on ${collectionDay}: confirm the run then.`, [
    { pointer: '/paidAt', detail: 'lies before the day of collection' },
  ])
}

const wasCancelled = () => new Conflict('run_cancelled', 'This run was cancelled: make another one.')
