/**
 * Mails to send: one per cause, written with what they tell.
 */
import { instantText } from './columns.ts'
import type { Sql } from './connection.ts'

export interface Mail {
  id: string
  kind: 'max-daily-usage' | 'low-balance' | 'invoice' | 'call-report'
  /** One mail per kind and source. */
  source: string
  brandId: string
  clientId: string
  recipient: string
  /** What the template may show. */
  content: Record<string, unknown>
  createdAt: number
}

export function appendMails(tx: Sql, mails: readonly Mail[]): Promise<unknown> {
  return tx`
    insert into mails (id, kind, source, brand_id, client_id, recipient, content, next_attempt_at, created_at)
    select id, kind, source, brand_id, client_id, recipient, content::jsonb, created_at::timestamptz,
           created_at::timestamptz
    from unnest(
      ${mails.map((mail) => mail.id)}::uuid[],
      ${mails.map((mail) => mail.kind)}::text[],
      ${mails.map((mail) => mail.source)}::text[],
      ${mails.map((mail) => mail.brandId)}::uuid[],
      ${mails.map((mail) => mail.clientId)}::uuid[],
      ${mails.map((mail) => mail.recipient)}::text[],
      ${mails.map((mail) => JSON.stringify(mail.content))}::text[],
      ${mails.map((mail) => instantText(mail.createdAt))}::text[]
    ) as given (id, kind, source, brand_id, client_id, recipient, content, created_at)
    on conflict (kind, source) do nothing`.execute()
}
