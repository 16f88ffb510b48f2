/**
 * `POST /v1/price-simulations` and a plan's prices: what would a call cost? Answered by the function that charges.
 */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import { InvalidRequest, NotFound } from '../../errors.ts'
import { termsAt } from '../../limits/client.ts'
import { calendarModes } from '../../rating/calendar.ts'
import { isTimeZone } from '../../rating/time-zones.ts'
import { writeReport } from '../../reports/open-report.ts'
import {
  Amount,
  Currency,
  closed,
  Instant,
  nullable,
  oneOf,
  PathId,
  stored,
  TimeZone,
  Uuid,
} from '../../shapes/fields.ts'
import { RejectionReason } from '../../shapes/reasons.ts'
import { listPricesOfNumber } from '../../tariffs/list-prices-of-number.ts'
import { simulatePrice } from '../../tariffs/simulate-price.ts'
import {
  openPriceList,
  type PriceListRequest,
  priceListColumns,
  streamPriceList,
} from '../../tariffs/stream-price-list.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { csvFields, readCsvStyle } from '../conventions/csv-query.ts'
import type { Downloads } from '../conventions/downloads.ts'
import { readId } from '../conventions/request-scope.ts'
import { requireOneSheet } from './one-sheet.ts'
import { Rate } from './rate-fields.ts'

const maxCallSeconds = 2_678_400

const Caller = Type.Optional(
  nullable(
    Type.String({
      maxLength: 255,
      description: 'Who calls, written as `to` is; for plans whose entries have originPrefixes.',
    }),
  ),
)
const SimulationRequest = Type.Object(
  {
    clientId: Type.Optional(Uuid),
    ratingPlanId: Type.Optional(Uuid),
    to: Type.String({ maxLength: 255 }),
    from: Caller,
    direction: Type.Optional(
      oneOf(
        ['outbound', 'inbound'],
        "By which of the client's profiles (outbound); a plan alone prices both alike.",
      ),
    ),
    answeredAt: Type.Optional(Instant),
    durationSeconds: Type.Integer({ minimum: 0, maximum: maxCallSeconds }),
  },
  {
    additionalProperties: false,
    examples: [{ clientId: '01946000-0000-7000-8000-000000000001', to: '+34600111222', durationSeconds: 61 }],
  },
)
interface SimulationRequest {
  clientId?: string
  ratingPlanId?: string
  to: string
  from?: string | null
  direction?: 'outbound' | 'inbound'
  answeredAt?: string
  durationSeconds: number
}

/** Priced or not, as one flat shape. */
const Simulation = closed({
  priced: Type.Boolean(),
  reason: Type.Optional(stored(RejectionReason)),
  price: Type.Optional(Amount),
  currency: Type.Optional(Currency),
  billedSeconds: Type.Optional(Type.Integer()),
  toNormalized: Type.Optional(Type.String()),
  destination: Type.Optional(Type.String()),
  prefix: Type.Optional(Type.String()),
  rateDeckId: Type.Optional(Uuid),
  ratingPlanId: Type.Optional(Uuid),
  ratingProfileId: Type.Optional(nullable(Uuid)),
  connectFee: Type.Optional(Amount),
  explanation: Type.Array(Type.Unsafe<unknown>({ type: 'object', additionalProperties: true })),
})

const PricesOfNumber = closed({
  number: Type.String(),
  toNormalized: Type.String(),
  ratingPlanId: Uuid,
  ratingPlanVersion: nullable(Type.Integer()),
  currency: Currency,
  prices: Type.Array(
    closed({
      ...Rate.properties,
      rateDeckId: Uuid,
      rateDeckVersion: Type.Integer(),
      weight: Type.Integer(),
      originPrefixes: nullable(Type.Array(Type.String())),
      window: closed({
        days: nullable(Type.Array(Type.Integer())),
        from: Type.String(),
        to: Type.String(),
        timeZone: TimeZone,
        calendar: Type.Optional(oneOf(calendarModes)),
      }),
      isOpen: Type.Boolean(),
      chosen: Type.Boolean({ description: 'A call answered then would begin with this rate.' }),
    }),
  ),
})

export function priceSimulationRoutes(app: Api, context: ApiContext, downloads: Downloads): void {
  const { configuration } = context
  app.post(
    '/v1/price-simulations',
    {
      schema: {
        tags: ['Tariffs'],
        summary: 'What would a call cost?',
        description: 'Name a client or a rating plan. A plan alone is asked in its own zone, else in UTC.',
        body: SimulationRequest,
        response: { 200: Simulation },
      },
    },
    async (request) => {
      const body = request.body
      return simulatePrice(configuration, {
        subject: readSubject(body),
        to: body.to,
        from: body.from ?? null,
        direction: body.direction ?? 'outbound',
        answeredAt: readAt(body.answeredAt, '/answeredAt'),
        durationSeconds: body.durationSeconds,
        brandId: requireIdentity(request).brandId,
      })
    },
  )

  app.get(
    '/v1/rating-plans/:id/prices',
    {
      schema: {
        tags: ['Tariffs'],
        summary: "What each of a plan's decks asks for a number",
        params: Type.Object({ id: PathId }),
        querystring: closed({
          number: Type.String({ maxLength: 255 }),
          from: Type.Optional(
            Type.String({ maxLength: 255, description: 'Who calls, written as `number` is.' }),
          ),
          at: Type.Optional(Instant),
          timeZone: Type.Optional(TimeZone),
        }),
        response: { 200: PricesOfNumber },
      },
    },
    async (request) => {
      const ratingPlanId = readId(request, 'rating plan')
      const ownZone = requireShownPlan(context, request, ratingPlanId)
      const { number, from = null, at, timeZone = ownZone } = request.query
      if (!isTimeZone(timeZone)) {
        throw new InvalidRequest('There is no such time zone.', [
          { pointer: '/timeZone', detail: 'is unknown' },
        ])
      }
      const prices = await listPricesOfNumber(configuration, {
        ratingPlanId,
        number,
        from,
        at: readAt(at, '/at'),
        timeZone,
        brandId: requireIdentity(request).brandId,
      })
      if (prices) return prices
      throw new InvalidRequest('This is not a telephone number.', [
        { pointer: '/number', detail: 'is not a valid telephone number' },
      ])
    },
  )

  app.get(
    '/v1/rating-plans/:id/prices.csv',
    {
      schema: {
        tags: ['Tariffs'],
        summary: 'The whole price list of a plan as CSV',
        params: Type.Object({ id: PathId }),
        querystring: closed(csvFields),
      },
    },
    async (request, reply) => {
      const order = readOrder(request)
      const style = readCsvStyle(request.query)
      return downloads.send(request, reply, async () => ({
        contentType: 'text/csv; charset=utf-8',
        fileName: null,
        chunks: await streamPriceList(configuration, { ...order, style }),
      }))
    },
  )

  app.get(
    '/v1/rating-plans/:id/prices.xlsx',
    {
      schema: {
        tags: ['Tariffs'],
        summary: 'The whole price list of a plan as a workbook',
        description: 'In the columns of the CSV, which an import takes back unchanged.',
        params: Type.Object({ id: PathId }),
      },
    },
    async (request, reply) => {
      const order = readOrder(request)
      return downloads.send(request, reply, async () => {
        const list = await openPriceList(configuration, order)
        requireOneSheet(list.countRows(), 'prices.csv')
        const sheet = { name: 'prices', columns: priceListColumns, batches: list.rows() }
        return {
          ...writeReport(sheet, 'xlsx', { flavour: 'raw' }),
          fileName: `prices_${order.ratingPlanId}.xlsx`,
        }
      })
    },
  )

  function readOrder(request: FastifyRequest): PriceListRequest {
    const ratingPlanId = readId(request, 'rating plan')
    requireShownPlan(context, request, ratingPlanId)
    return { ratingPlanId, at: Date.now(), brandId: requireIdentity(request).brandId }
  }
}

/**
 * A client's own users see the plans that its profiles name, as far as sections.ts lets them. Answers the zone that
 * counts where a plan has none. Throws `NotFound`.
 */
function requireShownPlan(
  { configuration }: ApiContext,
  request: FastifyRequest,
  ratingPlanId: string,
): string {
  const { clientId } = requireIdentity(request)
  if (clientId === null) return 'UTC'
  const client = configuration.findClient(clientId, 0)
  const profiles = client ? [...client.profiles, ...client.inboundProfiles] : []
  if (!client || !profiles.some((profile) => profile.ratingPlanId === ratingPlanId)) {
    throw new NotFound('rating plan', ratingPlanId)
  }
  return termsAt(client.terms, Date.now()).timeZone
}

function readSubject({ clientId, ratingPlanId }: SimulationRequest) {
  if (clientId !== undefined && ratingPlanId === undefined) return { clientId: clientId.toLowerCase() }
  if (ratingPlanId !== undefined && clientId === undefined)
    return { ratingPlanId: ratingPlanId.toLowerCase() }
  throw new InvalidRequest('Name a client or a rating plan, one of the two.', [
    { pointer: clientId === undefined ? '/clientId' : '/ratingPlanId', detail: 'name one of the two' },
  ])
}

function readAt(text: string | undefined, pointer: string): number {
  const at = text === undefined ? Date.now() : readInstant(text)
  if (at === undefined)
    throw new InvalidRequest('A timestamp is not valid.', [
      { pointer, detail: 'is not a valid RFC 3339 timestamp' },
    ])
  return at
}
