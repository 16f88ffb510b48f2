/**
 * How does a report become a workbook? One sheet after another, each batch of rows written and compressed when it
 * comes, so that memory holds a batch and never the sheet.
 *
 * A sheet takes 1,048,576 rows; what is beyond goes to the next one. There is no table of shared strings: it
 * would hold every text until the end.
 */
import { Zip } from 'fflate'
import { type Batches, type Column, placeOfTimeZone, type Row } from './report.ts'
import { chooseXlsxWriter, columnLetters, type WriteXlsxCell } from './xlsx-cells.ts'
import { sheetEnd, sheetStart, workbookParts } from './xlsx-parts.ts'
import { ZipPart } from './zip-part.ts'

const maxRows = 1_048_576

export async function* writeXlsx(
  name: string,
  columns: readonly Column[],
  batches: Batches,
  /** Rows of a sheet, the header's too. */
  rowsOfSheet = maxRows,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { zip, take } = openZip()
  const writeRow = rowWriter(columns)
  let sheets = 0
  const openSheet = () => new ZipPart(zip, `xl/worksheets/sheet${++sheets}.xml`)

  let sheet = openSheet()
  let xml = sheetStart(columns)
  let row = 1
  for await (const rows of batches) {
    for (const values of rows) {
      if (row === rowsOfSheet) {
        await sheet.write(xml + sheetEnd, 'last')
        sheet = openSheet()
        xml = sheetStart(columns)
        row = 1
      }
      row++
      xml += writeRow(values, row)
    }
    await sheet.write(xml, 'inside')
    xml = ''
    yield take()
  }
  await sheet.write(xml + sheetEnd, 'last')
  for (const [path, text] of Object.entries(workbookParts(name, sheets))) {
    await new ZipPart(zip, path).write(text, 'last')
  }
  zip.end()
  yield take()
}

function rowWriter(columns: readonly Column[]): (values: Row, row: number) => string {
  const cells: readonly WriteXlsxCell[] = columns.map((column) => chooseXlsxWriter(column))
  const letters = columns.map((_, place) => columnLetters(place))
  const zonePlace = placeOfTimeZone(columns)
  return (values, row) => {
    const timeZone = zonePlace < 0 ? 'UTC' : String(values[zonePlace] ?? 'UTC')
    let xml = `<row r="${row}">`
    for (let place = 0; place < cells.length; place++) {
      const value = values[place]
      if (value === null || value === undefined) continue
      xml += cells[place]?.(value, `${letters[place]}${row}`, timeZone)
    }
    return `${xml}</row>`
  }
}

/** fflate hands bytes over as they come; `take` gives those since the last time. */
function openZip(): { zip: Zip; take: () => Uint8Array } {
  let chunks: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    chunks.push(chunk)
  })
  const take = () => {
    const bytes = Buffer.concat(chunks)
    chunks = []
    return bytes
  }
  return { zip, take }
}
