/**
 * `/v1/calls` and a client's `calls` and `running-calls`: what was authorized, talked and charged.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { callStatuses } from '../../calls/call.ts'
import { callRecord } from '../../calls/call-record.ts'
import { bookLeasedLeg, bookLeasedLegs } from '../../calls/leases/book-leased-legs.ts'
import { readInstant } from '../../calls/read-instant.ts'
import { waiveCall } from '../../calls/settle/waive-call.ts'
import { findCallWaiver } from '../../db/calls/call-waivers.ts'
import {
  type CallFilter,
  type CallPlace,
  findCall,
  listCalls,
  listRunningCalls,
} from '../../db/calls/list-calls.ts'
import { findFeatures } from '../../db/clients/clients.ts'
import { instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import { Forbidden, InvalidRequest, NotFound } from '../../errors.ts'
import {
  closed,
  Day,
  EngineName,
  Instant,
  Name,
  NonNegativeAmount,
  oneOf,
  PathId,
  Uuid,
} from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { instantPlace, pageQuery, pageSchema, toPage, uuidText } from '../conventions/pagination.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { plainJson } from '../conventions/plain-json.ts'
import { readAtOnceFromStandby } from '../conventions/read-from-standby.ts'
import { readAtOnce } from '../conventions/read-sql.ts'
import { readScope } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { callShownTo, findPortalView } from '../conventions/sections.ts'
import { rowPlace, sortsBy } from '../conventions/sorting.ts'
import { readCallExplanation } from '../tariffs/stored-explanation.ts'
import { Call, RunningCall } from './call-fields.ts'
import { showRunningCalls } from './running-calls.ts'

const maxRunningCalls = 500

const sorts = sortsBy({ createdAt: [instantPlace, /^[\x20-\x7e]{1,255}$/, uuidText] })
const callQuery = {
  ...pageQuery,
  ...sorts.query,
  status: Type.Optional(oneOf(callStatuses)),
  direction: Type.Optional(oneOf(['outbound', 'inbound'])),
  toNormalized: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$', description: 'Leading digits.' })),
  number: Type.Optional(
    Type.String({
      pattern: '^\\+?[0-9]{1,18}$',
      description: 'The called number as a whole, with its country code.',
      examples: ['+34600111222'],
    }),
  ),
  fromNumber: Type.Optional(
    Type.String({ maxLength: 255, pattern: '^[^\\u0000]+$', description: 'The caller as it was sent.' }),
  ),
  destination: Type.Optional(Name),
  engine: Type.Optional(EngineName),
  minDurationSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_678_400 })),
  maxDurationSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_678_400 })),
  minPrice: Type.Optional(NonNegativeAmount),
  maxPrice: Type.Optional(NonNegativeAmount),
  usageDay: Type.Optional(Day),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  label: Type.Optional(
    Type.String({ pattern: '^[^:\\u0000]{1,64}:[^\\u0000]{0,255}$', description: 'name:value' }),
  ),
}
const CallQuery = closed({ ...callQuery, clientId: Type.Optional(Uuid) })
type CallQuery = Static<typeof CallQuery>

/** Without what the asker's portal hides. */
const ShownCall = Type.Unsafe<object>(Call)
const ShownRunningCall = Type.Unsafe<object>(RunningCall)

export function callRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/calls',
    {
      schema: {
        tags: ['Calls'],
        summary: 'Calls, newest first',
        querystring: CallQuery,
        response: { 200: pageSchema(ShownCall) },
      },
      ...plainJson,
    },
    async (request, reply) => answerPage(context, { request, reply }, request.query, request.query.clientId),
  )

  app.get(
    '/v1/clients/:clientId/calls',
    {
      schema: {
        tags: ['Calls'],
        summary: "A client's calls, newest first",
        params: Type.Object({ clientId: PathId }),
        querystring: closed(callQuery),
        response: { 200: pageSchema(ShownCall) },
      },
      ...plainJson,
    },
    async (request, reply) => {
      const scope = readScope(request)
      return answerPage(context, { request, reply }, request.query, scope.parents.clientId, 'named-by-path')
    },
  )

  app.get(
    '/v1/clients/:clientId/running-calls',
    {
      schema: {
        tags: ['Calls'],
        summary: 'Calls that run or are granted now, at most 500',
        params: Type.Object({ clientId: PathId }),
        response: { 200: pageSchema(ShownRunningCall) },
      },
    },
    async (request) => {
      const scope = readScope(request)
      const client = await read(context, request, (tx) => parentClient(tx, scope))
      await bookLeasedLegs(context.calls, client.id, maxRunningCalls)
      const rows = await read(context, request, (tx) => listRunningCalls(tx, client.id, maxRunningCalls))
      const data = await showRunningCalls(context, rows, Date.now())
      return { data: data.map(callShownTo(context, request)), nextCursor: null }
    },
  )

  app.get(
    '/v1/calls/:clientId/:callId',
    {
      schema: {
        tags: ['Calls'],
        summary: 'One call with the explanation of its price',
        params: Type.Object({ clientId: PathId, callId: PathId }),
        response: { 200: ShownCall },
      },
    },
    async (request) =>
      callShownTo(context, request)(await answerCall(context, request, request.params.callId)),
  )

  app.post(
    '/v1/calls/:clientId/:callId/waive',
    {
      schema: {
        tags: ['Calls'],
        summary: 'Make a rejected call free',
        params: Type.Object({ clientId: PathId, callId: PathId }),
        body: closed({ reason: Name }),
        response: { 200: ShownCall },
      },
    },
    async (request) => {
      const { clientId, callId } = await answerCall(context, request, request.params.callId)
      const { reason } = request.body
      await waiveCall(context.calls, { clientId, callId, reason, actor: requireIdentity(request).actor })
      return answerCall(context, request, callId)
    },
  )
}

/** Calls of a span that ended a day ago hardly change. */
function isLongOver(to: number | undefined): boolean {
  return to !== undefined && to <= Date.now() - 24 * 3_600_000
}

/** The call of the path, as the tenant sees it. */
async function answerCall(context: ApiContext, request: FastifyRequest, callId: string) {
  const { parents } = readScope(request)
  const place = { clientId: parents.clientId ?? '', callId: callId.replaceAll('\u0000', '') }
  const find = () =>
    read(context, request, async (tx) => {
      const found = await findCall(tx, place)
      return {
        row: found,
        waiver: found?.flags.includes('waived') ? await findCallWaiver(tx, place) : undefined,
      }
    })
  let { row, waiver } = await find()
  if (!row && seesClient(context, request, place.clientId) && (await bookLeasedLeg(context.calls, place)))
    ({ row, waiver } = await find())
  if (!row) throw new NotFound('call', callId.slice(0, 255))
  return {
    ...callRecord(row, row.invoiceId),
    explanation: readCallExplanation(row),
    ...(waiver && {
      waiver: { reason: waiver.reason, actor: waiver.actor, waivedAt: instantText(waiver.waivedAt) },
    }),
  }
}

/** By memory; whoever reads asks the database too. */
function seesClient(context: ApiContext, request: FastifyRequest, clientId: string): boolean {
  const identity = requireIdentity(request)
  const brandId = context.configuration.findClient(clientId, 0)?.brandId
  if (brandId === undefined || (identity.brandId !== null && identity.brandId !== brandId)) return false
  return identity.clientId === null || identity.clientId === clientId
}

async function answerPage(
  context: ApiContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  query: CallQuery,
  clientId: string | undefined,
  client: 'filter' | 'named-by-path' = 'filter',
) {
  const limit = query.limit ?? 50
  const identity = requireIdentity(request)
  const ofClient = clientId ?? identity.clientId ?? undefined
  const filter: CallFilter = {
    // One of them, or PostgreSQL would cross both indexes.
    brandId: ofClient === undefined ? (identity.brandId ?? undefined) : undefined,
    clientId: ofClient,
    status: query.status,
    direction: query.direction,
    toNormalized: query.toNormalized,
    number: query.number?.replace('+', ''),
    fromNumber: query.fromNumber,
    destination: query.destination,
    engine: query.engine,
    minDurationSeconds: query.minDurationSeconds,
    maxDurationSeconds: query.maxDurationSeconds,
    ...pricesAskedFor(context, request, query),
    usageDay: query.usageDay,
    from: readQueryInstant(query, 'from'),
    to: readQueryInstant(query, 'to'),
    label: readLabel(query.label),
  }
  const order = sorts.read(query)
  const after = readCallPlace(order.place)
  const { direction } = order
  const pathClientId = client === 'named-by-path' ? clientId : undefined
  if (ofClient !== undefined && query.status === 'authorized' && seesClient(context, request, ofClient)) {
    await bookLeasedLegs(context.calls, ofClient, maxRunningCalls)
  }
  const find = (tx: Sql) =>
    Promise.all([
      listCalls(tx, { filter, after, direction, limit: limit + 1 }),
      pathClientId === undefined ? undefined : findFeatures(tx, pathClientId),
    ])
  const [rows, features] = isLongOver(filter.to)
    ? await readAtOnceFromStandby(context, { request, reply }, find, {
        order: 'by-index',
        isMissing: ([, found]) => pathClientId !== undefined && !found,
      })
    : await readAtOnce(context, request, find, 'by-index')
  if (pathClientId !== undefined && !features) throw new NotFound('client', pathClientId)
  const page = toPage(rows, limit, ({ createdAt, callId, clientId: ofCall }) =>
    rowPlace(order, [createdAt, callId, ofCall]),
  )
  return { data: page.rows.map(callShownTo(context, request)), nextCursor: page.nextCursor }
}

/** Who does not see prices cannot find them out by asking for calls of a price. */
function pricesAskedFor(context: ApiContext, request: FastifyRequest, { minPrice, maxPrice }: CallQuery) {
  const asks = minPrice !== undefined || maxPrice !== undefined
  if (asks && !findPortalView(context, request).callPrices) {
    throw new Forbidden('Prices of calls are not shown to you.')
  }
  return { minPrice, maxPrice }
}

function readCallPlace(place: readonly string[] | null): CallPlace | null {
  if (!place) return null
  const [createdAt = '', callId = '', clientId = ''] = place
  return { createdAt, callId, clientId }
}

function readQueryInstant(query: CallQuery, field: 'from' | 'to'): number | undefined {
  const text = query[field]
  if (text === undefined) return undefined
  const at = readInstant(text)
  if (at === undefined) {
    throw new InvalidRequest(`"${field}" is not a valid RFC 3339 timestamp.`, [
      { pointer: `/${field}`, detail: 'is not a valid RFC 3339 timestamp' },
    ])
  }
  return at
}

function readLabel(text: string | undefined): CallFilter['label'] {
  if (text === undefined) return undefined
  const colon = text.indexOf(':')
  return { name: text.slice(0, colon), value: text.slice(colon + 1) }
}
