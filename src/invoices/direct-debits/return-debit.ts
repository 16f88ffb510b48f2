/**
 * A debit that the bank did not carry out, or gave back: its invoice is open again.
 *
 * One that was booked is reversed, with the money that its payment had settled; of one that was not, nothing was posted.
 * Told twice it counts once. Throws `Conflict` (`run_cancelled`, `payment_reversed`), `NotFound`.
 */
import { inBatch } from '../../db/batch.ts'
import { findDebit, lockDebit, writeReturned } from '../../db/invoices/direct-debits.ts'
import { Conflict, NotFound } from '../../errors.ts'
import { type InvoicesContext, isInScope, type Request } from '../invoices-context.ts'
import { checkPaidAt, payInvoice } from '../pay-invoice.ts'
import type { DirectDebit } from './direct-debit.ts'

export interface WantedReturn extends Request {
  runId: string
  id: string
  /** Four letters and digits of ISO 20022's list. */
  reason: string
  returnedAt: number
}

export async function returnDebit(context: InvoicesContext, wanted: WantedReturn): Promise<DirectDebit> {
  checkPaidAt(wanted.returnedAt, context.clock(), '/returnedAt')
  const debit = await getDebit(context, wanted)
  if (debit.status === 'cancelled') {
    throw new Conflict('run_cancelled', 'Its run was cancelled: the bank has nothing to return.')
  }
  if (debit.status === 'pending') await returnPending(context, wanted)
  // The run may have been confirmed just now.
  const { status, paymentId } = await getDebit(context, wanted)
  if (status === 'booked' && paymentId !== null) await reverse(context, wanted, { ...debit, paymentId })
  return getDebit(context, wanted)
}

async function getDebit({ sql }: InvoicesContext, { id, runId, scope }: WantedReturn): Promise<DirectDebit> {
  const debit = await findDebit(sql, id)
  if (!debit || debit.runId !== runId || !isInScope(debit, scope)) throw new NotFound('direct debit', id)
  return debit
}

async function returnPending(
  { sql }: InvoicesContext,
  { id, reason, returnedAt }: WantedReturn,
): Promise<void> {
  await inBatch(sql, async ({ tx, commitAfter }) => {
    const isPending = await lockDebit(tx, { id, status: 'pending' })
    await commitAfter(isPending ? [writeReturned(tx, { id, reason, returnedAt })] : [])
  })
}

async function reverse(
  context: InvoicesContext,
  { id, reason, returnedAt, scope, actor }: WantedReturn,
  { invoiceId, amount, paymentId }: DirectDebit,
): Promise<void> {
  await payInvoice(context, {
    scope,
    actor,
    id: invoiceId,
    amount: amount.negated().toFixed(),
    paidAt: returnedAt,
    method: 'SEPA direct debit',
    reference: reason,
    reversesPaymentId: paymentId,
    idempotencyKey: `direct-debit-return:${id}`,
    collection: {
      isDue: (tx) => lockDebit(tx, { id, status: 'booked' }),
      note: (tx) => writeReturned(tx, { id, reason, returnedAt }),
    },
  })
}
