/**
 * `POST /v1/price-comparisons`: calls with the price another system charged go in as CSV, and for each comes out
 * whether we would charge the same, as it is read: newline-delimited JSON, or CSV where the request accepts that.
 *
 * The last line holds counts and sums. An error in the heading is a problem document; once rows flow, a broken
 * body breaks the answer off, so an answer without its last line is not whole.
 */
import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import { TollgateError } from '../../errors.ts'
import { parseAmount } from '../../money.ts'
import { closed, NonNegativeAmount, oneOf, TimeZone } from '../../shapes/fields.ts'
import {
  type ComparisonSums,
  comparePrices,
  comparisonResults,
  type PriceComparison,
} from '../../tariff-migration/compare-prices.ts'
import { readChargedCalls } from '../../tariff-migration/read-charged-calls.ts'
import { durationUnits } from '../../tariff-migration/read-duration.ts'
import { pricedAsOf } from '../../tariffs/simulate-price.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { Faults } from '../conventions/known-values.ts'
import { endWhenStalled, usualStallMs } from '../conventions/stalled-reader.ts'
import { AnyFile } from '../conventions/streamed-bodies.ts'

const bodyLimit = 1024 ** 3
const csvColumns = [
  ...['line', 'callId', 'result', 'reason', 'client', 'to'],
  ...['currency', 'theirs', 'ours', 'difference', 'billedSeconds'],
] as const

export function priceComparisonRoutes(app: Api, context: ApiContext): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('text/csv', { bodyLimit }, (_request, stream, done) => done(null, stream))
  app.post(
    '/v1/price-comparisons',
    {
      bodyLimit,
      schema: {
        tags: ['Tariffs'],
        summary: "Compare another system's prices with ours",
        description:
          'The body is CSV with the columns client, to, answered_at, duration_seconds (or duration_milliseconds, duration_nanoseconds, or duration with its unit as in 1m25s), price (-1: not rated), and call_id if there is one. Instants have an offset, or are seconds or milliseconds since 1970, or local to `timeZone`. The answer is newline-delimited JSON, a line per call and the sums last; with "Accept: text/csv" a CSV file without explanations.',
        streamed: { 'text/csv': AnyFile },
        querystring: closed({
          tolerance: Type.Optional(NonNegativeAmount),
          only: Type.Optional(
            oneOf([...comparisonResults, 'unequal'], 'Rows to answer; the sums are of all.'),
          ),
          asOf: Type.Optional(
            oneOf(
              pricedAsOf,
              'call: by the versions of decks and plans in force at the answer; latest: by the newest.',
            ),
          ),
          timeZone: Type.Optional(TimeZone),
          durationUnit: Type.Optional(oneOf(durationUnits, 'Of a column duration without units.')),
        }),
      },
    },
    async (request, reply) => {
      if (!(request.body instanceof Readable)) throw notCsv()
      endWhenStalled(request, reply, context.settings.downloadStallMs ?? usualStallMs)
      const { tolerance = '0', only, asOf = 'call', timeZone = null, durationUnit = null } = request.query
      const faults = new Faults()
      faults.checkKnown('timeZone', '/timeZone', timeZone)
      faults.throwIfAny()
      const body = request.body
      body.setEncoding('utf8')
      const calls = readChargedCalls(body, { readInstant, timeZone, durationUnit })
      const answers = comparePrices(context.configuration, calls, {
        brandId: requireIdentity(request).brandId,
        tolerance: parseAmount(tolerance),
        asOf,
      })
      // Whether the heading is right shows with the first row, and decides the status.
      const first = await answers.next()
      const all = chain(first, answers)
      const isWanted = (answer: PriceComparison | ComparisonSums) =>
        !only ||
        !('result' in answer) ||
        (only === 'unequal' ? answer.result !== 'equal' : answer.result === only)
      const asCsv = wantsCsv(request)
      reply.type(asCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
      return reply.send(Readable.from(asCsv ? toCsv(all, isWanted) : toLines(all, isWanted)))
    },
  )
}

type Answer = PriceComparison | ComparisonSums

async function* chain(first: IteratorResult<Answer>, rest: AsyncGenerator<Answer>): AsyncGenerator<Answer> {
  if (!first.done) yield first.value
  yield* rest
}

async function* toLines(answers: AsyncIterable<Answer>, isWanted: (answer: Answer) => boolean) {
  for await (const answer of answers) {
    if (isWanted(answer)) yield `${JSON.stringify(answer)}\n`
  }
}

/** Sums as the last rows, one for each currency and always one: `line` is empty, `reason` has the counts. */
async function* toCsv(answers: AsyncIterable<Answer>, isWanted: (answer: Answer) => boolean) {
  yield stringify([[...csvColumns]])
  for await (const answer of answers) {
    if ('result' in answer) {
      if (isWanted(answer)) yield stringify([csvColumns.map((column) => answer[column])])
      continue
    }
    const counts = Object.entries(answer.counts).map(([name, count]) => `${count} ${name}`)
    const sums =
      answer.sums.length > 0 ? answer.sums : [{ currency: '', theirs: '0', ours: '0', difference: '0' }]
    for (const { currency, theirs, ours, difference } of sums) {
      yield stringify([['', '', 'sum', counts.join(', '), '', '', currency, theirs, ours, difference, '']])
    }
  }
}

function wantsCsv(request: FastifyRequest): boolean {
  return /(^|[\s,])text\/csv\b/.test(request.headers.accept ?? '')
}

function notCsv(): TollgateError {
  return new TollgateError({
    code: 'unsupported_media_type',
    status: 415,
    detail: 'Send the calls as the body, as "text/csv".',
  })
}
