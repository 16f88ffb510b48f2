/**
 * Media relay sets and application servers: where legs may be sent. Facts of the platform.
 */
import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { applicationServers, mediaRelaySets } from '../schema.ts'

export type MediaRelaySetRow = typeof mediaRelaySets.$inferSelect
export type ApplicationServerRow = typeof applicationServers.$inferSelect
export async function listMediaRelaySets(tx: Tx, page: PagePlace): Promise<MediaRelaySetRow[]> {
  return tx
    .select()
    .from(mediaRelaySets)
    .where(afterPlace(mediaRelaySets, page))
    .orderBy(...inOrder(mediaRelaySets, page))
    .limit(page.limit)
}

export async function findMediaRelaySet(
  tx: Tx,
  id: string,
  lock: 'none' | 'update',
): Promise<MediaRelaySetRow | undefined> {
  const query = tx.select().from(mediaRelaySets).where(eq(mediaRelaySets.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertMediaRelaySet(
  tx: Tx,
  values: typeof mediaRelaySets.$inferInsert,
): Promise<MediaRelaySetRow> {
  const [row] = await tx.insert(mediaRelaySets).values(values).returning()
  if (!row) throw new Error('an inserted media relay set was not returned')
  return row
}

export async function updateMediaRelaySet(
  tx: Tx,
  change: { id: string; name: string; relays: unknown; now: number },
): Promise<MediaRelaySetRow> {
  const [row] = await tx
    .update(mediaRelaySets)
    .set({
      name: change.name,
      relays: change.relays,
      revision: sql`${mediaRelaySets.revision} + 1`,
      updatedAt: change.now,
    })
    .where(eq(mediaRelaySets.id, change.id))
    .returning()
  if (!row) throw new Error(`media relay set ${change.id} vanished while it was locked`)
  return row
}

export async function deleteMediaRelaySet(tx: Tx, id: string): Promise<void> {
  await tx.delete(mediaRelaySets).where(eq(mediaRelaySets.id, id))
}

export async function hasMediaRelaySet(tx: Tx, id: string): Promise<boolean> {
  return (await findMediaRelaySet(tx, id, 'none')) !== undefined
}

export async function listApplicationServers(tx: Tx, page: PagePlace): Promise<ApplicationServerRow[]> {
  return tx
    .select()
    .from(applicationServers)
    .where(afterPlace(applicationServers, page))
    .orderBy(...inOrder(applicationServers, page))
    .limit(page.limit)
}

export async function findApplicationServer(
  tx: Tx,
  id: string,
  lock: 'none' | 'update',
): Promise<ApplicationServerRow | undefined> {
  const query = tx.select().from(applicationServers).where(eq(applicationServers.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertApplicationServer(
  tx: Tx,
  values: typeof applicationServers.$inferInsert,
): Promise<ApplicationServerRow> {
  const [row] = await tx.insert(applicationServers).values(values).returning()
  if (!row) throw new Error('an inserted application server was not returned')
  return row
}

export async function updateApplicationServer(
  tx: Tx,
  change: { id: string; name: string; address: string; now: number },
): Promise<ApplicationServerRow> {
  const [row] = await tx
    .update(applicationServers)
    .set({
      name: change.name,
      address: change.address,
      revision: sql`${applicationServers.revision} + 1`,
      updatedAt: change.now,
    })
    .where(eq(applicationServers.id, change.id))
    .returning()
  if (!row) throw new Error(`application server ${change.id} vanished while it was locked`)
  return row
}

export async function deleteApplicationServer(tx: Tx, id: string): Promise<void> {
  await tx.delete(applicationServers).where(eq(applicationServers.id, id))
}

export async function hasApplicationServer(tx: Tx, id: string): Promise<boolean> {
  return (await findApplicationServer(tx, id, 'none')) !== undefined
}
