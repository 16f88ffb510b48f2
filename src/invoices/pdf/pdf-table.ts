/**
 * A table over any number of pages: its header again on each page, its rows tagged as rows and cells.
 */
import { type CellStyle, contentWidth, type PdfSheet, page } from './pdf-sheet.ts'

export interface Column {
  title: string
  align: 'left' | 'right'
  /** Takes the room that the others leave; its texts may be longer than that. */
  grows?: boolean
}

interface PlacedColumn {
  title: string
  x: number
  width: number
  align: 'left' | 'right'
}

/** Six tags in each of 5,000 rows would make a file of 4 MB, too large for many a mailbox; one a row makes 1 MB. */
type RowTags = 'each-cell' | 'whole-row'

interface TableOptions {
  size: number
  /** Rows that the widths of the columns are taken from: all, or the first of many. */
  sample: readonly (readonly string[])[]
  tags?: RowTags
}

const gap = 10
/** A header that speaks for its column. */
const columnScope = { A: { O: 'Table', Scope: 'Column' } }

export class PdfTable {
  readonly #sheet: PdfSheet
  readonly #columns: PlacedColumn[]
  #style: CellStyle
  #rightStyle: CellStyle
  readonly #rowHeight: number
  readonly #tags: RowTags
  readonly #spanningAll: object

  constructor(
    sheet: PdfSheet,
    columns: readonly Column[],
    { size, sample, tags = 'each-cell' }: TableOptions,
  ) {
    this.#tags = tags
    this.#spanningAll = { A: { O: 'Table', ColSpan: columns.length } }
    this.#sheet = sheet
    this.#style = { size }
    this.#rightStyle = { size, align: 'right' }
    this.#rowHeight = size * 1.62
    this.#columns = placeColumns(columns, this.#naturalWidths(columns, sample))
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
      options.wraps && first ? sheet.breakLines(texts[0] ?? '', first.width, this.#style) : [texts[0] ?? '']
    sheet.needRoom(this.#rowHeight * lines.length)
    sheet.tags.open('TR')
    const draw = (column: PlacedColumn, i: number) => {
      for (const [n, text] of (i === 0 ? lines : [texts[i] ?? '']).entries()) {
        const box = { x: column.x, y: sheet.y + n * this.#rowHeight, width: column.width }
        sheet.cell(text, box, column.align === 'left' ? this.#style : this.#rightStyle)
      }
    }
    if (this.#tags === 'each-cell') {
      for (const [i, column] of this.#columns.entries()) sheet.tags.leaf('TD', () => draw(column, i))
    } else sheet.tags.leaf('TD', () => this.#columns.forEach(draw), this.#spanningAll)
    sheet.tags.close()
    sheet.y += this.#rowHeight * lines.length
  }

  /** The last row, in bold below a line. */
  total(texts: readonly string[]): void {
    const sheet = this.#sheet
    sheet.needRoom(this.#rowHeight + 4)
    sheet.y += 1
    sheet.rule()
    sheet.y += 3
    this.#style = { ...this.#style, weight: 'bold' }
    this.#rightStyle = { ...this.#rightStyle, weight: 'bold' }
    this.row(texts)
  }

  end(): void {
    this.#sheet.repeatOnNewPages(undefined)
    this.#sheet.tags.close()
  }

  /** What each column would need to hold its title and these texts. */
  #naturalWidths(columns: readonly Column[], sample: readonly (readonly string[])[]): number[] {
    return columns.map(({ title }, i) => {
      const titleWidth = this.#sheet.measure(title, { ...this.#style, weight: 'bold' })
      return sample.reduce(
        (widest, texts) => Math.max(widest, this.#sheet.measure(texts[i] ?? '', this.#style)),
        titleWidth,
      )
    })
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

/** Side by side over the whole width: each gets what it needs, those that grow share what is left. */
function placeColumns(columns: readonly Column[], natural: readonly number[]): PlacedColumn[] {
  const room = contentWidth - gap * (columns.length - 1)
  const growing = columns.map(({ grows }) => grows === true)
  const sumWidths = (chosen: boolean) =>
    natural.reduce((sum, width, i) => sum + (growing[i] === chosen ? width : 0), 0)
  const fixed = sumWidths(false)
  const stretch = sumWidths(true)
  // Numbers may be set smaller, but where nothing is left for words they give way.
  const shrink = Math.min(1, (room * (stretch > 0 ? 0.8 : 1)) / fixed)
  const left = room - fixed * shrink
  // Without a column that grows, and where there is room to spare, all move apart.
  const spare = Math.max(0, stretch > 0 ? Math.min(left - stretch, columns.length * 16) : left)
  const spread = spare / columns.length
  let x: number = page.left
  return columns.map(({ title, align }, i) => {
    const own = natural[i] ?? 0
    const width = (growing[i] ? (own / stretch) * (left - spare) : own * shrink) + spread
    const placed = { title, x, width, align }
    x += width + gap
    return placed
  })
}
