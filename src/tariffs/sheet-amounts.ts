/**
 * Which amount does a cell state? Decimal and thousands marks as the sheet has them, with a currency and a unit beside
 * the number or without. What could be two numbers is refused: in a sheet with decimal commas a lone dot is.
 */
import { Decimal } from '../money.ts'
import { canonicalDecimal } from './canonical-rate.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import { meansCurrency, type StatedUnits, takeUnits } from './sheet-units.ts'

export interface AmountRules {
  decimalMark?: SheetMapping['decimalMark']
  thousandsMark?: SheetMapping['thousandsMark']
  /** Where no mark is stated: semicolons between cells leave the comma free for decimals. */
  mayHaveCommas: boolean
  scale?: string | undefined
  currency: string | null
}

/** `text` that is no number stays as it is, for whoever checks rates to name it. */
export type AmountRead =
  | { amount: string; per: StatedUnits['per'] }
  | { code: 'ambiguous_number' | 'wrong_currency' | 'contradicting_unit'; detail: string }

const plain = /^\d+(?:\.\d+)?$/
const number = /[-+]?\d(?:[\d.,'’ \u00a0\u202f]*\d)?/

export class AmountReader {
  readonly #rules: AmountRules
  /** Which mark the cells so far have, where none is stated. */
  #seen: '.' | ',' | undefined

  constructor(rules: AmountRules) {
    this.#rules = rules
  }

  /** `heading`: what its column's heading states. */
  read(text: string, heading: StatedUnits | undefined): AmountRead {
    const found = plain.test(text) ? undefined : number.exec(text)
    const digits = found ? found[0] : text
    const beside = found ? `${text.slice(0, found.index)} ${text.slice(found.index + digits.length)}` : ''
    const units = beside.trim() === '' ? undefined : takeUnits(beside)
    if (units && units.rest !== '') return { amount: text, per: null }
    if (units?.currency && !meansCurrency(units.currency, this.#rules.currency)) {
      const detail = `The cell says ${units.currency}, the rate deck is in ${this.#rules.currency}.`
      return { code: 'wrong_currency', detail }
    }
    const per = units?.per ?? null
    if (per !== null && heading?.per && heading.per !== per) {
      return { code: 'contradicting_unit', detail: `The cell says ${per}, its heading ${heading.per}.` }
    }
    const marked = this.#mark(digits)
    if (typeof marked === 'object') return marked
    const isCents = (units?.isCents ?? false) || (heading?.isCents ?? false)
    if (isCents && this.#rules.scale !== undefined && Number(this.#rules.scale) !== 0.01) {
      return {
        code: 'contradicting_unit',
        detail: `The cell is in cents, the mapping scales by ${this.#rules.scale}.`,
      }
    }
    const scale = this.#rules.scale ?? (isCents ? '0.01' : undefined)
    const amount = canonicalDecimal(marked)
    if (scale === undefined || !plain.test(amount)) return { amount, per }
    return { amount: new Decimal(amount).times(scale).toFixed(), per }
  }

  /** The number with a dot for its decimals and nothing else; what is no number stays. */
  #mark(text: string): string | { code: 'ambiguous_number'; detail: string } {
    const { decimalMark, mayHaveCommas } = this.#rules
    if (decimalMark === undefined && !mayHaveCommas) return this.#grouped(text, '.')
    if (decimalMark === '.') return this.#grouped(text, '.')
    if (decimalMark === ',') {
      if (!text.includes('.') || this.#rules.thousandsMark === '.') return this.#grouped(text, ',')
      return ambiguous('The sheet has decimal commas, and this a dot: state the mark of thousands.')
    }
    const hasComma = text.includes(',')
    const hasDot = text.includes('.')
    if (hasComma && hasDot) return ambiguous('This has a comma and a dot: state which is the decimal mark.')
    if (!hasComma && !hasDot) return this.#grouped(text, '.')
    const mark = hasComma ? ',' : '.'
    this.#seen ??= mark
    if (this.#seen === mark) return this.#grouped(text, mark)
    return ambiguous('The sheet has decimal commas and decimal dots: state which is the decimal mark.')
  }

  #grouped(text: string, decimalMark: '.' | ','): string | { code: 'ambiguous_number'; detail: string } {
    const { thousandsMark } = this.#rules
    const isBlank = thousandsMark === ' '
    const even = isBlank ? text.replace(/[\u00a0\u202f]/g, ' ') : text.replace(/’/g, "'")
    if (thousandsMark === undefined || !even.includes(thousandsMark)) return even.replace(decimalMark, '.')
    const [whole = '', ...decimals] = even.split(decimalMark)
    const groups = whole.split(thousandsMark)
    const isGrouped =
      decimals.length <= 1 &&
      !decimals.some((part) => part.includes(thousandsMark)) &&
      groups.every((group, place) => (place === 0 ? /^[1-9]\d{0,2}$/ : /^\d{3}$/).test(group))
    if (!isGrouped)
      return ambiguous(`"${thousandsMark}" is the mark of thousands, and does not stand before three digits.`)
    return [groups.join(''), ...decimals].join('.')
  }
}

function ambiguous(detail: string): { code: 'ambiguous_number'; detail: string } {
  return { code: 'ambiguous_number', detail }
}
