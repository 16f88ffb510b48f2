/**
 * What is an amount, in which currency, and how is it rounded?
 *
 * An amount is a `Decimal` made from text and written with `formatAmount`; a JavaScript number never
 * holds money. `Decimal` here is a clone of decimal.js with settings of our own: 40 significant digits,
 * and no exponents in print for anything this trade can produce.
 */
import currencyCodes from 'currency-codes'
import { Decimal as DecimalJs } from 'decimal.js'
import { InvalidAmount, UnknownCurrency } from './errors.ts'
import { addedCurrencies, retiredCurrencies } from './registers/additions.ts'

export const Decimal = DecimalJs.clone({
  precision: 40,
  rounding: DecimalJs.ROUND_HALF_UP,
  toExpNeg: -30,
  toExpPos: 40,
})
export type Decimal = DecimalJs

export interface Money {
  amount: Decimal
  /** ISO 4217 alphabetic code, upper case. */
  currency: string
}

/** How a price loses its last decimals: away from zero, towards zero, or to the nearest. */
export const roundingModes = ['up', 'down', 'half-up', 'half-even'] as const
export type RoundingMode = (typeof roundingModes)[number]

export function isRoundingMode(text: string): text is RoundingMode {
  return roundingModes.some((mode) => mode === text)
}

const decimalJsMode = {
  up: DecimalJs.ROUND_UP,
  down: DecimalJs.ROUND_DOWN,
  'half-up': DecimalJs.ROUND_HALF_UP,
  'half-even': DecimalJs.ROUND_HALF_EVEN,
} as const satisfies Record<RoundingMode, DecimalJs.Rounding>

export const zero = new Decimal(0)

const decimalText = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,20})?$/

/** Is this text a plain decimal number: no exponent, no `+`, no superfluous leading zero? */
export function isDecimalText(text: string): boolean {
  return decimalText.test(text)
}

/** Text such as `"12.50"` to a Decimal. Throws `InvalidAmount` for anything but plain decimal notation. */
export function parseAmount(text: string): Decimal {
  if (!isDecimalText(text)) throw new InvalidAmount(text)
  return new Decimal(text)
}

/** Plain decimal text without exponent, superfluous zeros or `-0`: `1.00` becomes `"1"`. */
export function formatAmount(amount: Decimal): string {
  return amount.isZero() ? '0' : amount.toFixed()
}

export function roundAmount(amount: Decimal, rounding: { mode: RoundingMode; decimals: number }): Decimal {
  return amount.toDecimalPlaces(rounding.decimals, decimalJsMode[rounding.mode])
}

export interface Currency {
  code: string
  name: string
  /** Decimals of the smallest unit paid with: JPY 0, EUR 2, KWD 3. */
  digits: number
}

/** All that amounts may be stored in: retired ones and units too. */
const currencies = new Map<string, Currency>(
  [
    ...currencyCodes.data.map(({ code, currency, digits }) => ({ code, name: currency, digits })),
    ...addedCurrencies,
  ].map((currency) => [currency.code, currency]),
)

/** Codes of ISO 4217 that nobody pays in: metals, units of account and of bonds, for tests, for no currency at all. */
const units = new Set('XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' '))

/** Those that a new client may have. */
export function listCurrencies(): Currency[] {
  return [...currencies.values()]
    .filter(({ code }) => isCurrentCurrency(code))
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** May something be billed in it? Retired ones too: whoever has one goes on in it. */
export function isCurrency(code: string): boolean {
  return currencies.has(code) && !units.has(code)
}

export function isCurrentCurrency(code: string): boolean {
  return isCurrency(code) && !retiredCurrencies.has(code)
}

/** Decimals of a currency's smallest unit, also of a retired one. Throws `UnknownCurrency`. */
export function currencyDigits(code: string): number {
  const currency = currencies.get(code)
  if (!currency) throw new UnknownCurrency(code)
  return currency.digits
}
