/**
 * `/v1/reports/…`: calls, usage, money and refusals, as JSON, CSV, XLSX or Parquet, streamed while they are read.
 *
 * The first piece is made before the answer begins, so that whatever is wrong with a request is answered as a
 * problem. A failure later cuts the connection: half a file is never taken for a whole one.
 */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ServiceUnavailable } from '../../errors.ts'
import {
  type ReportFormat,
  type ReportName,
  reportFormats,
  reportNames,
  reports,
  writeReport,
} from '../../reports/open-report.ts'
import type { ApiContext } from '../context.ts'
import { closed, oneOf } from '../conventions/fields.ts'
import { readReportRequest, reportQueries } from './report-query.ts'

/** Each holds a connection of the API's pool as long as its reader takes; the rest stays for short requests. */
const mostAtOnce = 4

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

export function reportRoutes(app: FastifyInstance, context: ApiContext): void {
  const running = { count: 0 }
  for (const name of reportNames) {
    addRoute(app, context, running, { name, path: `/v1/reports/${name}`, format: 'json' })
    for (const format of reportFormats) {
      addRoute(app, context, running, { name, path: `/v1/reports/${name}.${format}`, format })
    }
  }
}

function addRoute(
  app: FastifyInstance,
  context: ApiContext,
  running: { count: number },
  { name, path, format }: { name: ReportName; path: string; format: ReportFormat },
): void {
  app.get(
    path,
    {
      schema: {
        tags: ['Reports'],
        summary: summaries[name],
        description: 'Days are local to each client and half open. Columns: docs/reports.md.',
        querystring: closed({
          ...reportQueries[name],
          ...(format === 'csv' ? { flavour: { ...flavour, default: 'raw' } } : {}),
        }),
      },
    },
    async (request, reply) => {
      if (running.count >= mostAtOnce) {
        throw new ServiceUnavailable('Several reports are being read at this moment: repeat in a moment.')
      }
      running.count++
      try {
        return await answer(context, { name, format }, request, reply, () => running.count--)
      } catch (error) {
        running.count--
        throw error
      }
    },
  )
}

/** `onEnd` is called once the file has been read or given up; not where this throws. */
async function answer(
  context: ApiContext,
  { name, format }: { name: ReportName; format: ReportFormat },
  request: FastifyRequest,
  reply: FastifyReply,
  onEnd: () => void,
): Promise<FastifyReply> {
  const asked = await readReportRequest(context, request)
  const { flavour = 'raw' } = request.query as { flavour?: 'raw' | 'spreadsheet' }
  const { contentType, chunks } = writeReport(await reports[name](asked), { format, flavour })
  const file = await beginReading(chunks)
  const days = [asked.from, asked.to].filter((day) => day !== null)
  const fileName = `${[name, ...days].join('_')}.${format}`
  reply.type(contentType).header('content-disposition', `attachment; filename="${fileName}"`)
  if (request.raw.method === 'HEAD') {
    await file.return()
    onEnd()
    return reply.send('')
  }
  const stream = Readable.from(file, { objectMode: false })
  stream.once('close', onEnd)
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
