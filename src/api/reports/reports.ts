/**
 * `/v1/reports/…`: calls, usage, money and refusals, as JSON, CSV, XLSX or Parquet, streamed while they are read.
 *
 * The first piece is made before the answer begins, so that whatever is wrong with a request is answered as a
 * problem. A failure later cuts the connection: half a file is never taken for a whole one.
 */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { FairPlaces, LeavePlace } from '../../fair-places.ts'
import {
  type ReportFormat,
  type ReportName,
  reportFormats,
  reportNames,
  reports,
  writeReport,
} from '../../reports/open-report.ts'
import type { ReportRequest } from '../../reports/report-request.ts'
import { closed, oneOf } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { identityOf } from '../conventions/authentication.ts'
import { openReportPlaces } from './report-places.ts'
import { type ReportQuery, readReportRequest, reportQueries } from './report-query.ts'

const flavour = oneOf(
  ['raw', 'spreadsheet'],
  'raw: every value as it is. spreadsheet: local times without offset, text that looks like a formula defused.',
)

const summaries: Record<ReportName, string> = {
  calls: 'Calls one by one, newest first',
  usage: 'Usage in groups, with ASR and ACD',
  balances: 'What each account holds now; with days, how it moved between them',
  statements: 'Every movement of the balances',
  'rejected-calls': 'Calls that ended and could not be priced, by reason',
  denials: 'Denied authorizations, by reason',
  invoices: 'Invoices and credit notes with what is due on them',
  receivables: 'What clients owe, by days since the due date',
}

export function reportRoutes(app: Api, context: ApiContext): void {
  const places = openReportPlaces(context.metrics)
  app.addHook('preClose', async () => places.close())
  for (const name of reportNames) {
    addRoute(app, context, places, { name, path: `/v1/reports/${name}`, format: 'json' })
    for (const format of reportFormats) {
      addRoute(app, context, places, { name, path: `/v1/reports/${name}.${format}`, format })
    }
  }
}

function addRoute(
  app: Api,
  context: ApiContext,
  places: FairPlaces,
  { name, path, format }: { name: ReportName; path: string; format: ReportFormat },
): void {
  app.get(
    path,
    {
      schema: {
        tags: ['Reports'],
        summary: summaries[name],
        description: 'Days are local to each client and half open. Columns: docs/reports.md.',
        querystring: Type.Unsafe<ReportQuery>(
          closed({
            ...reportQueries[name],
            ...(format === 'csv' ? { flavour: { ...flavour, default: 'raw' } } : {}),
          }),
        ),
      },
    },
    async (request, reply) => {
      const asked = await readReportRequest(context, request, request.query)
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort(new Error('The one who asked has hung up.')))
      const silence = request.socket.timeout
      // The socket is silent while a place and the first rows are waited for: that is nobody's absence.
      if (silence) request.socket.setTimeout(0)
      let leave: LeavePlace = () => {}
      try {
        leave = await places.take(identityOf(request), gone.signal)
        return await answer(asked, { name, format, flavour: request.query.flavour }, request, reply, leave)
      } catch (error) {
        leave()
        if (gone.signal.aborted) return reply.hijack()
        throw error
      } finally {
        if (silence) request.socket.setTimeout(silence)
      }
    },
  )
}

/** `leave` is called once the file has been read or given up; not where this throws. */
async function answer(
  asked: ReportRequest,
  {
    name,
    format,
    flavour = 'raw',
  }: { name: ReportName; format: ReportFormat; flavour?: 'raw' | 'spreadsheet' | undefined },
  request: FastifyRequest,
  reply: FastifyReply,
  leave: LeavePlace,
): Promise<FastifyReply> {
  const { contentType, chunks } = writeReport(await reports[name](asked), { format, flavour })
  const file = await beginReading(chunks)
  const days = [asked.from, asked.to].filter((day) => day !== null)
  const fileName = `${[name, ...days].join('_')}.${format}`
  reply.type(contentType).header('content-disposition', `attachment; filename="${fileName}"`)
  if (request.raw.method === 'HEAD') {
    await file.return()
    leave()
    return reply.send('')
  }
  const stream = Readable.from(file, { objectMode: false })
  stream.once('close', leave)
  return reply.send(stream)
}

interface Pieces<Piece> extends AsyncIterable<Piece> {
  next(): Promise<IteratorResult<Piece, void>>
  return(): Promise<IteratorResult<Piece, void>>
}

/**
 * Makes pieces until rows have been read, so that a query that fails does so before the answer's first byte. No
 * generator: one that is given up before its first step would not end what it wraps.
 */
async function beginReading<Piece>(chunks: AsyncGenerator<Piece, void, undefined>): Promise<Pieces<Piece>> {
  const made = [await chunks.next(), await chunks.next()]
  const pieces: Pieces<Piece> = {
    next: async () => made.shift() ?? chunks.next(),
    return: () => chunks.return(),
    [Symbol.asyncIterator]: () => pieces,
  }
  return pieces
}
