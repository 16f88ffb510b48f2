/** `GET /v1/rating-plans/{id}/margins`: what a plan asks and what a carrier takes, side by side for each prefix. */
import Type from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import { InvalidRequest } from '../../errors.ts'
import { type Decimal, formatAmount, parseAmount } from '../../money.ts'
import { isPrefix } from '../../rating/prefix.ts'
import { Amount, Currency, closed, Instant, nullable, PathId, stored, Uuid } from '../../shapes/fields.ts'
import { RejectionReason } from '../../shapes/reasons.ts'
import { comparePlanMargins } from '../../tariffs/plan-margins.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { pageQuery, readCursor, writeCursor } from '../conventions/pagination.ts'
import { readId } from '../conventions/request-scope.ts'

const Margins = closed({
  seconds: Type.Integer({ description: "How long the compared call is: the brand's `lcrSeconds`." }),
  currency: Currency,
  costCurrency: Currency,
  exchangeRate: Type.String({ description: 'How much of `currency` 1 of `costCurrency` is.' }),
  data: Type.Array(
    closed({
      prefix: Type.String(),
      destination: Type.String(),
      price: nullable(Amount),
      priceReason: nullable(stored(RejectionReason)),
      cost: nullable(Amount),
      costReason: nullable(stored(RejectionReason)),
      margin: nullable(Amount),
    }),
  ),
  nextCursor: nullable(Type.String()),
})

export function planMarginRoutes(app: Api, { configuration }: ApiContext): void {
  app.get(
    '/v1/rating-plans/:id/margins',
    {
      schema: {
        tags: ['Carriers'],
        summary: 'What a plan leaves over what a carrier takes, by prefix',
        description:
          'Prefixes of both, ascending, with the price and the cost of a call answered at `at` (now). A page may be short, and with `below` empty, and still have a next one.',
        params: Type.Object({ id: PathId }),
        querystring: closed({
          carrierId: Uuid,
          at: Type.Optional(Instant),
          below: Type.Optional(
            Type.String({ ...Amount, description: 'Only prefixes whose margin is less.', examples: ['0'] }),
          ),
          ...pageQuery,
        }),
        response: { 200: Margins },
      },
    },
    async (request) => {
      const { carrierId, below, limit = 50, cursor } = request.query
      const at = request.query.at === undefined ? Date.now() : readInstant(request.query.at)
      if (at === undefined) {
        throw new InvalidRequest('A timestamp is not valid.', [
          { pointer: '/at', detail: 'is not a valid RFC 3339 timestamp' },
        ])
      }
      const [after = null] = readCursor(cursor, [{ test: isPrefix }]) ?? []
      const { rows, next, exchangeRate, ...told } = await comparePlanMargins(configuration, {
        ratingPlanId: readId(request, 'rating plan'),
        carrierId: carrierId.toLowerCase(),
        brandId: requireIdentity(request).brandId,
        at,
        below: below === undefined ? null : parseAmount(below),
        after,
        limit,
      })
      return {
        ...told,
        exchangeRate: formatAmount(exchangeRate),
        data: rows.map(({ price, cost, margin, ...row }) => ({
          ...row,
          price: amountText(price),
          cost: amountText(cost),
          margin: amountText(margin),
        })),
        nextCursor: next === null ? null : writeCursor([next]),
      }
    },
  )
}

const amountText = (amount: Decimal | null) => amount && formatAmount(amount)
