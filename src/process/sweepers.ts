/**
 * What happens by the clock alone: meters, expiries, schedules. Each replica runs all of it; what two of them may not
 * do both is claimed by the work itself.
 */

import { openDueAllowancePeriods } from '../calls/allowances/open-allowance-periods.ts'
import { alertDeniedLimits } from '../calls/authorize/alert-denied-limits.ts'
import type { CallsContext } from '../calls/calls-context.ts'
import { GuardedCallEnder } from '../calls/guards/hang-up-guarded-calls.ts'
import { loadMissingGuardHistory } from '../calls/guards/load-guard-history.ts'
import { tellTrippedGuards } from '../calls/guards/tell-tripped-guards.ts'
import { rerateNextCalls } from '../calls/re-rate/rerate-calls.ts'
import { dropOldMonths } from '../calls/retention/drop-old-months.ts'
import { moveOldCalls } from '../calls/retention/move-old-calls.ts'
import { removeOldCalls } from '../calls/retention/remove-old-calls.ts'
import { removeOldRecords } from '../calls/retention/remove-old-records.ts'
import type { ChangedClients } from '../calls/running/changed-clients.ts'
import { closeLostCalls } from '../calls/running/close-lost-calls.ts'
import { meterCalls } from '../calls/running/meter-calls.ts'
import { expireCalls } from '../calls/settle/expire-calls.ts'
import type { Db } from '../db/connection.ts'
import { remindInvoices } from '../invoices/remind-invoices.ts'
import { runInvoiceSchedules } from '../invoices/run-invoice-schedules.ts'
import { repeat } from '../repeat.ts'
import { runReportSchedules } from '../reports/run-report-schedules.ts'
import { removeFaultFiles } from '../tariffs/remove-fault-files.ts'

export interface Sweepers {
  /** Resolves when the last of them has finished its run. */
  close(): Promise<unknown>
}

export function startSweepers({
  context,
  changedClients,
  offlineCalls,
  api,
  reportsDir,
  importsDir,
  callsHotMonths,
  recordsMaxAgeDays,
}: {
  context: CallsContext
  changedClients: ChangedClients
  offlineCalls: { resend(): Promise<number> }
  /** The pool that sees one tenant at a time. */
  api: Db
  reportsDir: string
  importsDir: string
  callsHotMonths: number
  recordsMaxAgeDays: number
}): Sweepers {
  const { db, log } = context
  const guardedCallEnder = new GuardedCallEnder(context)
  let isStopping = false
  const ticks = [
    repeat('meter_calls', { log, everyMs: 250 }, () => meterCalls(context, changedClients)),
    repeat('close_lost_calls', { log, everyMs: 5000 }, () => closeLostCalls(context)),
    repeat('note_engine_signs', { log, everyMs: 1000 }, () => context.engineHeartbeats.flush(db.$client)),
    repeat('resend_offline_calls', { log, everyMs: 1000 }, () => offlineCalls.resend()),
    repeat('free_leases', { log, everyMs: 1000 }, async () => (await context.leases?.sweep()) ?? 0),
    repeat('expire_calls', { log, everyMs: 1000 }, () => expireCalls(context)),
    repeat('end_guarded_calls', { log, everyMs: 250 }, () => guardedCallEnder.endCalls()),
    repeat('tell_tripped_guards', { log, everyMs: 500 }, () => tellTrippedGuards(context)),
    repeat('load_guard_history', { log, everyMs: 500 }, () => loadMissingGuardHistory(context)),
    repeat('tell_denied_limits', { log, everyMs: 500 }, () => alertDeniedLimits(context)),
    repeat('open_allowance_periods', { log, everyMs: 1000 }, () => openDueAllowancePeriods(context)),
    repeat('rerate_calls', { log, everyMs: 1000 }, () => rerateNextCalls(context, null)),
    repeat('invoice_schedules', { log, everyMs: 60_000 }, async () => {
      const { clock, onCommitted, atFailPoint } = context
      const report = await runInvoiceSchedules(
        { sql: db.$client, clock, onCommitted, atFailPoint },
        { stop: () => isStopping },
      )
      if (report.issued > 0 || report.failed > 0)
        log.info({ event: 'invoices_scheduled', ...report }, 'invoiced')
      // All that is due is done: the next run is a minute away.
      return 0
    }),
    repeat('invoice_reminders', { log, everyMs: 60_000 }, async () => {
      const { clock, onCommitted } = context
      const reminded = await remindInvoices({ sql: db.$client, clock, onCommitted }, () => isStopping)
      if (reminded > 0) log.info({ event: 'invoices_reminded', reminded })
      return 0
    }),
    repeat('report_schedules', { log, everyMs: 60_000 }, async () => {
      const { clock, onCommitted } = context
      const run = await runReportSchedules(
        { worker: db, api, reportsDir, clock, onCommitted },
        { stop: () => isStopping },
      )
      if (run.done > 0 || run.failed > 0) log.info({ event: 'reports_scheduled', ...run }, 'reported')
      return 0
    }),
    repeat('remove_old_calls', { log, everyMs: 3_600_000 }, async () => {
      // First, so that calls that go with their month do not go one by one.
      try {
        await dropOldMonths(context, () => isStopping)
      } finally {
        await removeOldCalls(context, () => isStopping)
      }
      return 0
    }),
    repeat('move_old_calls', { log, everyMs: 3_600_000 }, async () => {
      await moveOldCalls(context, { hotMonths: callsHotMonths, stop: () => isStopping })
      return 0
    }),
    repeat('remove_old_records', { log, everyMs: 3_600_000 }, async () => {
      await removeOldRecords({ ...context, maxAgeDays: recordsMaxAgeDays }, () => isStopping)
      await removeFaultFiles(db.$client, importsDir)
      return 0
    }),
  ]
  return {
    close() {
      isStopping = true
      return Promise.all(ticks.map((tick) => tick.close()))
    },
  }
}
