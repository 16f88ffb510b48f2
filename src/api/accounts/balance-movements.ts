/**
 * `/v1/clients/{id}/balance-movements`: how did the money come into the account, and out of it?
 */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { postMovement } from '../../accounts/post-movement.ts'
import { movementKinds } from '../../db/accounts/movements.ts'
import { listMovements, type MovementRow } from '../../db/accounts/read-accounts.ts'
import { instantText } from '../../db/columns.ts'
import { formatAmount } from '../../money.ts'
import type { ApiContext } from '../context.ts'
import { identityOf } from '../conventions/authentication.ts'
import {
  Amount,
  Currency,
  closed,
  FreeText,
  Instant,
  nullable,
  oneOf,
  PathId,
  Uuid,
} from '../conventions/fields.ts'
import { answerOnce, idempotencyKeyOf } from '../conventions/idempotency.ts'
import { type PageQuery, pageOf, pageQuery, toPage } from '../conventions/pagination.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { scopeOf } from '../conventions/request-scope.ts'
import { read, write } from '../conventions/run-as-tenant.ts'
import { movementShownTo, viewOf } from '../conventions/sections.ts'
import { placeOf, type SortQuery, sortsBy } from '../conventions/sorting.ts'

const params = Type.Object({ clientId: PathId })
const sorts = sortsBy({ createdAt: [/^\d{1,15}$/] })

export const Movement = closed({
  id: Uuid,
  seq: Type.Integer(),
  kind: oneOf(movementKinds),
  amount: Amount,
  balanceAfter: Amount,
  currency: Currency,
  callId: nullable(Type.String()),
  invoiceId: Type.Optional(nullable(Uuid)),
  reference: nullable(Type.String()),
  actor: Type.String(),
  createdAt: Instant,
})

const NewMovement = closed({
  amount: Amount,
  kind: oneOf(['top-up', 'adjustment']),
  reference: Type.Optional(nullable(FreeText)),
})

export function balanceMovementRoutes(app: FastifyInstance, context: ApiContext): void {
  app.get(
    '/v1/clients/:clientId/balance-movements',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Movements, newest first',
        description: 'Without those of calls where the asker may not see call prices.',
        params,
        querystring: closed({ ...pageQuery, ...sorts.query }),
        response: { 200: pageOf(Movement) },
      },
    },
    async (request) => {
      const scope = scopeOf(request)
      const { limit = 50, ...asked } = request.query as PageQuery & SortQuery
      const order = sorts.read(asked)
      const rows = await read(context, request, async (tx) => {
        const client = await parentClient(tx, scope)
        const afterSeq = order.place === null ? null : Number(order.place[0])
        const { direction } = order
        const ofCalls = viewOf(context, request).callPrices ? 'shown' : 'hidden'
        return listMovements(tx, { clientId: client.id, afterSeq, direction, limit: limit + 1, ofCalls })
      })
      const page = toPage(rows, limit, (row) => placeOf(order, [String(row.seq)]))
      return {
        data: page.rows.map(showMovement).map(movementShownTo(context, request)),
        nextCursor: page.nextCursor,
      }
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
}

export function showMovement(row: MovementRow) {
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
