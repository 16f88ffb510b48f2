/**
 * `GET /v1/audit-log`: who changed what, from which value to which. Newest first.
 */
import Type from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import { instantText } from '../../db/columns.ts'
import { type AuditRow, listAuditLog } from '../../db/identities/audit-log.ts'
import { InvalidRequest } from '../../errors.ts'
import { closed, Instant, nullable, oneOf, stored, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { pageQuery, pageSchema, toPage } from '../conventions/pagination.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { rowPlace, sortsBy } from '../conventions/sorting.ts'

const actions = ['create', 'update', 'delete'] as const
const Value = Type.Unsafe<unknown>({})
const Entry = closed({
  id: Uuid,
  at: Instant,
  actor: Type.String({ description: '`system` for what no request did.' }),
  requestId: nullable(Type.String()),
  brandId: nullable(Uuid),
  clientId: nullable(Uuid),
  resource: Type.String({ examples: ['clients'] }),
  resourceId: Type.String(),
  action: stored(oneOf(actions)),
  changes: Type.Array(closed({ field: Type.String(), from: Value, to: Value }), {
    description: 'Secrets show that they changed, never what they are.',
  }),
})
const Text = Type.String({
  minLength: 1,
  maxLength: 400,
  pattern: '^[^\\p{Cc}]*$',
  description: 'Exactly this text, without control characters.',
})
const sorts = sortsBy({ at: [/^\d{1,15}$/] })
const query = {
  ...pageQuery,
  ...sorts.query,
  brandId: Type.Optional(Uuid),
  clientId: Type.Optional(Uuid),
  resource: Type.Optional(Type.String({ pattern: '^[a-z-]{1,40}$' })),
  resourceId: Type.Optional(Text),
  action: Type.Optional(oneOf(actions)),
  actor: Type.Optional(Text),
  requestId: Type.Optional(Text),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
}

export function auditLogRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/audit-log',
    {
      schema: {
        tags: ['Identities'],
        summary: 'Changes, newest first',
        querystring: closed(query),
        response: { 200: pageSchema(Entry) },
      },
    },
    async (request) => {
      const { limit = 50, from, to, ...equal } = request.query
      const order = sorts.read(equal)
      const filter = {
        brandId: equal.brandId,
        clientId: equal.clientId,
        resource: equal.resource,
        resourceId: equal.resourceId,
        action: equal.action,
        actor: equal.actor,
        requestId: equal.requestId,
        from: readOptionalInstant(from, '/from'),
        to: readOptionalInstant(to, '/to'),
      }
      const afterSeq = order.place === null ? null : Number(order.place[0])
      const { direction } = order
      const rows = await read(context, request, (tx) =>
        listAuditLog(tx, { filter, afterSeq, direction, limit: limit + 1 }),
      )
      const page = toPage(rows, limit, (row) => rowPlace(order, [String(row.seq)]))
      return { data: page.rows.map(show), nextCursor: page.nextCursor }
    },
  )
}

function readOptionalInstant(text: string | undefined, pointer: string): number | undefined {
  if (text === undefined) return undefined
  const at = readInstant(text)
  if (at === undefined)
    throw new InvalidRequest('A timestamp is not valid.', [
      { pointer, detail: 'is not a valid RFC 3339 timestamp' },
    ])
  return at
}

function show(row: AuditRow) {
  // The trigger writes objects.
  const before = row.before as Record<string, unknown>
  const after = row.after as Record<string, unknown>
  const columns = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return {
    id: row.id,
    at: instantText(row.at),
    actor: row.actor,
    requestId: row.requestId,
    brandId: row.brandId,
    clientId: row.clientId,
    resource: row.resource,
    resourceId: row.resourceId,
    action: row.action,
    changes: columns.map((column) => ({
      field: column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      from: before[column] ?? null,
      to: after[column] ?? null,
    })),
  }
}
