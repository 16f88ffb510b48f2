/**
 * What did the carrier of a call take, and what does that leave? Outbound legs alone; whatever the client pays for them.
 *
 * A cost that cannot be made stops no price: the reason stands beside it. No function here waits or asks a clock.
 */
import { type Brand, type Client, termsAt } from '../../limits/client.ts'
import { zero } from '../../money.ts'
import { type Carrier, carrierCost, marginOf } from '../../rating/carrier.ts'
import type { ExchangeRates } from '../../rating/exchange-rates.ts'
import type { Tariffs } from '../../rating/tariff.ts'
import type { Call } from '../call.ts'

export interface CostContext {
  tariffs: Tariffs
  findCarrier: (brandId: string, code: string) => Carrier | undefined
  exchangeRatesOfBrand: (brandId: string) => ExchangeRates
}

export type Cost = Pick<Call, 'carrierId' | 'cost' | 'costCurrency' | 'costReason' | 'margin'>

export const noCost: Cost = {
  carrierId: null,
  cost: null,
  costCurrency: null,
  costReason: null,
  margin: null,
}

/** Of a call whose price stands. Throws `RateTableNotLoaded`. */
export function findCost(
  call: Call,
  { client, brand }: { client: Client; brand: Brand },
  context: CostContext,
): Cost {
  const { carrier: code, answeredAt, toNormalized, durationSeconds } = call
  if (code === null || call.direction !== 'outbound') return noCost
  const carrier = context.findCarrier(call.brandId, code)
  if (answeredAt === null || durationSeconds === null) return { ...noCost, carrierId: carrier?.id ?? null }
  if (!carrier) return { ...noCost, costReason: 'unknown_carrier' }
  const { id: carrierId, currency: costCurrency } = carrier
  if (toNormalized === null) return { ...noCost, carrierId, costCurrency, costReason: 'invalid_number' }
  const { numbering } = termsAt(client.terms, answeredAt)
  const { cost, reason } = carrierCost(
    {
      to: toNormalized,
      from: call.from,
      numbering: numbering ?? termsAt(brand.terms, answeredAt).numbering,
      answeredAt,
      durationSeconds,
      tariffs: context.tariffs,
    },
    carrier,
  )
  if (cost === null) return { ...noCost, carrierId, costCurrency, costReason: reason }
  const rate = context.exchangeRatesOfBrand(call.brandId).find(costCurrency, client.currency, answeredAt)
  const margin = rate ? marginOf(call.price ?? zero, cost, rate) : null
  return { carrierId, cost, costCurrency, costReason: null, margin }
}
