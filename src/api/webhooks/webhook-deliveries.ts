/**
 * `/v1/webhook-deliveries`: what became of each fact at each endpoint, and to send one again.
 */
import Type from 'typebox'
import { findDelivery, listDeliveries, resendDelivery } from '../../db/webhooks/webhook-deliveries.ts'
import { NotFound } from '../../errors.ts'
import { closed, PathId, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { pageQuery, pageSchema, readCursor, toPage, uuidText } from '../conventions/pagination.ts'
import { readId, readScope } from '../conventions/request-scope.ts'
import { read, write } from '../conventions/run-as-tenant.ts'
import { DeliveryShown, DeliveryStatus, showDelivery } from './delivery-fields.ts'

const noun = 'webhook delivery'
const path = '/v1/webhook-deliveries'
const params = Type.Object({ id: PathId })

export function webhookDeliveryRoutes(app: Api, context: ApiContext): void {
  app.get(
    path,
    {
      schema: {
        tags: ['Webhooks'],
        summary: 'Deliveries, the newest first',
        querystring: closed({
          ...pageQuery,
          endpointId: Type.Optional(Uuid),
          status: Type.Optional(DeliveryStatus),
          event: Type.Optional(Type.String({ maxLength: 100 })),
        }),
        response: { 200: pageSchema(DeliveryShown) },
      },
    },
    async (request) => {
      const { limit = 50, cursor, endpointId = null, status = null, event = null } = request.query
      const after = readCursor(cursor, [uuidText])?.[0] ?? null
      const rows = await read(context, request, (tx) =>
        listDeliveries(tx, { after, limit: limit + 1, endpointId, status, event }),
      )
      const page = toPage(rows, limit, ({ id }) => [id])
      return { data: page.rows.map(showDelivery), nextCursor: page.nextCursor }
    },
  )

  app.get(
    `${path}/:id`,
    { schema: { tags: ['Webhooks'], summary: 'One delivery', params, response: { 200: DeliveryShown } } },
    async (request) => {
      const id = readId(request, noun)
      const row = await read(context, request, (tx) => findDelivery(tx, id))
      if (!row) throw new NotFound(noun, id)
      return showDelivery(row)
    },
  )

  app.post(
    `${path}/:id/resend`,
    {
      schema: {
        tags: ['Webhooks'],
        summary: 'Send a delivery again',
        description:
          'At once, under the same id, whatever has become of it; the schedule of retries begins anew.',
        params,
        response: { 202: DeliveryShown },
      },
    },
    async (request, reply) => {
      const id = readId(request, noun)
      const { now } = readScope(request)
      const row = await write(context, request, (tx) => resendDelivery(tx, id, now), 'nothing-in-memory')
      if (!row) throw new NotFound(noun, id)
      return reply.code(202).send(showDelivery(row))
    },
  )
}
