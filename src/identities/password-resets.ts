/**
 * How does somebody who forgot the password get a new one? By a link in a mail to the address of the account.
 *
 * Asking answers the same whoever exists, and writes one mail per account and quarter of an hour. The link's secret is
 * made as the mail leaves (`password-reset-tokens.ts`). A new password ends every login of the account.
 */
import type { Db } from '../db/connection.ts'
import { type AdminRow, findAdminById } from '../db/identities/admins.ts'
import { readJson } from '../db/json-column.ts'
import { asTenant, platformTenant } from '../db/tenant.ts'
import { isResetToken, readResetSubject, resetTokenMs, signResetToken } from './password-reset-tokens.ts'
import { type AccountName, findNamed } from './sessions.ts'
import { SigningKeys } from './signing-keys.ts'

const quarterMs = 900_000

export interface ResetRequest {
  /** One mail per source. */
  source: string
  admin: AdminRow
  recipient: string
  expiresAt: number
}

/** Undefined: there is no such account, or nowhere to write to. `db`: the API's pool. */
export async function findResetRequest(
  db: Db,
  name: AccountName,
  now: number,
): Promise<ResetRequest | undefined> {
  const { admin } = await asTenant(db, platformTenant, (tx) => findNamed(tx, name))
  const recipient = admin?.email ?? (admin?.username.includes('@') ? admin.username : null)
  if (!admin || admin.suspended || recipient === null) return undefined
  const quarter = Math.floor(now / quarterMs)
  return { source: `${admin.id}:${quarter}`, admin, recipient, expiresAt: now + resetTokenMs }
}

/** Whose password the token may set; undefined where it is not good, or not any more. */
export async function findAdminOfToken(
  db: Db,
  keys: SigningKeys,
  { token, now }: { token: string; now: number },
): Promise<AdminRow | undefined> {
  const id = readResetSubject(token)
  if (id === undefined) return undefined
  const admin = await asTenant(db, platformTenant, (tx) => findAdminById(tx, id))
  if (!admin || admin.suspended) return undefined
  return (await isResetToken(keys, { token, admin, now })) ? admin : undefined
}

/**
 * What a mail about a forgotten password carries when it leaves; null: it comes too late.
 * `origin`: what the address of a page begins with, as in `https://billing.example.com`.
 */
export function openResetFacts({ db, origin }: { db: Db; origin: () => string }) {
  const keys = new SigningKeys(db)
  return async (mail: { content: unknown }): Promise<Record<string, unknown> | null> => {
    const { adminId, expiresAt } = readJson<{ adminId: string; expiresAt: string }>(mail.content as string)
    const admin = await asTenant(db, platformTenant, (tx) => findAdminById(tx, adminId))
    const now = Date.now()
    const endsAt = Date.parse(expiresAt)
    if (!admin || admin.suspended || endsAt <= now) return null
    const token = await signResetToken(keys, { admin, expiresAt: endsAt, now })
    const place = admin.clientId === null ? 'console' : 'portal'
    // Behind #: no server's log, no Referer ever has it.
    return { link: `${origin()}/${place}/new-password#${token}` }
  }
}
