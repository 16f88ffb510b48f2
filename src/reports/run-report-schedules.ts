/**
 * Which reports are due by themselves, and what becomes of them?
 *
 * Each pass opens the periods that are over, also those missed while the service was down, and makes them one by one.
 * A period is over when its last day is over in the schedule's zone and in that of each client it tells of, and the
 * delay for running calls has passed. By mail: written to the outbox with the period's end, in one transaction. To a
 * folder: the file first, then the mark; whoever dies between writes the same file again. A failure is kept and tried
 * again, after a minute first and an hour at most; later periods of that schedule wait, so none is skipped.
 */
import type { Db } from '../db/connection.ts'
import { isInfrastructureFailure } from '../db/failures.ts'
import {
  claimReportPeriod,
  type DueReportPeriod,
  failReportPeriod,
  finishReportPeriod,
  holdReportPeriod,
  listEnabledReportSchedules,
  openReportPeriods,
  type ReportOrder,
  type RunningReportSchedule,
} from '../db/reports/report-schedule-periods.ts'
import { TollgateError } from '../errors.ts'
import { periodAt } from '../invoices/schedule-periods.ts'
import { Ledger } from '../ledger/ledger.ts'
import { startOfLocalDay } from '../rating/local-day.ts'
import { newId } from '../uuid.ts'
import { makeScheduledReport, reportFileName } from './make-scheduled-report.ts'
import { writeReportFile } from './report-folder.ts'

export interface ReportSchedulesContext {
  /** Of the role that crosses tenants: schedules and mails. */
  worker: Db
  /** Of the API's role: what reports are made of. */
  api: Db
  reportsDir: string
  clock: () => number
  /** Called after a commit that left mails to send. */
  onCommitted: (what: { facts: boolean; mails: boolean }) => void
}

export interface ReportRun {
  done: number
  failed: number
}

/** A schedule that was off for long catches up a hundred periods a pass. */
const periodsPerPass = 100
/** Renewed while a report is made; what a dying replica held comes again after it. */
const leaseMs = 20 * 60_000
const renewalMs = leaseMs / 4

/** Resolves when nothing is due any more, or `stop` asks to leave off. */
export async function runReportSchedules(
  context: ReportSchedulesContext,
  options: { stop?: () => boolean } = {},
): Promise<ReportRun> {
  const now = context.clock()
  const sql = context.worker.$client
  const schedules = await listEnabledReportSchedules(sql)
  await openReportPeriods(
    sql,
    schedules.flatMap((schedule) => duePeriods(schedule, now)),
    now,
  )
  const run: ReportRun = { done: 0, failed: 0 }
  while (!options.stop?.()) {
    const order = await claimReportPeriod(sql, { now: context.clock(), leaseMs })
    if (!order) break
    run[await deliver(context, order)]++
  }
  return run
}

function duePeriods(
  { id, rule, delayMinutes, timeZones, lastIndex }: RunningReportSchedule,
  now: number,
): DueReportPeriod[] {
  const due: DueReportPeriod[] = []
  for (let index = (lastIndex ?? -1) + 1; due.length < periodsPerPass; index++) {
    const period = periodAt(rule, index)
    const over = Math.max(...timeZones.map((timeZone) => startOfLocalDay(period.to, timeZone)))
    if (over + delayMinutes * 60_000 > now) break
    due.push({ scheduleId: id, index, ...period })
  }
  return due
}

async function deliver(context: ReportSchedulesContext, order: ReportOrder): Promise<'done' | 'failed'> {
  try {
    if (order.directory === null) await mailReport(context, order)
    else await fileReport(context, order, order.directory)
    return 'done'
  } catch (error) {
    const now = context.clock()
    await failReportPeriod(context.worker.$client, order, {
      error: toFailure(error),
      now,
      nextAttemptAt: now + Math.min(60_000 * 2 ** Math.min(order.attempts - 1, 10), 3_600_000),
    })
    if (isInfrastructureFailure(error)) throw error
    return 'failed'
  }
}

async function fileReport(
  { worker, api, reportsDir, clock }: ReportSchedulesContext,
  order: ReportOrder,
  directory: string,
): Promise<void> {
  const { chunks, sums } = await makeScheduledReport({ db: api, now: clock() }, order)
  const place = { brandId: order.brandId, directory, fileName: reportFileName(order) }
  const renewal = setInterval(() => {
    // Where this fails, another replica writes the same file again.
    holdReportPeriod(worker.$client, order, clock() + leaseMs).catch(() => {})
  }, renewalMs)
  try {
    const file = await writeReportFile(reportsDir, place, chunks)
    await finishReportPeriod(worker.$client, order, { file, rows: sums().rows, now: clock() })
  } finally {
    clearInterval(renewal)
  }
}

async function mailReport({ worker, clock, onCommitted }: ReportSchedulesContext, order: ReportOrder) {
  const now = clock()
  const ledger = new Ledger(now)
  const mails = order.emails.map((recipient, i) => ({
    id: newId(now),
    kind: 'call-report' as const,
    source: `${order.scheduleId}:${order.index}:${i}`,
    brandId: order.brandId,
    clientId: order.clientId,
    recipient,
    content: {
      clientName: order.clientName,
      scheduleName: order.name,
      currency: order.currency,
      timeZone: order.timeZone,
      language: order.language,
      from: order.from,
      to: order.to,
    },
    attachments: [{ kind: 'report', id: `${order.scheduleId}/${order.index}` }],
    createdAt: now,
  }))
  ledger.mail(...mails)
  await worker.$client.begin(async (tx) => {
    const sql = tx as unknown as typeof worker.$client
    await Promise.all([...ledger.write(sql), finishReportPeriod(sql, order, { file: null, rows: null, now })])
  })
  onCommitted({ facts: false, mails: true })
}

function toFailure(error: unknown): { code: string; detail: string } {
  if (error instanceof TollgateError) return { code: error.code, detail: error.message }
  return { code: 'internal_error', detail: error instanceof Error ? error.message : String(error) }
}
