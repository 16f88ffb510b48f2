/**
 * Endpoints that facts are sent to, and the secrets that sign what they get.
 */
import { and, eq, isNull, sql } from 'drizzle-orm'
import { newId } from '../../uuid.ts'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { webhookEndpoints, webhookSecrets } from '../schema.ts'

export type EndpointRow = typeof webhookEndpoints.$inferSelect
type EndpointValues = Pick<EndpointRow, 'url' | 'events' | 'description' | 'enabled' | 'disabledReason'>

export async function listEndpoints(
  tx: Tx,
  page: PagePlace & { brandId: string | null; clientId: string | null },
): Promise<EndpointRow[]> {
  return tx
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        afterPlace(webhookEndpoints, page),
        page.brandId === null ? undefined : eq(webhookEndpoints.brandId, page.brandId),
        page.clientId === null ? undefined : eq(webhookEndpoints.clientId, page.clientId),
      ),
    )
    .orderBy(...inOrder(webhookEndpoints, page))
    .limit(page.limit)
}

export async function findEndpoint(
  tx: Tx,
  id: string,
  lock: 'none' | 'update',
): Promise<EndpointRow | undefined> {
  const query = tx.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertEndpoint(
  tx: Tx,
  endpoint: EndpointValues & { id: string; brandId: string; clientId: string | null },
): Promise<EndpointRow> {
  const [row] = await tx.insert(webhookEndpoints).values(endpoint).returning()
  if (!row) throw new Error('an inserted endpoint was not returned')
  return row
}

export async function updateEndpoint(
  tx: Tx,
  id: string,
  values: EndpointValues,
  now: number,
): Promise<EndpointRow> {
  const [row] = await tx
    .update(webhookEndpoints)
    .set({ ...values, revision: sql`${webhookEndpoints.revision} + 1`, updatedAt: now })
    .where(eq(webhookEndpoints.id, id))
    .returning()
  if (!row) throw new Error(`endpoint ${id} vanished while it was locked`)
  return row
}

/** With its secrets and deliveries. */
export async function deleteEndpoint(tx: Tx, id: string): Promise<void> {
  await tx.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id))
}

/** The secret from now on; the one before signs along until `oldUntil`, those before it no more. */
export async function replaceSecret(
  tx: Tx,
  {
    endpointId,
    secret,
    oldUntil,
    now,
  }: { endpointId: string; secret: string; oldUntil: number; now: number },
): Promise<void> {
  await tx
    .delete(webhookSecrets)
    .where(and(eq(webhookSecrets.endpointId, endpointId), sql`${webhookSecrets.expiresAt} is not null`))
  await tx
    .update(webhookSecrets)
    .set({ expiresAt: oldUntil })
    .where(and(eq(webhookSecrets.endpointId, endpointId), isNull(webhookSecrets.expiresAt)))
  await tx.insert(webhookSecrets).values({ id: newId(now), endpointId, secret, createdAt: now })
}
