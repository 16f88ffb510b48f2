/**
 * How are amounts, counts, durations and days written for people of one language?
 *
 * Intl formats decimal text exactly, so no amount passes through a JavaScript number. Days are `YYYY-MM-DD` and
 * instants epoch milliseconds; both are written as the language does.
 */
import { remember } from '../bounded-cache.ts'
import { currencyFormat } from '../currency-format.ts'
import { dateLocale, numberLocale } from '../languages.ts'
import { type Decimal, formatAmount } from '../money.ts'

export interface NumberFormats {
  /** With the currency's sign and digits: `1.234,50 €`. */
  money(amount: Decimal): string
  /** As `money`, with all the decimals a call's price has, and at least `minDecimals`: a column of them lines up. */
  price(amount: Decimal, minDecimals?: number): string
  /** A number with its decimals, without currency. */
  quantity(amount: Decimal): string
  count(value: number): string
  /** `21 %` */
  percent(rate: Decimal): string
  /** `1:02:05`, hours only where there are any. */
  duration(seconds: number): string
  day(day: string): string
  /** To the second, the day in figures that line up and are not mistaken for the month. */
  instant(at: number): string
  /** The local day of an instant. */
  dayOfInstant(at: number): string
  /** Of an ISO 3166 code; one that nobody knows stays as it is. */
  country(code: string): string
}

const cache = new Map<string, NumberFormats>()

export function numberFormats(locale: {
  language: string
  currency: string
  timeZone: string
}): NumberFormats {
  const key = `${locale.language} ${locale.currency} ${locale.timeZone}`
  return cache.get(key) ?? remember(cache, key, makeFormats(locale), 200)
}

function makeFormats(locale: { language: string; currency: string; timeZone: string }): NumberFormats {
  const { currency, timeZone } = locale
  const language = numberLocale(locale.language)
  const dates = dateLocale(locale.language)
  // Spanish and Italian leave out the separator of 1.234 unless told otherwise; on an invoice columns line up.
  // The digits and the calendar are those of the books, also where a language has others of its own.
  const grouping = { useGrouping: 'always', numberingSystem: 'latn' } as const
  const calendar = { numberingSystem: 'latn', calendar: 'gregory' } as const
  const money = currencyFormat(language, { currency, ...grouping })
  const prices = new Map<number, (amount: Decimal) => string>()
  const price = (amount: Decimal, minDecimals = 0) => {
    const options = { currency, minDecimals, maxDecimals: 20, ...grouping }
    const format = prices.get(minDecimals) ?? currencyFormat(language, options)
    prices.set(minDecimals, format)
    return format(amount)
  }
  const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 10, ...grouping })
  const percent = new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 6,
    numberingSystem: 'latn',
  })
  const day = new Intl.DateTimeFormat(dates, { dateStyle: 'medium', timeZone: 'UTC', ...calendar })
  const localDay = new Intl.DateTimeFormat(dates, { dateStyle: 'medium', timeZone, ...calendar })
  // 1/2/26 is January in English alone: there the month has its name.
  const month = language.startsWith('en') ? 'short' : '2-digit'
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  const instant = new Intl.DateTimeFormat(dates, {
    day: '2-digit',
    month,
    year: 'numeric',
    ...clock,
    ...calendar,
    timeZone,
  })
  const countries = new Intl.DisplayNames(language, { type: 'region' })
  return {
    money,
    price,
    quantity: (amount) => plain.format(decimalText(amount)),
    count: (value) => plain.format(value),
    percent: (rate) => percent.format(decimalText(rate.div(100))),
    duration: durationText,
    day: (text) => day.format(Date.parse(`${text}T00:00:00Z`)),
    instant: (at) => instant.format(at),
    dayOfInstant: (at) => localDay.format(at),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
  }
}

function decimalText(amount: Decimal): Intl.StringNumericLiteral {
  // Plain decimal notation, which is what Intl takes as an exact number.
  return formatAmount(amount) as Intl.StringNumericLiteral
}

function durationText(seconds: number): string {
  const sign = seconds < 0 ? '-' : ''
  const whole = Math.abs(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, '0')}:${rest}`
    : `${sign}${minutes}:${rest}`
}
