/**
 * The annex: each call behind the invoice, on the same page where there is room, else on pages of its own.
 */
import type { CallItem } from '../db/invoice-items.ts'
import type { ItemColumnName } from './invoice-template.ts'
import type { Drawing } from './pdf-sections.ts'
import { page } from './pdf-sheet.ts'
import { type Column, PdfTable } from './pdf-table.ts'

const shares: Record<ItemColumnName, number> = {
  date: 21,
  caller: 19,
  called: 19,
  destination: 24,
  duration: 9,
  price: 11,
}

export async function drawItems(
  drawing: Drawing,
  pages: AsyncIterable<readonly CallItem[]>,
  options: { showsPrices: boolean },
): Promise<void> {
  const { sheet, labels, formats, template } = drawing
  const names = template.itemColumns.filter((name) => name !== 'price' || options.showsPrices)
  const columns: Column[] = names.map((name) => ({
    title: labels[name],
    share: shares[name],
    align: name === 'duration' || name === 'price' ? 'right' : 'left',
  }))
  const write: Record<ItemColumnName, (item: CallItem) => string> = {
    date: (item) => formats.instant(item.answeredAt),
    caller: (item) => item.from ?? '',
    called: (item) => (item.toNormalized === null ? item.to : `+${item.toNormalized}`),
    destination: (item) => item.destination,
    duration: (item) => formats.duration(item.billedSeconds),
    price: (item) => formats.price(item.price),
  }
  let table: PdfTable | undefined
  for await (const items of pages) {
    for (const item of items) {
      if (!table) {
        // The calls of a small client stand on the page of its invoice.
        if (sheet.room() < 60 + items.length * 13) sheet.addPage()
        sheet.tags.leaf('H2', () =>
          sheet.cell(
            labels.itemised,
            { x: page.left, y: sheet.y, width: 400 },
            { size: 13, weight: 'bold', color: sheet.colors.accent },
          ),
        )
        sheet.y += 26
        table = new PdfTable(sheet, columns, {
          size: 8,
          tags: items.length > 1000 ? 'whole-row' : 'each-cell',
        })
      }
      table.row(names.map((name) => write[name](item)))
    }
  }
  table?.end()
}
