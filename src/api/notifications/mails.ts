/**
 * `/v1/mails`: which mails went out, which wait, which failed and why; and a way to send a failed one again.
 */
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { findMail, listMails, type MailRow, retryMail } from '../../db/messages/list-mails.ts'
import { Conflict, NotFound } from '../../errors.ts'
import { mailKinds } from '../../notifications/mail-content.ts'
import { closed, Instant, named, nullable, oneOf, PathId, stored, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { pageQuery, pageSchema, toPage } from '../conventions/pagination.ts'
import { readId } from '../conventions/request-scope.ts'
import { read, write } from '../conventions/run-as-tenant.ts'
import { byAge, readPagePlace, rowPlace } from '../conventions/sorting.ts'

const Status = oneOf(['pending', 'sent', 'failed', 'cancelled'])
const Kind = oneOf(mailKinds)
const Mail = named('Mail', {
  id: Type.String({ format: 'uuid', description: 'The left half of its Message-ID.' }),
  kind: stored(Kind),
  brandId: Uuid,
  clientId: nullable(Uuid),
  recipient: Type.String(),
  status: stored(Status),
  attempts: Type.Integer(),
  lastError: nullable(Type.String({ description: 'Of the last try, while it is not sent.' })),
  nextAttemptAt: nullable(Instant),
  sentAt: nullable(Instant),
  createdAt: Instant,
})
const params = Type.Object({ id: PathId })

export function mailRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/mails',
    {
      schema: {
        tags: ['Notifications'],
        summary: 'Mails, newest first',
        querystring: closed({
          ...pageQuery,
          ...byAge.query,
          status: Type.Optional(Status),
          kind: Type.Optional(Kind),
          clientId: Type.Optional(Uuid),
        }),
        response: { 200: pageSchema(Mail) },
      },
    },
    async (request) => {
      const { limit = 50, status = null, kind = null, clientId = null, ...asked } = request.query
      const order = byAge.read(asked)
      const rows = await read(context, request, (tx) =>
        listMails(tx, { status, kind, clientId, limit: limit + 1, ...readPagePlace(order) }),
      )
      const page = toPage(rows, limit, (row) => rowPlace(order, [row.id]))
      return { data: page.rows.map(show), nextCursor: page.nextCursor }
    },
  )

  app.get(
    '/v1/mails/:id',
    { schema: { tags: ['Notifications'], summary: 'One mail', params, response: { 200: Mail } } },
    async (request) => {
      const id = readId(request, 'mail')
      const row = await read(context, request, (tx) => findMail(tx, id))
      if (!row) throw new NotFound('mail', id)
      return show(row)
    },
  )

  app.post(
    '/v1/mails/:id/retry',
    {
      schema: {
        tags: ['Notifications'],
        summary: 'Send a failed mail again',
        description: 'Under the same Message-ID, with the templates as they are now.',
        params,
        response: { 202: Mail },
      },
    },
    async (request, reply) => {
      const id = readId(request, 'mail')
      const row = await write(
        context,
        request,
        async (tx) => {
          const retried = await retryMail(tx, id, context.calls.clock())
          if (retried) return retried
          const found = await findMail(tx, id)
          if (!found) throw new NotFound('mail', id)
          throw new Conflict(
            'mail_not_failed',
            `This mail is ${found.status}: only a failed one is sent again.`,
          )
        },
        'nothing-in-memory',
      )
      context.calls.onCommitted({ facts: false, mails: true })
      return reply.code(202).send(show(row))
    },
  )
}

function show(row: MailRow) {
  return {
    id: row.id,
    kind: row.kind,
    brandId: row.brandId,
    clientId: row.clientId,
    recipient: row.recipient,
    status: row.status,
    attempts: row.attempts,
    lastError: row.lastError,
    nextAttemptAt: row.status === 'pending' ? instantText(row.nextAttemptAt) : null,
    sentAt: row.sentAt === null ? null : instantText(row.sentAt),
    createdAt: instantText(row.createdAt),
  }
}
