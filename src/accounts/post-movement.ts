/**
 * How does money come to an account by hand? A top-up adds, an adjustment adds or takes: one movement, posted by the
 * ledger. What is added settles open invoices.
 *
 * Runs in the caller's transaction, beside the remembered answer of its Idempotency-Key: both stand or fall together.
 * That transaction is the API's, which sees one tenant's rows alone. The ledger works on its connection, not on one of
 * the worker's: two transactions could not commit as one, and the database still guards whose account it is.
 *
 * Throws `NotFound`, `InvalidRequest` for an amount that the currency cannot pay.
 */
import type { Tx } from '../db/connection.ts'
import { findDriver } from '../db/tenant.ts'
import { InvalidRequest } from '../errors.ts'
import { loadReceivables } from '../ledger/load-receivables.ts'
import { lockAccount } from '../ledger/lock-ledger.ts'
import type { Movement } from '../ledger/movement.ts'
import { currencyDigits, type Decimal, parseAmount } from '../money.ts'
import { newId } from '../uuid.ts'

export interface MovementByHand {
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

export async function postMovement(tx: Tx, posting: MovementByHand): Promise<Movement> {
  const { clientId, kind, reference, actor, idempotencyKey, now } = posting
  const connection = findDriver(tx)
  // Read behind the lock, sent with it.
  const [{ ledger, owner }, receivables] = await Promise.all([
    lockAccount(connection, { clientId, now }),
    loadReceivables(connection, clientId),
  ])
  const amount = checkAmount(posting, owner.currency)
  const source = idempotencyKey === null ? `posting:${newId(now)}` : `key:${idempotencyKey}`
  const movement = ledger.post(owner, { kind, source, amount, reference, actor })
  if (amount.gt(0)) ledger.allocate(receivables, actor)
  await Promise.all(ledger.write(connection))
  return movement
}

function checkAmount(posting: MovementByHand, currency: string): Decimal {
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
