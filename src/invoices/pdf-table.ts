/**
 * A table over any number of pages: its header again on each page, its rows tagged as rows and cells.
 *
 * Each tag of pdfkit 0.20 stays in memory until the end, some 4 KB: a table of thousands of rows tags each row as
 * one cell, or 5,000 rows of six cells would hold 150 MB.
 */
import type { PdfDocument } from './pdf-fonts.ts'
import { type CellStyle, contentWidth, type PdfSheet, page } from './pdf-sheet.ts'

export interface Column {
  title: string
  /** Share of the width; columns of a table together fill it. */
  share: number
  align: 'left' | 'right'
}

interface PlacedColumn {
  title: string
  x: number
  width: number
  align: 'left' | 'right'
}

type Structure = ReturnType<PdfDocument['struct']>

const gap = 6

export class PdfTable {
  readonly #sheet: PdfSheet
  readonly #columns: PlacedColumn[]
  readonly #style: CellStyle
  readonly #rowHeight: number
  readonly #table: Structure

  readonly #tags: 'each-cell' | 'whole-row'

  constructor(
    sheet: PdfSheet,
    parent: Structure,
    columns: readonly Column[],
    { size, tags = 'each-cell' }: { size: number; tags?: 'each-cell' | 'whole-row' },
  ) {
    this.#tags = tags
    this.#sheet = sheet
    this.#style = { size }
    this.#rowHeight = size * 1.62
    const sum = columns.reduce((total, { share }) => total + share, 0)
    let x: number = page.left
    this.#columns = columns.map(({ title, share, align }) => {
      const width = (contentWidth * share) / sum
      const placed = { title, x, width: width - gap, align }
      x += width
      return placed
    })
    // The last column ends where the page does.
    const last = this.#columns.at(-1)
    if (last) last.width += gap
    this.#table = sheet.pdf.struct('Table')
    parent.add(this.#table)
    sheet.needRoom(this.#rowHeight * 3)
    this.#header('first')
    sheet.repeatOnNewPages(() => sheet.artifact(() => this.#header('repeated')))
  }

  /** Texts in the order of the columns; longer ones are broken in the first column where `wraps` is set. */
  row(texts: readonly string[], options: { wraps?: boolean } = {}): void {
    const sheet = this.#sheet
    const first = this.#columns[0]
    const lines =
      options.wraps && first ? sheet.linesOf(texts[0] ?? '', first.width, this.#style) : [texts[0] ?? '']
    sheet.needRoom(this.#rowHeight * lines.length)
    const { pdf } = sheet
    const draw = (column: PlacedColumn, i: number) => {
      for (const [n, text] of (i === 0 ? lines : [texts[i] ?? '']).entries()) {
        const box = { x: column.x, y: sheet.y + n * this.#rowHeight, width: column.width }
        sheet.cell(text, box, { ...this.#style, align: column.align })
      }
    }
    const cells =
      this.#tags === 'each-cell'
        ? this.#columns.map((column, i) => pdf.struct('TD', {}, () => draw(column, i)))
        : [pdf.struct('TD', {}, () => this.#columns.forEach(draw))]
    const row = pdf.struct('TR', {}, cells)
    this.#table.add(row)
    row.end()
    sheet.y += this.#rowHeight * lines.length
  }

  rule(): void {
    this.#sheet.rule()
  }

  end(): void {
    this.#sheet.repeatOnNewPages(undefined)
    this.#table.end()
  }

  #header(which: 'first' | 'repeated'): void {
    const sheet = this.#sheet
    const { pdf } = sheet
    const style: CellStyle = { ...this.#style, weight: 'bold', color: sheet.colors.accent }
    const draw = (column: PlacedColumn) => {
      const box = { x: column.x, y: sheet.y, width: column.width }
      sheet.cell(column.title, box, { ...style, align: column.align })
    }
    if (which === 'first') {
      const row = pdf.struct(
        'TR',
        {},
        this.#columns.map((column) => pdf.struct('TH', {}, () => draw(column))),
      )
      this.#table.add(row)
      row.end()
    } else for (const column of this.#columns) draw(column)
    sheet.y += this.#rowHeight
    const rule = () =>
      pdf
        .moveTo(page.left, sheet.y)
        .lineTo(page.width - page.right, sheet.y)
        .lineWidth(0.8)
        .strokeColor(sheet.colors.accent)
        .stroke()
    if (which === 'first') sheet.artifact(rule)
    else rule()
    sheet.y += 4
  }
}
