/**
 * What is in a client's account, and how did it come there? Balance, movements, daily usage, statement.
 */
import type { FastifyInstance } from 'fastify'
import { DateTime } from 'luxon'
import Type from 'typebox'
import { postMovement } from '../accounts/post-movement.ts'
import type { ClientRow } from '../db/clients.ts'
import { instantText } from '../db/columns.ts'
import {
  findAccount,
  findDailyUsage,
  findMovementBefore,
  listMovements,
  listMovementsBetween,
  type MovementRow,
  sumMovementsByKind,
  sumUnbilled,
} from '../db/read-accounts.ts'
import { InvalidRequest, NotFound } from '../errors.ts'
import { Decimal, formatAmount, zero } from '../money.ts'
import { identityOf } from './authentication.ts'
import type { ApiContext } from './context.ts'
import {
  Amount,
  Currency,
  closed,
  Day,
  FreeText,
  Instant,
  nullable,
  oneOf,
  PathId,
  TimeZone,
  Uuid,
} from './fields.ts'
import { answerOnce, idempotencyKeyOf } from './idempotency.ts'
import { type PageQuery, pageOf, pageQuery, readCursor, toPage } from './pagination.ts'
import { parentClient } from './parent-client.ts'
import { read, scopeOf, write } from './resource.ts'

const params = Type.Object({ clientId: PathId })
const movementKinds = [
  'top-up',
  'adjustment',
  'charge',
  'overrun',
  'correction',
  'invoice',
  'payment',
] as const

const Balance = closed({
  balance: Amount,
  reserved: Amount,
  available: nullable(Amount),
  creditLimit: nullable(Amount),
  unbilled: Amount,
  invoicedUnpaid: Amount,
  currency: Currency,
})

export const Movement = closed({
  id: Uuid,
  seq: Type.Integer(),
  kind: oneOf(movementKinds),
  amount: Amount,
  balanceAfter: Amount,
  currency: Currency,
  callId: nullable(Type.String()),
  invoiceId: nullable(Uuid),
  reference: nullable(Type.String()),
  actor: Type.String(),
  createdAt: Instant,
})

const NewMovement = closed({
  amount: Amount,
  kind: oneOf(['top-up', 'adjustment']),
  reference: Type.Optional(nullable(FreeText)),
})

const DailyUsage = closed({
  day: Day,
  timeZone: TimeZone,
  amount: Amount,
  reserved: Amount,
  limit: nullable(Amount),
  currency: Currency,
  limitReachedAt: nullable(Instant),
  resetsAt: Instant,
})

const Statement = closed({
  from: Day,
  to: Day,
  timeZone: TimeZone,
  currency: Currency,
  openingBalance: Amount,
  closingBalance: Amount,
  totals: Type.Record(Type.String(), Amount, { description: 'Sum of the movements by kind.' }),
  movements: Type.Array(Movement),
  nextCursor: nullable(Type.String()),
})

export function accountRoutes(app: FastifyInstance, context: ApiContext): void {
  app.get(
    '/v1/clients/:clientId/balance',
    { schema: { tags: ['Accounts'], summary: 'Balance', params, response: { 200: Balance } } },
    async (request) => {
      const scope = scopeOf(request)
      return read(context, request, async (tx) => {
        const client = await parentClient(tx, scope)
        const account = await findAccount(tx, client.id, 'none')
        if (!account) throw new NotFound('client', client.id)
        const unbilled = await sumUnbilled(tx, client.id)
        const limit = creditLimitOf(client)
        return {
          balance: formatAmount(account.balance),
          reserved: formatAmount(account.reserved),
          available: limit && formatAmount(account.balance.minus(account.reserved).plus(limit)),
          creditLimit: client.creditLimit && formatAmount(client.creditLimit),
          unbilled: formatAmount(new Decimal(unbilled)),
          // No invoice can be issued yet, so none is due.
          invoicedUnpaid: '0',
          currency: account.currency,
        }
      })
    },
  )

  app.get(
    '/v1/clients/:clientId/balance-movements',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Movements, newest first',
        params,
        querystring: closed(pageQuery),
        response: { 200: pageOf(Movement) },
      },
    },
    async (request) => {
      const scope = scopeOf(request)
      const { limit = 50, cursor } = request.query as PageQuery
      const place = readCursor(cursor, [/^\d{1,15}$/])
      const rows = await read(context, request, async (tx) => {
        const client = await parentClient(tx, scope)
        const beforeSeq = place?.[0] === undefined ? null : Number(place[0])
        return listMovements(tx, { clientId: client.id, beforeSeq, limit: limit + 1 })
      })
      const page = toPage(rows, limit, (row) => [String(row.seq)])
      return { data: page.rows.map(showMovement), nextCursor: page.nextCursor }
    },
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
      const scope = scopeOf(request)
      const body = request.body as {
        amount: string
        kind: 'top-up' | 'adjustment'
        reference?: string | null
      }
      const { actor, brandId } = identityOf(request)
      const key = idempotencyKeyOf(request)
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

  app.get(
    '/v1/clients/:clientId/daily-usage',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Usage of one local day, today by default',
        params,
        querystring: closed({ day: Type.Optional(Day) }),
        response: { 200: DailyUsage },
      },
    },
    async (request) => {
      const scope = scopeOf(request)
      const asked = (request.query as { day?: string }).day
      return read(context, request, async (tx) => {
        const client = await parentClient(tx, scope)
        const day = asked ?? DateTime.fromMillis(scope.now, { zone: client.timeZone }).toISODate() ?? ''
        const resetsAt = startOfDay(day, client.timeZone, '/day', 1)
        const usage = await findDailyUsage(tx, { clientId: client.id, day })
        return {
          day,
          timeZone: client.timeZone,
          amount: formatAmount(usage?.amount ?? zero),
          reserved: formatAmount(usage?.reserved ?? zero),
          limit: client.maxDailyUsage && formatAmount(client.maxDailyUsage),
          currency: client.currency,
          limitReachedAt: usage?.limitReachedAt == null ? null : instantText(usage.limitReachedAt),
          resetsAt: instantText(resetsAt),
        }
      })
    },
  )

  app.get(
    '/v1/clients/:clientId/statement',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Movements between two local days, half open, with the balances before and after',
        params,
        querystring: closed({ ...pageQuery, from: Day, to: Day }),
        response: { 200: Statement },
      },
    },
    async (request) => {
      const scope = scopeOf(request)
      const { from, to, limit = 50, cursor } = request.query as PageQuery & { from: string; to: string }
      const afterSeq = Number(readCursor(cursor, [/^\d{1,15}$/])?.[0] ?? 0)
      return read(context, request, async (tx) => {
        const client = await parentClient(tx, scope)
        const span = {
          clientId: client.id,
          from: startOfDay(from, client.timeZone, '/from', 0),
          to: startOfDay(to, client.timeZone, '/to', 0),
        }
        if (span.to <= span.from) {
          throw new InvalidRequest('The span is empty.', [{ pointer: '/to', detail: 'must be after "from"' }])
        }
        const opening = await findMovementBefore(tx, client.id, span.from)
        const closing = await findMovementBefore(tx, client.id, span.to)
        const totals = await sumMovementsByKind(tx, span)
        const rows = await listMovementsBetween(tx, { ...span, afterSeq, limit: limit + 1 })
        const page = toPage(rows, limit, (row) => [String(row.seq)])
        return {
          from,
          to,
          timeZone: client.timeZone,
          currency: client.currency,
          openingBalance: formatAmount(opening?.balanceAfter ?? zero),
          closingBalance: formatAmount(closing?.balanceAfter ?? zero),
          totals: Object.fromEntries(
            totals.map(({ kind, amount }) => [kind, formatAmount(new Decimal(amount))]),
          ),
          movements: page.rows.map(showMovement),
          nextCursor: page.nextCursor,
        }
      })
    },
  )
}

/** null: nothing limits it. */
function creditLimitOf(client: ClientRow): Decimal | null {
  if (client.creditLimit !== null) return client.creditLimit
  return client.billingMethod === 'postpaid' || client.billingMethod === 'none' ? null : zero
}

function showMovement(row: MovementRow) {
  return {
    id: row.id,
    seq: row.seq,
    kind: row.kind,
    amount: formatAmount(row.amount),
    balanceAfter: formatAmount(row.balanceAfter),
    currency: row.currency,
    callId: row.callId,
    invoiceId: row.invoiceId,
    reference: row.reference,
    actor: row.actor,
    createdAt: instantText(row.createdAt),
  }
}

/** The first instant of a local day, or of one some days later; some days start at 01:00. */
function startOfDay(day: string, timeZone: string, pointer: string, daysLater: number): number {
  const local = DateTime.fromISO(day, { zone: timeZone })
  if (!local.isValid) throw new InvalidRequest(`"${day}" is no day.`, [{ pointer, detail: 'is no day' }])
  return local.plus({ days: daysLater }).startOf('day').toMillis()
}
