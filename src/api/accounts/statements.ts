/**
 * `/v1/clients/{id}/statement`: every movement between two local days, with the balances before and after.
 */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { listMovementsByDay, sumMovementsByDay } from '../../db/accounts/movements-by-day.ts'
import {
  findMovementBefore,
  listMovementsBetween,
  sumMovementsByKind,
} from '../../db/accounts/read-accounts.ts'
import { InvalidRequest } from '../../errors.ts'
import { startOfClientDay, zoneOfClientDay } from '../../limits/client-days.ts'
import { Decimal, formatAmount, zero } from '../../money.ts'
import { addDays } from '../../rating/local-day.ts'
import { daysOfClient } from '../../reports/client-clocks.ts'
import { Amount, Currency, closed, Day, nullable, PathId, TimeZone } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { withZones } from '../conventions/clocks-of-clients.ts'
import { readDay } from '../conventions/local-days.ts'
import { type PageQuery, pageQuery, readCursor, toPage } from '../conventions/pagination.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { readSql } from '../conventions/read-sql.ts'
import { readScope } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { findPortalView } from '../conventions/sections.ts'
import {
  dayPlace,
  ListedMovement,
  movementsShownTo,
  showDayMovement,
  showMovement,
} from './movement-fields.ts'

const params = Type.Object({ clientId: PathId })

const Statement = closed({
  from: Day,
  to: Day,
  timeZone: TimeZone,
  currency: Currency,
  openingBalance: Amount,
  closingBalance: Amount,
  totals: Type.Record(Type.String(), Amount, { description: 'Sum of the movements by kind.' }),
  movements: Type.Array(ListedMovement),
  nextCursor: nullable(Type.String()),
})

const StatementQuery = closed({ ...pageQuery, from: Day, to: Day })
type StatementQuery = Static<typeof StatementQuery>
type ShownMovement = ReturnType<typeof showMovement> | ReturnType<typeof showDayMovement>

interface StatementPart {
  opening: Decimal
  closing: Decimal
  totals: readonly { kind: string; amount: Decimal }[]
  movements: ShownMovement[]
  nextCursor: string | null
}

export function statementRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/clients/:clientId/statement',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Movements between two local days, half open, with the balances before and after',
        description: 'Where the asker may not see call prices, the calls of a local day are one charge.',
        params,
        querystring: StatementQuery,
        response: { 200: Statement },
      },
    },
    async (request) => {
      const scope = readScope(request)
      const { from, to } = request.query
      const client = await read(context, request, (tx) => parentClient(tx, scope))
      const { terms } = withZones(context, client)
      const span = {
        clientId: client.id,
        from: startOfClientDay(terms, readDay(from, '/from')),
        to: startOfClientDay(terms, readDay(to, '/to')),
      }
      if (span.to <= span.from) {
        throw new InvalidRequest('The span is empty.', [{ pointer: '/to', detail: 'must be after "from"' }])
      }
      const part = findPortalView(context, request).callPrices
        ? await readMovements(context, request, { ...request.query, ...span })
        : await readDays(context, request, client, request.query)
      return {
        from,
        to,
        timeZone: zoneOfClientDay(terms, addDays(to, -1)),
        currency: client.currency,
        openingBalance: formatAmount(part.opening),
        closingBalance: formatAmount(part.closing),
        totals: Object.fromEntries(part.totals.map(({ kind, amount }) => [kind, formatAmount(amount)])),
        movements: await movementsShownTo<ShownMovement>(context, request, part.movements),
        nextCursor: part.nextCursor,
      }
    },
  )
}

async function readMovements(
  context: ApiContext,
  request: FastifyRequest,
  { limit = 50, cursor, ...span }: PageQuery & { clientId: string; from: number; to: number },
): Promise<StatementPart> {
  const afterSeq = Number(readCursor(cursor, [/^\d{1,15}$/])?.[0] ?? 0)
  return read(context, request, async (tx) => {
    const opening = await findMovementBefore(tx, span.clientId, span.from)
    const closing = await findMovementBefore(tx, span.clientId, span.to)
    const totals = await sumMovementsByKind(tx, span)
    const rows = await listMovementsBetween(tx, { ...span, afterSeq, limit: limit + 1 })
    const page = toPage(rows, limit, (row) => [String(row.seq)])
    return {
      opening: opening?.balanceAfter ?? zero,
      closing: closing?.balanceAfter ?? zero,
      totals: totals.map(({ kind, amount }) => ({ kind, amount: new Decimal(amount) })),
      movements: page.rows.map(showMovement),
      nextCursor: page.nextCursor,
    }
  })
}

/** The calls of each day as one charge, for whoever may not see the price of one. */
async function readDays(
  context: ApiContext,
  request: FastifyRequest,
  client: { id: string; timeZone: string; currency: string },
  { from, to, limit = 50, cursor }: StatementQuery,
): Promise<StatementPart> {
  const { now } = readScope(request)
  const [day = '', place] = readCursor(cursor, dayPlace) ?? []
  const span = { clientId: client.id, now, from, to }
  const days = daysOfClient(withZones(context, client), now)
  const [{ opening, totals }, rows] = await readSql(context, request, (tx) =>
    Promise.all([
      sumMovementsByDay(tx, { ...span, ...days }),
      listMovementsByDay(tx, {
        ...span,
        ...days,
        after: place === undefined ? null : { day, place: Number(place) },
        direction: 'ascending',
        limit: limit + 1,
      }),
    ]),
  )
  const page = toPage(rows, limit, (row) => [row.day, String(row.place)])
  return {
    opening,
    closing: totals.reduce((sum, { amount }) => sum.plus(amount), opening),
    totals,
    movements: page.rows.map((row) => showDayMovement(row, client.currency)),
    nextCursor: page.nextCursor,
  }
}
