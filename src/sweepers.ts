/**
 * What happens by the clock alone: meters, expiries, schedules. Each replica runs all of it; what two of them may not
 * do both is claimed by the stories themselves.
 */

import { tellDeniedLimits } from './calls/authorize/tell-denied-limits.ts'
import type { CallsContext } from './calls/calls-context.ts'
import { rerateNextCalls } from './calls/re-rate/rerate-calls.ts'
import { repeat } from './calls/repeat.ts'
import { removeOldCalls } from './calls/retention/remove-old-calls.ts'
import { removeOldRecords } from './calls/retention/remove-old-records.ts'
import type { ChangedClients } from './calls/running/changed-clients.ts'
import { closeLostCalls } from './calls/running/close-lost-calls.ts'
import { meterCalls } from './calls/running/meter-calls.ts'
import { expireCalls } from './calls/settle/expire-calls.ts'
import type { Db } from './db/connection.ts'
import { runInvoiceSchedules } from './invoices/run-invoice-schedules.ts'
import { runReportSchedules } from './reports/run-report-schedules.ts'
import { removeFaultFiles } from './tariffs/remove-fault-files.ts'

export interface Sweepers {
  /** Resolves when the last of them has finished what it was at. */
  stop(): Promise<unknown>
}

export function startSweepers({
  context,
  changedClients,
  blindCalls,
  api,
  reportsDir,
  importsDir,
  recordsMaxAgeDays,
}: {
  context: CallsContext
  changedClients: ChangedClients
  blindCalls: { resend(): Promise<number> }
  /** The pool that sees one tenant at a time. */
  api: Db
  reportsDir: string
  importsDir: string
  recordsMaxAgeDays: number
}): Sweepers {
  const { db, log } = context
  let isStopping = false
  const ticks = [
    repeat('meter_calls', 250, log, () => meterCalls(context, changedClients)),
    repeat('close_lost_calls', 5000, log, () => closeLostCalls(context)),
    repeat('note_engine_signs', 1000, log, () => context.engineSigns.flush(db.$client)),
    repeat('resend_blind_calls', 1000, log, () => blindCalls.resend()),
    repeat('expire_calls', 1000, log, () => expireCalls(context)),
    repeat('tell_denied_limits', 500, log, () => tellDeniedLimits(context)),
    repeat('rerate_calls', 1000, log, () => rerateNextCalls(context, null)),
    repeat('invoice_schedules', 60_000, log, async () => {
      const { clock, onTold } = context
      const report = await runInvoiceSchedules({ sql: db.$client, clock, onTold }, { stop: () => isStopping })
      if (report.issued > 0 || report.failed > 0)
        log.info({ event: 'invoices_scheduled', ...report }, 'invoiced')
      // All that is due is done: the next look is a minute away.
      return 0
    }),
    repeat('report_schedules', 60_000, log, async () => {
      const { clock, onTold } = context
      const run = await runReportSchedules(
        { worker: db, api, reportsDir, clock, onTold },
        { stop: () => isStopping },
      )
      if (run.done > 0 || run.failed > 0) log.info({ event: 'reports_scheduled', ...run }, 'reported')
      return 0
    }),
    repeat('remove_old_calls', 3_600_000, log, async () => {
      await removeOldCalls(context, () => isStopping)
      return 0
    }),
    repeat('remove_old_records', 3_600_000, log, async () => {
      await removeOldRecords({ ...context, maxAgeDays: recordsMaxAgeDays }, () => isStopping)
      await removeFaultFiles(db.$client, importsDir)
      return 0
    }),
  ]
  return {
    stop() {
      isStopping = true
      return Promise.all(ticks.map((tick) => tick.stop()))
    },
  }
}
