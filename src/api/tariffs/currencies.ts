/**
 * `/v1/currencies`: ISO 4217 with the decimals each is paid with.
 */
import Type from 'typebox'
import { listCurrencies } from '../../money.ts'
import { Currency, closed } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import { pageSchema } from '../conventions/pagination.ts'

const Shown = closed({ code: Currency, name: Type.String(), digits: Type.Integer() })

export function currencyRoutes(app: Api): void {
  app.get(
    '/v1/currencies',
    { schema: { tags: ['Reference'], summary: 'Currencies', response: { 200: pageSchema(Shown) } } },
    async () => ({ data: listCurrencies(), nextCursor: null }),
  )
}
