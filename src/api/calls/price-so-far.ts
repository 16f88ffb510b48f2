/**
 * Where does a running call go, and what would it cost if it ended now? By the same rater as its price.
 */
import type { Call } from '../../calls/call.ts'
import { rateResult, settlementContext } from '../../calls/settle/rate-call.ts'
import { type Decimal, formatAmount } from '../../money.ts'
import { withRateTables } from '../../tariffs/with-rate-tables.ts'
import type { ApiContext } from '../context.ts'

export interface SoFar {
  destination: string | null
  prefix: string | null
  /** null: not priced, or no rate is known for it. "0": it rings. */
  priceSoFar: string | null
  currency: string | null
}

/** In the order of the calls. */
export function pricesSoFar(
  { configuration, calls: { emergencyNumbers } }: Pick<ApiContext, 'configuration' | 'calls'>,
  calls: readonly Call[],
  now: number,
): Promise<SoFar[]> {
  const context = settlementContext({ configuration, emergencyNumbers }, now)
  return withRateTables(configuration, () =>
    calls.map((call) => {
      const client = configuration.getClient(call.clientId)
      const owner = { client, brand: configuration.getBrand(client.brandId) }
      const endedAt = call.answeredAt === null ? null : Math.max(now, call.answeredAt)
      const { destination, prefix, price } = rateResult({ ...call, endedAt, cutAt: null }, owner, context)
      // A leg that nobody has answered costs nothing, whether or not it can be priced.
      const priceSoFar: Decimal | null = destination === null ? null : price
      return {
        destination,
        prefix,
        priceSoFar: priceSoFar && formatAmount(priceSoFar),
        currency: priceSoFar && client.currency,
      }
    }),
  )
}
