/**
 * Whose account is it, and whom are low balances told to?
 */
import type { Sql } from '../../db/connection.ts'
import { Decimal } from '../../money.ts'
import type { AccountOwner } from '../movement.ts'

/** With its settings as they stand now. */
export async function loadAccountOwner(tx: Sql, clientId: string): Promise<AccountOwner | undefined> {
  const rows = await tx`
    select c.brand_id, c.name, accounts.currency, c.language, c.time_zone,
           a.id as alert_id, a.threshold::text as threshold, a.email
    from accounts
    join clients c on c.id = accounts.client_id
    left join balance_alerts a on a.client_id = accounts.client_id
    where accounts.client_id = ${clientId}
    order by a.id`
  const [first] = rows
  if (!first) return undefined
  return {
    id: clientId,
    brandId: first.brand_id,
    name: first.name,
    currency: first.currency,
    language: first.language,
    terms: [{ effectiveAt: 0, timeZone: first.time_zone }],
    balanceAlerts: rows
      .filter((row) => row.alert_id !== null)
      .map((row) => ({ id: row.alert_id, threshold: new Decimal(row.threshold), email: row.email })),
  }
}
