/**
 * What text does a cell have, as CSV would say it? Text stays text, numbers are written with the digits that a
 * spreadsheet shows, dates as ISO 8601.
 */
import { remember } from '../../bounded-cache.ts'
import { Decimal } from '../../money.ts'
import { InvalidWorkbook } from './invalid-workbook.ts'
import { unescapeText } from './read-items.ts'

/** As many as a binary fraction has for certain, and a spreadsheet shows. */
const digitsOfNumber = 15
/** The finest amount there is. */
const maxDecimals = 10
/** Is written as it stands: no digit too many, no zero that says nothing. */
const shortNumber = /^(?:0|-?[1-9]\d{0,14})$|^-?(?:0|[1-9]\d{0,4})\.\d{0,9}[1-9]$/
/** A column of dates has few of them. */
const maxRememberedDates = 1_000
const dayMs = 86_400_000
/** Day 60 is 29 February 1900, which never was: days before it are one later than their number says. */
const dayThatNeverWas = 60

export interface CellFormats {
  sharedTexts: readonly string[]
  /** Of each style: it shows numbers as dates. */
  isDate: readonly boolean[]
  /** Days count from 1904, as they did on the Macintosh. */
  is1904: boolean
  /** As the mapping states it, so that numbers and texts are read alike. */
  decimalMark: '.' | ','
}

export class CellTexts {
  readonly #formats: CellFormats
  readonly #dates = new Map<string, string>()

  constructor(formats: CellFormats) {
    this.#formats = formats
  }

  /** `type` and `style` are the cell's attributes `t` and `s`. */
  write(type: string, style: number, value: string): string {
    if (type === 's') return this.#sharedText(value)
    if (type === 'b') return value === '1' || value === 'true' ? 'true' : 'false'
    if (type === 'str' || type === 'inlineStr') return unescapeText(value)
    if (type !== 'n') return value
    if (this.#formats.isDate[style]) {
      return this.#dates.get(value) ?? remember(this.#dates, value, this.#date(value), maxRememberedDates)
    }
    return this.#number(value)
  }

  #sharedText(value: string): string {
    const text = this.#formats.sharedTexts[Number(value)]
    if (text === undefined)
      throw new InvalidWorkbook(`The workbook lacks its text ${value}: save it again as .xlsx.`)
    return text
  }

  /** `7.0000000000000007E-2` is 0.07. */
  #number(value: string): string {
    let text = value
    if (!shortNumber.test(value)) {
      const number = Number(value)
      if (!Number.isFinite(number)) return value
      text = new Decimal(number.toPrecision(digitsOfNumber)).toDecimalPlaces(maxDecimals).toFixed()
    }
    return this.#formats.decimalMark === ',' ? text.replace('.', ',') : text
  }

  /** To the second: a time of day is kept as a fraction of the day. */
  #date(value: string): string {
    const days = Number(value)
    if (!Number.isFinite(days)) return value
    const { is1904 } = this.#formats
    const first = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < dayThatNeverWas ? 31 : 30)
    const date = new Date(Math.round((first + days * dayMs) / 1000) * 1000)
    if (Number.isNaN(date.getTime())) return value
    const text = date.toISOString()
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
  }
}
