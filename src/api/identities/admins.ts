/**
 * `/v1/clients/{id}/admins`: people of a client who use the portal, and what each may do, also as a table.
 */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Tx } from '../../db/connection.ts'
import {
  type AdminValues,
  deleteAdmin,
  findAdmin,
  insertAdmin,
  listAdmins,
  updateAdmin,
} from '../../db/identities/admins.ts'
import { Forbidden, InvalidRequest, NotFound } from '../../errors.ts'
import { canDelegate } from '../../identities/can-delegate.ts'
import { endLogins } from '../../identities/end-logins.ts'
import type { Identity } from '../../identities/identity.ts'
import { hashPassword } from '../../identities/password.ts'
import { readRights } from '../../identities/read-rights.ts'
import type { Rights } from '../../identities/rights.ts'
import type { Sessions } from '../../identities/sessions.ts'
import { newId } from '../../uuid.ts'
import type { ApiContext } from '../context.ts'
import { identityOf } from '../conventions/authentication.ts'
import { checkIfMatch, entityTag } from '../conventions/entity-tag.ts'
import { closed, PathId } from '../conventions/fields.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { idOf, type Scope, scopeOf } from '../conventions/request-scope.ts'
import { registerResource } from '../conventions/resource.ts'
import { read, write } from '../conventions/run-as-tenant.ts'
import {
  AdminFields,
  AdminShown,
  adminFieldsOf,
  checkRights,
  PasswordProof,
  RightRow,
  rightsOfTable,
  rightsTable,
  showAdmin,
} from './admin-fields.ts'

const noun = 'admin'
const tag = 'Identities'
const path = '/v1/clients/:clientId/admins'

export function adminRoutes(app: FastifyInstance, context: ApiContext, sessions: Sessions): void {
  registerResource(app, context, {
    noun,
    path,
    tag,
    fields: AdminFields,
    shown: AdminShown,
    sorts: true,
    configures: false,
    forget: () => sessions.forgetAll(),
    async prepare(body, scope, id) {
      await checkPasswordChange(sessions, body, scope, id)
      if (typeof body.password !== 'string') return null
      const { identity, parents } = scope
      const account = parents.clientId ?? ''
      return hashPassword(body.password, { from: identity.brandId ?? 'platform', account })
    },
    show: showAdmin,
    async list(tx, scope, page) {
      return listAdmins(tx, (await parentClient(tx, scope)).id, page)
    },
    find: getAdmin,
    async create(tx, scope, fields) {
      const client = await parentClient(tx, scope)
      const values = complete(fields, scope.prepared)
      requireNoMore(scope.identity, values)
      return insertAdmin(tx, { id: newId(scope.now), clientId: client.id, ...values })
    },
    patch: {
      fieldsOf: adminFieldsOf,
      asides: PasswordProof,
      async update(tx, { identity, now, prepared }, row, fields) {
        const values = complete(fields, prepared ?? row.passwordHash)
        requireNoMore(identity, row)
        requireNoMore(identity, values)
        if (prepared !== null || values.suspended) await endLogins(tx, row.id, { ...identity, now })
        return updateAdmin(tx, { id: row.id, now, ...values })
      },
    },
    async remove(tx, { identity }, row) {
      requireNoMore(identity, row)
      await deleteAdmin(tx, row.id)
    },
  })
  rightsRoutes(app, context, sessions)
}

function rightsRoutes(app: FastifyInstance, context: ApiContext, sessions: Sessions): void {
  const params = Type.Object({ clientId: PathId, id: PathId })
  const Table = closed({ data: Type.Array(RightRow, { maxItems: 100 }) })
  const getRow = async (tx: Tx, scope: Scope, id: string, lock: 'none' | 'update') => {
    const row = await getAdmin(tx, scope, id, lock)
    if (!row) throw new NotFound(noun, id)
    return row
  }
  app.get(
    `${path}/:id/rights`,
    { schema: { tags: [tag], summary: 'What an admin may do', params, response: { 200: Table } } },
    async (request, reply) => {
      const row = await read(context, request, (tx) =>
        getRow(tx, scopeOf(request), idOf(request, noun), 'none'),
      )
      reply.header('etag', entityTag(row.revision))
      return { data: rightsTable(row) }
    },
  )
  app.put(
    `${path}/:id/rights`,
    {
      schema: {
        tags: [tag],
        summary: 'Restrict an admin to these rights',
        description: 'Resources that are not listed are refused.',
        params,
        body: Table,
        response: { 200: Table },
      },
    },
    async (request, reply) => {
      const rights = rightsOfTable((request.body as { data: RightRow[] }).data)
      const identity = identityOf(request)
      const changed = await write(
        context,
        request,
        async (tx) => {
          const row = await getRow(tx, scopeOf(request), idOf(request, noun), 'update')
          checkIfMatch(request.headers['if-match'], row.revision)
          requireNoMore(identity, row)
          requireNoMore(identity, { restricted: true, rights })
          return updateAdmin(tx, { ...row, restricted: true, rights, now: Date.now() })
        },
        'nothing-in-memory',
      )
      sessions.forgetAll()
      reply.header('etag', entityTag(changed.revision))
      return { data: rightsTable(changed) }
    },
  )
}

async function getAdmin(tx: Tx, scope: Scope, id: string, lock: 'none' | 'update') {
  return findAdmin(tx, { clientId: (await parentClient(tx, scope)).id, id }, lock)
}

function complete(fields: AdminFields, passwordHash: string | null): AdminValues & { rights: Rights } {
  const rights: Rights = fields.rights ?? {}
  checkRights(rights)
  return {
    username: fields.username.toLowerCase(),
    name: fields.name ?? fields.username,
    email: fields.email ?? null,
    passwordHash,
    suspended: fields.suspended ?? false,
    restricted: fields.restricted ?? false,
    rights,
  }
}

/** Whoever changes the own password proves to know the old one; resetting another's takes a right alone. */
async function checkPasswordChange(
  sessions: Sessions,
  body: Readonly<Record<string, unknown>>,
  { identity, parents, address, now }: Scope,
  id: string | null,
): Promise<void> {
  if (body.password === null) {
    refuse('/password', 'cannot be taken away: suspend the admin', 'A password is replaced, never removed.')
  }
  const { session, clientId } = identity
  const isOwn = session !== null && session.adminId === id && clientId === parents.clientId
  const { currentPassword } = body
  if (!isOwn || body.password === undefined) {
    if (currentPassword == null) return
    refuse(
      '/currentPassword',
      'is only accepted with a new password of your own',
      'currentPassword is only accepted with a new password of your own.',
    )
  }
  if (typeof currentPassword !== 'string') {
    refuse('/currentPassword', 'is required', 'To change your own password, send the current one too.')
  }
  await sessions.confirmPassword(session.adminId, currentPassword, { address, now })
}

function refuse(pointer: string, detail: string, sentence: string): never {
  throw new InvalidRequest(sentence, [{ pointer, detail }])
}

/** Nobody makes, changes or removes an admin who has more rights. */
function requireNoMore(identity: Identity, admin: { restricted: boolean; rights: unknown }): void {
  if (canDelegate(identity, admin.restricted ? readRights(admin.rights) : null)) return
  throw new Forbidden('This admin has, or would get, rights that you do not have.')
}
