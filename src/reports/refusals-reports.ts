/**
 * What was not sold, and why: rejected calls and denied authorizations, by client, reason, day or month.
 */
import { type RefusalGroup, reportDenials, reportRejectedCalls } from '../db/reports/report-refusals.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import type { Column, Report } from './report.ts'
import { type ReportRequest, readGroups } from './report-request.ts'

const known: readonly RefusalGroup[] = ['client', 'reason', 'day', 'month']

export async function rejectedCallsReport(request: ReportRequest): Promise<Report> {
  const groups = readGroups(request, known, ['client', 'reason'])
  return {
    name: 'rejected-calls',
    columns: [
      ...groups.flatMap(columnsOf),
      { name: 'calls', kind: 'integer' },
      { name: 'durationSeconds', kind: 'integer' },
    ],
    batches: streamRows(request, reportRejectedCalls({ ...request, groups })),
  }
}

export async function denialsReport(request: ReportRequest): Promise<Report> {
  const groups = readGroups(request, known, ['client', 'reason'])
  return {
    name: 'denials',
    columns: [...groups.flatMap(columnsOf), { name: 'denials', kind: 'integer' }],
    batches: streamRows(request, reportDenials({ ...request, groups })),
  }
}

function columnsOf(group: RefusalGroup): Column[] {
  if (group === 'client') {
    return [
      { name: 'clientId', kind: 'word' },
      { name: 'clientName', kind: 'text' },
    ]
  }
  return [{ name: group, kind: group === 'day' ? 'day' : 'word' }]
}
