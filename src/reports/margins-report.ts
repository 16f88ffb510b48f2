/**
 * What calls brought in and what carriers took for them, in groups; all amounts in the clients' currency, or exchanged into
 * one at the rate of when the span ends.
 *
 * The sums are of calls whose cost is known in that currency; how many others a carrier took on stands beside.
 */
import { type MarginGroup, reportMargins } from '../db/reports/report-margins.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { endOfSpan, exchangedColumns } from './in-one-currency.ts'
import type { Column, ReportDescription } from './report.ts'
import { type ReportRequest, readGroups } from './report-request.ts'

const known: readonly MarginGroup[] = ['client', 'destination', 'carrier', 'day', 'month']

export const marginsReport = {
  name: 'margins',
  summary: 'Price, cost and margin by client, destination, carrier, day or month',
  takes: ['days', 'destination', 'below', 'currency'],
  groups: known,
  needs: 'costs',
  open: openMargins,
} as const satisfies ReportDescription

async function openMargins(request: ReportRequest) {
  const groups = readGroups(request, known, ['carrier'])
  const { below = null, currency = null } = request
  const into = currency === null ? null : { currency, at: endOfSpan(request) }
  return {
    columns: [...groups.flatMap(groupColumns), ...sums, ...(into ? exchangedColumns : [])],
    batches: streamRows(request, reportMargins({ ...request, groups, below, into }), 'grouped'),
  }
}

const sums: readonly Column[] = [
  { name: 'currency', kind: 'word' },
  { name: 'calls', kind: 'integer' },
  { name: 'seconds', kind: 'integer' },
  { name: 'price', kind: 'amount' },
  { name: 'cost', kind: 'amount' },
  { name: 'margin', kind: 'amount' },
  { name: 'marginPercent', kind: 'decimal' },
  { name: 'callsWithoutCost', kind: 'integer' },
]

function groupColumns(group: MarginGroup): Column[] {
  switch (group) {
    case 'client':
      return [
        { name: 'clientId', kind: 'word' },
        { name: 'clientName', kind: 'text' },
      ]
    case 'carrier':
      return [
        { name: 'carrierId', kind: 'word' },
        { name: 'carrierName', kind: 'text' },
      ]
    case 'day':
      return [{ name: 'day', kind: 'day' }]
    case 'month':
      return [{ name: 'month', kind: 'word' }]
    default:
      return [{ name: group, kind: 'text' }]
  }
}
