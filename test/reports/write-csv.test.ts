import { parse } from 'csv-parse/sync'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Column } from '../../src/reports/report.ts'
import { writeCsv } from '../../src/reports/write-csv.ts'
import { defuseFormula } from '../../src/spreadsheet-text.ts'
import { inBatches, textOf } from './rows.ts'

const test = suite('write CSV')

/** What spreadsheets have been made to run: starts of formulas in every disguise that is known to work somewhere. */
const starts = [
  '=',
  '+',
  '-',
  '@',
  '\t=',
  '\r=',
  '\n=',
  ' =',
  '\u00a0=',
  '\ufeff=',
  '＝',
  '＋',
  '－',
  '＠',
  '\u200b=',
]
const rests = ['1+1', "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example","y")', 'SUM(1;2),"a"']
const payloads = starts.flatMap((start) => rests.map((rest) => start + rest))

const columns: Column[] = [
  { name: 'text', kind: 'text' },
  { name: 'amount', kind: 'amount' },
]

test('sixty formulas are defused for spreadsheets, and come back as they were from raw CSV', async () => {
  assert.is(payloads.length, 60)
  const rows = payloads.map((payload) => [payload, '-0.500000'])
  const sheet = parse(await textOf(writeCsv(columns, inBatches(rows), { flavour: 'spreadsheet' })), {
    bom: true,
  })
  const raw = parse(await textOf(writeCsv(columns, inBatches(rows), { flavour: 'raw' })))
  assert.equal(
    sheet.slice(1),
    payloads.map((payload) => [`'${payload}`, '-0.5']),
  )
  assert.equal(
    raw.slice(1),
    payloads.map((payload) => [payload, '-0.5']),
  )
})

test('telephone numbers and plain words are left alone', () => {
  for (const text of ['+34600111222', '0034911000111', '112', 'Spain mobile', 'a=b', '', 'x-y', '*100#']) {
    assert.is(defuseFormula(text), text)
  }
  // A spreadsheet would reckon these.
  for (const text of ['+34-600', '-1', '+1+1', '+34 600 111 222']) assert.is(defuseFormula(text), `'${text}`)
})

test('quotes, commas, line ends and nulls survive', async () => {
  const rows = [
    ['a,b', '1.000000'],
    ['say "no"', null],
    ['two\r\nlines', '0.000001'],
    [null, '-0.000000'],
  ]
  assert.equal(parse(await textOf(writeCsv(columns, inBatches(rows), { flavour: 'raw' }))), [
    ['text', 'amount'],
    ['a,b', '1'],
    ['say "no"', ''],
    ['two\r\nlines', '0.000001'],
    ['', '0'],
  ])
})

test('a value never splits where a spreadsheet takes semicolons or tabs for separators', async () => {
  const rows = [
    ['x;=1+1', '1'],
    ['x\t=1+1', '1'],
  ]
  const text = await textOf(writeCsv(columns, inBatches(rows), { flavour: 'spreadsheet' }))
  assert.equal(text.split('\r\n').slice(1, 3), ['"x;=1+1",1', '"x\t=1+1",1'])
})

test('a report without rows is its header', async () => {
  assert.is(await textOf(writeCsv(columns, inBatches([]), { flavour: 'raw' })), 'text,amount\r\n')
})

test.run()
