/**
 * `/v1/clients/{id}/balance-movements`: how did the money come into the account, and out of it?
 */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { postMovement } from '../../accounts/post-movement.ts'
import { listMovementsByDay } from '../../db/accounts/movements-by-day.ts'
import { listMovements } from '../../db/accounts/read-accounts.ts'
import { daysOfClient } from '../../reports/client-clocks.ts'
import { Amount, closed, FreeText, nullable, oneOf, PathId } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { withZones } from '../conventions/clocks-of-clients.ts'
import { answerOnce, readIdempotencyKey } from '../conventions/idempotency.ts'
import { pageQuery, pageSchema, toPage } from '../conventions/pagination.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { readSql } from '../conventions/read-sql.ts'
import { readScope } from '../conventions/request-scope.ts'
import { read, write } from '../conventions/run-as-tenant.ts'
import { findPortalView } from '../conventions/sections.ts'
import { rowPlace, sortsBy } from '../conventions/sorting.ts'
import {
  dayPlace,
  ListedMovement,
  Movement,
  movementsShownTo,
  showDayMovement,
  showMovement,
} from './movement-fields.ts'

const params = Type.Object({ clientId: PathId })
const sorts = sortsBy({ createdAt: [/^\d{1,15}$/] })
const sortsByDay = sortsBy({ createdAt: dayPlace })

const MovementQuery = closed({ ...pageQuery, ...sorts.query })
type MovementQuery = Static<typeof MovementQuery>

const NewMovement = closed({
  amount: Amount,
  kind: oneOf(['top-up', 'adjustment']),
  reference: Type.Optional(nullable(FreeText)),
})

export function balanceMovementRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/clients/:clientId/balance-movements',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Movements, newest first',
        description: 'Where the asker may not see call prices, the calls of a local day are one charge.',
        params,
        querystring: MovementQuery,
        response: { 200: pageSchema(ListedMovement) },
      },
    },
    async (request) =>
      findPortalView(context, request).callPrices
        ? answerPage(context, request, request.query)
        : answerDays(context, request, request.query),
  )

  app.post(
    '/v1/clients/:clientId/balance-movements',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Post a top-up or an adjustment',
        description: 'With an Idempotency-Key the same request moves money once, for ever.',
        params,
        body: NewMovement,
        response: { 201: Movement },
      },
    },
    async (request, reply) => {
      const scope = readScope(request)
      const body = request.body
      const { actor, brandId } = requireIdentity(request)
      const key = readIdempotencyKey(request)
      const answer = await write(
        context,
        request,
        (tx) =>
          answerOnce(tx, request, reply, async () => {
            const client = await parentClient(tx, scope)
            const row = await postMovement(tx, {
              clientId: client.id,
              kind: body.kind,
              amount: body.amount,
              reference: body.reference ?? null,
              actor,
              idempotencyKey: key === null ? null : `${brandId ?? 'platform'}:${key}`,
              now: scope.now,
            })
            return showMovement(row)
          }),
        'nothing-in-memory',
      )
      return reply.code(201).send(answer)
    },
  )
}

async function answerPage(context: ApiContext, request: FastifyRequest, query: MovementQuery) {
  const scope = readScope(request)
  const { limit = 50, ...asked } = query
  const order = sorts.read(asked)
  const { direction } = order
  const afterSeq = order.place === null ? null : Number(order.place[0])
  const rows = await read(context, request, async (tx) => {
    const client = await parentClient(tx, scope)
    return listMovements(tx, { clientId: client.id, afterSeq, direction, limit: limit + 1 })
  })
  const page = toPage(rows, limit, (row) => rowPlace(order, [String(row.seq)]))
  const data = await movementsShownTo(context, request, page.rows.map(showMovement))
  return { data, nextCursor: page.nextCursor }
}

async function answerDays(context: ApiContext, request: FastifyRequest, query: MovementQuery) {
  const scope = readScope(request)
  const { limit = 50, ...asked } = query
  const order = sortsByDay.read(asked)
  const { direction } = order
  const [day = '', place] = order.place ?? []
  const client = await read(context, request, (tx) => parentClient(tx, scope))
  const rows = await readSql(context, request, (tx) =>
    listMovementsByDay(tx, {
      clientId: client.id,
      now: scope.now,
      ...daysOfClient(withZones(context, client), scope.now),
      from: null,
      to: null,
      after: order.place && { day, place: Number(place) },
      direction,
      limit: limit + 1,
    }),
  )
  const page = toPage(rows, limit, (row) => rowPlace(order, [row.day, String(row.place)]))
  const shown = page.rows.map((row) => showDayMovement(row, client.currency))
  return { data: await movementsShownTo(context, request, shown), nextCursor: page.nextCursor }
}
