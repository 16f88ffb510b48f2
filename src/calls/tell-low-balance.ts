/**
 * A client's balance has fallen below a threshold of its alerts: one fact and one mail per crossing.
 *
 * The movement that crossed is the cause: its number makes both unique, whoever posted it.
 */
import { instantText } from '../db/columns.ts'
import type { Mail } from '../db/messages/mails.ts'
import { alertsCrossed } from '../limits/balance-alerts.ts'
import type { BalanceAlert } from '../limits/client.ts'
import { type Decimal, formatAmount } from '../money.ts'
import { newId } from '../uuid.ts'
import { type Fact, factOf } from './facts.ts'

export interface BalanceChange {
  client: { id: string; brandId: string; name: string; currency: string; language: string; timeZone: string }
  before: Decimal
  after: Decimal
  /** Number of the movement. */
  seq: number
  now: number
}

/** Empty for nearly every movement. */
export function lowBalanceNews(
  alerts: readonly BalanceAlert[],
  change: BalanceChange,
): { facts: Fact[]; mails: Mail[] } {
  const crossed = alertsCrossed(alerts, change)
  const { client, now } = change
  const news = crossed.map((alert) => ({
    alert,
    data: {
      threshold: formatAmount(alert.threshold),
      balance: formatAmount(change.after),
      currency: client.currency,
      at: instantText(now),
    },
  }))
  return {
    facts: news.map(({ alert, data }) =>
      factOf('billing.balance.low', client.id, { clientId: client.id, alertId: alert.id, ...data }, now),
    ),
    mails: news.map(({ alert, data }) => ({
      id: newId(now),
      kind: 'low-balance',
      source: `${alert.id}:${change.seq}`,
      brandId: client.brandId,
      clientId: client.id,
      recipient: alert.email,
      content: {
        clientName: client.name,
        timeZone: client.timeZone,
        language: client.language,
        ...data,
      },
      createdAt: now,
    })),
  }
}
