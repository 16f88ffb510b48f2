/**
 * The annex: each call behind the invoice, on the same page where there is room, else on pages of its own.
 */
import type { CallItem } from '../../db/invoices/invoice-items.ts'
import { zero } from '../../money.ts'
import type { ItemColumnName } from '../invoice-template.ts'
import type { Drawing } from './drawing.ts'
import { type CellStyle, contentWidth, page } from './pdf-sheet.ts'
import { type Column, PdfTable } from './pdf-table.ts'
import type { Annex } from './render-invoice-pdf.ts'

/** Fewer than these do not begin on a page that holds something else. */
const minRows = 5
/** More than these are tagged row by row: see `RowTags`. */
const maxRowsTaggedByCell = 1000
const rowHeight = 13

export async function drawItems(drawing: Drawing, { items: pages, showsPrices }: Annex): Promise<void> {
  const { sheet, labels, formats, template } = drawing
  const names = template.itemColumns.filter((name) => name !== 'price' || showsPrices)
  const columns: Column[] = names.map((name) => ({
    title: labels[name],
    grows: name === 'destination',
    align: name === 'duration' || name === 'price' ? 'right' : 'left',
  }))
  const write: Record<ItemColumnName, (item: CallItem) => string> = {
    date: (item) => (item.answeredAt === null ? '' : formats.instant(item.answeredAt)),
    caller: (item) => item.from ?? '',
    called: (item) =>
      item.answeredAt === null
        ? labels.detailsRemoved
        : item.toNormalized === null
          ? item.to
          : `+${item.toNormalized}`,
    destination: (item) => item.destination,
    duration: (item) => formats.duration(item.billedSeconds),
    price: (item) => formats.price(item.price, decimals),
  }
  let table: PdfTable | undefined
  /** Of the first calls' prices: the column lines up at its decimal mark. */
  let decimals = 0
  let billedSeconds = 0
  let sum = zero
  const writeItem = (item: CallItem) => names.map((name) => write[name](item))
  for await (const items of withLongStart(pages, maxRowsTaggedByCell + 1)) {
    if (!table && items.length > 0) {
      if (sheet.room() < 60 + Math.min(items.length, minRows) * rowHeight) sheet.addPage()
      heading(drawing)
      const tags = items.length > maxRowsTaggedByCell ? 'whole-row' : 'each-cell'
      decimals = Math.max(...items.map(({ price }) => price.decimalPlaces()))
      const sample = items.slice(0, 300).map(writeItem)
      table = new PdfTable(sheet, columns, { size: 8, sample, tags })
    }
    for (const item of items) {
      table?.row(writeItem(item))
      billedSeconds += item.billedSeconds
      sum = sum.plus(item.price)
    }
  }
  if (!table) return
  const totals: Partial<Record<ItemColumnName, string>> = {
    duration: formats.duration(billedSeconds),
    price: formats.price(sum, decimals),
  }
  table.total(names.map((name, i) => totals[name] ?? (i === 0 ? labels.total : '')))
  table.end()
}

/** The same calls; the first piece holds at least `length` of them, or all. */
async function* withLongStart(
  pages: AsyncIterable<readonly CallItem[]>,
  length: number,
): AsyncGenerator<readonly CallItem[], void, undefined> {
  const start: CallItem[] = []
  let hasStarted = false
  for await (const items of pages) {
    if (hasStarted) yield items
    else {
      start.push(...items)
      hasStarted = start.length >= length
      if (hasStarted) yield start
    }
  }
  if (!hasStarted) yield start
}

function heading({ sheet, labels }: Drawing): void {
  const box = { x: page.left, y: sheet.y, width: contentWidth }
  const style: CellStyle = { size: 13, weight: 'bold', color: sheet.colors.accent }
  sheet.tags.leaf('H2', () => sheet.cell(labels.itemised, box, style))
  sheet.y += 26
}
