/**
 * Usage in groups: how many calls were tried and answered, how long, for how much.
 *
 * `calls` are those that were or would have been charged; `asrPercent` is the share of them that was answered,
 * `acdSeconds` how long an answered one lasts.
 */
import { streamRows } from '../db/reports/report-rows.ts'
import {
  findCallsWithoutCountry,
  listCalledDigits,
  reportUsage,
  type UsageGroup,
  type UsageReportQuery,
} from '../db/reports/report-usage.ts'
import { countryDigits, countryOfNumber } from '../rating/country-of-number.ts'
import { inOneCurrency } from './in-one-currency.ts'
import type { Column, ReportDescription } from './report.ts'
import { type ReportRequest, readGroups } from './report-request.ts'

const known = ['client', 'destination', 'country', 'day', 'month', 'hour', 'label:<name>'] as const

export const usageReport = {
  name: 'usage',
  summary: 'Usage in groups, with ASR and ACD',
  takes: ['days', 'direction', 'destination', 'label', 'currency'],
  groups: known,
  open: openUsage,
} as const satisfies ReportDescription

async function openUsage(request: ReportRequest) {
  const groups = readGroups<string>(request, known, ['client']).map(readGroup)
  const withAmounts = request.visibility.callPrices
  const plain = {
    ...request,
    direction: request.direction === 'inbound' ? ('inbound' as const) : ('outbound' as const),
    groups,
    withAmounts,
    countries: [],
    countryDigits,
    hasCallsWithoutCountry: false,
    spans: null,
  }
  const counted = groups.some(({ by }) => by === 'country') ? await withCountries(request, plain) : plain
  const query = groups.some(({ by }) => by === 'hour') ? await withClocks(request, counted) : counted
  return inOneCurrency(request, {
    columns: [
      ...groups.flatMap(groupColumns),
      ...sums.filter(({ kind }) => withAmounts || kind !== 'amount'),
    ],
    batches: streamRows(request, reportUsage(query), 'grouped'),
  })
}

/** A name that `readGroups` has checked. */
function readGroup(text: string): UsageGroup {
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

function groupColumns(group: UsageGroup): Column[] {
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

/** Calls that were settled before their country was kept: are there any, and whose numbers are they? */
async function withCountries(request: ReportRequest, query: UsageReportQuery): Promise<UsageReportQuery> {
  let hasCallsWithoutCountry = false
  for await (const rows of streamRows(request, findCallsWithoutCountry(query)))
    hasCallsWithoutCountry ||= rows.length > 0
  const countries: UsageReportQuery['countries'] = []
  const digitsOf = listCalledDigits(query, hasCallsWithoutCountry ? 'all' : 'unanswered')
  for await (const rows of streamRows(request, digitsOf)) {
    for (const [digits] of rows) {
      const country = countryOfNumber(String(digits))
      if (country !== undefined) countries.push({ digits: String(digits), country })
    }
  }
  return { ...query, countries, hasCallsWithoutCountry }
}

/** Calls of the days that are asked for begin within a day of them, by UTC. */
async function withClocks(request: ReportRequest, query: UsageReportQuery): Promise<UsageReportQuery> {
  const clocks = await request.readClocks()
  const dayMs = 86_400_000
  const from = Date.parse(request.from ?? firstDay) - 2 * dayMs
  // No call begins later than now: clocks are read day by day, and those of decades to come held up everybody else.
  const last = request.now + dayMs
  const until = request.to === null ? last : Math.min(Date.parse(request.to) + 2 * dayMs, last)
  return { ...query, spans: clocks.spans({ from, until: Math.max(until, from + dayMs) }) }
}

/** Before any call. */
const firstDay = '2020-01-01'
