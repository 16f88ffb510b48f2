/**
 * Mails to send: one per cause, written with what they tell.
 */
import { instantText, parseInstant } from '../columns.ts'
import type { Sql, Tx } from '../connection.ts'
import { mails as table } from '../schema.ts'

export interface Mail {
  id: string
  kind: 'max-daily-usage' | 'low-balance' | 'invoice' | 'call-report'
  /** One mail per kind and source. */
  source: string
  brandId: string
  /** null: about a whole brand. */
  clientId: string | null
  recipient: string
  /** What the template may show. */
  content: Record<string, unknown>
  /** Made when the mail is sent. */
  attachments?: readonly { kind: string; id: string }[]
  createdAt: number
}

export function appendMails(tx: Sql, mails: readonly Mail[]): Promise<unknown> {
  return tx`
    insert into mails (id, kind, source, brand_id, client_id, recipient, content, attachments, next_attempt_at,
                       created_at)
    select id, kind, source, brand_id, client_id, recipient, content::jsonb, attachments::jsonb,
           created_at::timestamptz, created_at::timestamptz
    from unnest(
      ${mails.map((mail) => mail.id)}::uuid[],
      ${mails.map((mail) => mail.kind)}::text[],
      ${mails.map((mail) => mail.source)}::text[],
      ${mails.map((mail) => mail.brandId)}::uuid[],
      ${mails.map((mail) => mail.clientId)}::uuid[],
      ${mails.map((mail) => mail.recipient)}::text[],
      ${mails.map((mail) => JSON.stringify(mail.content))}::text[],
      ${mails.map((mail) => JSON.stringify(mail.attachments ?? []))}::text[],
      ${mails.map((mail) => instantText(mail.createdAt))}::text[]
    ) as given (id, kind, source, brand_id, client_id, recipient, content, attachments, created_at)
    on conflict (kind, source) do nothing`.execute()
}

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
 */
export async function claimMails(
  db: Sql,
  { now, leaseMs, limit }: { now: number; leaseMs: number; limit: number },
): Promise<WaitingMail[]> {
  const rows = await db<(Omit<WaitingMail, 'createdAt'> & { createdAt: string })[]>`
    update mails
    set attempts = attempts + 1,
        next_attempt_at = ${instantText(now + leaseMs)}
    where id in (
      select id
      from mails
      where status = 'pending'
        and next_attempt_at <= ${instantText(now)}
      order by next_attempt_at, id
      limit ${limit}
      for update skip locked
    )
    returning id, kind, brand_id as "brandId", client_id as "clientId", recipient, content, attachments,
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

/** The same in a transaction of the API. */
export async function insertMails(tx: Tx, mails: readonly Mail[]): Promise<void> {
  await tx
    .insert(table)
    .values(mails.map((mail) => ({ ...mail, nextAttemptAt: mail.createdAt })))
    .onConflictDoNothing()
}
