/** The rows of one sheet of a workbook, each with the texts of its cells as a file of CSV would have them. */
import type { CsvRow } from '../split-csv.ts'
import type { CellTexts } from './cell-texts.ts'
import { InvalidWorkbook } from './invalid-workbook.ts'
import { type ItemReader, plainText } from './read-items.ts'
import { TextElements } from './shared-texts.ts'

/** What a spreadsheet has, up to XFD. */
const maxColumns = 16_384
const plainRow = /<row r="(\d+)"(?: [\w:.]+="[^"<>]*")*\/?>/y
const plainCell =
  /<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="([a-zA-Z]+)")?(?: s="(\d+)")?(?:\/>|>(?:<f[^<>]*(?:\/>|>[^<]*<\/f>))?(?:<v>([^<]*)<\/v>|<v\/>|<is><t(?: xml:space="preserve")?>([^<]*)<\/t><\/is>)?<\/c>)/y

export class SheetRowReader implements ItemReader<CsvRow> {
  readonly list = 'sheetData'
  readonly item = 'row'
  readonly #texts: CellTexts
  #line = 0
  #cells: string[] = []
  #cell = { type: '', style: 0, place: 0, value: '' }
  #isValue = false
  readonly #inline = new TextElements()

  constructor(texts: CellTexts) {
    this.#texts = texts
  }

  readPlain(xml: string): CsvRow | undefined {
    plainRow.lastIndex = 0
    const line = Number(plainRow.exec(xml)?.[1])
    if (Number.isNaN(line)) return undefined
    const cells: string[] = []
    let at = plainRow.lastIndex
    while (xml.startsWith('<c', at)) {
      plainCell.lastIndex = at
      const cell = plainCell.exec(xml)
      if (!cell) return undefined
      at = plainCell.lastIndex
      const [, letters = '', style, type = 'n', styleBehind, value, inline] = cell
      const written = type === 'inlineStr' ? inline : value
      if (written === undefined || written === '') continue
      const text = plainText(written)
      if (text === undefined) return undefined
      putCell(cells, placeOfColumn(letters), this.#texts.write(type, Number(style ?? styleBehind ?? 0), text))
    }
    if (at !== xml.length && !xml.startsWith('</row>', at)) return undefined
    this.#line = line
    return { line, cells }
  }

  open(element: string, attributes: Readonly<Record<string, string>>): void {
    if (element === 'row') {
      this.#line = attributes.r === undefined ? this.#line + 1 : Number(attributes.r)
      this.#cells = []
      this.#cell.place = -1
    } else if (element === 'c') {
      const letters = /^[A-Za-z]+/.exec(attributes.r ?? '')?.[0].toUpperCase()
      const place = letters === undefined ? this.#cell.place + 1 : placeOfColumn(letters)
      this.#cell = { type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), place, value: '' }
      this.#inline.take()
    } else {
      this.#isValue = element === 'v'
      this.#inline.open(element)
    }
  }

  text(text: string): void {
    if (this.#isValue) this.#cell.value += text
    this.#inline.text(text)
  }

  close(element: string): CsvRow | undefined {
    this.#isValue = false
    this.#inline.close(element)
    if (element === 'c') {
      const { type, style, place, value } = this.#cell
      const inline = this.#inline.take()
      if (type === 'inlineStr') putCell(this.#cells, place, inline)
      else if (value !== '') putCell(this.#cells, place, this.#texts.write(type, style, value))
    }
    return element === 'row' ? { line: this.#line, cells: this.#cells } : undefined
  }
}

function putCell(cells: string[], place: number, text: string): void {
  if (place >= maxColumns) throw new InvalidWorkbook(`The workbook has more than ${maxColumns} columns.`)
  while (cells.length < place) cells.push('')
  cells[place] = text
}

/** 0 for A, 26 for AA. */
function placeOfColumn(letters: string): number {
  let place = 0
  for (let at = 0; at < letters.length; at += 1) place = place * 26 + letters.charCodeAt(at) - 64
  return place - 1
}
