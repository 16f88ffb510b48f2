/**
 * Which rate of exchange was valid at an instant? 1 of the base currency is `rate` of the quote currency.
 *
 * A pair is looked up in its own direction alone: neither its inverse nor a way over a third currency is made up.
 */
import { Decimal } from '../money.ts'

export interface ExchangeRate {
  base: string
  quote: string
  rate: Decimal
  /** Milliseconds since 1970; valid until the next one of the pair begins. */
  validFrom: number
}

const one = new Decimal(1)

export class ExchangeRates {
  /** By base, then by quote; ascending by `validFrom`. */
  readonly #pairs = new Map<string, Map<string, ExchangeRate[]>>()

  /** `rates`: in any order. */
  constructor(rates: readonly ExchangeRate[]) {
    for (const rate of rates) {
      const ofBase = this.#pairs.get(rate.base) ?? new Map<string, ExchangeRate[]>()
      this.#pairs.set(rate.base, ofBase)
      const known = ofBase.get(rate.quote)
      if (known) known.push(rate)
      else ofBase.set(rate.quote, [rate])
    }
    for (const ofBase of this.#pairs.values()) {
      for (const pair of ofBase.values()) pair.sort((a, b) => a.validFrom - b.validFrom)
    }
  }

  /** 1 within a currency; undefined: none is valid yet. */
  find(base: string, quote: string, at: number): Decimal | undefined {
    if (base === quote) return one
    const pair = this.#pairs.get(base)?.get(quote)
    if (!pair) return undefined
    let low = 0
    let high = pair.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pair[middle]?.validFrom ?? 0) <= at) low = middle + 1
      else high = middle
    }
    return pair[low - 1]?.rate
  }
}

export const noExchangeRates = new ExchangeRates([])
