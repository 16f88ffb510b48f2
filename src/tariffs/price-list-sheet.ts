/**
 * How is a plan's price list read as a sheet of rates? Its rows say to which deck they go: an import takes those of its
 * own deck, and leaves the others. A deck that stands in several entries has its rates in the list as often; equal
 * rows count once, and rows that differ are refused.
 */
import { type OpenSheet, openSheet } from './open-sheet.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import { InvalidWorkbook } from './workbook/invalid-workbook.ts'

/** What a row says of the plan's entry: in front of the rate's own columns, and behind them. */
export const entryColumns = ['rate_deck', 'weight', 'days', 'from', 'to'] as const
export const deckColumn = 'rate_deck_id'
export const originColumn = 'origin_prefixes'

/** Undefined: the file is another sheet, or none; whoever reads its rates says what is wrong with it. */
export async function priceListMapping(file: string, rateDeckId: string): Promise<SheetMapping | undefined> {
  const head = await readHead(file)
  const first = head.find(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  const headings = first?.cells.map((cell) => cell.trim()) ?? []
  const isPriceList = [...entryColumns, originColumn, deckColumn].every((name) => headings.includes(name))
  if (!isPriceList) return undefined
  return {
    onlyRows: [{ column: deckColumn, in: [rateDeckId] }],
    ignoreColumns: [...entryColumns, originColumn],
    duplicates: 'identical',
  }
}

async function readHead(file: string): Promise<OpenSheet['head']> {
  try {
    return (await openSheet({ file, mapping: {}, currency: null })).head
  } catch (error) {
    if (error instanceof InvalidWorkbook) return []
    throw error
  }
}
