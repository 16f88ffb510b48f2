/**
 * The calls of an invoice as CSV, in chunks of text.
 *
 * `raw` is for programs. `spreadsheet` is for people: what came from outside and would run as a formula is defused as in
 * reports (spreadsheet-text.ts), telephone numbers stay. A call whose details are gone has neither instant nor numbers,
 * and still its price: the sum of the file is the sum of the calls.
 */
import { stringify } from 'csv-stringify/sync'
import { instantText } from '../db/columns.ts'
import type { CallItem } from '../db/invoices/invoice-items.ts'
import { formatAmount } from '../money.ts'
import { type CsvFlavour, spreadsheetCell } from '../spreadsheet-text.ts'

const columns = [
  'call_id',
  'answered_at',
  'from',
  'to',
  'destination',
  'duration_seconds',
  'billed_seconds',
] as const

/** Places of what others typed or sent. */
const freeText = new Set(
  (['call_id', 'from', 'to', 'destination'] as const).map((name) => columns.indexOf(name)),
)

export async function* renderInvoiceCsv(
  pages: AsyncIterable<readonly CallItem[]>,
  options: { currency: string; flavour: CsvFlavour; showsPrices: boolean },
): AsyncGenerator<string, void> {
  const priceColumns = options.showsPrices ? ['price', 'currency'] : []
  yield stringify([[...columns, ...priceColumns]])
  const write = options.flavour === 'spreadsheet' ? writeForSpreadsheets : stringify
  for await (const items of pages) {
    yield write(
      items.map((item) => [
        item.callId,
        item.answeredAt === null ? '' : instantText(item.answeredAt),
        item.from ?? '',
        item.toNormalized ? `+${item.toNormalized}` : item.to,
        item.destination,
        String(item.durationSeconds),
        String(item.billedSeconds),
        ...(options.showsPrices ? [formatAmount(item.price), options.currency] : []),
      ]),
    )
  }
}

function writeForSpreadsheets(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) =>
    row.map((text, place) => (freeText.has(place) ? spreadsheetCell(text) : text)),
  )
  return lines.map((cells) => `${cells.join(',')}\n`).join('')
}
