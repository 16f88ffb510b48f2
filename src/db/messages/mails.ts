/**
 * Mails on their way: claimed, held, sent or postponed. The ledger writes them.
 */
import { instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface WaitingMail {
  id: string
  kind: string
  brandId: string
  clientId: string | null
  recipient: string
  content: unknown
  attachments: unknown
  /** 1 at the first try, this one included. */
  attempts: number
  createdAt: number
}

/**
 * Due mails that nobody else is sending. Claimed by moving their next attempt beyond the time that sending may
 * take: no row stays locked while a mail server thinks, and what a dying process held comes again by itself.
 *
 * Materialized: in a subquery PostgreSQL may look for them once per row, past those locked by itself, and claim more.
 */
export async function claimMails(
  db: Sql,
  { now, leaseMs, limit }: { now: number; leaseMs: number; limit: number },
): Promise<WaitingMail[]> {
  const rows = await db<(Omit<WaitingMail, 'createdAt'> & { createdAt: string })[]>`
    with claimed as materialized (
      select id
      from mails
      where status = 'pending'
        and next_attempt_at <= ${instantText(now)}
      order by next_attempt_at, id
      limit ${limit}
      for update skip locked
    )
    update mails
    set attempts = attempts + 1,
        next_attempt_at = ${instantText(now + leaseMs)}
    from claimed
    where mails.id = claimed.id
    returning mails.id, kind, brand_id as "brandId", client_id as "clientId", recipient, content, attachments,
              attempts, created_at as "createdAt"`
  return rows.map((row) => ({ ...row, createdAt: parseInstant(row.createdAt) }))
}

/** False where the mail is no longer this sender's, as its `attempts` tell: whoever has it now sends it. */
export async function holdMail(
  db: Sql,
  { id, attempts, until }: { id: string; attempts: number; until: number },
): Promise<boolean> {
  const rows = await db`
    update mails
    set next_attempt_at = ${instantText(until)}
    where id = ${id}
      and attempts = ${attempts}
      and status = 'pending'
    returning id`
  return rows.length > 0
}

export async function markMailSent(
  db: Sql,
  { id, sentAt, file }: { id: string; sentAt: number; file: string | null },
): Promise<void> {
  await db`
    update mails
    set status = 'sent', sent_at = ${instantText(sentAt)}, file = ${file}, last_error = null
    where id = ${id}`
}

export async function markMailFailed(db: Sql, { id, error }: { id: string; error: string }): Promise<void> {
  await db`
    update mails
    set status = 'failed', last_error = ${error}
    where id = ${id}`
}

export async function postponeMail(
  db: Sql,
  { id, until, error }: { id: string; until: number; error: string },
): Promise<void> {
  await db`
    update mails
    set next_attempt_at = ${instantText(until)}, last_error = ${error}
    where id = ${id}
      and status = 'pending'`
}
