/**
 * The periods that schedules owe: opened when they are over, claimed one by one, kept for ever.
 *
 * A claim locks the row and skips what another replica holds. A later period of a client waits for the earlier ones,
 * or its invoice would take their calls.
 */
import type { InvoiceTerms } from '../../invoices/invoice-terms.ts'
import type { PeriodRule, ScheduleUnit } from '../../invoices/schedule-periods.ts'
import { instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'

export interface ScheduleFilter {
  billingMethods?: string[]
  currencies?: string[]
  timeZones?: string[]
  languages?: string[]
}

export interface RunningSchedule {
  id: string
  brandId: string
  clientId: string | null
  filter: ScheduleFilter
  rule: PeriodRule
}

export async function listEnabledSchedules(sql: Sql): Promise<RunningSchedule[]> {
  const rows = await sql`
    select id, brand_id, client_id, filter, unit, every, first_day
    from invoice_schedules
    where enabled
    order by id`
  return rows.map((row) => ({
    id: row.id,
    brandId: row.brand_id,
    clientId: row.client_id,
    filter: readJson(row.filter),
    rule: { unit: row.unit as ScheduleUnit, every: row.every, firstDay: row.first_day },
  }))
}

export interface ScheduledClient {
  clientId: string
  timeZone: string
  createdAt: number
  /** Index of the last period opened; null: none. */
  lastIndex: number | null
}

/** Clients the schedule is for, a page in the order of their ids. */
export async function listScheduledClients(
  sql: Sql,
  schedule: RunningSchedule,
  page: { after: string | null; limit: number },
): Promise<ScheduledClient[]> {
  const { billingMethods, currencies, timeZones, languages } = schedule.filter
  const rows = await sql`
    select c.id, c.time_zone, c.created_at,
           (select max(p.index)
            from invoice_schedule_periods p
            where p.schedule_id = ${schedule.id} and p.client_id = c.id) as last_index
    from clients c
    where c.brand_id = ${schedule.brandId}
      and 'invoices' = any(c.features)
      and (${schedule.clientId}::uuid is null or c.id = ${schedule.clientId}::uuid)
      and (${billingMethods ?? null}::text[] is null or c.billing_method = any(${billingMethods ?? null}::text[]))
      and (${currencies ?? null}::text[] is null or c.currency = any(${currencies ?? null}::text[]))
      and (${timeZones ?? null}::text[] is null or c.time_zone = any(${timeZones ?? null}::text[]))
      and (${languages ?? null}::text[] is null or c.language = any(${languages ?? null}::text[]))
      and (${page.after}::uuid is null or c.id > ${page.after}::uuid)
    order by c.id
    limit ${page.limit}`
  return rows.map((row) => ({
    clientId: row.id,
    timeZone: row.time_zone,
    createdAt: parseInstant(row.created_at),
    lastIndex: row.last_index,
  }))
}

export interface DuePeriod {
  scheduleId: string
  clientId: string
  index: number
  from: string
  to: string
}

/** Opens what is not open yet; two replicas at once open it once. */
export async function openPeriods(sql: Sql, periods: readonly DuePeriod[], now: number): Promise<void> {
  if (periods.length === 0) return
  await sql`
    insert into invoice_schedule_periods (schedule_id, client_id, index, period_from, period_to, next_attempt_at)
    select schedule_id, client_id, index::integer, period_from::date, period_to::date, ${instantText(now)}
    from unnest(
      ${periods.map((period) => period.scheduleId)}::uuid[],
      ${periods.map((period) => period.clientId)}::uuid[],
      ${periods.map((period) => String(period.index))}::text[],
      ${periods.map((period) => period.from)}::text[],
      ${periods.map((period) => period.to)}::text[]
    ) as given (schedule_id, client_id, index, period_from, period_to)
    on conflict do nothing`
}

export interface ClaimedPeriod extends DuePeriod {
  attempts: number
  brandId: string
  numberSequenceId: string
  terms: InvoiceTerms
  unit: ScheduleUnit
  /** First day of the schedule's first period. */
  firstDay: string
  email: string | null
}

/** Locks the next period that is due, until the caller's transaction ends. */
export async function claimPeriod(tx: Sql, now: number): Promise<ClaimedPeriod | undefined> {
  const [row] = await tx`
    select p.schedule_id, p.client_id, p.index, p.period_from, p.period_to, p.attempts, s.brand_id,
           s.number_sequence_id, s.terms, s.unit, s.first_day, s.email
    from invoice_schedule_periods p
    join invoice_schedules s on s.id = p.schedule_id
    where p.status in ('pending', 'failed')
      and p.next_attempt_at <= ${instantText(now)}
      and s.enabled
      and not exists (
        select 1
        from invoice_schedule_periods earlier
        where earlier.schedule_id = p.schedule_id
          and earlier.client_id = p.client_id
          and earlier.index < p.index
          and earlier.status in ('pending', 'failed')
      )
    order by p.next_attempt_at
    limit 1
    for update of p skip locked`
  return (
    row && {
      scheduleId: row.schedule_id,
      clientId: row.client_id,
      index: row.index,
      from: row.period_from,
      to: row.period_to,
      attempts: row.attempts,
      brandId: row.brand_id,
      numberSequenceId: row.number_sequence_id,
      terms: readJson(row.terms),
      unit: row.unit,
      firstDay: row.first_day,
      email: row.email,
    }
  )
}

export function finishPeriod(
  tx: Sql,
  period: DuePeriod,
  done: { invoiceId: string | null; now: number },
): Promise<unknown> {
  return tx`
    update invoice_schedule_periods
    set status = ${done.invoiceId === null ? 'empty' : 'issued'},
        invoice_id = ${done.invoiceId},
        attempts = attempts + 1,
        last_error = null,
        updated_at = ${instantText(done.now)}
    where schedule_id = ${period.scheduleId}
      and client_id = ${period.clientId}
      and index = ${period.index}`.execute()
}

/** The failure stays visible until an attempt succeeds. */
export async function failPeriod(
  sql: Sql,
  period: DuePeriod,
  failure: { error: object; now: number; nextAttemptAt: number },
): Promise<void> {
  await sql`
    update invoice_schedule_periods
    set status = 'failed',
        attempts = attempts + 1,
        next_attempt_at = ${instantText(failure.nextAttemptAt)},
        last_error = ${JSON.stringify(failure.error)}::text::jsonb,
        updated_at = ${instantText(failure.now)}
    where schedule_id = ${period.scheduleId}
      and client_id = ${period.clientId}
      and index = ${period.index}
      and status in ('pending', 'failed')`
}
