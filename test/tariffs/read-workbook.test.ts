/**
 * Workbooks in the spellings that programs write, and in others that XML allows: the cells are the same. `hucre`, a
 * reader by others, is asked, too.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { strToU8, type Zippable, zipSync } from 'fflate'
import { readXlsx } from 'hucre/xlsx'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openWorkbook } from '../../src/tariffs/read-workbook.ts'
import type { SheetMapping } from '../../src/tariffs/sheet-mapping.ts'
import { testFolder } from '../servers.ts'

const test = suite('readWorkbook')
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

interface Parts {
  /** Within `sheetData`. */
  rows: string
  shared?: string
  formats?: string[]
  is1904?: boolean
  /** Of every element of the sheet, such as `x:`. */
  prefix?: string
}

function aWorkbook({ rows, shared = '', formats = [], is1904 = false, prefix = '' }: Parts): Uint8Array {
  const space = prefix === '' ? `xmlns="${main}"` : `xmlns:${prefix.slice(0, -1)}="${main}"`
  const styles = formats.map((format, place) => [
    `<numFmt numFmtId="${164 + place}" formatCode="${format.replaceAll('"', '&quot;')}"/>`,
    `<xf numFmtId="${164 + place}"/>`,
  ])
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`
  const relations = (list: string) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list}</Relationships>`
  const files: Record<string, string> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets><sheet name="A &amp; B" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      relation('rId1', 'worksheet', '/xl/worksheets/sheet1.xml') +
        relation('rId2', 'styles', 'styles.xml') +
        relation('rId3', 'sharedStrings', 'sharedStrings.xml'),
    ),
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts>${styles.map(([format]) => format).join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>${styles.map(([, style]) => style).join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${shared}</sst>`,
    'xl/worksheets/sheet1.xml': `<${prefix}worksheet ${space}><${prefix}sheetData>${rows}</${prefix}sheetData></${prefix}worksheet>`,
  }
  return packed(files)
}

function packed(files: Record<string, string>): Uint8Array {
  const bytes: Zippable = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, strToU8(text)]),
  )
  return zipSync(bytes, { level: 1 })
}

async function readRows(workbook: Uint8Array, mapping: SheetMapping = {}): Promise<[number, string[]][]> {
  const file = join(testFolder(), 'workbook.xlsx')
  writeFileSync(file, workbook)
  const { lots } = await openWorkbook(file, mapping)
  const rows: [number, string[]][] = []
  for await (const lot of lots) for (const { line, cells } of lot) rows.push([line, [...cells]])
  return rows
}

async function readCells(parts: Parts, mapping: SheetMapping = {}): Promise<string[]> {
  return (await readRows(aWorkbook(parts), mapping)).flatMap(([, cells]) => cells)
}

/** Cells of one row, in the spelling of programs. */
const row = (...cells: string[]) =>
  `<row r="1">${cells.map((cell, place) => `<c r="${'ABCDEFGH'[place]}1"${cell}</c>`).join('')}</row>`

test('numbers have the digits that a spreadsheet shows, and whole ones no exponent', async () => {
  const numbers = [
    '44',
    '0.0125',
    '7.0000000000000007E-2',
    '0.30000000000000004',
    '1E-4',
    '123456789012345',
    '0.5000',
  ]
  const rows = row(...numbers.map((number) => `><v>${number}</v>`))
  const shown = ['44', '0.0125', '0.07', '0.3', '0.0001', '123456789012345', '0.5']
  assert.equal(await readCells({ rows }), shown)
  const commas = shown.map((text) => text.replace('.', ','))
  assert.equal(await readCells({ rows }, { decimalMark: ',' }), commas)
})

test('texts keep their zeros, errors and truths are words, and what is empty is empty', async () => {
  const rows = row(
    ' t="s"><v>0</v>',
    ' t="str"><f>A1&amp;B1</f><v>0,0125</v>',
    ' t="inlineStr"><is><t xml:space="preserve">34 &amp; 35</t></is>',
    ' t="e"><v>#N/A</v>',
    ' t="b"><v>1</v>',
    ' s="1">',
    ' t="d"><v>2026-01-02T00:00:00</v>',
  )
  const shared = '<si><t>0034_x000D_</t></si>'
  const texts = ['0034\r', '0,0125', '34 & 35', '#N/A', 'true', '', '2026-01-02T00:00:00']
  assert.equal(await readCells({ rows, shared }), texts)
})

test('dates are days and times of day to the second, counted from 1900 or 1904', async () => {
  const rows = row(
    ' s="1"><v>46023</v>',
    ' s="2"><v>46023.999988425923</v>',
    ' s="1"><v>1</v>',
    ' s="1"><v>61</v>',
  )
  assert.equal(await readCells({ rows }), ['2026-01-01', '2026-01-01 23:59:59', '1900-01-01', '1900-03-01'])
  const [first, ...others] = await readCells({ rows, is1904: true })
  assert.equal([first, others.length], ['2030-01-02', 3])
})

test('a price is no date because its format has letters in quotes, brackets or behind a backslash', async () => {
  const formats = [
    '0.00 "day"',
    '[$€/día]0.00',
    '0.00\\m',
    '[Red]0.00',
    'yyyy\\-mm\\-dd',
    '[$-409]d\\-mmm\\-yy;@',
  ]
  const rows = row(...formats.map((_, place) => ` s="${place + 3}"><v>2.5</v>`))
  const date = '1900-01-02 12:00:00'
  assert.equal(await readCells({ rows, formats }), ['2.5', '2.5', '2.5', '2.5', date, date])
})

test('rich text is one text, and readings above its letters are none of it', async () => {
  const shared =
    '<si><r><rPr><b/></rPr><t>Spain </t></r><r><t>mobile</t></r></si><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si><si><t>last</t></si>'
  const rows = row(' t="s"><v>0</v>', ' t="s"><v>1</v>', ' t="s"><v>2</v>')
  assert.equal(await readCells({ rows, shared }), ['Spain mobile', '東京', 'last'])
})

const spellings: [string, (xml: string) => Partial<Parts> & { rows: string }][] = [
  ['as programs write them', (rows) => ({ rows })],
  ['in single quotes', (rows) => ({ rows: rows.replaceAll('"', "'") })],
  ['on lines of their own', (rows) => ({ rows: rows.replaceAll('><', '>\n  <') })],
  ['with a comment among them', (rows) => ({ rows: `<!-- </sheetData> -->${rows}` })],
  [
    'with attributes in another order',
    (rows) => ({ rows: rows.replace(/( r="\w+")(( [st]="\w+")+)/g, '$2$1') }),
  ],
  ['in a namespace with a prefix', (rows) => ({ rows: rows.replace(/<(\/?)/g, '<$1x:'), prefix: 'x:' })],
  ['as CDATA', (rows) => ({ rows: rows.replace(/<v>(\w+)<\/v>/g, '<v><![CDATA[$1]]></v>') })],
]

test('rows in any spelling of XML are the same rows, whichever of them has it', async () => {
  const value = fc.oneof(
    fc.integer({ min: 0, max: 999_999_999_999 }).map((number) => ({ type: '', text: String(number) })),
    fc.integer({ min: 1, max: 99_999 }).map((number) => ({ type: '', text: String(number / 10_000) })),
    fc.constantFrom('Spain', 'Côte d’Ivoire', 'A & <B>', '"x"').map((text) => ({ type: 'inlineStr', text })),
    fc.constant(undefined),
  )
  const sheet = fc.record({
    rows: fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
    from: fc.nat(5),
    spelling: fc.constantFrom(...spellings),
  })
  await fc.assert(
    fc.asyncProperty(sheet, async ({ rows, from, spelling: [, spell] }) => {
      const written = rows.map((cells, place) => {
        const line = place * 2 + 1
        const xml = cells.map((cell, column) => {
          if (!cell) return ''
          const text = cell.text
            .replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)
            .replaceAll('&#38;', '&amp;')
          const at = `r="${'ABCD'[column]}${line}"`
          return cell.type === ''
            ? `<c ${at}><v>${text}</v></c>`
            : `<c ${at} t="${cell.type}"><is><t>${text}</t></is></c>`
        })
        return `<row r="${line}" spans="1:4">${xml.join('')}</row>`
      })
      const isWhole = spell('').prefix !== undefined
      const plain = isWhole ? '' : written.slice(0, from).join('')
      const parts = spell((isWhole ? written : written.slice(from)).join(''))
      const workbook = aWorkbook({ ...parts, rows: plain + parts.rows })
      const read = new Map(await readRows(workbook))
      const [byOthers] = (await readXlsx(workbook)).sheets
      for (const [place, cells] of rows.entries()) {
        const line = place * 2 + 1
        const texts = cells.map((cell) => cell?.text ?? '')
        const found = read.get(line) ?? []
        assert.equal(
          texts.map((_, column) => found[column] ?? ''),
          texts,
        )
        const others = byOthers?.rows[line - 1] ?? []
        assert.equal(
          texts.map((_, column) => String(others[column] ?? '')),
          texts,
        )
      }
      assert.is(read.size, rows.length)
    }),
    { seed: 18, numRuns: 40 },
  )
})

test('a sheet of more pieces than one is whole, with texts that cells share and signs of several bytes', async () => {
  const count = 12_000
  const places = Array.from({ length: count }, (_, place) => place)
  const shared = places.map((place) => `<si><t>Zürich ${place} – São Tomé &amp; Príncipe</t></si>`).join('')
  const rows = places
    .map(
      (place) =>
        `<row r="${place + 1}"><c r="A${place + 1}" t="s"><v>${place}</v></c><c r="C${place + 1}"><v>${place}</v></c></row>`,
    )
    .join('')
  const read = await readRows(aWorkbook({ rows, shared }))
  assert.equal(
    read,
    places.map((place) => [place + 1, [`Zürich ${place} – São Tomé & Príncipe`, '', String(place)]]),
  )
})

async function faultOf(workbook: Uint8Array): Promise<string> {
  const rows = await readRows(workbook).catch((error: unknown) => error)
  if (!(rows instanceof Error) || !('code' in rows)) throw new Error(`it was read: ${JSON.stringify(rows)}`)
  return String(rows.code)
}

test('a workbook that is broken, or is none, is refused', async () => {
  const whole = row(' t="s"><v>0</v>')
  const broken: Record<string, Uint8Array> = {
    'a text that is not there': aWorkbook({ rows: whole }),
    'an element that does not close': aWorkbook({ rows: '<row r="1"><c r="A1">' }),
    'a column behind the last': aWorkbook({ rows: '<row r="1"><c r="XFE1"><v>1</v></c></row>' }),
    'an archive of something else': packed({ 'a.txt': 'x' }),
    'half a file': aWorkbook({ rows: whole }).subarray(0, 900),
    'half a sheet': packed({
      '_rels/.rels': `<Relationships><Relationship Id="a" Type="${office}/officeDocument" Target="w.xml"/></Relationships>`,
      '_rels/w.xml.rels': `<Relationships><Relationship Id="b" Type="${office}/worksheet" Target="s.xml"/></Relationships>`,
      'w.xml': '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="b"/></sheets></workbook>',
      's.xml': '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>',
    }),
  }
  for (const [what, workbook] of Object.entries(broken))
    assert.is(await faultOf(workbook), 'invalid_workbook', what)
})

test.run()
