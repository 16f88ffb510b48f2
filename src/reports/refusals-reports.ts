/**
 * What was not sold, and why: rejected calls and denied authorizations, by client, reason, day or month.
 */
import { type RefusalGroup, reportDenials, reportRejectedCalls } from '../db/reports/report-refusals.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import type { Column, ReportDescription } from './report.ts'
import { type ReportRequest, readGroups } from './report-request.ts'

const known: readonly RefusalGroup[] = ['client', 'reason', 'day', 'month']

export const rejectedCallsReport = {
  name: 'rejected-calls',
  summary: 'Calls that ended and could not be priced, by reason',
  takes: ['days'],
  groups: known,
  open: openRejectedCalls,
} as const satisfies ReportDescription

export const denialsReport = {
  name: 'denials',
  summary: 'Denied authorizations, by reason',
  takes: ['days'],
  groups: known,
  open: openDenials,
} as const satisfies ReportDescription

async function openRejectedCalls(request: ReportRequest) {
  const groups = readGroups(request, known, ['client', 'reason'])
  return {
    columns: [
      ...groups.flatMap(groupColumns),
      { name: 'calls', kind: 'integer' } as const,
      { name: 'durationSeconds', kind: 'integer' } as const,
    ],
    batches: streamRows(request, reportRejectedCalls({ ...request, groups })),
  }
}

async function openDenials(request: ReportRequest) {
  const groups = readGroups(request, known, ['client', 'reason'])
  return {
    columns: [...groups.flatMap(groupColumns), { name: 'denials', kind: 'integer' } as const],
    batches: streamRows(request, reportDenials({ ...request, groups })),
  }
}

function groupColumns(group: RefusalGroup): Column[] {
  if (group === 'client') {
    return [
      { name: 'clientId', kind: 'word' },
      { name: 'clientName', kind: 'text' },
    ]
  }
  return [{ name: group, kind: group === 'day' ? 'day' : 'word' }]
}
