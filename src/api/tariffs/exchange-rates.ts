/**
 * `/v1/exchange-rates`: what one currency buys of another from an instant on. A carrier's cost becomes the client's
 * currency by them; a pair counts in its own direction alone.
 */
import Type, { type Static } from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import { brandRows } from '../../db/clients/brand-rows.ts'
import { instantText } from '../../db/columns.ts'
import { exchangeRates } from '../../db/schema.ts'
import { listExchangeRates, mergeExchangeRates } from '../../db/tariffs/exchange-rates.ts'
import { InvalidRequest } from '../../errors.ts'
import { formatAmount, parseAmount } from '../../money.ts'
import { Currency, closed, Instant, Uuid } from '../../shapes/fields.ts'
import { readEcbRates, readExchangeRatesCsv } from '../../tariffs/read-exchange-rates.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'
import { write } from '../conventions/run-as-tenant.ts'

const Rate = Type.String({
  pattern: '^(?:0|[1-9]\\d{0,11})(?:\\.\\d{1,18})?$',
  description: 'How much of the quote currency 1 of the base currency is; more than 0.',
  examples: ['1.0832'],
})
const Fields = closed({
  brandId: Type.Optional(Uuid),
  base: Currency,
  quote: Currency,
  rate: Rate,
  validFrom: Instant,
})
type Fields = Static<typeof Fields>

type ExchangeRateRow = typeof exchangeRates.$inferSelect
const rows = brandRows<ExchangeRateRow>(exchangeRates)

export function exchangeRateRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'exchange rate',
    path: '/v1/exchange-rates',
    tag: 'Carriers',
    fields: Fields,
    shown: closed({ id: Uuid, ...Fields.properties, createdAt: Instant, updatedAt: Instant }),
    filters: { brandId: Type.Optional(Uuid), base: Type.Optional(Currency), quote: Type.Optional(Currency) },
    configures: true,
    show: (row: ExchangeRateRow) => ({
      id: row.id,
      ...toFields(row),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { filter, ...page }) => listExchangeRates(tx, { ...page, ...filter }),
    find: (tx, _scope, id, lock) => rows.find(tx, id, lock),
    create(tx, { identity, now }, { brandId, ...fields }) {
      const values = read(fields)
      return rows.insert(tx, { id: newId(now), brandId: owningBrand(identity, brandId), ...values })
    },
    patch: {
      toFields,
      update(tx, { now }, row, { brandId, ...fields }) {
        keepBrand(row, brandId)
        return rows.update(tx, row.id, read(fields, row), now)
      },
    },
    remove: (tx, _scope, row) => rows.remove(tx, row.id),
  })
  app.register(async (scope) => importRoute(scope, context))
}

const importLimit = 1024 * 1024

function importRoute(app: Api, context: ApiContext): void {
  app.removeAllContentTypeParsers()
  for (const type of ['text/csv', 'application/xml', 'text/xml']) {
    app.addContentTypeParser(type, { parseAs: 'string', bodyLimit: importLimit }, (_request, body, done) =>
      done(null, body),
    )
  }
  app.post(
    '/v1/exchange-rates/imports',
    {
      bodyLimit: importLimit,
      schema: {
        tags: ['Carriers'],
        summary: 'Take exchange rates from a file',
        description:
          "CSV with the columns base, quote, rate, validFrom; or, as application/xml, the European Central Bank's daily file or that of its last 90 days, which gives both directions. Up to 1 MiB. A rate that is there for the same pair and instant is replaced.",
        consumes: ['text/csv', 'application/xml'],
        querystring: closed({ brandId: Type.Optional(Uuid) }),
        response: {
          200: closed({ added: Type.Integer(), changed: Type.Integer(), unchanged: Type.Integer() }),
        },
      },
    },
    async (request) => {
      if (typeof request.body !== 'string') throw new InvalidRequest('The body has no file.')
      const isXml = /xml/.test(request.headers['content-type'] ?? '')
      const rates = isXml ? readEcbRates(request.body) : readExchangeRatesCsv(request.body)
      const brandId = owningBrand(requireIdentity(request), request.query.brandId)
      const { added, changed } = await write(context, request, (tx) => mergeExchangeRates(tx, brandId, rates))
      return { added, changed, unchanged: rates.length - added - changed }
    },
  )
}

function read({ base, quote, rate, validFrom }: Omit<Fields, 'brandId'>, before?: ExchangeRateRow) {
  const faults = new Faults()
  faults.checkKnown('currency', '/base', base, before?.base)
  faults.checkKnown('currency', '/quote', quote, before?.quote)
  if (base === quote) faults.add('/quote', 'must be another currency than base')
  const value = parseAmount(rate)
  if (!value.gt(0)) faults.add('/rate', 'must be more than 0')
  const at = readInstant(validFrom)
  if (at === undefined) faults.add('/validFrom', 'is not a valid RFC 3339 timestamp')
  faults.throwIfAny()
  return { base, quote, rate: value, validFrom: at ?? 0 }
}

function toFields({ brandId, base, quote, rate, validFrom }: ExchangeRateRow): Fields {
  return { brandId, base, quote, rate: formatAmount(rate), validFrom: instantText(validFrom) }
}
