/**
 * Mails to send: written with what they tell, one per cause.
 */
import { instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import type { Mail } from '../mail.ts'

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
