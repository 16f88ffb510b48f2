/**
 * What does a plan cost everywhere? Its decks' rates as CSV, one row per step, in the columns an import takes,
 * with the entry's deck, weight, window and callers beside it. Streamed: a price list may have a million rows.
 */
import { setImmediate } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import { NotFound } from '../errors.ts'
import type { Rate } from '../rating/rate.ts'
import type { PlanEntry } from '../rating/tariff.ts'
import { type CsvMarks, type CsvStyle, csvMarks, defuseFormula } from '../spreadsheet-text.ts'
import type { Configuration } from './configuration.ts'
import { deckColumn, entryColumns, originColumn } from './price-list-sheet.ts'
import { rateRowColumns, toRows } from './rate-rows.ts'
import { withRateTables } from './with-rate-tables.ts'

const priceListColumns = [
  ...entryColumns,
  ...rateRowColumns.map(({ name }) => name),
  originColumn,
  deckColumn,
]

type Value = string | number | null

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
    let rows: Value[][] = []
    let rates = 0
    for (const rate of table?.iterate() ?? []) {
      rows.push(...toPriceRows(rate, { entry, name }))
      if (++rates % batchRates !== 0) continue
      yield write(rows, marks)
      rows = []
      await setImmediate()
    }
    if (rows.length > 0) yield write(rows, marks)
  }
}

function toPriceRows(rate: Rate, { entry, name }: { entry: PlanEntry; name: string }): Value[][] {
  const { rateDeckId, weight, days, from, to, originPrefixes } = entry
  const origins = originPrefixes?.join(' ') ?? ''
  return toRows(rate).map((row) => [
    name,
    weight,
    days?.join(' ') ?? '',
    from,
    to,
    ...row,
    origins,
    rateDeckId,
  ])
}

/** Places of the names. Only they are free text that a spreadsheet might run; escaping amounts would ruin them. */
const freeText = new Set([priceListColumns.indexOf('rate_deck'), priceListColumns.indexOf('destination')])

const amounts = new Set<number>(
  rateRowColumns.filter(({ kind }) => kind === 'amount').map(({ name }) => priceListColumns.indexOf(name)),
)

function write(rows: readonly (readonly Value[])[], { separator, decimalMark }: CsvMarks): string {
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
