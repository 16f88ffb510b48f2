/**
 * A rate sheet as carriers send it: CSV with a header, one row per prefix.
 */
import { Decimal } from '../src/money.ts'
import type { Destination } from './list-destinations.ts'
import { priceOf } from './price-model.ts'

export interface RateSheetOptions {
  seed: number
  /** What one unit of the model's currency is in the sheet's. */
  exchangeRate: string
}

export const rateSheetHeader = 'prefix,destination,rate,connect_fee,initial_increment,increment,blocked'

export function rateSheet(destinations: readonly Destination[], options: RateSheetOptions): string {
  const exchangeRate = new Decimal(options.exchangeRate)
  const converted = (amount: Decimal) => amount.times(exchangeRate).toDecimalPlaces(5).toFixed()
  // Prefixes of one name have one price; there are eight times fewer names.
  const named = new Map<string, string>()
  const rows = destinations.map((destination) => {
    let rest = named.get(destination.name)
    if (rest === undefined) {
      const price = priceOf(destination, options.seed)
      rest = [
        quoted(destination.name),
        converted(price.perMinute),
        converted(price.connectFee),
        price.initialIncrementSeconds,
        price.incrementSeconds,
        price.blocked,
      ].join(',')
      named.set(destination.name, rest)
    }
    return `${destination.prefix},${rest}`
  })
  return `${[rateSheetHeader, ...rows].join('\n')}\n`
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
