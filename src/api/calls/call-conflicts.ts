/**
 * `/v1/call-conflicts`: events that contradict an accepted half of their call. They move nothing; somebody has to look.
 */
import Type from 'typebox'
import { type CallConflictRow, listCallConflicts } from '../../db/calls/call-conflicts.ts'
import { instantText } from '../../db/columns.ts'
import { closed, Instant, named, oneOf, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { instantPlace, pageQuery, pageSchema, toPage, uuidText } from '../conventions/pagination.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { rowPlace, sortsBy } from '../conventions/sorting.ts'

const CallConflict = named('CallConflict', {
  id: Uuid,
  clientId: Uuid,
  callId: Type.String(),
  /** The kind of the event. */
  half: oneOf(['start', 'answer', 'end']),
  /** The event as it came. */
  body: Type.String(),
  receivedAt: Instant,
})
const sorts = sortsBy({ receivedAt: [instantPlace, uuidText] })

export function callConflictRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/call-conflicts',
    {
      schema: {
        tags: ['Events'],
        summary: 'Events that contradict an accepted half of their call, newest first',
        querystring: closed({
          ...pageQuery,
          ...sorts.query,
          clientId: Type.Optional(Uuid),
          callId: Type.Optional(Type.String({ pattern: '^[\\x20-\\x7e]{1,255}$' })),
        }),
        response: { 200: pageSchema(CallConflict) },
      },
    },
    async (request) => {
      const { limit = 50, clientId = null, callId = null, ...asked } = request.query
      const order = sorts.read(asked)
      const rows = await read(context, request, (tx) =>
        listCallConflicts(tx, { clientId, callId, limit: limit + 1, ...order }),
      )
      const page = toPage(rows, limit, (row) => rowPlace(order, [instantText(row.receivedAt), row.id]))
      return { data: page.rows.map(show), nextCursor: page.nextCursor }
    },
  )
}

function show({ id, clientId, callId, half, body, receivedAt }: CallConflictRow) {
  return {
    id,
    clientId,
    callId,
    half: half as 'start' | 'answer' | 'end',
    body,
    receivedAt: instantText(receivedAt),
  }
}
