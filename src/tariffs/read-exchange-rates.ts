/**
 * Exchange rates from a file: CSV with the columns base, quote, rate, validFrom, or the XML that the European Central
 * Bank publishes each working day (of one day or of several).
 *
 * The bank says how much of a currency 1 EUR buys. The way back is written too, as 1 divided by it, at 10 significant
 * digits; no pair of two other currencies is made up. Its rates count from midnight UTC of their day.
 */
import { parseXml, type XmlElement } from '@rgrove/parse-xml'
import { DateTime } from 'luxon'
import { type InputFault, InvalidRequest } from '../errors.ts'
import { Decimal, isCurrency, isDecimalText } from '../money.ts'
import type { ExchangeRate } from '../rating/exchange-rates.ts'
import { instantPattern } from '../shapes/fields.ts'
import { CsvSplitter } from './split-csv.ts'

const maxFaults = 100
const decimals = 18
const columns = ['base', 'quote', 'rate', 'validFrom'] as const
type Column = (typeof columns)[number]

/** Throws `InvalidRequest` with a pointer to each line at fault; nothing of such a file is taken. */
export function readExchangeRatesCsv(text: string): ExchangeRate[] {
  const splitter = new CsvSplitter(',')
  const [head, ...rows] = [...splitter.push(text.replace(/^\ufeff/, '')), ...splitter.end()]
  const headings = head && 'cells' in head ? head.cells.map((cell) => cell.trim()) : []
  const missing = columns.filter((column) => !headings.includes(column))
  if (missing.length > 0) {
    throw new InvalidRequest('The first line does not name all columns.', [
      { pointer: '/1', detail: `needs ${missing.join(', ')}` },
    ])
  }
  const faults: InputFault[] = []
  const rates: ExchangeRate[] = []
  for (const row of rows) {
    if (faults.length >= maxFaults) break
    if (!('cells' in row)) {
      faults.push({ pointer: `/${row.line}`, detail: 'has quotes that do not pair' })
      continue
    }
    if (row.cells.every((cell) => cell.trim() === '')) continue
    const cell = (column: Column) => row.cells[headings.indexOf(column)]?.trim() ?? ''
    const fault = (column: Column, detail: string) =>
      faults.push({ pointer: `/${row.line}/${column}`, detail })
    const rate = readRate(cell('rate'))
    const validFrom = readInstant(cell('validFrom'))
    for (const column of ['base', 'quote'] as const) {
      if (!isCurrency(cell(column))) fault(column, 'is not an ISO 4217 currency')
    }
    if (cell('base') === cell('quote')) fault('quote', 'must be another currency than base')
    if (!rate) fault('rate', `must be a decimal number above 0 with at most ${decimals} decimals`)
    if (validFrom === undefined) fault('validFrom', 'is not a valid RFC 3339 timestamp')
    if (rate && validFrom !== undefined)
      rates.push({ base: cell('base'), quote: cell('quote'), rate, validFrom })
  }
  return checked(rates, faults)
}

/** The same of the European Central Bank's XML. */
export function readEcbRates(text: string): ExchangeRate[] {
  const faults: InputFault[] = []
  const rates: ExchangeRate[] = []
  for (const day of cubes(parse(text))) {
    const time = day.attributes.time
    if (time === undefined) continue
    const validFrom = readInstant(`${time}T00:00:00Z`)
    if (validFrom === undefined) faults.push({ pointer: `/${time}`, detail: 'is not a date' })
    for (const { attributes } of cubes(day)) {
      const { currency = '', rate: written = '' } = attributes
      const rate = readRate(written)
      if (!rate) faults.push({ pointer: `/${time}/${currency}`, detail: 'has no rate above 0' })
      // The bank also quotes currencies that ISO has retired since.
      if (!rate || validFrom === undefined || !isCurrency(currency)) continue
      rates.push({ base: 'EUR', quote: currency, rate, validFrom })
      rates.push({ base: currency, quote: 'EUR', rate: invert(rate), validFrom })
    }
  }
  return checked(rates, faults.slice(0, maxFaults))
}

function parse(text: string): XmlElement {
  try {
    const { root } = parseXml(text)
    if (root) return root
  } catch {
    // Told below.
  }
  throw new InvalidRequest('The body is not well-formed XML.')
}

/** Each `Cube` that has attributes, within the nameless ones around it. */
function cubes(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) => {
    if (child.type !== 'element') return []
    const cube = child as XmlElement
    if (cube.name !== 'Cube') return []
    return Object.keys(cube.attributes).length > 0 ? [cube] : cubes(cube)
  })
}

const rfc3339 = new RegExp(instantPattern)

function readInstant(text: string): number | undefined {
  const instant = rfc3339.test(text) ? DateTime.fromISO(text) : undefined
  return instant?.isValid ? instant.toMillis() : undefined
}

function readRate(text: string): Decimal | undefined {
  if (text.length > 32 || !isDecimalText(text)) return undefined
  const rate = new Decimal(text)
  return rate.gt(0) && rate.lt(1e12) && rate.decimalPlaces() <= decimals ? rate : undefined
}

function invert(rate: Decimal): Decimal {
  return new Decimal(1).div(rate).toSignificantDigits(10, Decimal.ROUND_HALF_UP)
}

function checked(rates: readonly ExchangeRate[], faults: readonly InputFault[]): ExchangeRate[] {
  if (faults.length > 0) throw new InvalidRequest('The file has lines that cannot be taken.', [...faults])
  const latest = new Map(rates.map((rate) => [`${rate.base} ${rate.quote} ${rate.validFrom}`, rate]))
  if (latest.size < rates.length) throw new InvalidRequest('The file has a pair twice for one instant.')
  if (latest.size === 0) throw new InvalidRequest('The file has no exchange rate.')
  return [...latest.values()]
}
