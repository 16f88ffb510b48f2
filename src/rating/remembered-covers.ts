/**
 * What limits ask of one leg that allowances pay. An item of seconds that has enough of them pays nearly every such leg to
 * its end, so what it pays is remembered as `remembered-prices.ts` remembers prices.
 *
 * Exact: what an endless item pays, the first item pays as well that has as many seconds as are drawn of the endless one,
 * whatever items there are behind it. Where it has less, another rate may hold while the call runs, or the first item is
 * not of seconds, the call is walked.
 */
import { Decimal } from '../money.ts'
import { affordableAtRate } from './affordable-duration.ts'
import { type Allowance, type Draw, listCovering, noDraws } from './allowance.ts'
import { findChangeSecond } from './call-walk.ts'
import { itemOf } from './draws.ts'
import type { RatedCall, RateMatch } from './match-rate.ts'
import { priceOfFirstIncrement, priceWithDraws } from './price-call.ts'
import { rememberByTerms } from './remembered-by-terms.ts'

interface Covered {
  price: Decimal
  drawnSeconds: Decimal
}

interface Remembered {
  /** By the seconds of a call. */
  slices: Map<number, Covered>
  /** By the seconds that a call may last: what it lasts with money without end, and from which money on. */
  longest: Map<number, { seconds: number; price: Decimal }>
}

const makeEmpty = (): Remembered => ({ slices: new Map(), longest: new Map() })
const recallWithFee = rememberByTerms(makeEmpty)
const recallWithoutFee = rememberByTerms(makeEmpty)
/** Of slices and of the clients' longest calls; what else is asked is worked out. */
const maxEach = 8
/** More than any call draws or costs. */
const endless = new Decimal('1e15')

/** Of a leg whose rate at the answer is known. */
export function rememberCovers(call: RatedCall & { allowances: readonly Allowance[] }, first: RateMatch) {
  const [item] = listCovering(call.allowances, call.to)
  const seconds = item?.unit === 'seconds' ? item : undefined
  const known = seconds?.coversConnectFee ? recallWithFee(first) : recallWithoutFee(first)
  const changeSecond = findChangeSecond(call, first)
  const ofEndless = () => ({ ...call, allowances: seconds ? [{ ...seconds, left: endless }] : [] })
  let last: { durationSeconds: number; price: Decimal; draws: readonly Draw[] } | undefined

  /** What the item pays of a call of so many seconds, where it has as much. */
  function findCovered(durationSeconds: number): Covered | undefined {
    if (!seconds || changeSecond < durationSeconds) return undefined
    let covered = known.slices.get(durationSeconds)
    if (!covered) {
      const { price, draws } = priceWithDraws({ ...ofEndless(), durationSeconds }, first)
      covered = { price, drawnSeconds: draws[0]?.amount ?? new Decimal(0) }
      if (known.slices.size < maxEach) known.slices.set(durationSeconds, covered)
    }
    return covered.drawnSeconds.lte(seconds.left) ? covered : undefined
  }

  function priced(durationSeconds: number): { price: Decimal; draws: readonly Draw[] } {
    // Price and draws are asked of the same slice.
    if (last?.durationSeconds === durationSeconds) return last
    const covered = findCovered(durationSeconds)
    last = { durationSeconds, ...(covered ? drawOf(covered) : walk(durationSeconds)) }
    return last
  }

  function drawOf({ price, drawnSeconds: amount }: Covered) {
    if (!seconds || amount.isZero()) return { price, draws: noDraws }
    return { price, draws: [{ ...itemOf(seconds), unit: seconds.unit, amount }] }
  }

  const walk = (durationSeconds: number) => priceWithDraws({ ...call, durationSeconds }, first)

  function findLongest(maxSeconds: number): { seconds: number; price: Decimal } | undefined {
    // A maximum price holds no fee down before the first increment: then less may not be within the money.
    if (first.rate.terms.steps[0]?.fromSecond !== 0 || !findCovered(maxSeconds)) return undefined
    const { longest } = known
    const found = longest.get(maxSeconds)
    if (found || longest.size >= maxEach) return found
    const made = affordableAtRate({ ...ofEndless(), money: endless, maxSeconds }, first)
    longest.set(maxSeconds, { seconds: made.seconds, price: made.price })
    return made
  }

  return {
    /** With fee. */
    get firstIncrement(): Decimal {
      return priceOfFirstIncrement(call, first)
    },
    /** Price of a call of so many seconds. */
    priceFor: (durationSeconds: number): Decimal => priced(durationSeconds).price,
    /** What it takes of allowances. */
    drawsFor: (durationSeconds: number): readonly Draw[] => priced(durationSeconds).draws,
    /** Seconds that the money buys in whole increments behind what is covered, at most `maxSeconds`. */
    secondsFor(money: Decimal, maxSeconds: number): number {
      const longest = findLongest(maxSeconds)
      if (longest && money.gte(longest.price)) return longest.seconds
      return affordableAtRate({ ...call, money, maxSeconds }, first).seconds
    },
  }
}
