/**
 * The calls of an invoice as CSV, in chunks of text.
 *
 * `raw` is for programs. `spreadsheet` is for people: texts that came from outside and begin like a formula get an
 * apostrophe before them, since a number such as +34600… would be computed. A call whose details are gone has neither
 * instant nor numbers, and still its price: the sum of the file is the sum of the calls.
 */
import { stringify } from 'csv-stringify/sync'
import { instantText } from '../db/columns.ts'
import type { CallItem } from '../db/invoices/invoice-items.ts'
import { formatAmount } from '../money.ts'

export type CsvFlavour = 'raw' | 'spreadsheet'

const columns = [
  'call_id',
  'answered_at',
  'from',
  'to',
  'destination',
  'duration_seconds',
  'billed_seconds',
] as const

export async function* renderInvoiceCsv(
  pages: AsyncIterable<readonly CallItem[]>,
  options: { currency: string; flavour: CsvFlavour; showsPrices: boolean },
): AsyncGenerator<string, void> {
  const priceColumns = options.showsPrices ? ['price', 'currency'] : []
  yield stringify([[...columns, ...priceColumns]])
  const free = (text: string) =>
    options.flavour === 'spreadsheet' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  for await (const items of pages) {
    yield stringify(
      items.map((item) => [
        free(item.callId),
        item.answeredAt === null ? '' : instantText(item.answeredAt),
        free(item.from ?? ''),
        free(item.toNormalized ? `+${item.toNormalized}` : item.to),
        free(item.destination),
        String(item.durationSeconds),
        String(item.billedSeconds),
        ...(options.showsPrices ? [formatAmount(item.price), options.currency] : []),
      ]),
    )
  }
}
