/**
 * What became of the periods of a schedule: issued, empty, waiting, or refused with its reason. Newest first.
 */
import { findInstant, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'

export interface SchedulePeriod {
  clientId: string
  index: number
  from: string
  to: string
  status: 'pending' | 'failed' | 'issued' | 'empty'
  attempts: number
  /** null: nothing is left to do. */
  nextAttemptAt: number | null
  lastError: { code: string; detail: string; errors: { pointer: string; detail: string }[] } | null
  invoiceId: string | null
  updatedAt: number
}

export async function listSchedulePeriods(
  tx: Sql,
  wanted: {
    scheduleId: string
    clientId: string | null
    status: string | null
    after: { index: number; clientId: string } | null
    limit: number
  },
): Promise<SchedulePeriod[]> {
  const { after } = wanted
  const rows = await tx`
    select client_id, index, period_from, period_to, status, attempts, last_error, invoice_id, updated_at,
           case when status in ('pending', 'failed') then next_attempt_at end as next_attempt_at
    from invoice_schedule_periods
    where schedule_id = ${wanted.scheduleId}
      and (${wanted.clientId}::uuid is null or client_id = ${wanted.clientId}::uuid)
      and (${wanted.status}::text is null or status = ${wanted.status})
      and (${after?.clientId ?? null}::uuid is null
        or (index, client_id) < (${after?.index ?? null}::integer, ${after?.clientId ?? null}::uuid))
    order by index desc, client_id desc
    limit ${wanted.limit}`
  return rows.map((row) => ({
    clientId: row.client_id,
    index: row.index,
    from: row.period_from,
    to: row.period_to,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: findInstant(row.next_attempt_at),
    lastError: row.last_error === null ? null : readJson(row.last_error),
    invoiceId: row.invoice_id,
    updatedAt: parseInstant(row.updated_at),
  }))
}
