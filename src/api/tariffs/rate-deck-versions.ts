/**
 * `/v1/rate-decks/{id}/rates/versions`: what a deck has been, and the way back to one of them.
 */
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { listRateDeckVersions } from '../../db/tariffs/rate-deck-versions.ts'
import { findRateDeck } from '../../db/tariffs/rate-decks.ts'
import { NotFound } from '../../errors.ts'
import { closed, Instant, PathId } from '../../shapes/fields.ts'
import { restoreVersion } from '../../tariffs/restore-version.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { pageQuery, pageSchema, readCursor, toPage } from '../conventions/pagination.ts'
import { readId } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { Rounding } from './rate-decks.ts'
import { Published, showPublished } from './rates.ts'

const Version = closed({
  version: Type.Integer(),
  effectiveAt: { ...Instant, description: 'From then on; the first one holds for all time before, too.' },
  rates: Type.Integer({ description: 'How many it has.' }),
  rounding: Rounding,
  createdAt: Instant,
})

export function rateDeckVersionRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/rate-decks/:id/rates/versions',
    {
      schema: {
        tags: ['Tariffs'],
        summary: 'Versions of a deck, the newest first',
        params: Type.Object({ id: PathId }),
        querystring: closed(pageQuery),
        response: { 200: pageSchema(Version) },
      },
    },
    async (request) => {
      const rateDeckId = readId(request, 'rate deck')
      const { limit = 50, cursor } = request.query
      const cut = readCursor(cursor, [/^\d{1,9}$/])
      const rows = await read(context, request, async (tx) => {
        if (!(await findRateDeck(tx, rateDeckId, 'none'))) throw new NotFound('rate deck', rateDeckId)
        return listRateDeckVersions(tx, { rateDeckId, after: cut ? Number(cut[0]) : null, limit: limit + 1 })
      })
      const page = toPage(rows, limit, ({ version }) => [String(version)])
      return {
        data: page.rows.map(({ effectiveAt, createdAt, ...row }) => ({
          ...row,
          effectiveAt: instantText(effectiveAt),
          createdAt: instantText(createdAt),
        })),
        nextCursor: page.nextCursor,
      }
    },
  )

  app.post(
    '/v1/rate-decks/:id/rates/versions/:version/restore',
    {
      schema: {
        tags: ['Tariffs'],
        summary: 'Go back to a version',
        description:
          'Makes the next version of the deck, with the rates and the rounding of that one. Calls that were answered in between keep their price.',
        params: Type.Object({ id: PathId, version: Type.Integer({ minimum: 1, maximum: 999_999_999 }) }),
        response: { 200: Published },
      },
    },
    async (request) => {
      const rateDeckId = readId(request, 'rate deck')
      const { version } = request.params
      // What the tenant may not see does not exist.
      const deck = await read(context, request, (tx) => findRateDeck(tx, rateDeckId, 'none'))
      if (!deck) throw new NotFound('rate deck', rateDeckId)
      const { configuration, worker: db, settings } = context
      const publishing = { configuration, db, leadSeconds: settings.tariffLeadSeconds }
      return showPublished(await restoreVersion(publishing, { rateDeckId: deck.id, version }))
    },
  )
}
