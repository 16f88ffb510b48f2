/**
 * `POST /v1/rate-decks/{id}/imports` takes a sheet as a stream and answers at once; `/v1/imports/{id}` tells
 * how far it is and what was wrong. `…/inspect` says how a sheet would be read.
 */
import multipart from '@fastify/multipart'
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { readRoundingMode } from '../../db/configuration/read-settings.ts'
import { findImport, type ImportRecord } from '../../db/tariffs/imports.ts'
import { findRateDeck } from '../../db/tariffs/rate-decks.ts'
import { NotFound } from '../../errors.ts'
import { closed, Instant, named, nullable, oneOf, PathId, stored, Uuid } from '../../shapes/fields.ts'
import { orderCost } from '../../tariffs/plan-margins.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import type { Downloads } from '../conventions/downloads.ts'
import { readId } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { Inspected, showInspected } from './inspected-fields.ts'
import { maxSheetBytes as bodyLimit, readSheetBody, sheetBodies, sheetTypes } from './sheet-body.ts'

const params = Type.Object({ id: PathId })

const Import = named('Import', {
  id: Uuid,
  rateDeckId: Uuid,
  mode: stored(oneOf(['replace', 'merge'])),
  dryRun: Type.Boolean(),
  status: oneOf(['queued', 'running', 'applied', 'rejected', 'dry-run']),
  rowsRead: Type.Integer(),
  rowsTotal: nullable(Type.Integer()),
  errors: Type.Array(
    closed({
      line: nullable(Type.Integer()),
      column: nullable(Type.String()),
      code: Type.String(),
      detail: Type.String(),
      value: nullable(Type.String()),
    }),
    { description: 'The first bad rows, for 30 days; errors.csv has more.' },
  ),
  errorsTotal: Type.Integer(),
  warnings: Type.Array(
    closed({ line: nullable(Type.Integer()), code: Type.String(), detail: Type.String() }),
  ),
  summary: Type.Unsafe<unknown>({
    type: ['object', 'null'],
    additionalProperties: true,
    description: '{ added, changed, removed, unchanged, kept } and the largest rises and falls.',
  }),
  version: nullable(Type.Integer({ description: 'The version of the deck that it made.' })),
  createdAt: Instant,
  finishedAt: nullable(Instant),
})

export async function importRoutes(app: Api, context: ApiContext, downloads: Downloads): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...sheetTypes], { bodyLimit }, (_request, stream, done) => done(null, stream))
  await app.register(multipart)
  app.post(
    '/v1/rate-decks/:id/imports',
    {
      bodyLimit,
      schema: {
        tags: ['Tariffs'],
        summary: 'Import rates from a sheet, CSV or XLSX',
        description:
          'The body is the file, up to 1 GiB (a workbook up to 64 MiB), or multipart/form-data with the parts `file` and `mapping` (JSON). Columns, headings and mappings: docs/rate-sheets.md. A tenant has ten imports under way at most, then 429 `too_many_imports`; those of several tenants take turns.',
        streamed: sheetBodies,
        params,
        querystring: closed({
          mode: Type.Optional(oneOf(['replace', 'merge'])),
          dryRun: Type.Optional(Type.Boolean({ default: false })),
          mapping: Type.Optional(Uuid),
          carrierId: Type.Optional(
            Type.String({
              ...Uuid,
              description: 'Rows that sell for less than it takes get the warning `below_cost`.',
            }),
          ),
        }),
        response: { 202: Import },
      },
    },
    async (request, reply) => {
      const id = readId(request, 'rate deck')
      const { mode = 'replace', dryRun = false, mapping: mappingId, carrierId } = request.query
      const deck = await read(context, request, (tx) => findRateDeck(tx, id, 'none'))
      if (!deck) throw new NotFound('rate deck', id)
      const { brandId } = deck
      const cost = carrierId === undefined ? undefined : orderCost(context.configuration, deck, carrierId)
      const { file, mapping } = await readSheetBody(context, request, { mappingId, brandId })
      const order = { brandId, rateDeckId: deck.id, mode, isDryRun: dryRun, mapping, cost }
      const importId = await context.importer.start(order, file)
      const record = await read(context, request, (tx) => findImport(tx, importId))
      if (!record) throw new Error(`import ${importId} was started and is not there`)
      return reply.code(202).header('location', `/v1/imports/${importId}`).send(show(record))
    },
  )

  app.post(
    '/v1/rate-decks/:id/imports/inspect',
    {
      bodyLimit,
      schema: {
        tags: ['Tariffs'],
        summary: 'How would a sheet be read, and what is doubtful?',
        description:
          'The body is as for an import; of CSV the first MiB counts, a workbook has at most 64 MiB. Answers what was found, a mapping that says it, and 20 rows as they would be read.',
        streamed: sheetBodies,
        params,
        querystring: closed({ mapping: Type.Optional(Uuid) }),
        response: { 200: Inspected },
      },
    },
    async (request) => {
      const id = readId(request, 'rate deck')
      const deck = await read(context, request, (tx) => findRateDeck(tx, id, 'none'))
      if (!deck) throw new NotFound('rate deck', id)
      const { brandId, currency, roundingMode, roundingDecimals } = deck
      const sent = await readSheetBody(context, request, { mappingId: request.query.mapping, brandId })
      const rounding = { mode: readRoundingMode(roundingMode), decimals: roundingDecimals }
      const order = { brandId, currency, rounding, mapping: sent.mapping }
      return showInspected(await context.importer.inspect(order, sent.file))
    },
  )

  app.get(
    '/v1/imports/:id',
    { schema: { tags: ['Tariffs'], summary: 'How far is an import?', params, response: { 200: Import } } },
    async (request) => {
      const id = readId(request, 'import')
      const record = await read(context, request, (tx) => findImport(tx, id))
      if (!record) throw new NotFound('import', id)
      return show(record)
    },
  )

  app.get(
    '/v1/imports/:id/errors.csv',
    {
      schema: { tags: ['Tariffs'], summary: 'Every bad row of an import, up to 16 MiB, for 30 days', params },
    },
    async (request, reply) => {
      const id = readId(request, 'import')
      const record = await read(context, request, (tx) => findImport(tx, id))
      return downloads.send(request, reply, async () => {
        const file = record && (await context.importer.openFaults(record))
        if (!file) throw new NotFound('list of errors of import', id)
        return { contentType: 'text/csv; charset=utf-8', fileName: null, chunks: file }
      })
    },
  )
}

function show(record: ImportRecord) {
  const { brandId: _brandId, createdAt, finishedAt, ...rest } = record
  return {
    ...rest,
    createdAt: instantText(createdAt),
    finishedAt: finishedAt === null ? null : instantText(finishedAt),
  }
}
