/**
 * `POST /v1/tariff-imports`: another system's decks, plans and profiles in one step, as `tollgate import cgrates` and
 * `tollgate import ivozprovider` send them. All of it is made, or nothing; a dry run says what would be.
 */
import { Readable } from 'node:stream'
import Type from 'typebox'
import { TollgateError } from '../../errors.ts'
import { FairPlaces } from '../../quotas/fair-places.ts'
import { closed, Name, named, nullable, oneOf, Uuid } from '../../shapes/fields.ts'
import { importTariffs } from '../../tariffs/import-tariffs.ts'
import { tariffImportFaultCodes, tariffImportWarningCodes } from '../../tariffs/tariff-import.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requestTenant, requireIdentity } from '../conventions/authentication.ts'
import { owningBrand } from '../conventions/owner.ts'
import { AnyFile } from '../conventions/streamed-bodies.ts'
import { maxTariffBytes, readTariffLines } from './read-tariff-lines.ts'

/** Of a deck or a plan. */
export const tariffOutcome = {
  name: Name,
  id: nullable(Uuid),
  outcome: oneOf(['added', 'changed', 'unchanged']),
}

export const ChangeCounts = closed({
  added: Type.Integer(),
  changed: Type.Integer(),
  removed: Type.Integer(),
  unchanged: Type.Integer(),
})

const TariffImport = named('TariffImport', {
  status: oneOf(['applied', 'rejected', 'dry-run'], 'With errors nothing is written: `rejected`.'),
  errors: Type.Array(
    closed({
      line: nullable(Type.Integer({ description: 'Of the body, from 1; null: the import as a whole.' })),
      code: oneOf(tariffImportFaultCodes),
      detail: Type.String(),
    }),
    { description: 'The first 100.' },
  ),
  errorsTotal: Type.Integer(),
  warnings: Type.Array(
    closed({ line: Type.Integer(), code: oneOf(tariffImportWarningCodes), detail: Type.String() }),
    { description: 'Profiles that are not made, and decks that round otherwise than before.' },
  ),
  rateDecks: Type.Array(
    closed({
      ...tariffOutcome,
      rates: ChangeCounts,
    }),
  ),
  calendars: Type.Array(closed(tariffOutcome)),
  ratingPlans: Type.Array(closed(tariffOutcome)),
  ratingProfiles: closed({ added: Type.Integer(), unchanged: Type.Integer() }),
})

export function tariffImportRoutes(app: Api, context: ApiContext): void {
  // An import stays in memory until it is written.
  const places = new FairPlaces(
    { running: 2, runningPerTenant: 1, waiting: 20, waitingPerTenant: 1, timeoutMs: 45_000 },
    { code: 'too_many_imports', what: 'imports of tariffs', retryAfterSeconds: 30 },
  )
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-ndjson', { bodyLimit: maxTariffBytes }, (_request, stream, done) =>
    done(null, stream),
  )
  app.post(
    '/v1/tariff-imports',
    {
      bodyLimit: maxTariffBytes,
      schema: {
        tags: ['Tariffs'],
        summary: "Import another system's decks, plans and profiles",
        description:
          'The body is newline-delimited JSON of up to 256 MiB, each line one of `{ "rateDeck": { name, currency, rounding } }`, `{ "rates": [ … ] }` (up to 5,000 of the deck before them), `{ "calendar": { name, days } }`, `{ "ratingPlan": { name, currency, timeZone, entries: [{ rateDeck, onCalendar, … }] } }` and `{ "ratingProfile": { client, ratingPlan, activatesAt } }`. Decks and plans are called by name: one of that name gets its next version if an import of the same source made it, or `replace` names it. All in one transaction.',
        streamed: { 'application/x-ndjson': AnyFile },
        querystring: closed({
          source: Type.String({
            pattern: '^[a-z0-9-]{1,32}$',
            description: 'The system they come from',
            examples: ['cgrates'],
          }),
          brandId: Type.Optional(Uuid),
          dryRun: Type.Optional(Type.Boolean({ default: false })),
          replace: Type.Optional(
            // One alone comes as a text.
            Type.Unsafe<string | string[]>({
              ...Name,
              type: ['array', 'string'],
              items: Name,
              maxItems: 1000,
              description: 'A deck or plan to write over, whoever made it; again for more.',
            }),
          ),
        }),
        response: { 200: TariffImport },
      },
    },
    async (request) => {
      const { source, dryRun = false, replace = [] } = request.query
      const brandId = owningBrand(requireIdentity(request), request.query.brandId)
      if (!(request.body instanceof Readable)) throw notLines()
      const body = request.body
      return places.run({ brandId, clientId: null }, async () => {
        const content = await readTariffLines(body)
        const order = { brandId, source, isDryRun: dryRun, replace: [replace].flat(), ...content }
        return context.importer.onOwnConnection((own) => importTariffs(own, requestTenant(request), order))
      })
    },
  )
}

function notLines(): TollgateError {
  return new TollgateError({
    code: 'unsupported_media_type',
    status: 415,
    detail: 'Send the tariffs as the body, as "application/x-ndjson".',
  })
}
