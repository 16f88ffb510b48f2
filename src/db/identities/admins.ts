/**
 * People of a client who use the portal.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { admins, clients } from '../schema.ts'

export type AdminRow = typeof admins.$inferSelect
export type AdminValues = Pick<
  AdminRow,
  'username' | 'name' | 'email' | 'passwordHash' | 'suspended' | 'restricted' | 'rights'
>

export async function listAdmins(tx: Tx, clientId: string, page: PagePlace): Promise<AdminRow[]> {
  return tx
    .select()
    .from(admins)
    .where(and(eq(admins.clientId, clientId), afterPlace(admins, page)))
    .orderBy(...inOrder(admins, page))
    .limit(page.limit)
}

export async function findAdmin(
  tx: Tx,
  place: { clientId: string; id: string },
  lock: 'none' | 'update',
): Promise<AdminRow | undefined> {
  const query = tx
    .select()
    .from(admins)
    .where(and(eq(admins.clientId, place.clientId), eq(admins.id, place.id)))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertAdmin(
  tx: Tx,
  admin: AdminValues & { id: string; clientId: string },
): Promise<AdminRow> {
  const [row] = await tx.insert(admins).values(admin).returning()
  if (!row) throw new Error('an inserted admin was not returned')
  return row
}

export async function updateAdmin(
  tx: Tx,
  { id, now, ...values }: AdminValues & { id: string; now: number },
): Promise<AdminRow> {
  const [row] = await tx
    .update(admins)
    .set({ ...values, updatedAt: now, revision: sql`${admins.revision} + 1` })
    .where(eq(admins.id, id))
    .returning()
  if (!row) throw new Error(`admin ${id} was locked and is gone`)
  return row
}

export async function deleteAdmin(tx: Tx, id: string): Promise<void> {
  await tx.delete(admins).where(eq(admins.id, id))
}

/** `client`: its id, or its SIP domain in lower case. Its id is answered where the client exists, whoever asks. */
export async function findAdminByName(
  tx: Tx,
  name: { client: { id: string } | { sipDomain: string }; username: string },
): Promise<{ clientId: string | undefined; admin: AdminRow | undefined }> {
  const { client, username } = name
  const [row] = await tx
    .select({ clientId: clients.id, admin: admins })
    .from(clients)
    .leftJoin(admins, and(eq(admins.clientId, clients.id), eq(admins.username, username)))
    .where('id' in client ? eq(clients.id, client.id) : eq(clients.sipDomain, client.sipDomain))
  return { clientId: row?.clientId, admin: row?.admin ?? undefined }
}

export async function findAdminById(tx: Tx, id: string): Promise<AdminRow | undefined> {
  const rows = await tx.select().from(admins).where(eq(admins.id, id))
  return rows[0]
}

export async function noteLogin(tx: Tx, id: string, at: number): Promise<void> {
  await tx.update(admins).set({ lastLoginAt: at }).where(eq(admins.id, id))
}
