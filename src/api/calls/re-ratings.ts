/**
 * `/v1/re-ratings`: calls priced anew, as a dry run or for real, and the difference of each.
 *
 * A small one is done when it is answered (200); a large one goes on by itself (202) and its address tells how far
 * it is. Both answers, and the address, have one shape with the differences in pages.
 */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { rerateCalls } from '../../calls/re-rate/rerate-calls.ts'
import {
  findReRating,
  listReRatedCalls,
  listReRatings,
  type ReRatingCallRow,
  type ReRatingRow,
  type RerateOutcome,
  rerateOutcomes,
} from '../../db/calls/re-ratings.ts'
import { instantText } from '../../db/columns.ts'
import { NotFound } from '../../errors.ts'
import { Decimal, formatAmount, zero } from '../../money.ts'
import {
  Amount,
  Currency,
  closed,
  Instant,
  named,
  nullable,
  oneOf,
  PathId,
  stored,
  Uuid,
} from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { answerOnce } from '../conventions/idempotency.ts'
import { pageQuery, pageSchema, readCursor, toPage } from '../conventions/pagination.ts'
import { readId } from '../conventions/request-scope.ts'
import { read, write } from '../conventions/run-as-tenant.ts'
import { byAge, readPagePlace, rowPlace } from '../conventions/sorting.ts'
import { orderReRating, ReRatingOrder } from './order-re-rating.ts'

/** So long a request waits for its re-rating; what takes longer is answered 202. */
const waitMs = 3_000
/** Differences shown in the answer to the request itself. */
const shownAtOnce = 500

const ReRatingCore = {
  id: Uuid,
  status: stored(oneOf(['running', 'done', 'failed'])),
  dryRun: Type.Boolean(),
  request: Type.Unsafe<unknown>({ type: 'object', additionalProperties: true, description: 'As asked.' }),
  callsTotal: Type.Integer(),
  callsDone: Type.Integer(),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'How many calls came to each outcome.' }),
  totals: Type.Array(closed({ currency: Currency, before: Amount, after: Amount, difference: Amount }), {
    description: 'Sums of the prices of its calls.',
  }),
  error: nullable(Type.String()),
  actor: Type.String(),
  createdAt: Instant,
  finishedAt: nullable(Instant),
}
const Difference = closed({
  clientId: Uuid,
  callId: Type.String(),
  // A row is shown once it has an outcome.
  outcome: Type.Unsafe<string | null>(
    oneOf(
      rerateOutcomes,
      'unpriceable: keeps its price; invoiced: stands on an issued invoice and was left alone; waived: stays free; skipped: has no price to change.',
    ),
  ),
  reason: nullable(Type.String()),
  priceBefore: nullable(Amount),
  priceAfter: nullable(Amount),
  difference: Amount,
  currency: nullable(Currency),
  invoiceId: nullable(Uuid),
})
const ReRating = named('ReRating', {
  ...ReRatingCore,
  differences: Type.Array(Difference, { description: 'In the order of the answers.' }),
  nextCursor: nullable(Type.String()),
})

export function reRatingRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/re-ratings',
    {
      schema: {
        tags: ['Calls'],
        summary: 'Price calls anew',
        description: 'Names the calls by one of filter, callIds, backdate.',
        body: ReRatingOrder,
        response: { 200: ReRating, 202: ReRating },
      },
    },
    async (request, reply) => {
      const identity = requireIdentity(request)
      // Whatever was committed before the request counts for it.
      const { id } = (await write(context, request, (tx) =>
        answerOnce(tx, request, reply, async () => ({
          id: await orderReRating(tx, request.body, identity, Date.now()),
        })),
      )) as { id: string }
      await rerateCalls(context.calls, { id, deadlineAt: context.calls.clock() + waitMs })
      const answer = await show(context, request, id, { outcome: null, after: 0, limit: shownAtOnce })
      return reply
        .code(answer.status === 'running' ? 202 : 200)
        .header('location', `/v1/re-ratings/${id}`)
        .send(answer)
    },
  )

  app.get(
    '/v1/re-ratings',
    {
      schema: {
        tags: ['Calls'],
        summary: 'Re-ratings, newest first',
        querystring: closed({ ...pageQuery, ...byAge.query }),
        response: { 200: pageSchema(closed(ReRatingCore)) },
      },
    },
    async (request) => {
      const { limit = 50, ...asked } = request.query
      const order = byAge.read(asked)
      const rows = await read(context, request, (tx) =>
        listReRatings(tx, { limit: limit + 1, ...readPagePlace(order) }),
      )
      const page = toPage(rows, limit, (row) => rowPlace(order, [row.id]))
      return { data: page.rows.map(showReRating), nextCursor: page.nextCursor }
    },
  )

  app.get(
    '/v1/re-ratings/:id',
    {
      schema: {
        tags: ['Calls'],
        summary: 'How far is a re-rating, and what does it change?',
        params: Type.Object({ id: PathId }),
        querystring: closed({ ...pageQuery, outcome: Type.Optional(oneOf(rerateOutcomes)) }),
        response: { 200: ReRating },
      },
    },
    async (request) => {
      const { limit = 50, cursor, outcome = null } = request.query
      const after = Number(readCursor(cursor, [/^\d{1,9}$/])?.[0] ?? 0)
      return show(context, request, readId(request, 're-rating'), { outcome, after, limit })
    },
  )
}

async function show(
  context: ApiContext,
  request: FastifyRequest,
  id: string,
  wanted: { outcome: RerateOutcome | null; after: number; limit: number },
) {
  const { row, calls } = await read(context, request, async (tx) => {
    const found = await findReRating(tx, id)
    if (!found) throw new NotFound('re-rating', id)
    const listed = await listReRatedCalls(tx, { id, ...wanted, limit: wanted.limit + 1 })
    return { row: found, calls: listed }
  })
  const page = toPage(calls, wanted.limit, (call) => [String(call.number)])
  return {
    ...showReRating(row),
    differences: page.rows.map(showDifference),
    nextCursor: page.nextCursor,
  }
}

function showReRating(row: ReRatingRow) {
  const totals = row.totals as Record<string, { before: string; after: string }>
  return {
    id: row.id,
    status: row.status,
    dryRun: row.dryRun,
    request: row.request,
    callsTotal: row.callsTotal,
    callsDone: row.callsDone,
    counts: {
      ...Object.fromEntries(rerateOutcomes.map((outcome) => [outcome, 0])),
      ...(row.counts as object),
    },
    totals: Object.entries(totals).map(([currency, { before, after }]) => ({
      currency,
      before,
      after,
      difference: formatAmount(new Decimal(after).minus(before)),
    })),
    error: row.lastError,
    actor: row.actor,
    createdAt: instantText(row.createdAt),
    finishedAt: row.finishedAt === null ? null : instantText(row.finishedAt),
  }
}

function showDifference(call: ReRatingCallRow) {
  const { priceBefore, priceAfter } = call
  return {
    clientId: call.clientId,
    callId: call.callId,
    outcome: call.outcome,
    reason: call.reason,
    priceBefore: priceBefore && formatAmount(priceBefore),
    priceAfter: priceAfter && formatAmount(priceAfter),
    difference: formatAmount((priceAfter ?? zero).minus(priceBefore ?? zero)),
    currency: call.currency,
    invoiceId: call.invoiceId,
  }
}
