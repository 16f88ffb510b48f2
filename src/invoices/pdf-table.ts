/**
 * A table over any number of pages: its header again on each page, its rows tagged as rows and cells.
 */
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

/** Six tags in each of 5,000 rows would make a file of 4 MB, too large for many a mailbox; one a row makes 1 MB. */
type RowTags = 'each-cell' | 'whole-row'

const gap = 6
/** A header that speaks for its column. */
const columnScope = { A: { O: 'Table', Scope: 'Column' } }

export class PdfTable {
  readonly #sheet: PdfSheet
  readonly #columns: PlacedColumn[]
  readonly #style: CellStyle
  readonly #rowHeight: number
  readonly #tags: RowTags
  readonly #spanningAll: object

  constructor(
    sheet: PdfSheet,
    columns: readonly Column[],
    { size, tags = 'each-cell' }: { size: number; tags?: RowTags },
  ) {
    this.#tags = tags
    this.#spanningAll = { A: { O: 'Table', ColSpan: columns.length } }
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
    sheet.needRoom(this.#rowHeight * 3)
    sheet.tags.open('Table')
    this.#header('first')
    sheet.repeatOnNewPages(() => sheet.tags.artifact(() => this.#header('repeated')))
  }

  /** Texts in the order of the columns; longer ones are broken in the first column where `wraps` is set. */
  row(texts: readonly string[], options: { wraps?: boolean } = {}): void {
    const sheet = this.#sheet
    const first = this.#columns[0]
    const lines =
      options.wraps && first ? sheet.linesOf(texts[0] ?? '', first.width, this.#style) : [texts[0] ?? '']
    sheet.needRoom(this.#rowHeight * lines.length)
    sheet.tags.open('TR')
    const draw = (column: PlacedColumn, i: number) => {
      for (const [n, text] of (i === 0 ? lines : [texts[i] ?? '']).entries()) {
        const box = { x: column.x, y: sheet.y + n * this.#rowHeight, width: column.width }
        sheet.cell(text, box, { ...this.#style, align: column.align })
      }
    }
    if (this.#tags === 'each-cell') {
      for (const [i, column] of this.#columns.entries()) sheet.tags.leaf('TD', () => draw(column, i))
    } else sheet.tags.leaf('TD', () => this.#columns.forEach(draw), this.#spanningAll)
    sheet.tags.close()
    sheet.y += this.#rowHeight * lines.length
  }

  rule(): void {
    this.#sheet.rule()
  }

  end(): void {
    this.#sheet.repeatOnNewPages(undefined)
    this.#sheet.tags.close()
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
      sheet.tags.open('TR')
      for (const column of this.#columns) sheet.tags.leaf('TH', () => draw(column), columnScope)
      sheet.tags.close()
    } else for (const column of this.#columns) draw(column)
    sheet.y += this.#rowHeight
    const rule = () =>
      pdf
        .moveTo(page.left, sheet.y)
        .lineTo(page.width - page.right, sheet.y)
        .lineWidth(0.8)
        .strokeColor(sheet.colors.accent)
        .stroke()
    if (which === 'first') sheet.tags.artifact(rule)
    else rule()
    sheet.y += 4
  }
}
