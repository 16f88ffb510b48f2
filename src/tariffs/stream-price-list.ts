/**
 * What does a plan cost everywhere? Its decks' rates, one row per step, in the columns an import takes, with the entry's
 * deck, weight, window and callers beside it: as CSV, or as rows for a workbook. Streamed: a price list may have a
 * million rows.
 */
import { setImmediate } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import { NotFound } from '../errors.ts'
import type { Rate } from '../rating/rate.ts'
import type { RateTable } from '../rating/rate-table.ts'
import type { PlanEntry } from '../rating/tariff.ts'
import { type CsvMarks, type CsvStyle, csvMarks, defuseFormula } from '../spreadsheet-text.ts'
import type { Configuration } from './configuration.ts'
import { deckColumn, entryColumns, originColumn } from './price-list-sheet.ts'
import { type RateColumnKind, rateRowColumns, toRows } from './rate-rows.ts'
import { withRateTables } from './with-rate-tables.ts'

export const priceListColumns: readonly { name: string; kind: RateColumnKind }[] = [
  ...entryColumns.map((name) => ({
    name,
    kind: name === 'weight' ? ('integer' as const) : ('text' as const),
  })),
  ...rateRowColumns,
  { name: originColumn, kind: 'text' },
  { name: deckColumn, kind: 'word' },
]

type Value = string | number | null

export interface PriceListRequest {
  ratingPlanId: string
  at: number
  /** null: of any brand. */
  brandId: string | null
}

interface PricedEntry {
  entry: PlanEntry
  name: string
  table: RateTable | undefined
}

/** So many rates are written before others get their turn on the event loop. */
const batchRates = 500

/** Pieces of CSV text; the versions in force at `at`. Throws `NotFound` before the first piece. */
export async function streamPriceList(
  configuration: Configuration,
  { style = { flavour: 'raw' }, ...request }: PriceListRequest & { style?: CsvStyle },
): Promise<AsyncGenerator<string, void, undefined>> {
  return writeCsv(await openPriceList(configuration, request), csvMarks(style))
}

/** Throws `NotFound`. */
export async function openPriceList(
  configuration: Configuration,
  { ratingPlanId, at, brandId }: PriceListRequest,
): Promise<PriceList> {
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
  return new PriceList(decks)
}

export class PriceList {
  readonly #entries: readonly PricedEntry[]

  constructor(entries: readonly PricedEntry[]) {
    this.#entries = entries
  }

  countRows(): number {
    return this.#entries.reduce((sum, { table }) => sum + (table?.countSteps() ?? 0), 0)
  }

  /** In batches; between two of them others get their turn. */
  async *rows(): AsyncGenerator<Value[][], void, undefined> {
    for (const priced of this.#entries) {
      let rows: Value[][] = []
      let rates = 0
      for (const rate of priced.table?.iterate() ?? []) {
        rows.push(...toPriceRows(rate, priced))
        if (++rates % batchRates !== 0) continue
        yield rows
        rows = []
        await setImmediate()
      }
      if (rows.length > 0) yield rows
    }
  }
}

async function* writeCsv(list: PriceList, marks: CsvMarks): AsyncGenerator<string, void, undefined> {
  yield marks.start + write([names], marks)
  for await (const rows of list.rows()) yield write(rows, marks)
}

/**
 * Names are the one free text that a spreadsheet might run; in a workbook, too, since people save one as CSV, and an import
 * knows one rule.
 */
function toPriceRows(rate: Rate, { entry, name }: PricedEntry): Value[][] {
  const { rateDeckId, weight, days, from, to, originPrefixes } = entry
  const origins = originPrefixes?.join(' ') ?? ''
  const told = { ...rate, destination: defuseFormula(rate.destination) }
  return toRows(told).map((row) => [
    defuseFormula(name),
    weight,
    days?.join(' ') ?? '',
    from,
    to,
    ...row,
    origins,
    rateDeckId,
  ])
}

const names = priceListColumns.map(({ name }) => name)
const amounts = new Set(priceListColumns.flatMap(({ kind }, place) => (kind === 'amount' ? [place] : [])))

function write(rows: readonly (readonly Value[])[], { separator, decimalMark }: CsvMarks): string {
  return stringify([...rows], {
    delimiter: separator,
    cast: {
      string: (value, { index }) => (amounts.has(index) ? value.replace('.', decimalMark) : value),
    },
  })
}
