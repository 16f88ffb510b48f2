#!/usr/bin/env bash
# A price that a workbook could not compute (#N/A) is an empty cell for read-excel-file.
#
# Package: read-excel-file 9.3.17 (npm).
# Guess: a cell with the error #N/A comes as its text, as a value of its own, or is an error.
# Basis: the file states it with a type of its own, t="e", and exceljs gives { error: '#N/A' }.
# Seen: null, the same as a cell in which nothing stands. The same for #DIV/0! and #REF!.
# Why it matters: in a rate sheet an empty fee or minimum means none. A formula that lost its source makes
#   calls free of it, and nobody is told. Refuse sheets with errors by a reader that shows them.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts read-excel-file@9.3.17 fflate@0.8.3
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
import { readSheet } from 'read-excel-file/node'
import { book } from './book.mjs'
const errors = ['#N/A', '#DIV/0!', '#REF!'].map((error) => `t="e"><f>X1</f><v>${error}</v>`)
writeFileSync('b.xlsx', book([], ['><v>0.05</v>', ...errors, '><v>34</v>']))
const [row] = await readSheet('b.xlsx')
console.log(JSON.stringify(row))
process.exit(JSON.stringify(row) === '[0.05,null,null,null,34]' ? 0 : 1)
JS
node t.mjs || { echo 'changed'; exit 1; }
echo 'confirmed: errors are empty cells'
