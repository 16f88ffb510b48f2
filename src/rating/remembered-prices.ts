/**
 * What limits ask of one leg, remembered by the terms that thousands of rates share: the price of its first increment and of a slice, and from which money on a
 * call lasts as long as it may. Nearly every leg asks the same, and each answer walks the call.
 *
 * Exact: where no window and no later profile changes anything while the call runs, all of it follows from the rate's terms,
 * its deck's rounding and the seconds alone. Elsewhere nothing is remembered.
 */
import { Decimal } from '../money.ts'
import { affordableAtRate } from './affordable-duration.ts'
import { noDraws } from './allowance.ts'
import { findChangeSecond } from './call-walk.ts'
import type { RatedCall, RateMatch } from './match-rate.ts'
import { priceAtRate, priceOfFirstIncrement } from './price-call.ts'
import { rememberByTerms } from './remembered-by-terms.ts'

interface Remembered {
  firstIncrement: Decimal | null
  /** By the seconds of a call. */
  prices: Map<number, Decimal>
  /** By the seconds that a call may last: what it lasts with money without end, and from which money on. */
  longest: Map<number, { seconds: number; price: Decimal }>
}

const recall = rememberByTerms(
  (): Remembered => ({ firstIncrement: null, prices: new Map(), longest: new Map() }),
)
/** Of slices and of the clients' longest calls; what else is asked is worked out. */
const maxEach = 8
/** More than any call can cost. */
const endlessMoney = new Decimal('1e20')

/** Of a leg that draws from no allowance, whose rate at the answer is known. */
export function rememberPrices(call: RatedCall, first: RateMatch) {
  const known = recall(first)
  // From this second of the call on another rate may hold.
  const changeSecond = findChangeSecond(call, first)

  function findLongest(maxSeconds: number): { seconds: number; price: Decimal } | undefined {
    // A maximum price holds no fee down before the first increment: then less may not be within the money.
    if (changeSecond < maxSeconds || first.rate.terms.steps[0]?.fromSecond !== 0) return undefined
    const { longest } = known
    const found = longest.get(maxSeconds)
    if (found || longest.size >= maxEach) return found
    const { seconds, price } = affordableAtRate({ ...call, money: endlessMoney, maxSeconds }, first)
    const made = { seconds, price }
    longest.set(maxSeconds, made)
    return made
  }

  return {
    /** With fee. */
    get firstIncrement(): Decimal {
      known.firstIncrement ??= priceOfFirstIncrement(call, first)
      return known.firstIncrement
    },
    /** Price of a call of so many seconds. */
    priceFor(seconds: number): Decimal {
      const isConstant = changeSecond >= seconds
      const found = isConstant ? known.prices.get(seconds) : undefined
      if (found) return found
      const price = priceAtRate({ ...call, durationSeconds: seconds }, first)
      if (isConstant && known.prices.size < maxEach) known.prices.set(seconds, price)
      return price
    },
    /** Seconds that the money buys in whole increments, at most `maxSeconds`. */
    secondsFor(money: Decimal, maxSeconds: number): number {
      const longest = findLongest(maxSeconds)
      if (longest && money.gte(longest.price)) return longest.seconds
      return affordableAtRate({ ...call, money, maxSeconds }, first).seconds
    },
    drawsFor: drawsNothing,
  }
}

const drawsNothing = () => noDraws
