/**
 * Calls one by one, newest first, with what they cost.
 */
import { callsReportColumns, reportCalls } from '../db/reports/report-calls.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { hiddenCallFields } from '../identities/portal-view.ts'
import { inZoneThen } from './client-clocks.ts'
import type { ReportDescription } from './report.ts'
import type { ReportRequest } from './report-request.ts'

export const callsReport = {
  name: 'calls',
  summary: 'Calls one by one, newest first',
  takes: ['days', 'timeZone', 'status', 'direction', 'toNormalized', 'destination', 'label'],
  open: openCalls,
} as const satisfies ReportDescription

async function openCalls(request: ReportRequest) {
  const { visibility } = request
  const hidden = hiddenCallFields(visibility)
  const columns = callsReportColumns.filter(({ name }) => !hidden.has(name))
  const clocks = await request.readClocks()
  // Days of calls are the clients' own, whatever zone they are shown in.
  const bounds = clocks.bounds({ ...request, timeZone: null })
  const query = reportCalls({ ...request, bounds, columns: columns.map(({ name }) => name) })
  return {
    columns: columns.map(({ name, kind }) => ({ name, kind })),
    batches: inZoneThen(clocks, request, columns, streamRows(request, query, 'by-index')),
  }
}
