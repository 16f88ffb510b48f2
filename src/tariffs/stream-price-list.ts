/**
 * What does a plan cost everywhere? Its decks' rates as CSV, one row per step, in the columns an import takes,
 * with the entry's weight and window in front. Streamed: a price list may have a million rows.
 */
import { setImmediate } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import { NotFound } from '../errors.ts'
import type { Rate } from '../rating/rate.ts'
import { rateFieldNames, rateFields } from '../rating/rate-fields.ts'
import type { PlanEntry } from '../rating/tariff.ts'
import { type CsvMarks, type CsvStyle, csvMarks, defuseFormula } from '../spreadsheet-text.ts'
import type { Configuration } from './configuration.ts'
import { withRateTables } from './with-rate-tables.ts'

const priceListColumns = [
  'rate_deck',
  'weight',
  'days',
  'from',
  'to',
  'prefix',
  'destination',
  'interval_start',
  'rate',
  'per_seconds',
  'increment',
  ...rateFieldNames.map((name) => rateFields[name].column),
] as const

/** So many rates are written before others get their turn on the event loop. */
const batchRates = 500

/** Pieces of CSV text; the versions in force at `at`. Throws `NotFound` before the first piece. */
export async function streamPriceList(
  configuration: Configuration,
  request: { ratingPlanId: string; at: number; brandId: string | null; style?: CsvStyle },
): Promise<AsyncGenerator<string, void, undefined>> {
  const { ratingPlanId, at, brandId, style = { flavour: 'raw' } } = request
  const owner = configuration.findPlan(ratingPlanId)
  if (!owner || (brandId !== null && owner.brandId !== brandId))
    throw new NotFound('rating plan', ratingPlanId)
  const { tariffs } = configuration
  const decks = await withRateTables(configuration, () =>
    (tariffs.findPlan(ratingPlanId, at)?.entries ?? []).map((entry) => ({
      entry,
      name: configuration.findRateDeck(entry.rateDeckId)?.name ?? '',
      table: tariffs.findDeck(entry.rateDeckId, at)?.table,
    })),
  )
  return writeRows(decks, csvMarks(style))
}

async function* writeRows(
  decks: readonly { entry: PlanEntry; name: string; table: { iterate(): Iterable<Rate> } | undefined }[],
  marks: CsvMarks,
): AsyncGenerator<string, void, undefined> {
  yield marks.start + write([[...priceListColumns]], marks)
  for (const { entry, name, table } of decks) {
    let rows: (string | number)[][] = []
    let rates = 0
    for (const rate of table?.iterate() ?? []) {
      rows.push(...rowsOf(rate, { entry, name }))
      if (++rates % batchRates !== 0) continue
      yield write(rows, marks)
      rows = []
      await setImmediate()
    }
    if (rows.length > 0) yield write(rows, marks)
  }
}

function rowsOf(rate: Rate, of: { entry: PlanEntry; name: string }): (string | number)[][] {
  const { weight, days, from, to } = of.entry
  return rate.steps.map((step) => [
    of.name,
    weight,
    days?.join(' ') ?? '',
    from,
    to,
    rate.prefix,
    rate.destination,
    step.fromSecond,
    step.rate,
    step.perSeconds,
    step.incrementSeconds,
    ...rateFieldNames.map((name) => String(rate[name] ?? '')),
  ])
}

/** Places of the names. Only they are free text that a spreadsheet might run; escaping amounts would ruin them. */
const freeText = new Set([priceListColumns.indexOf('rate_deck'), priceListColumns.indexOf('destination')])

const amounts = new Set<number>([
  priceListColumns.indexOf('rate'),
  ...rateFieldNames
    .filter((name) => ['amount', 'price'].includes(rateFields[name].kind))
    .map((name) => priceListColumns.indexOf(rateFields[name].column)),
])

function write(
  rows: readonly (readonly (string | number)[])[],
  { separator, decimalMark }: CsvMarks,
): string {
  return stringify([...rows], {
    delimiter: separator,
    cast: {
      string(value, { index }) {
        if (freeText.has(index)) return defuseFormula(value)
        return amounts.has(index) ? value.replace('.', decimalMark) : value
      },
    },
  })
}
