/**
 * Calls one by one, newest first, with what they cost.
 */
import { type CallsReportColumn, reportCalls } from '../db/reports/report-calls.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { hiddenCallFields } from '../identities/portal-view.ts'
import type { ColumnKind, Report } from './report.ts'
import type { ReportRequest } from './report-request.ts'

const kinds: Record<CallsReportColumn, ColumnKind> = {
  clientId: 'word',
  clientName: 'text',
  callId: 'text',
  direction: 'word',
  status: 'word',
  reason: 'word',
  from: 'text',
  to: 'text',
  toNormalized: 'text',
  startedAt: 'instant',
  answeredAt: 'instant',
  endedAt: 'instant',
  timeZone: 'word',
  durationSeconds: 'integer',
  billedSeconds: 'integer',
  price: 'amount',
  currency: 'word',
  destination: 'text',
  prefix: 'text',
  usageDay: 'day',
  ratingPlanId: 'word',
  ratingProfileId: 'word',
  rateDeckId: 'word',
  invoiceId: 'word',
  labels: 'object',
  engine: 'text',
  sipCallId: 'text',
  forwardedFrom: 'text',
  toClientId: 'word',
  cause: 'integer',
  sipCode: 'integer',
  endedBy: 'word',
  flags: 'word',
}

export async function callsReport(request: ReportRequest): Promise<Report> {
  const { visibility } = request
  const hidden = hiddenCallFields(visibility)
  const names = (Object.keys(kinds) as CallsReportColumn[]).filter((name) => !hidden.has(name))
  return {
    name: 'calls',
    columns: names.map((name) => ({ name, kind: kinds[name] })),
    batches: streamRows(request, reportCalls({ ...request, columns: names }), 'by-index'),
  }
}
