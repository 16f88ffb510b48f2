/**
 * `/v1/dead-letters`: events that could not be applied, with reason and body, and a way to send them again.
 */
import Type from 'typebox'
import { type DeadLetterRow, findDeadLetter, listDeadLetters } from '../../db/calls/list-dead-letters.ts'
import { instantText } from '../../db/columns.ts'
import { NotFound } from '../../errors.ts'
import { closed, Instant, named, nullable, PathId, stored, Uuid } from '../../shapes/fields.ts'
import { DeadLetterReason } from '../../shapes/reasons.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { instantPlace, pageQuery, pageSchema, toPage, uuidText } from '../conventions/pagination.ts'
import { readId } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { rowPlace, sortsBy } from '../conventions/sorting.ts'

const DeadLetter = named('DeadLetter', {
  id: Uuid,
  subject: Type.String(),
  reason: stored(DeadLetterReason),
  detail: Type.String(),
  body: Type.String(),
  receivedAt: Instant,
  deliveries: Type.Integer(),
  redrivenAt: nullable(Instant),
})
const params = Type.Object({ id: PathId })
const sorts = sortsBy({ receivedAt: [instantPlace, uuidText] })

export function deadLetterRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/dead-letters',
    {
      schema: {
        tags: ['Events'],
        summary: 'Dead letters, newest first',
        querystring: closed({
          ...pageQuery,
          ...sorts.query,
          reason: Type.Optional(Type.String({ pattern: '^[a-z_]{1,64}$' })),
          open: Type.Optional(Type.Boolean({ description: 'Those not sent again alone.' })),
        }),
        response: { 200: pageSchema(DeadLetter) },
      },
    },
    async (request) => {
      const { limit = 50, reason = null, open = false, ...asked } = request.query
      const order = sorts.read(asked)
      const rows = await read(context, request, (tx) =>
        listDeadLetters(tx, { reason, open, limit: limit + 1, ...order }),
      )
      const page = toPage(rows, limit, (row) => rowPlace(order, [instantText(row.receivedAt), row.id]))
      return { data: page.rows.map(show), nextCursor: page.nextCursor }
    },
  )

  app.get(
    '/v1/dead-letters/:id',
    { schema: { tags: ['Events'], summary: 'One dead letter', params, response: { 200: DeadLetter } } },
    async (request) => {
      const id = readId(request, 'dead letter')
      const row = await read(context, request, (tx) => findDeadLetter(tx, id))
      if (!row) throw new NotFound('dead letter', id)
      return show(row)
    },
  )

  app.post(
    '/v1/dead-letters/:id/redrive',
    { schema: { tags: ['Events'], summary: 'Send it again', params, response: { 202: DeadLetter } } },
    async (request, reply) => {
      const id = readId(request, 'dead letter')
      const row = await read(context, request, async (tx) => {
        if (!(await findDeadLetter(tx, id))) throw new NotFound('dead letter', id)
        await context.redriveDeadLetter(tx, id)
        return findDeadLetter(tx, id)
      })
      if (!row) throw new NotFound('dead letter', id)
      return reply.code(202).send(show(row))
    },
  )
}

function show(row: DeadLetterRow) {
  return {
    id: row.id,
    subject: row.subject,
    reason: row.reason,
    detail: row.detail,
    body: row.body,
    receivedAt: instantText(row.receivedAt),
    deliveries: row.deliveries,
    redrivenAt: row.redrivenAt === null ? null : instantText(row.redrivenAt),
  }
}
