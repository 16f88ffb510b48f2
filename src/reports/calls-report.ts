/**
 * Calls one by one, newest first, with what they cost.
 */
import { callsReportColumns, reportCalls } from '../db/reports/report-calls.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { hiddenCallFields } from '../identities/portal-view.ts'
import type { Report } from './report.ts'
import type { ReportRequest } from './report-request.ts'

export async function callsReport(request: ReportRequest): Promise<Report> {
  const { db, tenant, visibility } = request
  const hidden = hiddenCallFields(visibility)
  const columns = callsReportColumns.filter(({ name }) => !hidden.has(name))
  const query = reportCalls({ ...request, columns: columns.map(({ name }) => name) })
  return {
    name: 'calls',
    columns: columns.map(({ name, kind }) => ({ name, kind })),
    batches: streamRows(db, tenant, query, 'by-index'),
  }
}
