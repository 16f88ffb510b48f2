/**
 * When guards against toll fraud tripped, and how many legs they refused: a row per guard, client and hour.
 */
import { reportGuardEvents } from '../db/reports/report-guard-events.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { type ReportDescription, toColumns } from './report.ts'
import type { ReportRequest } from './report-request.ts'

export const guardEventsReport = {
  name: 'guard-events',
  summary: 'Spend guards that tripped, by guard, client and hour',
  takes: ['days', 'timeZone'],
  open: openGuardEvents,
} as const satisfies ReportDescription

const columns = toColumns({
  clientId: 'word',
  clientName: 'text',
  timeZone: 'word',
  trippedAt: 'instant',
  lastAt: 'instant',
  guardId: 'word',
  guardName: 'text',
  action: 'word',
  limit: 'word',
  limitValue: 'word',
  spent: 'amount',
  currency: 'word',
  refused: 'integer',
})

async function openGuardEvents(request: ReportRequest) {
  const { brandId, clientId, from, to, timeZone, visibility } = request
  const clocks = await request.readClocks()
  const bounds = clocks.bounds({ ...request, timeZone: null })
  const query = { brandId, clientId, from, to, timeZone, bounds, showsSpent: visibility.callPrices }
  return { columns, batches: streamRows(request, reportGuardEvents(query)) }
}
