/**
 * The periods that report schedules owe: opened when they are over, claimed one by one, kept with their schedule.
 *
 * A claim moves the next attempt beyond the time a report may take and skips what another replica claims: no row
 * stays locked while a file is written, and what a dying process held comes again by itself. A later period waits for
 * the earlier ones.
 */
import type { PeriodRule, ScheduleUnit } from '../../invoices/schedule-periods.ts'
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'

export interface RunningReportSchedule {
  id: string
  rule: PeriodRule
  delayMinutes: number
  /** Zones in which a period must be over: the schedule's own and those of the clients it tells of. */
  timeZones: string[]
  /** Index of the last period opened; null: none. */
  lastIndex: number | null
}

export async function listEnabledReportSchedules(sql: Sql): Promise<RunningReportSchedule[]> {
  const rows = await sql`
    select s.id, s.unit, s.every, s.first_day, s.delay_minutes, coalesce(s.time_zone, c.time_zone, b.time_zone) as zone,
           array(
             select distinct told.time_zone
             from clients told
             where told.brand_id = s.brand_id
               and (s.client_id is null or told.id = s.client_id)
           ) as zones,
           (select max(p.index) from report_schedule_periods p where p.schedule_id = s.id) as last_index
    from report_schedules s
    join brands b on b.id = s.brand_id
    left join clients c on c.id = s.client_id
    where s.enabled
    order by s.id`
  return rows.map((row) => ({
    id: row.id,
    rule: { unit: row.unit as ScheduleUnit, every: row.every, firstDay: row.first_day },
    delayMinutes: row.delay_minutes,
    timeZones: [...new Set<string>([row.zone, ...row.zones])],
    lastIndex: row.last_index,
  }))
}

export interface DueReportPeriod {
  scheduleId: string
  index: number
  from: string
  to: string
}

/** Opens what is not open yet; two replicas at once open it once. */
export async function openReportPeriods(
  sql: Sql,
  periods: readonly DueReportPeriod[],
  now: number,
): Promise<void> {
  if (periods.length === 0) return
  await sql`
    insert into report_schedule_periods (schedule_id, index, period_from, period_to, next_attempt_at)
    select schedule_id, index::integer, period_from::date, period_to::date, ${instantText(now)}
    from unnest(
      ${periods.map((period) => period.scheduleId)}::uuid[],
      ${periods.map((period) => String(period.index))}::text[],
      ${periods.map((period) => period.from)}::text[],
      ${periods.map((period) => period.to)}::text[]
    ) as given (schedule_id, index, period_from, period_to)
    where exists (select 1 from report_schedules s where s.id = given.schedule_id)
    on conflict do nothing`
}

export interface ReportFilter {
  status?: string
  direction?: string
  toNormalized?: string
  destination?: string
  label?: string
  datedBy?: 'period' | 'issue'
  below?: string
}

/** What a report repeats, and where it goes. */
export interface ReportOrder extends DueReportPeriod {
  name: string
  brandId: string
  clientId: string | null
  report: string
  format: string
  flavour: string
  locale: string | null
  filter: ReportFilter
  groupBy: string | null
  timeZone: string
  /** The zone of its instants; null: that in which the client's were counted. */
  shownIn: string | null
  /** As its file and its mail call whom it is about. */
  clientName: string
  currency: string
  language: string
  portalVisibility: { callPrices?: boolean; ratingProfiles?: boolean; invoices?: boolean } | null
  clientFeatures: string[]
  emails: string[]
  directory: string | null
  attempts: number
}

/** The next period that is due, this replica's for `leaseMs`. */
export async function claimReportPeriod(
  sql: Sql,
  { now, leaseMs }: { now: number; leaseMs: number },
): Promise<ReportOrder | undefined> {
  const [claimed] = await sql`
    with due as materialized (
      select p.schedule_id, p.index
      from report_schedule_periods p
      join report_schedules s on s.id = p.schedule_id
      where p.status <> 'done'
        and p.next_attempt_at <= ${instantText(now)}
        and s.enabled
        and not exists (
          select 1
          from report_schedule_periods earlier
          where earlier.schedule_id = p.schedule_id
            and earlier.index < p.index
            and earlier.status <> 'done'
        )
      order by p.next_attempt_at, p.schedule_id
      limit 1
      for update of p skip locked
    )
    update report_schedule_periods p
    set attempts = p.attempts + 1,
        next_attempt_at = ${instantText(now + leaseMs)}
    from due
    where p.schedule_id = due.schedule_id
      and p.index = due.index
    returning p.schedule_id, p.index`
  return claimed && findReportOrder(sql, { scheduleId: claimed.schedule_id, index: claimed.index })
}

/** Undefined where its schedule is gone. */
export async function findReportOrder(
  sql: Sql,
  { scheduleId, index }: { scheduleId: string; index: number },
): Promise<ReportOrder | undefined> {
  const [row] = await sql`
    select s.*, p.index, p.period_from, p.period_to, p.attempts, c.portal_visibility, c.features,
           coalesce(s.time_zone, c.time_zone, b.time_zone) as zone, coalesce(s.time_zone, case when c.id is null then b.time_zone end) as shown_in,
           coalesce(c.name, b.name) as client_name,
           coalesce(c.currency, b.currency) as its_currency, coalesce(c.language, b.language) as its_language
    from report_schedule_periods p
    join report_schedules s on s.id = p.schedule_id
    join brands b on b.id = s.brand_id
    left join clients c on c.id = s.client_id
    where p.schedule_id = ${scheduleId}
      and p.index = ${index}`
  return (
    row && {
      scheduleId,
      index,
      from: row.period_from,
      to: row.period_to,
      name: row.name,
      brandId: row.brand_id,
      clientId: row.client_id,
      report: row.report,
      format: row.format,
      flavour: row.flavour,
      locale: row.locale,
      filter: readJson(row.filter),
      groupBy: row.group_by,
      timeZone: row.zone,
      shownIn: row.shown_in,
      clientName: row.client_name,
      currency: row.its_currency,
      language: row.its_language,
      portalVisibility: readJson(row.portal_visibility),
      clientFeatures: row.features ?? [],
      emails: row.emails,
      directory: row.directory,
      attempts: row.attempts,
    }
  )
}

export function finishReportPeriod(
  sql: Sql,
  { scheduleId, index }: DueReportPeriod,
  done: { file: string | null; rows: number | null; now: number },
): Promise<unknown> {
  return sql`
    update report_schedule_periods
    set status = 'done',
        last_error = null,
        file = ${done.file},
        row_count = ${done.rows},
        updated_at = ${instantText(done.now)}
    where schedule_id = ${scheduleId}
      and index = ${index}`.execute()
}

/** Of a report by mail, which is made after its period is done. */
export async function noteReportRows(
  sql: Sql,
  { scheduleId, index }: DueReportPeriod,
  rows: number,
): Promise<void> {
  await sql`
    update report_schedule_periods
    set row_count = ${rows}
    where schedule_id = ${scheduleId}
      and index = ${index}`
}

/** This replica still works on it: nobody else takes it before `until`. */
export async function holdReportPeriod(
  sql: Sql,
  { scheduleId, index, attempts }: ReportOrder,
  until: number,
): Promise<void> {
  await sql`
    update report_schedule_periods
    set next_attempt_at = ${instantText(until)}
    where schedule_id = ${scheduleId}
      and index = ${index}
      and attempts = ${attempts}
      and status <> 'done'`
}

/** The failure stays visible until an attempt succeeds. */
export async function failReportPeriod(
  sql: Sql,
  { scheduleId, index }: DueReportPeriod,
  failure: { error: object; now: number; nextAttemptAt: number },
): Promise<void> {
  await sql`
    update report_schedule_periods
    set status = 'failed',
        next_attempt_at = ${instantText(failure.nextAttemptAt)},
        last_error = ${JSON.stringify(failure.error)}::text::jsonb,
        updated_at = ${instantText(failure.now)}
    where schedule_id = ${scheduleId}
      and index = ${index}
      and status <> 'done'`
}
