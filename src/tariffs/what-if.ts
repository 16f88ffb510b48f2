/**
 * What would the calls of a span have come to by another plan, or at another carrier? Nothing is written.
 *
 * By the newest versions of decks and plans, whenever they take effect, so that a deck can be tried before it is sold.
 * A plan takes the place of each client's own; a carrier takes the calls that others took. Amounts are in the clients'
 * currencies.
 */
import { termsAt } from '../limits/client.ts'
import { Decimal, formatAmount, zero } from '../money.ts'
import { type Carrier, carrierCost, marginOf } from '../rating/carrier.ts'
import { priceCall } from '../rating/price-call.ts'
import type { RatingProfile } from '../rating/tariff.ts'
import type { Configuration } from './configuration.ts'
import { withRateTables } from './with-rate-tables.ts'

/** A call that is over. */
export interface PastCall {
  clientId: string
  from: string | null
  to: string
  answeredAt: number
  durationSeconds: number
  destination: string
  price: Decimal
  /** null: what its carrier took is not known. */
  margin: Decimal | null
}

export type Supposed = { ratingPlanId: string; currency: string } | { carrier: Carrier }

interface Sum {
  destination: string
  currency: string
  calls: number
  seconds: number
  price: Decimal
  /** What was paid by the client, or taken by the carriers; of a carrier's calls those whose cost is known. */
  before: Decimal
  after: Decimal
  /** Calls that the supposed tariff has no price for. */
  notPriced: number
}

export interface WhatIfResult {
  calls: number
  /** Calls of clients in a currency that the plan is not in, or that the carrier's is not exchanged into. */
  otherCurrency: number
  /** By destination and currency, the largest difference first. */
  sums: {
    destination: string
    currency: string
    calls: number
    seconds: number
    price: string
    before: string
    after: string
    difference: string
    notPriced: number
  }[]
}

/** Calls between two words of how far it is. */
const callsPerProgress = 10_000

export async function* whatIf(
  configuration: Configuration,
  calls: AsyncIterable<readonly PastCall[]>,
  supposed: Supposed,
): AsyncGenerator<{ callsDone: number } | { result: WhatIfResult }> {
  const sums = new Map<string, Sum>()
  let done = 0
  let otherCurrency = 0
  for await (const batch of calls) {
    for (const call of batch) {
      const after = await withRateTables(configuration, () => supposedAmount(configuration, call, supposed))
      if (after === 'other-currency') otherCurrency += 1
      else addTo(sums, configuration.getClient(call.clientId).currency, call, { after, supposed })
    }
    const before = done
    done += batch.length
    if (Math.floor(done / callsPerProgress) > Math.floor(before / callsPerProgress)) yield { callsDone: done }
  }
  yield { result: { calls: done, otherCurrency, sums: listSums(sums) } }
}

/** In the client's currency; null: there is no price. */
function supposedAmount(
  configuration: Configuration,
  { clientId, from, to, answeredAt, durationSeconds }: PastCall,
  supposed: Supposed,
): Decimal | null | 'other-currency' {
  const client = configuration.getClient(clientId)
  const { timeZone, numbering: own } = termsAt(client.terms, answeredAt)
  const numbering = own ?? termsAt(configuration.getBrand(client.brandId).terms, answeredAt).numbering
  const call = { to, from, numbering, answeredAt, durationSeconds, tariffs: configuration.latestTariffs }
  if ('carrier' in supposed) {
    const { carrier } = supposed
    const rate = configuration
      .exchangeRatesOfBrand(client.brandId)
      .find(carrier.currency, client.currency, answeredAt)
    if (!rate) return 'other-currency'
    const { cost } = carrierCost(call, { ...carrier, profiles: newest(carrier.profiles) })
    return cost === null ? null : marginOf(zero, cost, rate).negated()
  }
  if (supposed.currency !== client.currency) return 'other-currency'
  const profiles = [always(supposed.ratingPlanId)]
  const priced = priceCall({ ...call, timeZone, profiles })
  return priced.priced ? priced.price : null
}

/** The plan that was added last, as if it had always held. */
function newest(profiles: readonly RatingProfile[]): RatingProfile[] {
  return profiles.slice(-1).map(({ ratingPlanId }) => always(ratingPlanId))
}

function always(ratingPlanId: string): RatingProfile {
  return { ratingProfileId: '', ratingPlanId, activatesAt: Number.NEGATIVE_INFINITY }
}

function addTo(
  sums: Map<string, Sum>,
  currency: string,
  call: PastCall,
  { after, supposed }: { after: Decimal | null; supposed: Supposed },
): void {
  const { destination, price, margin } = call
  const key = `${currency} ${destination}`
  let sum = sums.get(key)
  if (!sum) {
    const none = { calls: 0, seconds: 0, price: zero, before: zero, after: zero, notPriced: 0 }
    sum = { destination, currency, ...none }
    sums.set(key, sum)
  }
  if (after === null) {
    sum.notPriced += 1
    return
  }
  const before = 'carrier' in supposed ? (margin === null ? null : price.minus(margin)) : price
  sum.calls += 1
  sum.seconds += call.durationSeconds
  sum.price = sum.price.plus(price)
  sum.before = sum.before.plus(before ?? zero)
  sum.after = sum.after.plus(after)
}

function listSums(sums: ReadonlyMap<string, Sum>): WhatIfResult['sums'] {
  const difference = ({ before, after }: Sum) => after.minus(before)
  return [...sums.values()]
    .sort((one, other) => Decimal.abs(difference(other)).cmp(Decimal.abs(difference(one))))
    .map((sum) => ({
      ...sum,
      price: formatAmount(sum.price),
      before: formatAmount(sum.before),
      after: formatAmount(sum.after),
      difference: formatAmount(difference(sum)),
    }))
}
