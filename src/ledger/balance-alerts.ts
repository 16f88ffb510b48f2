/**
 * A client's balance has fallen below a threshold of its alerts: one fact and one mail per crossing.
 *
 * The movement that crossed is the cause: its number makes both unique, whoever posted it.
 */
import { instantText } from '../db/columns.ts'
import { alertsCrossed } from '../limits/balance-alerts.ts'
import { termsAt } from '../limits/client.ts'
import { type Decimal, formatAmount } from '../money.ts'
import { newId } from '../uuid.ts'
import { type Fact, makeFact } from './fact.ts'
import type { Mail } from './mail.ts'
import type { AccountOwner, Movement } from './movement.ts'

/** Empty for nearly every movement. */
export function lowBalanceMessages(
  owner: AccountOwner,
  { seq, balanceAfter: after, createdAt: now }: Movement,
  before: Decimal,
): { facts: Fact[]; mails: Mail[] } {
  const facts: Fact[] = []
  const mails: Mail[] = []
  for (const alert of alertsCrossed(owner.balanceAlerts, { before, after })) {
    const data = {
      threshold: formatAmount(alert.threshold),
      balance: formatAmount(after),
      currency: owner.currency,
      at: instantText(now),
    }
    facts.push(
      makeFact('billing.balance.low', owner.id, { clientId: owner.id, alertId: alert.id, ...data }, now),
    )
    mails.push({
      id: newId(now),
      kind: 'low-balance',
      source: `${alert.id}:${seq}`,
      brandId: owner.brandId,
      clientId: owner.id,
      recipient: alert.email,
      content: {
        clientName: owner.name,
        timeZone: termsAt(owner.terms, now).timeZone,
        language: owner.language,
        ...data,
      },
      createdAt: now,
    })
  }
  return { facts, mails }
}
