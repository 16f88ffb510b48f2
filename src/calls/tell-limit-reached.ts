/**
 * The client's daily limit is reached: one fact and one mail of that local day, whatever reached it.
 */
import type { ClientDailyUsage } from '../db/accounts/daily-usage.ts'
import type { Client } from '../limits/client.ts'
import { formatAmount } from '../money.ts'
import { newId } from '../uuid.ts'
import type { BatchLedger } from './batch-ledger.ts'
import { factOf } from './facts.ts'

/** Does nothing where the day has been told already, also after the limit was raised. */
export function tellLimitReached(
  client: Client,
  usage: ClientDailyUsage,
  timeZone: string,
  ledger: BatchLedger,
): void {
  if (usage.limitToldAt !== null) return
  usage.limitReachedAt ??= ledger.now
  usage.limitToldAt = ledger.now
  ledger.noteUsage(usage)
  const limit = client.maxDailyUsage === null ? null : formatAmount(client.maxDailyUsage)
  const data = {
    clientId: client.id,
    day: usage.day,
    timeZone,
    amount: formatAmount(usage.amount),
    reserved: formatAmount(usage.reserved),
    limit,
    currency: client.currency,
    limitReachedAt: new Date(usage.limitReachedAt).toISOString(),
  }
  ledger.tell(factOf('billing.usage.limit-reached', client.id, data, ledger.now))
  if (client.maxDailyUsageEmail === null) return
  ledger.mail({
    id: newId(ledger.now),
    kind: 'max-daily-usage',
    source: `${client.id}:${usage.day}`,
    brandId: client.brandId,
    clientId: client.id,
    recipient: client.maxDailyUsageEmail,
    content: {
      clientName: client.name,
      limit,
      usage: formatAmount(usage.amount),
      reserved: formatAmount(usage.reserved),
      currency: client.currency,
      day: usage.day,
      timeZone,
      language: client.language,
    },
    createdAt: ledger.now,
  })
}
