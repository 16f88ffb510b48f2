/**
 * Whatever rates are written in whatever dialect: they are read back exactly, or refused with the place. Never are other
 * prices read than were written.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readRateSheet } from '../../src/tariffs/read-rate-sheet.ts'
import { checkMapping, type SheetMapping } from '../../src/tariffs/sheet-mapping.ts'
import { testFolder } from '../servers.ts'

const test = suite('dialects of sheets')

interface Written {
  prefix: string
  name: string
  /** Thousandths of a cent a minute: what is compared is a whole number. */
  rate: number
  fee: number
  initial: number
  increment: number
}

const anAmount = fc.integer({ min: 0, max: 99_999_999 })
const aRow: fc.Arbitrary<Written> = fc.record({
  prefix: fc.integer({ min: 1, max: 999_999_999 }).map(String),
  name: fc.stringMatching(/^[A-Za-zé][A-Za-zéñ ";,|'-]{0,20}[a-z]$/),
  rate: anAmount,
  fee: anAmount,
  initial: fc.integer({ min: 1, max: 90 }),
  increment: fc.integer({ min: 1, max: 90 }),
})

const headings = {
  own: ['prefix', 'destination', 'rate', 'connect_fee', 'increment'],
  english: ['Dial Code', 'Destination Name', 'Rate (EUR/min)', 'Setup Fee (EUR)', 'Billing Increment (sec)'],
  spanish: ['Prefijo', 'Destino', 'Precio €/min', 'Establecimiento', 'Incremento'],
  catalan: ['Prefix', 'Destí', 'Preu (€/min)', 'Establiment', 'Increment'],
  italian: ['Prefisso', 'Destinazione', 'Tariffa (EUR al minuto)', 'Scatto alla risposta', 'Intervallo'],
  german: ['Vorwahl', 'Ziel', 'Preis pro Minute', 'Verbindungsentgelt', 'Taktung'],
  french: ['Indicatif', 'Désignation', 'Prix par minute', 'Frais de connexion', 'Palier'],
  portuguese: ['Prefixo', 'Descrição', 'Preço por minuto', 'Taxa de ligação', 'Cadência'],
  unknown: ['Which', 'Where', 'How much', 'At once', 'Steps'],
}

const aDialect = fc.record({
  language: fc.constantFrom(...(Object.keys(headings) as (keyof typeof headings)[])),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
  separator: fc.constantFrom(',', ';', '\t', '|'),
  decimalMark: fc.constantFrom('.' as const, ',' as const),
  thousandsMark: fc.constantFrom(undefined, '.' as const, ',' as const, ' ' as const, "'" as const),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf-8', 'utf-8 with mark', 'utf-16le', 'windows-1252'),
  quotes: fc.constantFrom('all', 'needed'),
  titles: fc.integer({ min: 0, max: 3 }),
  trailer: fc.integer({ min: 0, max: 2 }),
  hasSepLine: fc.boolean(),
  codes: fc.constantFrom('plain', 'plus', 'brackets', 'blanks'),
  increments: fc.constantFrom('/', '+'),
  currency: fc.constantFrom('', '€', ' EUR'),
  isStated: fc.boolean(),
})
type Dialect = typeof aDialect extends fc.Arbitrary<infer Value> ? Value : never

function amountText(thousandths: number, { decimalMark, thousandsMark }: Dialect): string {
  const whole = String(Math.floor(thousandths / 100_000))
  const grouped = thousandsMark === undefined ? whole : whole.replace(/\B(?=(\d{3})+$)/g, thousandsMark)
  return `${grouped}${decimalMark}${String(thousandths % 100_000).padStart(5, '0')}`
}

function codeText(prefix: string, { codes }: Dialect): string {
  if (codes === 'plus') return `+${prefix}`
  if (codes === 'brackets') return `(${prefix.slice(0, 1)})${prefix.slice(1)}`
  return codes === 'blanks' && prefix.length > 4 ? `${prefix.slice(0, 2)} ${prefix.slice(2)}` : prefix
}

function sheetOf(rows: readonly Written[], dialect: Dialect): Buffer {
  const { separator, lineEnd, quotes, order } = dialect
  const cell = (text: string) =>
    quotes === 'all' || /["\n\r]/.test(text) || text.includes(separator)
      ? `"${text.replaceAll('"', '""')}"`
      : text
  const line = (cells: readonly string[]) => order.map((place) => cell(cells[place] ?? '')).join(separator)
  const lines = [
    ...(dialect.hasSepLine ? [`sep=${separator}`] : []),
    ...Array.from({ length: dialect.titles }, (_, n) => `Title ${n}`),
    line(headings[dialect.language]),
    ...rows.map((row) =>
      line([
        codeText(row.prefix, dialect),
        row.name,
        `${amountText(row.rate, dialect)}${dialect.currency}`,
        amountText(row.fee, dialect),
        `${row.initial}${dialect.increments}${row.increment}`,
      ]),
    ),
    ...Array.from({ length: dialect.trailer }, () => `Total${separator}${rows.length}`),
  ]
  const text = lines.map((one) => one + lineEnd).join('')
  if (dialect.encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le')
  // € is the one letter here that the two encodings write otherwise.
  if (dialect.encoding === 'windows-1252') {
    return Buffer.from(text.replaceAll('€', '\u0080'), 'latin1')
  }
  return Buffer.from(dialect.encoding === 'utf-8' ? text : `\ufeff${text}`)
}

function mappingOf(dialect: Dialect): SheetMapping {
  if (!dialect.isStated) return {}
  const [prefix, destination, rate, connectFee, increment] = headings[dialect.language] as [
    string,
    string,
    string,
    string,
    string,
  ]
  const { separator, decimalMark, thousandsMark } = dialect
  return {
    separator,
    decimalMark,
    ...(thousandsMark === undefined ? {} : { thousandsMark }),
    ...(dialect.encoding === 'windows-1252' ? { encoding: 'windows-1252' } : {}),
    columns: { prefix, destination, rate, connectFee, increment },
    skipTrailer: dialect.trailer,
  }
}

function amountOf(text: string): number {
  return Math.round(Number(text) * 100_000)
}

async function readBack(content: Buffer, mapping: SheetMapping) {
  const file = join(testFolder(), 'dialect.csv')
  writeFileSync(file, content)
  const rates: Written[] = []
  const faults: { line: number | null; code: string }[] = []
  const options = { mapping, currency: 'EUR' }
  for await (const lot of readRateSheet(file, { mode: 'up', decimals: 4 }, options)) {
    for (const row of lot) {
      if ('faults' in row) faults.push(...row.faults)
      else {
        const { prefix, destination: name, terms } = row.staged
        const { connectFee, steps } = JSON.parse(terms)
        const [first, then = first] = steps
        const fee = amountOf(connectFee)
        rates.push({
          prefix,
          name,
          rate: amountOf(first.rate),
          fee,
          initial: first.incrementSeconds,
          increment: then.incrementSeconds,
        })
      }
    }
  }
  return { rates, faults }
}

/** Drawn rows have no prototype. */
const plain = (rows: readonly Written[]) => rows.map((row) => ({ ...row }))

const someRows = fc.uniqueArray(aRow, { minLength: 1, maxLength: 8, selector: ({ prefix }) => prefix })

test('what is stated is read back exactly', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, aDialect, async (rows, drawn) => {
      const thousandsMark = drawn.thousandsMark === drawn.decimalMark ? undefined : drawn.thousandsMark
      const dialect: Dialect = { ...drawn, thousandsMark, isStated: true }
      const mapping = mappingOf(dialect)
      checkMapping(mapping)
      const { rates, faults } = await readBack(sheetOf(rows, dialect), mapping)
      assert.equal(faults, [])
      assert.equal(rates, plain(rows))
    }),
    { numRuns: 100 },
  )
})

test('what is left to the headings is read back exactly, or refused with the place', async () => {
  const met = { read: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(someRows, aDialect, async (rows, drawn) => {
      // Whole thousands beside a comma are the one thing that only a statement tells apart.
      const dialect: Dialect = { ...drawn, thousandsMark: undefined, isStated: false }
      const { rates, faults } = await readBack(sheetOf(rows, dialect), {})
      if (faults.length > 0) met.refused += 1
      else met.read += 1
      for (const { line, code } of faults) assert.ok(line !== null && line > 0, code)
      if (faults.length === 0) assert.equal(rates, plain(rows))
      else
        for (const rate of rates)
          assert.ok(rows.some((row) => row.prefix === rate.prefix && row.rate === rate.rate))
    }),
    { numRuns: 200 },
  )
  assert.ok(met.read > 10 && met.refused > 10, JSON.stringify(met))
})

test('a statement that is wrong of the sheet never gives another price', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, aDialect, aDialect, async (rows, drawn, wrong) => {
      const dialect: Dialect = { ...drawn, thousandsMark: undefined }
      const { separator, decimalMark } = wrong
      const mapping: SheetMapping = { separator, decimalMark, skipTrailer: dialect.trailer }
      const { rates } = await readBack(sheetOf(rows, dialect), mapping)
      for (const rate of rates) {
        assert.ok(
          rows.some((row) => row.prefix === rate.prefix && row.rate === rate.rate && row.fee === rate.fee),
          JSON.stringify(rate),
        )
      }
    }),
    { numRuns: 100 },
  )
})

test.run()
