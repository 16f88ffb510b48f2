/**
 * Mails on their way: claimed, held, sent or postponed. The ledger writes them.
 */
import { instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'

/** As the API checked them when they were written. */
export interface BrandMailSettings {
  fromName: string | null
  fromAddress: string | null
  replyTo: string | null
  bcc: string | null
}

export interface WaitingMail {
  id: string
  kind: string
  brandId: string
  clientId: string | null
  recipient: string
  /** What this one is the blind copy of; null: it is no copy. */
  original: { id: string; recipient: string } | null
  /** The brand that sends. */
  brand: { name: string; mail: BrandMailSettings | null }
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
  const rows = await db`
    with waiting as materialized (
      select id
      from mails
      where status = 'pending'
        and next_attempt_at <= ${instantText(now)}
      order by next_attempt_at, id
      limit ${limit}
      for update skip locked
    ),
    claimed as (
      update mails
      set attempts = attempts + 1,
          next_attempt_at = ${instantText(now + leaseMs)}
      from waiting
      where mails.id = waiting.id
      returning mails.*
    )
    select claimed.*, brands.name as brand_name, brands.mail as brand_mail, original.recipient as original_recipient
    from claimed
    left join brands on brands.id = claimed.brand_id
    left join mails original on original.id = claimed.copy_of`
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    brandId: row.brand_id,
    clientId: row.client_id,
    recipient: row.recipient,
    original: row.copy_of === null ? null : { id: row.copy_of, recipient: row.original_recipient },
    brand: { name: row.brand_name ?? '', mail: readJson<BrandMailSettings | null>(row.brand_mail) },
    content: row.content,
    attachments: row.attachments,
    attempts: row.attempts,
    createdAt: parseInstant(row.created_at),
  }))
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

/** `copy`: the brand gets it, too. Written with the mark, once: the cause of a copy is that of its mail. */
export async function markMailSent(
  db: Sql,
  sent: {
    id: string
    sentAt: number
    file: string | null
    copy: { id: string; to: string; present: object } | null
  },
): Promise<void> {
  const at = instantText(sent.sentAt)
  await db`
    with sent as (
      update mails
      set status = 'sent', sent_at = ${at}, file = ${sent.file}, last_error = null
      where id = ${sent.id}
      returning *
    )
    insert into mails (id, kind, source, brand_id, client_id, recipient, content, attachments, copy_of,
                       next_attempt_at, created_at)
    select ${sent.copy?.id ?? null}::uuid, kind, source || ':copy', brand_id, client_id, ${sent.copy?.to ?? null}::text,
           content || ${JSON.stringify(sent.copy?.present ?? {})}::text::jsonb, attachments, id, ${at}, created_at
    from sent
    where ${sent.copy !== null}
      and copy_of is null
    on conflict (kind, source) do nothing`
}

/** What it tells is no longer so. */
export async function cancelMail(db: Sql, { id, reason }: { id: string; reason: string }): Promise<void> {
  await db`
    update mails
    set status = 'cancelled', last_error = ${reason}
    where id = ${id}
      and status = 'pending'`
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
