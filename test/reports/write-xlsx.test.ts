import { strFromU8, unzipSync } from 'fflate'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Column, Row } from '../../src/reports/report.ts'
import { writeXlsx } from '../../src/reports/write-xlsx.ts'
import { columnLetters, escapeXml } from '../../src/reports/xlsx-cells.ts'
import { bytesOf, inBatches } from './rows.ts'

const test = suite('write XLSX')

const columns: Column[] = [
  { name: 'text', kind: 'text' },
  { name: 'amount', kind: 'amount' },
  { name: 'at', kind: 'instant' },
  { name: 'day', kind: 'day' },
  { name: 'timeZone', kind: 'word' },
  { name: 'flag', kind: 'boolean' },
]

async function sheetsOf(rows: readonly Row[], rowsOfSheet?: number): Promise<Record<string, string>> {
  const files = unzipSync(await bytesOf(writeXlsx('calls', columns, inBatches(rows), rowsOfSheet)))
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]))
}

/** The inner XML of a cell. */
const cell = (sheet: string | undefined, place: string) =>
  new RegExp(`<c r="${place}"([^>]*)>(.*?)</c>`).exec(sheet ?? '')?.slice(1, 3)

test('each kind of value stands in its kind of cell', async () => {
  const files = await sheetsOf([
    ['=1+1', '0.350000', '2026-01-05 23:30:00+00', '2026-01-06', 'Europe/Madrid', true],
  ])
  const sheet = files['xl/worksheets/sheet1.xml']
  assert.equal(cell(sheet, 'A2'), [' t="inlineStr"', '<is><t>=1+1</t></is>'])
  assert.equal(cell(sheet, 'B2'), ['', '<v>0.35</v>'])
  // 46028 is 6 January 2026; 00:30 on Madrid's wall clock is 1/48 of a day.
  assert.equal(cell(sheet, 'C2'), [' s="2"', '<v>46028.020833333</v>'])
  assert.equal(cell(sheet, 'D2'), [' s="3"', '<v>46028</v>'])
  assert.equal(cell(sheet, 'F2'), [' t="b"', '<v>1</v>'])
})

test('an amount that a spreadsheet would cut stays whole, as text', async () => {
  const files = await sheetsOf([
    ['', '12345678901234.567890', null, null, 'UTC', null],
    ['', '123456789.123456', null, null, 'UTC', null],
    ['', '-0.000001', null, null, 'UTC', null],
  ])
  const sheet = files['xl/worksheets/sheet1.xml']
  assert.equal(cell(sheet, 'B2'), [' t="inlineStr"', '<is><t>12345678901234.56789</t></is>'])
  assert.equal(cell(sheet, 'B3'), ['', '<v>123456789.123456</v>'])
  assert.equal(cell(sheet, 'B4'), ['', '<v>-0.000001</v>'])
})

test('rows beyond a sheet go to the next one, each with the header', async () => {
  const rows = Array.from({ length: 7 }, (_, n) => [`row ${n}`, null, null, null, 'UTC', false])
  const files = await sheetsOf(rows, 4)
  const rowsOf = (n: number) => files[`xl/worksheets/sheet${n}.xml`]?.match(/<row /g)?.length
  assert.equal([rowsOf(1), rowsOf(2), rowsOf(3)], [4, 4, 2])
  assert.match(files['xl/workbook.xml'] ?? '', 'name="calls 3"')
  assert.equal(cell(files['xl/worksheets/sheet3.xml'], 'A2')?.[1], '<is><t>row 6</t></is>')
})

test('text that XML cannot hold is written as Excel does', () => {
  assert.is(escapeXml('a<b & c>d'), 'a&lt;b &amp; c&gt;d')
  assert.is(escapeXml('bell\u0007 half\ud800 end\r\n'), 'bell_x0007_ half_xD800_ end_x000D_\n')
  assert.is(escapeXml('_x0041_'), '_x005F_x0041_')
  assert.is(escapeXml('smile 😀 ñ'), 'smile 😀 ñ')
})

test('columns are lettered beyond Z', () => {
  assert.equal([0, 25, 26, 51, 52, 701, 702].map(columnLetters), ['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
})

test('a report without rows is a workbook with its header', async () => {
  const files = await sheetsOf([])
  assert.equal(cell(files['xl/worksheets/sheet1.xml'], 'B1'), [
    ' s="1" t="inlineStr"',
    '<is><t>amount</t></is>',
  ])
})

test.run()
