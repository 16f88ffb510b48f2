/**
 * Does a denial for the daily limit mean that the limit is reached?
 *
 * Only where usage and what answered calls hold leave less than the first increment that was denied: what ringing legs
 * hold may come back. Marked only: the fact and the mail follow from a transaction that is waited to disk.
 */
import { sumAnsweredReservations } from '../../db/calls/running-calls.ts'
import type { ClientDailyUsage } from '../../ledger/daily-usage.ts'
import type { Client } from '../../limits/client.ts'
import { type Decimal, zero } from '../../money.ts'
import type { CallsTransaction } from '../transact.ts'

export interface LimitDenial {
  client: Client
  /** Of the day that it was denied on. */
  usage: ClientDailyUsage
  /** With fee. */
  firstIncrement: Decimal
}

/** The accounts are locked, and the transaction has answered no call. */
export async function markReachedDays(
  { tx, ledger }: Pick<CallsTransaction, 'tx' | 'ledger'>,
  denials: readonly LimitDenial[],
): Promise<void> {
  const days = new Set(denials.map(({ usage }) => usage))
  const held = await sumAnsweredReservations(tx, [...days])
  for (const { client, usage, firstIncrement } of denials) {
    if (client.maxDailyUsage === null || usage.limitReachedAt !== null) continue
    const spent = usage.amount.plus(held.get(`${usage.clientId} ${usage.day}`) ?? zero)
    if (client.maxDailyUsage.minus(spent).gte(firstIncrement)) continue
    usage.limitReachedAt = ledger.now
    ledger.days.change(usage)
  }
}
