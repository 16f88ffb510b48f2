/**
 * `POST /v1/rating-plans/import`: a sheet with prices for several times of day becomes a plan, with a deck for each of the
 * mapping's windows. All of it is made, or nothing; again with a newer sheet, and the decks get their next versions.
 */
import multipart from '@fastify/multipart'
import Type from 'typebox'
import { listRoundingsByName } from '../../db/tariffs/rate-decks.ts'
import { InvalidRequest } from '../../errors.ts'
import { roundingModes } from '../../money.ts'
import type { Rounding } from '../../rating/tariff.ts'
import { Currency, closed, Name, named, nullable, oneOf, TimeZone, Uuid } from '../../shapes/fields.ts'
import { deckName, importPlanSheet, type PlanSheetImport } from '../../tariffs/import-plan-sheet.ts'
import type { SheetMapping } from '../../tariffs/sheet-mapping.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requestTenant, requireIdentity } from '../conventions/authentication.ts'
import { Faults } from '../conventions/known-values.ts'
import { owningBrand } from '../conventions/owner.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { maxSheetBytes as bodyLimit, readSheetBody, sheetBodies, sheetTypes } from './sheet-body.ts'
import { ChangeCounts, tariffOutcome } from './tariff-imports.ts'

const maxNameLength = 255

const PlanImport = named('PlanImport', {
  status: oneOf(['applied', 'rejected', 'dry-run'], 'With errors nothing is written: `rejected`.'),
  errors: Type.Array(
    closed({
      line: nullable(Type.Integer()),
      column: nullable(Type.String()),
      code: Type.String(),
      detail: Type.String(),
      value: nullable(Type.String()),
    }),
    { description: 'The first 1,000.' },
  ),
  errorsTotal: Type.Integer(),
  warnings: Type.Array(
    closed({ line: nullable(Type.Integer()), code: Type.String(), detail: Type.String() }),
  ),
  ratingPlan: nullable(closed(tariffOutcome)),
  rateDecks: Type.Array(closed({ ...tariffOutcome, rates: ChangeCounts })),
})

export async function planImportRoutes(app: Api, context: ApiContext): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...sheetTypes], { bodyLimit }, (_request, stream, done) => done(null, stream))
  await app.register(multipart)
  app.post(
    '/v1/rating-plans/import',
    {
      bodyLimit,
      schema: {
        tags: ['Tariffs'],
        summary: 'Import a plan from a sheet with prices for several times of day',
        description:
          'The body is the file, or multipart/form-data with the parts `file` and `mapping`, as for an import into a deck; the mapping has `windows`, each with its columns and when it is open. Each window is a deck, named by the plan and the window, and an entry of the plan. One transaction; a plan and decks that an earlier import made get their next versions, others are refused unless `replace` names them. See docs/rate-sheets.md.',
        streamed: sheetBodies,
        querystring: closed({
          ratingPlan: { ...Name, description: 'Its name, and how the names of its decks begin.' },
          currency: Currency,
          timeZone: Type.Optional({
            ...TimeZone,
            description: "Of the windows; left out: each client's own.",
          }),
          roundingMode: Type.Optional(oneOf(roundingModes, 'Of decks that are made; up where left out.')),
          roundingDecimals: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 6, description: 'Likewise; 4.' }),
          ),
          brandId: Type.Optional(Uuid),
          dryRun: Type.Optional(Type.Boolean({ default: false })),
          mapping: Type.Optional(Uuid),
          replace: Type.Optional(
            Type.Unsafe<string | string[]>({
              ...Name,
              type: ['array', 'string'],
              items: Name,
              maxItems: 100,
              description: 'A deck or plan to write over, whoever made it; again for more.',
            }),
          ),
        }),
        response: { 200: PlanImport },
      },
    },
    async (request) => {
      const { ratingPlan, currency, timeZone = null, dryRun = false, replace = [] } = request.query
      const { roundingMode: mode = 'up', roundingDecimals: decimals = 4, mapping: mappingId } = request.query
      const brandId = owningBrand(requireIdentity(request), request.query.brandId)
      const faults = new Faults()
      faults.checkKnown('currency', '/currency', currency)
      faults.checkKnown('timeZone', '/timeZone', timeZone)
      faults.throwIfAny()
      const sent = await readSheetBody(context, request, { mappingId, brandId })
      const order: PlanSheetImport = {
        brandId,
        name: ratingPlan,
        currency,
        timeZone,
        rounding: { mode, decimals },
        isDryRun: dryRun,
        replace: [replace].flat(),
        findRoundings: (names) => findRoundings(names),
        mapping: async () => requireWindows(await sent.mapping(), ratingPlan),
      }
      return importPlanSheet(context.importer, requestTenant(request), order, sent.file)

      function findRoundings(names: readonly string[]): Promise<Map<string, Rounding>> {
        return read(context, request, (tx) => listRoundingsByName(tx, { brandId, names }))
      }
    },
  )
}

function requireWindows(mapping: SheetMapping, ratingPlan: string): SheetMapping {
  if (!mapping.windows) {
    throw new InvalidRequest('The mapping has no windows.', [
      { pointer: '/mapping/windows', detail: 'is required: into one deck a sheet goes without a plan' },
    ])
  }
  const faults = mapping.windows.flatMap((window, place) =>
    deckName(ratingPlan, window).length > maxNameLength
      ? [
          {
            pointer: `/mapping/windows/${place}/name`,
            detail: `makes a deck's name of more than ${maxNameLength}`,
          },
        ]
      : [],
  )
  if (faults.length > 0) throw new InvalidRequest('The names of the decks are too long.', faults)
  return mapping
}
