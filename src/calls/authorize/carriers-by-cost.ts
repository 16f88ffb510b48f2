/**
 * Which carriers does a grant name? Of brands that want it, for legs that leave them: those that take the number, by the cost
 * of a call that is answered then. From configuration memory; the engine tries them in their order.
 */
import { type Client, termsAt } from '../../limits/client.ts'
import { type CarrierOffer, orderByCost } from '../../rating/least-cost.ts'
import { RateTableNotLoaded } from '../../rating/tariff.ts'
import type { CallsContext } from '../calls-context.ts'
import { findNumbering, type JudgedLeg } from '../judge-leg.ts'

/** undefined: it names none. Throws `RateTableNotLoaded`, but for an emergency call, which waits for nothing. */
export function listCarriersByCost(
  { configuration }: Pick<CallsContext, 'configuration'>,
  { leg, judgement }: JudgedLeg,
  { client, from }: { client: Client | undefined; from: string | null },
): CarrierOffer[] | undefined {
  const brand = client && configuration.findBrand(client.brandId)
  if (!client || !brand?.leastCostRouting || judgement.outcome === 'denied') return undefined
  const { direction, toNormalized: to, at } = leg
  if (direction === 'inbound' || judgement.kind === 'internal' || to === undefined) return undefined
  const call = {
    to,
    from,
    numbering: findNumbering(termsAt(client.terms, at), brand, at),
    answeredAt: at,
    tariffs: configuration.tariffs,
    seconds: brand.lcrSeconds,
    currency: brand.currency,
    exchangeRates: configuration.exchangeRatesOfBrand(brand.id),
  }
  try {
    return orderByCost(call, configuration.listCarriersOfBrand(brand.id))
  } catch (error) {
    if (judgement.kind === 'special' && error instanceof RateTableNotLoaded) return []
    throw error
  }
}
