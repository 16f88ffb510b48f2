#!/usr/bin/env bash
# A price of 2.5 in a workbook is a day in January 1900, because its format names the unit.
#
# Packages: hucre 1.0.0, exceljs 4.4.0 (npm).
# Guess: a cell with the format [$€/día]0.00 or 0.00\m is the number 2.5.
# Basis: what stands between [$ and ] is a currency's sign, and what follows a backslash is shown as it is;
#   neither is a code for a day, a month or a minute.
# Seen: hucre takes the d of "día" for a day and gives a date; exceljs takes the m behind the backslash for a
#   month and gives another. Each reads the other's format right.
# Why it matters: carriers put "per minute" and "per day" into the formats of their rate columns, and the price
#   is gone. Ask a parser of formats, such as numfmt, before a number is made a date.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts hucre@1.0.0 exceljs@4.4.0 fflate@0.8.3
cat > book.mjs <<'JS'
import { strToU8, zipSync } from 'fflate'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const pack = 'http://schemas.openxmlformats.org/package/2006'
const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
/** One row of cells: their number formats, and their XML behind the opening `<c r="A1"`. */
export function book(formats, cells) {
  const list = (wrap) => formats.map(wrap).join('')
  const files = {
    '[Content_Types].xml': `<Types xmlns="${pack}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${pack}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${pack}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="${formats.length}">${list((format, i) => `<numFmt numFmtId="${164 + i}" formatCode="${format}"/>`)}</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${list((_, i) => `<xf numFmtId="${164 + i}" applyNumberFormat="1"/>`)}</cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData><row r="1">${cells.map((cell, i) => `<c r="${'ABCDEF'[i]}1" ${cell}</c>`).join('')}</row></sheetData></worksheet>`,
  }
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])))
}
JS
cat > t.mjs <<'JS'
import ExcelJS from 'exceljs'
import { readXlsx } from 'hucre/xlsx'
import { book } from './book.mjs'
const bytes = book(['0.00', '[$€/día]0.00', '0.00\\m'], ['s="1"><v>2.5</v>', 's="2"><v>2.5</v>', 's="3"><v>2.5</v>'])
const plain = (values) => values.map((value) => (value instanceof Date ? value.toISOString().slice(0, 16) : String(value))).join(' ')
const hucre = plain((await readXlsx(bytes)).sheets[0].rows[0])
const workbook = new ExcelJS.Workbook()
await workbook.xlsx.load(bytes)
const exceljs = plain(workbook.worksheets[0].getRow(1).values.slice(1))
console.log('hucre  ', hucre, '\nexceljs', exceljs)
process.exit(hucre === '2.5 1900-01-02T12:00 2.5' && exceljs === '2.5 2.5 1900-01-01T12:00' ? 0 : 1)
JS
node t.mjs || { echo 'changed'; exit 1; }
echo 'confirmed: a unit in the format makes a price a date'
