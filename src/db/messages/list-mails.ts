/**
 * Mails as operators read them: what was sent, what waits, what failed and why.
 */
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { mails } from '../schema.ts'

export type MailRow = typeof mails.$inferSelect

export async function listMails(
  tx: Tx,
  page: PagePlace & { status: string | null; kind: string | null; clientId: string | null },
): Promise<MailRow[]> {
  return tx
    .select()
    .from(mails)
    .where(
      and(
        page.status === null ? undefined : eq(mails.status, page.status),
        page.kind === null ? undefined : eq(mails.kind, page.kind),
        page.clientId === null ? undefined : eq(mails.clientId, page.clientId),
        afterPlace(mails, page),
      ),
    )
    .orderBy(...inOrder(mails, page))
    .limit(page.limit)
}

export async function findMail(tx: Tx, id: string): Promise<MailRow | undefined> {
  const rows = await tx.select().from(mails).where(eq(mails.id, id))
  return rows[0]
}

/** Makes a failed mail due now, as if it had never been tried; undefined where it has not failed. */
export async function retryMail(tx: Tx, id: string, now: number): Promise<MailRow | undefined> {
  const rows = await tx
    .update(mails)
    .set({ status: 'pending', attempts: 0, nextAttemptAt: now })
    .where(and(eq(mails.id, id), eq(mails.status, 'failed')))
    .returning()
  return rows[0]
}
