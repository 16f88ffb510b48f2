/**
 * `POST /v1/rate-decks/{id}/imports` takes a CSV file as a stream and answers at once; `/v1/imports/{id}` tells
 * how far it is and what was wrong.
 */
import { Readable, Transform } from 'node:stream'
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { findImport, type ImportRecord } from '../../db/tariffs/imports.ts'
import { findRateDeck } from '../../db/tariffs/rate-decks.ts'
import { NotFound, TollgateError } from '../../errors.ts'
import { closed, Instant, named, nullable, oneOf, PathId, stored, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import type { Downloads } from '../conventions/downloads.ts'
import { idOf } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'

const params = Type.Object({ id: PathId })
const bodyLimit = 1024 ** 3

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

export function importRoutes(app: Api, context: ApiContext, downloads: Downloads): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('text/csv', { bodyLimit }, (_request, stream, done) => done(null, stream))
  app.post(
    '/v1/rate-decks/:id/imports',
    {
      bodyLimit,
      schema: {
        tags: ['Tariffs'],
        summary: 'Import rates from CSV',
        description:
          'The body is the file, up to 1 GiB. Columns: see the documentation of rates. A tenant has ten imports under way at most, then 429 `too_many_imports`; those of several tenants take turns.',
        consumes: ['text/csv'],
        params,
        querystring: closed({
          mode: Type.Optional(oneOf(['replace', 'merge'])),
          dryRun: Type.Optional(Type.Boolean({ default: false })),
        }),
        response: { 202: Import },
      },
    },
    async (request, reply) => {
      const id = idOf(request, 'rate deck')
      const { mode = 'replace', dryRun = false } = request.query
      const deck = await read(context, request, (tx) => findRateDeck(tx, id, 'none'))
      if (!deck) throw new NotFound('rate deck', id)
      if (!(request.body instanceof Readable)) throw notCsv()
      const importId = await context.importer.start(
        { brandId: deck.brandId, rateDeckId: deck.id, mode, isDryRun: dryRun },
        limited(request.body),
      )
      const record = await read(context, request, (tx) => findImport(tx, importId))
      if (!record) throw new Error(`import ${importId} was started and is not there`)
      return reply.code(202).header('location', `/v1/imports/${importId}`).send(show(record))
    },
  )

  app.get(
    '/v1/imports/:id',
    { schema: { tags: ['Tariffs'], summary: 'How far is an import?', params, response: { 200: Import } } },
    async (request) => {
      const id = idOf(request, 'import')
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
      const id = idOf(request, 'import')
      const record = await read(context, request, (tx) => findImport(tx, id))
      return downloads.send(request, reply, async () => {
        const file = record && (await context.importer.openFaults(record))
        if (!file) throw new NotFound('list of errors of import', id)
        return { contentType: 'text/csv; charset=utf-8', fileName: null, chunks: file }
      })
    },
  )
}

function notCsv(): TollgateError {
  return new TollgateError({
    code: 'unsupported_media_type',
    status: 415,
    detail: 'Send the file as the body, as "text/csv".',
  })
}

/** A body without a declared length is counted on its way. */
function limited(stream: Readable): Readable {
  let bytes = 0
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes <= bodyLimit) done(null, chunk)
      else
        done(new TollgateError({ code: 'body_too_large', status: 413, detail: 'A file has at most 1 GiB.' }))
    },
  })
  stream.on('error', (error) => counter.destroy(error))
  return stream.pipe(counter)
}

function show(record: ImportRecord) {
  const { brandId: _brandId, createdAt, finishedAt, ...rest } = record
  return {
    ...rest,
    createdAt: instantText(createdAt),
    finishedAt: finishedAt === null ? null : instantText(finishedAt),
  }
}
