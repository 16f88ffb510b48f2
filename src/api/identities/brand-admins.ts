/**
 * `/v1/brands/{id}/admins`: people of a brand who use the console, each with a role (`identities/brand-role.ts`).
 */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { findBrand } from '../../db/clients/brands.ts'
import { instantText } from '../../db/columns.ts'
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
import { brandRoles } from '../../identities/brand-role.ts'
import { canDelegate } from '../../identities/can-delegate.ts'
import { endLogins } from '../../identities/end-logins.ts'
import type { Identity } from '../../identities/identity.ts'
import { findOwnerId, type Sessions } from '../../identities/sessions.ts'
import { closed, Instant, nullable, oneOf, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import { listBrandRoleRights } from '../brand-role-rights.ts'
import type { ApiContext } from '../context.ts'
import { readId, type Scope } from '../conventions/request-scope.ts'
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
import { AdminFields, PasswordProof } from './admin-fields.ts'
import { checkPasswordChange, hashSent } from './admin-passwords.ts'

const path = '/v1/brands/:brandId/admins'
const { username, name, email, password, suspended } = AdminFields.properties
const BrandAdminFields = closed({
  username: Type.Unsafe<string>({
    ...username,
    description: 'Unique within the brand in any case of letters.',
  }),
  name,
  email,
  password,
  suspended,
  role: oneOf(
    brandRoles,
    'owner: all; operator: all but admins, keys and the brand itself; finance: reads, and writes invoices and movements; viewer: reads.',
  ),
})
type BrandAdminFields = Static<typeof BrandAdminFields>

const { password: _writeOnly, ...shownFields } = BrandAdminFields.properties
export const BrandAdminShown = closed({
  id: Uuid,
  brandId: Uuid,
  ...Type.Required(Type.Object(shownFields)).properties,
  email: nullable(Type.String()),
  hasPassword: Type.Boolean(),
  lastLoginAt: nullable(Instant),
  createdAt: Instant,
  updatedAt: Instant,
})

export function brandAdminRoutes(app: Api, context: ApiContext, sessions: Sessions): void {
  const admins: Kept<AdminRow, typeof BrandAdminFields> = {
    noun: 'brand admin',
    path,
    tag: 'Identities',
    fields: BrandAdminFields,
    shown: BrandAdminShown,
    sorts: true,
    configures: false,
    show: showBrandAdmin,
    async list(tx, scope, page) {
      return listAdmins(tx, { brandId: await parentBrandId(tx, scope) }, page)
    },
    async find(tx, scope, id, lock) {
      return findAdmin(tx, { owner: { brandId: await parentBrandId(tx, scope) }, id }, lock)
    },
  }
  readRoutes(app, context, admins)
  app.post(path, { schema: createSchema(admins) }, async (request, reply) => {
    // Hashing is slow: no transaction waits for it.
    const passwordHash = await hashSent(request, request.body.password)
    return answerCreated(context, admins, { request, reply }, async (tx, scope) => {
      const brandId = await parentBrandId(tx, scope)
      const values = complete(request.body, passwordHash)
      requireNoMore(scope.identity, values)
      return insertAdmin(tx, { id: newId(scope.now), owner: { brandId }, ...values })
    })
  })
  app.patch(`${path}/:id`, { schema: patchSchema(admins, PasswordProof) }, async (request, reply) => {
    const { currentPassword, ...sent } = request.body
    const id = readId(request, admins.noun)
    await checkPasswordChange(sessions, request, { id, currentPassword, password: sent.password })
    const newHash = await hashSent(request, sent.password)
    const shown = await answerPatched(
      context,
      admins,
      { request, reply },
      {
        sent,
        toFields: readFields,
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
  app.delete(`${path}/:id`, { schema: removeSchema(admins) }, async (request: FastifyRequest, reply) => {
    await answerRemoved(context, admins, { request, reply }, async (tx, { identity }, row) => {
      requireNoMore(identity, row)
      await deleteAdmin(tx, row.id)
    })
    sessions.forgetAll()
    return null
  })
}

/** Another tenant's does not exist. */
async function parentBrandId(tx: Tx, { parents }: Pick<Scope, 'parents'>): Promise<string> {
  const brandId = parents.brandId ?? ''
  if (!(await findBrand(tx, brandId, 'none'))) throw new NotFound('brand', brandId)
  return brandId
}

function complete(fields: BrandAdminFields, passwordHash: string | null): AdminValues {
  return {
    username: fields.username.toLowerCase(),
    name: fields.name ?? fields.username,
    email: fields.email ?? null,
    passwordHash,
    suspended: fields.suspended ?? false,
    restricted: false,
    rights: {},
    role: fields.role,
  }
}

/** Nobody makes, changes or removes an admin who has more rights. */
function requireNoMore(identity: Identity, { role }: Pick<AdminRow, 'role'>): void {
  if (role !== null && canDelegate(identity, listBrandRoleRights(role))) return
  throw new Forbidden('This admin has, or would get, rights that you do not have.')
}

function readFields({ username, name, email, suspended, role }: AdminRow) {
  if (role === null) throw new Error('an admin of a brand has no role')
  return { username, name, email, suspended, role }
}

export function showBrandAdmin(row: AdminRow) {
  return {
    id: row.id,
    brandId: findOwnerId(row),
    ...readFields(row),
    hasPassword: row.passwordHash !== null,
    lastLoginAt: row.lastLoginAt === null ? null : instantText(row.lastLoginAt),
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  }
}
