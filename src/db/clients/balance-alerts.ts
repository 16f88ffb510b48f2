/**
 * Thresholds of clients' balances and whom to tell when one is crossed.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Decimal } from '../../money.ts'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { balanceAlerts } from '../schema.ts'

export type BalanceAlertRow = typeof balanceAlerts.$inferSelect

export async function listBalanceAlerts(
  tx: Tx,
  clientId: string,
  page: PagePlace = { limit: 1000, after: null },
): Promise<BalanceAlertRow[]> {
  return tx
    .select()
    .from(balanceAlerts)
    .where(and(eq(balanceAlerts.clientId, clientId), afterPlace(balanceAlerts, page)))
    .orderBy(...inOrder(balanceAlerts, page))
    .limit(page.limit)
}

export async function findBalanceAlert(
  tx: Tx,
  place: { clientId: string; id: string },
  lock: 'none' | 'update',
): Promise<BalanceAlertRow | undefined> {
  const query = tx
    .select()
    .from(balanceAlerts)
    .where(and(eq(balanceAlerts.clientId, place.clientId), eq(balanceAlerts.id, place.id)))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertBalanceAlert(
  tx: Tx,
  values: typeof balanceAlerts.$inferInsert,
): Promise<BalanceAlertRow> {
  const [row] = await tx.insert(balanceAlerts).values(values).returning()
  if (!row) throw new Error('an inserted alert was not returned')
  return row
}

export async function updateBalanceAlert(
  tx: Tx,
  id: string,
  values: { threshold: Decimal; email: string },
): Promise<BalanceAlertRow> {
  const [row] = await tx
    .update(balanceAlerts)
    .set({ ...values, revision: sql`${balanceAlerts.revision} + 1` })
    .where(eq(balanceAlerts.id, id))
    .returning()
  if (!row) throw new Error(`alert ${id} vanished while it was locked`)
  return row
}

export async function deleteBalanceAlert(tx: Tx, id: string): Promise<void> {
  await tx.delete(balanceAlerts).where(eq(balanceAlerts.id, id))
}
