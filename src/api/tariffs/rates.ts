/**
 * `/v1/rate-decks/{id}/rates`: the rates of a deck's newest version, and all of them at once as a new version.
 */
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { findRateDeck } from '../../db/tariffs/rate-decks.ts'
import { listRates } from '../../db/tariffs/rates.ts'
import { NotFound } from '../../errors.ts'
import { closed, Instant, nullable, PathId } from '../../shapes/fields.ts'
import { type PublishedRates, publishRates } from '../../tariffs/publish-rates.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { readLargeBodies } from '../conventions/gather-large-body.ts'
import { pageQuery, pageSchema, readCursor, toPage } from '../conventions/pagination.ts'
import { readId, tenantKey } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { Rate } from './rate-fields.ts'
import { RatesBody, readRatesSent } from './read-rates-body.ts'

const params = Type.Object({ id: PathId })
const bodyLimit = 16 * 1024 * 1024
export const Published = closed({
  version: Type.Integer(),
  effectiveAt: nullable(Instant),
  summary: Type.Record(Type.String(), Type.Unknown()),
})

export function rateRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/rate-decks/:id/rates',
    {
      schema: {
        tags: ['Tariffs'],
        summary: 'Rates of the newest version, by prefix',
        params,
        querystring: closed({
          ...pageQuery,
          prefix: Type.Optional(
            Type.String({ pattern: '^(\\+?[0-9]{0,18}|\\*)$', description: 'Leading digits.' }),
          ),
        }),
        response: { 200: pageSchema(Rate) },
      },
    },
    async (request) => {
      const id = readId(request, 'rate deck')
      const { limit = 50, cursor, prefix = '' } = request.query
      const after = readCursor(cursor, [/^([0-9]{1,18}|\*)$/])?.[0] ?? null
      const rows = await read(context, request, async (tx) => {
        if (!(await findRateDeck(tx, id, 'none'))) throw new NotFound('rate deck', id)
        return listRates(tx, { rateDeckId: id, prefix: prefix.replace(/^\+/, ''), after, limit: limit + 1 })
      })
      const page = toPage(rows, limit, (rate) => [rate.prefix])
      return { data: page.rows, nextCursor: page.nextCursor }
    },
  )

  app.register(async (scope) => replaceRoute(scope, context))
}

/** Its body is read by `read-rates-body.ts`, which knows the deck's rounding: the route gets the bytes. */
function replaceRoute(app: Api, context: ApiContext): void {
  readLargeBodies(app, bodyLimit, (_request, bytes) => bytes)
  app.put(
    '/v1/rate-decks/:id/rates',
    {
      bodyLimit,
      schema: {
        tags: ['Tariffs'],
        summary: 'Replace all rates',
        description: 'Makes the next version of the deck; nothing changes where one rate is faulty.',
        params,
        body: RatesBody,
        response: { 200: Published },
      },
      validatorCompiler: () => () => true,
    },
    async (request) => {
      const id = readId(request, 'rate deck')
      const deck = await read(context, request, (tx) => findRateDeck(tx, id, 'none'))
      if (!deck) throw new NotFound('rate deck', id)
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const { configuration, worker: db, settings } = context
      const published = await publishRates(
        { configuration, db, leadSeconds: settings.tariffLeadSeconds },
        { rateDeckId: id, read: (rounding) => readRatesSent(tenantKey(request), body, rounding) },
      )
      return showPublished(published)
    },
  )
}

export function showPublished({ version, effectiveAt, summary }: PublishedRates) {
  return {
    version,
    effectiveAt: effectiveAt === null ? null : instantText(effectiveAt),
    summary: { ...summary },
  }
}
