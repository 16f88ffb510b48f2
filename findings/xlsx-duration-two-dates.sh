#!/usr/bin/env bash
# Sixty hours of talk time in a workbook are noon of two different days in 1900, by the reader.
#
# Packages: hucre 1.0.0, read-excel-file 9.3.17 (npm).
# Guess: a cell of 2.5 days with the format [h]:mm:ss, which a spreadsheet shows as 60:00:00, comes as a number
#   of days, or as the same instant from both readers.
# Basis: [h] counts hours beyond a day: it is the format of durations, and no date has it.
# Seen: both make a date of it, and these differ by a day: 2 January 1900 and 1 January 1900. Readers take
#   either 30 or 31 December 1899 for the day 0.
# Why it matters: minutes used, as switches and carriers export them, differ by 24 hours with the library that
#   reads them. Read the cell's number, and multiply by 86,400.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts hucre@1.0.0 read-excel-file@9.3.17 fflate@0.8.3
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
import { writeFileSync } from 'node:fs'
import { readXlsx } from 'hucre/xlsx'
import { readSheet } from 'read-excel-file/node'
import { book } from './book.mjs'
const bytes = book(['[h]:mm:ss'], ['s="1"><v>2.5</v>'])
writeFileSync('b.xlsx', bytes)
const plain = (value) => (value instanceof Date ? value.toISOString() : String(value))
const got = [plain((await readXlsx(bytes)).sheets[0].rows[0][0]), plain((await readSheet('b.xlsx'))[0][0])]
console.log('hucre          ', got[0], '\nread-excel-file', got[1])
process.exit(got.join(' ') === '1900-01-02T12:00:00.000Z 1900-01-01T12:00:00.000Z' ? 0 : 1)
JS
node t.mjs || { echo 'changed'; exit 1; }
echo 'confirmed: a duration is two different dates'
