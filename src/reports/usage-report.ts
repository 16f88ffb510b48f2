/**
 * Usage in groups: how many calls were tried and answered, how long, for how much.
 *
 * `calls` are those that were or would have been charged; `asrPercent` is the share of them that was answered,
 * `acdSeconds` how long an answered one lasts.
 */
import { setImmediate } from 'node:timers/promises'
import { streamRows } from '../db/reports/report-rows.ts'
import {
  listCalledDigits,
  reportUsage,
  type UsageGroup,
  type UsageReportQuery,
} from '../db/reports/report-usage.ts'
import { countryOfNumber } from './country-of-number.ts'
import type { Column, ReportDescription } from './report.ts'
import { type ReportRequest, readGroups } from './report-request.ts'

const known = ['client', 'destination', 'country', 'day', 'month', 'hour', 'label:<name>'] as const

export const usageReport = {
  name: 'usage',
  summary: 'Usage in groups, with ASR and ACD',
  takes: ['days', 'destination', 'label'],
  groups: known,
  open: openUsage,
} as const satisfies ReportDescription

async function openUsage(request: ReportRequest) {
  const groups = readGroups<string>(request, known, ['client']).map(groupOf)
  const withAmounts = request.visibility.callPrices
  const query = { ...request, groups, withAmounts, countries: [] }
  const countries = groups.some(({ by }) => by === 'country') ? await listCountries(request, query) : []
  return {
    columns: [...groups.flatMap(columnsOf), ...sums.filter(({ kind }) => withAmounts || kind !== 'amount')],
    batches: streamRows(request, reportUsage({ ...query, countries }), 'grouped'),
  }
}

/** A name that `readGroups` has checked. */
function groupOf(text: string): UsageGroup {
  return text.startsWith('label:')
    ? { by: 'label', name: text.slice('label:'.length) }
    : { by: text as Exclude<UsageGroup['by'], 'label'> }
}

const sums: readonly Column[] = [
  { name: 'currency', kind: 'word' },
  { name: 'calls', kind: 'integer' },
  { name: 'answered', kind: 'integer' },
  { name: 'durationSeconds', kind: 'integer' },
  { name: 'billedSeconds', kind: 'integer' },
  { name: 'amount', kind: 'amount' },
  { name: 'asrPercent', kind: 'decimal' },
  { name: 'acdSeconds', kind: 'decimal' },
]

function columnsOf(group: UsageGroup): Column[] {
  switch (group.by) {
    case 'client':
      return [
        { name: 'clientId', kind: 'word' },
        { name: 'clientName', kind: 'text' },
      ]
    case 'day':
      return [{ name: 'day', kind: 'day' }]
    case 'hour':
      return [{ name: 'hour', kind: 'integer' }]
    case 'label':
      return [{ name: `label:${group.name}`, kind: 'text' }]
    case 'destination':
      return [{ name: 'destination', kind: 'text' }]
    default:
      return [{ name: group.by, kind: 'word' }]
  }
}

async function listCountries(request: ReportRequest, query: UsageReportQuery) {
  const countries: UsageReportQuery['countries'] = []
  for await (const rows of streamRows(request, listCalledDigits(query))) {
    for (const [digits, number] of rows) {
      const country = countryOfNumber(String(number))
      if (country !== undefined) countries.push({ digits: String(digits), country })
    }
    // A thousand take some 20 ms: others get their turn.
    await setImmediate()
  }
  return countries
}
