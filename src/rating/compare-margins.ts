/**
 * What does a plan charge for a call to each prefix, what does a carrier take for it, and what is left?
 *
 * Prefixes of both are asked: where the carrier splits one that is sold as a whole, each part is compared. A prefix stands
 * for the numbers that begin with it and with nothing longer.
 */
import type { Decimal } from '../money.ts'
import { rateAtAnswer } from './call-walk.ts'
import { marginOf } from './carrier.ts'
import { anyPrefix } from './prefix.ts'
import { priceAtRate } from './price-call.ts'
import type { RateTable } from './rate-table.ts'
import type { RatingProfile, Tariffs } from './tariff.ts'

/** Who prices: a plan that is sold, or a carrier. */
export interface Pricing {
  timeZone: string
  profiles: readonly RatingProfile[]
  tariffs: Tariffs
}

export interface Comparison {
  plan: Pricing
  carrier: Pricing
  /** When a call begins, and how long it is. */
  at: number
  seconds: number
  /** How much of the plan's currency one unit of the carrier's buys. */
  exchangeRate: Decimal
}

export interface PrefixMargin {
  prefix: string
  /** Of the plan's rate, else of the carrier's. */
  destination: string
  /** null: the plan has no price for it; `priceReason` says why. */
  price: Decimal | null
  priceReason: string | null
  /** In the carrier's currency; null as the price. */
  cost: Decimal | null
  costReason: string | null
  /** In the plan's currency; null where one of the two is not known. */
  margin: Decimal | null
}

/** Throws `RateTableNotLoaded`. */
export function compareMargin(prefix: string, comparison: Comparison): PrefixMargin {
  const { plan, carrier, exchangeRate } = comparison
  const sold = priceNumber(prefix, plan, comparison)
  const bought = priceNumber(prefix, carrier, comparison)
  const [price, cost] = [sold.amount, bought.amount]
  return {
    prefix,
    destination: sold.destination ?? bought.destination ?? '',
    price,
    priceReason: sold.reason,
    cost,
    costReason: bought.reason,
    margin: price && cost && marginOf(price, cost, exchangeRate),
  }
}

function priceNumber(prefix: string, pricing: Pricing, { at, seconds }: Comparison) {
  const to = prefix === anyPrefix ? '' : prefix
  const call = { to, from: null, numbering: null, answeredAt: at, durationSeconds: seconds, ...pricing }
  const first = rateAtAnswer(call)
  if ('reason' in first) {
    return { amount: null, reason: first.reason, destination: first.match?.rate.destination ?? null }
  }
  return { amount: priceAtRate(call, first), reason: null, destination: first.rate.destination }
}

/** The prefixes of all tables, each once, ascending, `*` first. `after`: only those behind it. */
export function* listPrefixes(
  tables: readonly RateTable[],
  after: string | null,
): Generator<string, void, undefined> {
  const places = tables.map((table) => ({ table, row: after === null ? 0 : firstAfter(table, after) }))
  for (;;) {
    let least: string | undefined
    for (const { table, row } of places) {
      if (row >= table.size) continue
      const prefix = table.prefixAt(row)
      if (least === undefined || isBefore(prefix, least)) least = prefix
    }
    if (least === undefined) return
    yield least
    for (const place of places) {
      if (place.row < place.table.size && place.table.prefixAt(place.row) === least) place.row += 1
    }
  }
}

function firstAfter(table: RateTable, prefix: string): number {
  let low = 0
  let high = table.size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(prefix, table.prefixAt(middle))) high = middle
    else low = middle + 1
  }
  return low
}

/** As tables are sorted: digit by digit, a shorter prefix before the longer ones that begin with it. */
function isBefore(one: string, other: string): boolean {
  return digits(one) < digits(other)
}

const digits = (prefix: string) => (prefix === anyPrefix ? '' : prefix)
