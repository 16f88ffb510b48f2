/**
 * `/v1/clients/{id}/admins`: people of a client who use the portal, and what each may do, also as a table.
 */
import Type from 'typebox'
import type { Tx } from '../../db/connection.ts'
import {
  type AdminRow,
  type AdminValues,
  deleteAdmin,
  findAdmin,
  insertAdmin,
  listAdmins,
  updateAdmin,
} from '../../db/identities/admins.ts'
import { Forbidden, NotFound } from '../../errors.ts'
import { canDelegate } from '../../identities/can-delegate.ts'
import { endLogins } from '../../identities/end-logins.ts'
import type { Identity } from '../../identities/identity.ts'
import { readRights } from '../../identities/read-rights.ts'
import type { Rights } from '../../identities/rights.ts'
import type { Sessions } from '../../identities/sessions.ts'
import { closed, PathId } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import { listRights } from '../access.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { checkIfMatch, entityTag } from '../conventions/entity-tag.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { readId, readScope, type Scope } from '../conventions/request-scope.ts'
import {
  answerCreated,
  answerPatched,
  answerRemoved,
  createSchema,
  type Kept,
  patchSchema,
  readRoutes,
  removeSchema,
} from '../conventions/resource.ts'
import { read, write } from '../conventions/run-as-tenant.ts'
import {
  AdminFields,
  AdminShown,
  checkRights,
  PasswordProof,
  RightRow,
  readRightRows,
  rightsTable,
  showAdmin,
  toAdminFields,
} from './admin-fields.ts'
import { checkPasswordChange, hashSent } from './admin-passwords.ts'

const noun = 'admin'
const tag = 'Identities'
const path = '/v1/clients/:clientId/admins'

export function adminRoutes(app: Api, context: ApiContext, sessions: Sessions): void {
  const admins: Kept<AdminRow, typeof AdminFields> = {
    noun,
    path,
    tag,
    fields: AdminFields,
    shown: AdminShown,
    sorts: true,
    configures: false,
    show: showAdmin,
    async list(tx, scope, page) {
      return listAdmins(tx, { clientId: (await parentClient(tx, scope)).id }, page)
    },
    find: getAdmin,
  }
  readRoutes(app, context, admins)
  app.post(path, { schema: createSchema(admins) }, async (request, reply) => {
    // Hashing is slow: no transaction waits for it.
    const passwordHash = await hashSent(request, request.body.password)
    return answerCreated(context, admins, { request, reply }, async (tx, scope) => {
      const client = await parentClient(tx, scope)
      const values = complete(request.body, passwordHash)
      requireNoMore(scope.identity, values)
      return insertAdmin(tx, { id: newId(scope.now), owner: { clientId: client.id }, ...values })
    })
  })
  app.patch(`${path}/:id`, { schema: patchSchema(admins, PasswordProof) }, async (request, reply) => {
    const { currentPassword, ...sent } = request.body
    const id = readId(request, noun)
    await checkPasswordChange(sessions, request, { id, currentPassword, password: sent.password })
    const newHash = await hashSent(request, sent.password)
    const shown = await answerPatched(
      context,
      admins,
      { request, reply },
      {
        sent,
        toFields: toAdminFields,
        async update(tx, { identity, now }, row, fields) {
          const values = complete(fields, newHash ?? row.passwordHash)
          requireNoMore(identity, row)
          requireNoMore(identity, values)
          if (newHash !== null || values.suspended) await endLogins(tx, row.id, { ...identity, now })
          return updateAdmin(tx, { id: row.id, now, ...values })
        },
      },
    )
    sessions.forgetAll()
    return shown
  })
  app.delete(`${path}/:id`, { schema: removeSchema(admins) }, async (request, reply) => {
    await answerRemoved(context, admins, { request, reply }, async (tx, { identity }, row) => {
      requireNoMore(identity, row)
      await deleteAdmin(tx, row.id)
    })
    sessions.forgetAll()
    return null
  })
  rightsRoutes(app, context, sessions)
}

function rightsRoutes(app: Api, context: ApiContext, sessions: Sessions): void {
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
        getRow(tx, readScope(request), readId(request, noun), 'none'),
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
      const rights = readRightRows(request.body.data)
      const identity = requireIdentity(request)
      const changed = await write(
        context,
        request,
        async (tx) => {
          const row = await getRow(tx, readScope(request), readId(request, noun), 'update')
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
  const client = await parentClient(tx, scope)
  return findAdmin(tx, { owner: { clientId: client.id }, id }, lock)
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
    role: null,
  }
}

/** Nobody makes, changes or removes an admin who has more rights. */
function requireNoMore(identity: Identity, admin: { restricted: boolean; rights: unknown }): void {
  const rights = admin.restricted ? readRights(admin.rights) : null
  // To one who runs a brand with limited rights, an admin without limits is one with all rights of a client's.
  const isOfBrand = identity.role === 'brand' && identity.rights !== null
  const asked = rights ?? (isOfBrand ? Object.fromEntries(listRights('client')) : null)
  if (canDelegate(identity, asked)) return
  throw new Forbidden('This admin has, or would get, rights that you do not have.')
}
