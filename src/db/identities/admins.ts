/**
 * People who log in: of a client for its portal, of a brand for the console.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { admins, brands, clients } from '../schema.ts'

export type AdminRow = typeof admins.$inferSelect
export type AdminValues = Pick<
  AdminRow,
  'username' | 'name' | 'email' | 'passwordHash' | 'suspended' | 'restricted' | 'rights' | 'role'
>

/** Whose admins: one client's, or one brand's own. */
export type AdminOwner = { clientId: string } | { brandId: string }

const ownedBy = (owner: AdminOwner) =>
  'clientId' in owner ? eq(admins.clientId, owner.clientId) : eq(admins.brandId, owner.brandId)

export async function listAdmins(tx: Tx, owner: AdminOwner, page: PagePlace): Promise<AdminRow[]> {
  return tx
    .select()
    .from(admins)
    .where(and(ownedBy(owner), afterPlace(admins, page)))
    .orderBy(...inOrder(admins, page))
    .limit(page.limit)
}

export async function findAdmin(
  tx: Tx,
  { id, owner }: { id: string; owner: AdminOwner },
  lock: 'none' | 'update',
): Promise<AdminRow | undefined> {
  const query = tx
    .select()
    .from(admins)
    .where(and(ownedBy(owner), eq(admins.id, id)))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertAdmin(
  tx: Tx,
  { owner, ...admin }: AdminValues & { id: string; owner: AdminOwner },
): Promise<AdminRow> {
  const [row] = await tx
    .insert(admins)
    .values({ ...admin, ...owner })
    .returning()
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

/** A client by its id or its SIP domain in lower case, a brand by its id or its name. */
export type NamedOwner =
  | { client: { id: string } | { sipDomain: string } }
  | { brand: { id: string } | { name: string } }

/** The id of the client or brand is answered where it exists, whoever asks. */
export async function findAdminByName(
  tx: Tx,
  { owner, username }: { owner: NamedOwner; username: string },
): Promise<{ ownerId: string | undefined; admin: AdminRow | undefined }> {
  const [row] = await ('client' in owner
    ? tx
        .select({ ownerId: clients.id, admin: admins })
        .from(clients)
        .leftJoin(admins, and(eq(admins.clientId, clients.id), eq(admins.username, username)))
        .where(
          'id' in owner.client
            ? eq(clients.id, owner.client.id)
            : eq(clients.sipDomain, owner.client.sipDomain),
        )
    : tx
        .select({ ownerId: brands.id, admin: admins })
        .from(brands)
        .leftJoin(admins, and(eq(admins.brandId, brands.id), eq(admins.username, username)))
        .where(
          'id' in owner.brand
            ? eq(brands.id, owner.brand.id)
            : sql`lower(${brands.name}) = lower(${owner.brand.name})`,
        )
        // Names of two brands may differ in the case of letters alone.
        .orderBy(
          'id' in owner.brand ? brands.id : sql`${brands.name} = ${owner.brand.name} desc, ${brands.id}`,
        )
        .limit(1))
  return { ownerId: row?.ownerId, admin: row?.admin ?? undefined }
}

export async function findAdminById(
  tx: Tx,
  id: string,
  lock: 'none' | 'update' = 'none',
): Promise<AdminRow | undefined> {
  const query = tx.select().from(admins).where(eq(admins.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function noteLogin(tx: Tx, id: string, at: number): Promise<void> {
  await tx.update(admins).set({ lastLoginAt: at }).where(eq(admins.id, id))
}
