/**
 * How does money come to an account by hand? A top-up adds, an adjustment adds or takes; both append one movement
 * with the next number and move the balance, under the lock of the account's row.
 *
 * Runs in the caller's transaction, beside the remembered answer of its Idempotency-Key. Throws `NotFound`,
 * `InvalidRequest` for an amount that the currency cannot pay.
 */

import { appendMovement, findAccount, type MovementRow } from '../db/accounts/read-accounts.ts'
import type { Tx } from '../db/connection.ts'
import { InvalidRequest, NotFound } from '../errors.ts'
import { currencyDigits, type Decimal, parseAmount } from '../money.ts'
import { newId } from '../uuid.ts'
import { tellLowBalance } from './tell-low-balance.ts'

export interface Posting {
  clientId: string
  kind: 'top-up' | 'adjustment'
  /** Signed decimal text. */
  amount: string
  reference: string | null
  actor: string
  /** The caller's Idempotency-Key; null: each posting stands for itself. */
  idempotencyKey: string | null
  now: number
}

export async function postMovement(tx: Tx, posting: Posting): Promise<MovementRow> {
  const account = await findAccount(tx, posting.clientId, 'update')
  if (!account) throw new NotFound('client', posting.clientId)
  const amount = checkAmount(posting, account.currency)
  const id = newId(posting.now)
  const balance = account.balance.plus(amount)
  const movement = await appendMovement(
    tx,
    {
      clientId: posting.clientId,
      seq: account.seq + 1,
      id,
      kind: posting.kind,
      source: posting.idempotencyKey === null ? `posting:${id}` : `key:${posting.idempotencyKey}`,
      amount,
      balanceAfter: balance,
      currency: account.currency,
      reference: posting.reference,
      actor: posting.actor,
      createdAt: posting.now,
    },
    balance,
  )
  const { clientId, now } = posting
  await tellLowBalance(tx, { clientId, before: account.balance, after: balance, seq: movement.seq, now })
  return movement
}

function checkAmount(posting: Posting, currency: string): Decimal {
  const amount = parseAmount(posting.amount)
  const digits = currencyDigits(currency)
  if (amount.decimalPlaces() > digits) {
    throw badAmount(`has more decimals than ${currency} pays with (${digits})`)
  }
  if (posting.kind === 'top-up' && !amount.greaterThan(0)) throw badAmount('must be above 0 for a top-up')
  if (amount.isZero()) throw badAmount('must not be 0')
  return amount
}

function badAmount(detail: string): InvalidRequest {
  return new InvalidRequest('This amount cannot be posted.', [{ pointer: '/amount', detail }])
}
