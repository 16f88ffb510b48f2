/**
 * Logins of admins: made, looked up by the secret of their access tokens, refreshed, ended.
 */
import { and, eq, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { admins, clients, sessions } from '../schema.ts'

export type SessionRow = typeof sessions.$inferSelect

/** A session with whose it is. */
export interface CachedSession {
  session: SessionRow
  admin: typeof admins.$inferSelect
  brandId: string
}

const cached = {
  session: sessions,
  admin: admins,
  // Of its client, or its own.
  brandId: sql<string>`coalesce(${admins.brandId}, ${clients.brandId})`,
}

export async function insertSession(tx: Tx, session: typeof sessions.$inferInsert): Promise<void> {
  await tx.insert(sessions).values(session)
}

export async function findSessionBySecret(tx: Tx, secretDigest: string): Promise<CachedSession | undefined> {
  const rows = await tx
    .select(cached)
    .from(sessions)
    .innerJoin(admins, eq(admins.id, sessions.adminId))
    .leftJoin(clients, eq(clients.id, admins.clientId))
    .where(eq(sessions.secretDigest, secretDigest))
  return rows[0]
}

/** Locked, so of two refreshes with one token the second finds the first one's. */
export async function lockSession(tx: Tx, id: string): Promise<CachedSession | undefined> {
  const rows = await tx
    .select(cached)
    .from(sessions)
    .innerJoin(admins, eq(admins.id, sessions.adminId))
    .leftJoin(clients, eq(clients.id, admins.clientId))
    .where(eq(sessions.id, id))
    .for('update', { of: sessions })
  return rows[0]
}

export async function renewSession(
  tx: Tx,
  { id, ...values }: { id: string; secretDigest: string; refreshDigest: string; expiresAt: number },
): Promise<void> {
  await tx.update(sessions).set(values).where(eq(sessions.id, id))
}

export async function revokeSession(tx: Tx, id: string, at: number): Promise<void> {
  await tx
    .update(sessions)
    .set({ revokedAt: at })
    .where(and(eq(sessions.id, id), isNull(sessions.revokedAt)))
}

/** Ends an admin's sessions, `except` the one that asks for it. */
export async function revokeAdminSessions(
  tx: Tx,
  { adminId, except, at }: { adminId: string; except: string | null; at: number },
): Promise<void> {
  await tx
    .update(sessions)
    .set({ revokedAt: at })
    .where(
      and(
        eq(sessions.adminId, adminId),
        isNull(sessions.revokedAt),
        except === null ? undefined : ne(sessions.id, except),
      ),
    )
}

export async function removeEndedSessions(tx: Tx, before: number): Promise<void> {
  await tx.delete(sessions).where(or(lt(sessions.expiresAt, before), lt(sessions.revokedAt, before)))
}
