/**
 * What became of the periods of a report schedule: delivered where, waiting, or failed with its reason. Newest first.
 */
import { findInstant, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'

export interface ReportPeriodMail {
  id: string
  recipient: string
  status: 'pending' | 'sent' | 'failed'
  sentAt: number | null
  lastError: string | null
}

export interface ReportPeriod {
  index: number
  from: string
  to: string
  status: 'pending' | 'failed' | 'done'
  attempts: number
  /** null: nothing is left to do. */
  nextAttemptAt: number | null
  lastError: { code: string; detail: string } | null
  deliveredAt: number | null
  /** null: not made yet. */
  rows: number | null
  /** Below REPORTS_DIR; null: by mail, or not written yet. */
  file: string | null
  mails: ReportPeriodMail[]
  updatedAt: number
}

export async function listReportPeriods(
  tx: Sql,
  wanted: { scheduleId: string; status: string | null; after: number | null; limit: number },
): Promise<ReportPeriod[]> {
  const periods = await tx`
    select index, period_from, period_to, status, attempts, last_error, row_count, file, updated_at,
           case when status <> 'done' then next_attempt_at end as next_attempt_at
    from report_schedule_periods
    where schedule_id = ${wanted.scheduleId}
      and (${wanted.status}::text is null or status = ${wanted.status})
      and (${wanted.after}::integer is null or index < ${wanted.after}::integer)
    order by index desc
    limit ${wanted.limit}`
  const mails = await listScheduleMails(
    tx,
    wanted.scheduleId,
    periods.map((row) => row.index),
  )
  return periods.map((row) => ({
    index: row.index,
    from: row.period_from,
    to: row.period_to,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: findInstant(row.next_attempt_at),
    lastError: row.last_error === null ? null : readJson(row.last_error),
    deliveredAt: row.status === 'done' ? parseInstant(row.updated_at) : null,
    rows: row.row_count,
    file: row.file,
    mails: mails.get(row.index) ?? [],
    updatedAt: parseInstant(row.updated_at),
  }))
}

/** A mail's source is `<schedule>:<index>:<place of its recipient>`, and there are ten recipients at most. */
async function listScheduleMails(
  tx: Sql,
  scheduleId: string,
  indexes: readonly number[],
): Promise<Map<number, ReportPeriodMail[]>> {
  const sources = indexes.flatMap((index) =>
    Array.from({ length: 10 }, (_, i) => `${scheduleId}:${index}:${i}`),
  )
  const rows = await tx`
    select id, source, recipient, status, sent_at, last_error
    from mails
    where kind = 'call-report'
      and source = any(${sources}::text[])
    order by id`
  const mails = new Map<number, ReportPeriodMail[]>()
  for (const row of rows) {
    const index = Number(row.source.split(':')[1])
    mails.set(index, [
      ...(mails.get(index) ?? []),
      {
        id: row.id,
        recipient: row.recipient,
        status: row.status,
        sentAt: findInstant(row.sent_at),
        lastError: row.last_error,
      },
    ])
  }
  return mails
}
