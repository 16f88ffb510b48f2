/**
 * What is a client's admin in JSON, and which rights can it be given?
 *
 * A right is a letter of "crud" for a resource; the resources and letters are those that the role `client` can
 * use at all (`access.ts`).
 */
import Type, { type Static } from 'typebox'
import { instantText } from '../../db/columns.ts'
import type { AdminRow } from '../../db/identities/admins.ts'
import { readRights } from '../../identities/read-rights.ts'
import type { Rights } from '../../identities/rights.ts'
import { findOwnerId } from '../../identities/sessions.ts'
import { escapePointer } from '../../shapes/describe-faults.ts'
import { closed, Email, Instant, Name, nullable, Uuid } from '../../shapes/fields.ts'
import { listRights } from '../access.ts'
import { Faults } from '../conventions/known-values.ts'

const Letters = Type.String({
  pattern: '^c?r?u?d?$',
  description: 'Of create, read, update, delete; in this order.',
  examples: ['cr'],
})

const oldPasswordShape = { minLength: 1, maxLength: 256, writeOnly: true }
const passwordShape = { minLength: 10, maxLength: 256, writeOnly: true, examples: ['correct horse battery'] }
export const NewPassword = Type.String({
  ...passwordShape,
  description: 'Never shown again. Ends the other logins of the admin.',
})
/** A stolen login must not become a password of the thief's. */
export const CurrentPassword = Type.String({ ...oldPasswordShape, description: 'The password until now.' })

export const AdminFields = closed({
  username: Type.String({
    pattern: '^[^\\s\\p{Cc}]{1,254}$',
    description: 'Unique within the client in any case of letters; may be a mail address.',
    examples: ['ana@acme.example.com'],
  }),
  name: Type.Optional(Name),
  email: Type.Optional(nullable(Email)),
  password: Type.Optional(
    Type.String({
      ...passwordShape,
      description: 'Never shown again. Without one the admin cannot log in. A new one ends the logins.',
    }),
  ),
  suspended: Type.Optional(Type.Boolean({ description: 'Cannot log in, and is logged out.' })),
  restricted: Type.Optional(Type.Boolean({ description: 'Whether `rights` limits this admin.' })),
  rights: Type.Optional(
    Type.Record(Type.String({ maxLength: 40 }), Letters, {
      description: 'Resource → letters; what is not named is refused. Counts where `restricted` is true.',
      examples: [{ calls: 'r', balance: 'r' }],
    }),
  ),
})
export type AdminFields = Static<typeof AdminFields>

/** What `CurrentPassword` is in a patch, where most changes ask for none. */
export const PasswordProof = Type.Object({
  currentPassword: Type.Optional(
    Type.String({
      ...oldPasswordShape,
      description: 'Who changes the password of the account that is logged in says the old one, too.',
    }),
  ),
})

const { password: _writeOnly, ...shownFields } = AdminFields.properties
export const AdminShown = closed({
  id: Uuid,
  clientId: Uuid,
  ...Type.Required(Type.Object(shownFields)).properties,
  hasPassword: Type.Boolean(),
  lastLoginAt: nullable(Instant),
  createdAt: Instant,
  updatedAt: Instant,
})

export const RightRow = closed({
  resource: Type.String(),
  create: Type.Boolean(),
  read: Type.Boolean(),
  update: Type.Boolean(),
  delete: Type.Boolean(),
})
export type RightRow = Static<typeof RightRow>

const columns = { c: 'create', r: 'read', u: 'update', d: 'delete' } as const
const letters = ['c', 'r', 'u', 'd'] as const

/** What an admin may do, a row per resource; without restriction all that the role may. */
export function rightsTable(row: AdminRow): RightRow[] {
  const rights = readRights(row.rights)
  return [...listRights('client')].map(([resource, possible]) => {
    const given = row.restricted ? (rights[resource] ?? '') : possible
    const has = (letter: string) => given.includes(letter) && possible.includes(letter)
    return { resource, create: has('c'), read: has('r'), update: has('u'), delete: has('d') }
  })
}

/** Throws `InvalidRequest` where a row names a resource or a right that no admin can have. */
export function readRightRows(rows: readonly RightRow[]): Rights {
  const rights: Record<string, string> = {}
  const faults = new Faults()
  const possible = listRights('client')
  for (const [i, row] of rows.entries()) {
    const given = letters.filter((letter) => row[columns[letter]])
    const can = [...possible].find(([resource]) => resource === row.resource)?.[1]
    if (can === undefined) faults.add(`/data/${i}/resource`, 'is not a resource of admins')
    else if (row.resource in rights) faults.add(`/data/${i}/resource`, 'stands here twice')
    for (const letter of given) {
      if (can !== undefined && !can.includes(letter))
        faults.add(`/data/${i}/${columns[letter]}`, 'cannot be given')
    }
    if (can !== undefined) rights[row.resource] = given.join('')
  }
  faults.throwIfAny()
  return rights
}

/** The same for the short form. */
export function checkRights(rights: Rights): void {
  const faults = new Faults()
  const possible = new Map<string, string>(listRights('client'))
  for (const [resource, given] of Object.entries(rights)) {
    const can = possible.get(resource)
    const pointer = `/rights/${escapePointer(resource)}`
    if (can === undefined) faults.add(pointer, 'is not a resource of admins')
    else if ([...given].some((letter) => !can.includes(letter)))
      faults.add(pointer, `can be given letters of "${can}"`)
  }
  faults.throwIfAny()
}

export function toAdminFields(row: AdminRow) {
  const { username, name, email, suspended, restricted, rights } = row
  return { username, name, email, suspended, restricted, rights: readRights(rights) }
}

export function showAdmin(row: AdminRow) {
  return {
    id: row.id,
    clientId: findOwnerId(row),
    ...toAdminFields(row),
    hasPassword: row.passwordHash !== null,
    lastLoginAt: row.lastLoginAt === null ? null : instantText(row.lastLoginAt),
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  }
}
