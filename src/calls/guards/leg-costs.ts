/**
 * What do guards count of the legs of a client? Prices of their minutes by the client's rates, in the currency of the guards,
 * its brand's.
 *
 * What the first minute costs is remembered by rate for as long as the minute lasts: fraud, and all that is busy, calls the
 * same destinations again and again.
 */
import { type LegPrices, type MatchedRate, sliceSeconds } from '../../limits/authorize.ts'
import type { Client } from '../../limits/client.ts'
import { type FixedAmount, fixAmount, fixedZero } from '../../limits/fixed-amount.ts'
import type { AskedLeg, FirstMinute, GuardedLeg, LegCosts } from '../../limits/guarded-leg.ts'
import { Decimal } from '../../money.ts'
import { RateTableNotLoaded } from '../../rating/tariff.ts'
import type { Configuration } from '../../tariffs/configuration.ts'
import { findLegRate, priceLeg } from '../judge-leg.ts'

/**
 * Of legs at some terms that begin in one minute of the clock. Where a window changes within it, legs count what the first
 * of them would cost: a settlement says what it was.
 */
interface KnownFirstMinute {
  ratingPlanId: string
  minute: number
  exchangeRate: Decimal
  cost: FirstMinute
}

/** By the terms of rates: thousands of numbers share them. */
export type KnownFirstMinutes = WeakMap<object, KnownFirstMinute>

interface Context {
  configuration: Configuration
  clock: () => number
  firstMinutes: KnownFirstMinutes
}

const one = new Decimal(1)

export class ClientLegCosts implements LegCosts {
  readonly #context: Context
  readonly #client: Client

  constructor(context: Context, client: Client) {
    this.#context = context
    this.#client = client
  }

  findFirstMinute(leg: GuardedLeg | AskedLeg): FirstMinute | null {
    return 'rate' in leg && leg.rate ? this.#firstMinuteAtRate(leg, leg.rate) : this.#priceFirstMinute(leg)
  }

  priceOfSlice(leg: GuardedLeg, slices: number): FixedAmount {
    const prices = this.#findPrices(leg)
    const seconds = slices * sliceSeconds
    const price = whereLoaded(() => prices?.priceFor(seconds + sliceSeconds).minus(prices.priceFor(seconds)))
    return price ? this.#fix(price) : fixedZero
  }

  /** An amount of the client's in its brand's currency; at face value where no exchange rate is known. */
  convert(amount: Decimal): Decimal {
    const rate = this.#findExchangeRate()
    return rate === one ? amount : amount.times(rate)
  }

  #firstMinuteAtRate(leg: GuardedLeg, { terms, ratingPlanId }: MatchedRate): FirstMinute | null {
    const { firstMinutes } = this.#context
    const minute = Math.floor(leg.rateAt / 60_000)
    const exchangeRate = this.#findExchangeRate()
    const known = firstMinutes.get(terms)
    if (
      known?.minute === minute &&
      known.ratingPlanId === ratingPlanId &&
      known.exchangeRate === exchangeRate
    ) {
      return known.cost
    }
    const cost = this.#priceFirstMinute(leg)
    if (cost) firstMinutes.set(terms, { ratingPlanId, minute, exchangeRate, cost })
    return cost
  }

  #priceFirstMinute(leg: GuardedLeg): FirstMinute | null {
    const prices = this.#findPrices(leg)
    if (!prices) return null
    const { firstIncrement } = prices
    const slice = whereLoaded(() => prices.priceFor(sliceSeconds)) ?? firstIncrement
    return { firstIncrement: this.#fix(firstIncrement), slice: this.#fix(slice) }
  }

  /** undefined: the leg of another replica, or an old one: what cannot be priced now counts with its settlement. */
  #findPrices({ from, to, rateAt: at }: GuardedLeg): LegPrices | undefined {
    const client = this.#client
    return whereLoaded(() =>
      findLegRate(this.#context, client, { from, to, at }).priced
        ? priceLeg(this.#context, client, { from, to, at })
        : undefined,
    )
  }

  #fix(amount: Decimal): FixedAmount {
    return fixAmount(this.convert(amount))
  }

  #findExchangeRate(): Decimal {
    const { configuration, clock } = this.#context
    const { brandId, currency } = this.#client
    const brand = configuration.getBrand(brandId)
    if (currency === brand.currency) return one
    return configuration.exchangeRatesOfBrand(brandId).find(currency, brand.currency, clock()) ?? one
  }
}

/** undefined: a tariff that takes over within the slice is not in memory yet. */
function whereLoaded<Price>(price: () => Price): Price | undefined {
  try {
    return price()
  } catch (error) {
    if (error instanceof RateTableNotLoaded) return undefined
    throw error
  }
}
