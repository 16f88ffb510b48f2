/**
 * How long has something waited to leave? The oldest fact and the oldest mail that are still here.
 */
import { parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface OldestWaiting {
  /** Epoch milliseconds; null: nothing waits. */
  fact: number | null
  mail: number | null
  /** Of deliveries to webhooks that are on. */
  webhook: number | null
}

/** What was given up, or has failed and is tried again: by whom it would have been done. */
export interface Failed {
  mails: number
  webhooks: number
  invoiceSchedules: number
  reportSchedules: number
}

/** Found by the indexes of what waits: it costs the same however much has left. */
export async function findOldestWaiting(sql: Sql): Promise<OldestWaiting> {
  const [row] = await sql`
    select (select created_at from outbox where published_at is null order by id limit 1) as fact,
           (select min(created_at) from mails where status = 'pending') as mail,
           (select min(first.created_at)
            from webhook_endpoints e
            cross join lateral (
              select created_at from webhook_deliveries d
              where d.endpoint_id = e.id and d.status = 'pending'
              order by d.next_attempt_at
              limit 1
            ) first
            where e.enabled) as webhook`
  const read = (text: string | null | undefined) => (text == null ? null : parseInstant(text))
  return { fact: read(row?.fact), mail: read(row?.mail), webhook: read(row?.webhook) }
}

/** Mails and deliveries of the last day, by their making; periods of schedules that stand failed. */
export async function countFailed(sql: Sql): Promise<Failed> {
  const [row] = await sql`
    select (select count(*) from mails where status = 'failed' and created_at > now() - interval '1 day') as mails,
           (select count(*) from webhook_deliveries
            where status = 'failed' and created_at > now() - interval '4 days'
              and last_attempt_at > now() - interval '1 day') as webhooks,
           (select count(*) from invoice_schedule_periods where status = 'failed') as invoice_schedules,
           (select count(*) from report_schedule_periods where status = 'failed') as report_schedules`
  return {
    mails: Number(row?.mails ?? 0),
    webhooks: Number(row?.webhooks ?? 0),
    invoiceSchedules: Number(row?.invoice_schedules ?? 0),
    reportSchedules: Number(row?.report_schedules ?? 0),
  }
}
