/**
 * How far a client's daily limit is used up: a warning at each mark, and one fact and one mail of the local day when
 * it is reached, whatever reached it.
 */
import type { Client } from '../limits/client.ts'
import { warningDue } from '../limits/daily-usage.ts'
import { formatAmount } from '../money.ts'
import { localDay } from '../rating/local-day.ts'
import { newId } from '../uuid.ts'
import type { ClientDailyUsage } from './daily-usage.ts'
import { makeFact } from './fact.ts'
import type { Ledger } from './ledger.ts'

/** After money was spent on the day: tells each mark of the limit once. */
export function appendUsageFact(
  client: Client,
  usage: ClientDailyUsage,
  timeZone: string,
  ledger: Ledger,
): void {
  const limit = client.maxDailyUsage
  if (limit === null) return
  const percent = warningDue(usage, limit)
  if (percent !== undefined && usage.amount.lt(limit)) {
    usage.warnedPercent = percent
    const data = {
      clientId: client.id,
      day: usage.day,
      timeZone,
      percent,
      amount: formatAmount(usage.amount),
      limit: formatAmount(limit),
      currency: client.currency,
    }
    ledger.appendFact(makeFact('billing.usage.warning', client.id, data, ledger.now))
  }
  if (usage.amount.gte(limit)) alertLimitReached(client, usage, timeZone, ledger)
}

/**
 * Does nothing where the day has been told already, also after the limit was raised. A day that is over is marked and
 * nobody told: no call of it is refused any more.
 */
export function alertLimitReached(
  client: Client,
  usage: ClientDailyUsage,
  timeZone: string,
  ledger: Ledger,
): void {
  if (usage.limitToldAt !== null) return
  usage.limitReachedAt ??= ledger.now
  usage.limitToldAt = ledger.now
  ledger.days.change(usage)
  if (usage.day < localDay(ledger.now, timeZone)) return
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
  ledger.appendFact(makeFact('billing.usage.limit-reached', client.id, data, ledger.now))
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
