/**
 * The calls of an invoice as CSV, by the writer of reports and in its flavours: instants on the wall clock of the
 * invoice's zone, which stands in the last column.
 *
 * A call whose details are gone has neither instant nor numbers, and still its price: the sum of the file is the sum of
 * the calls.
 */
import { instantText } from '../db/columns.ts'
import type { CallItem } from '../db/invoices/invoice-items.ts'
import { formatAmount } from '../money.ts'
import type { CsvStyle } from '../spreadsheet-text.ts'
import { type Row, toColumns } from './report.ts'
import { writeCsv } from './write-csv.ts'

const callColumns = {
  call_id: 'text',
  answered_at: 'instant',
  from: 'text',
  to: 'text',
  destination: 'text',
  duration_seconds: 'integer',
  billed_seconds: 'integer',
} as const
const priceColumns = { price: 'amount', currency: 'word' } as const

export function renderInvoiceCsv(
  pages: AsyncIterable<readonly CallItem[]>,
  options: CsvStyle & { currency: string; timeZone: string; showsPrices: boolean },
): AsyncGenerator<string, void, undefined> {
  const columns = toColumns({
    ...callColumns,
    ...(options.showsPrices && priceColumns),
    time_zone: 'word',
  })
  return writeCsv(columns, listRows(pages, options), options)
}

async function* listRows(
  pages: AsyncIterable<readonly CallItem[]>,
  { currency, timeZone, showsPrices }: { currency: string; timeZone: string; showsPrices: boolean },
): AsyncGenerator<readonly Row[], void, undefined> {
  for await (const items of pages) {
    yield items.map((item) => [
      item.callId,
      item.answeredAt === null ? null : textOfInstant(item.answeredAt),
      item.from,
      item.toNormalized ? `+${item.toNormalized}` : item.to,
      item.destination,
      item.durationSeconds,
      item.billedSeconds,
      ...(showsPrices ? [formatAmount(item.price), currency] : []),
      timeZone,
    ])
  }
}

/** As PostgreSQL writes it, which is what reports take. */
function textOfInstant(at: number): string {
  return instantText(at).replace('T', ' ').replace('Z', '+00')
}
