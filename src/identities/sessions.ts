/**
 * How does an admin log in, stay logged in and log out?
 *
 * A login gives an access token for 15 minutes and a refresh token for 14 days; each refresh gives both anew
 * and ends the old ones. A refresh token that comes a second time was copied: the session ends for both who hold
 * it. PostgreSQL keeps digests of both secrets. Wrong names and wrong passwords get one answer in the same time.
 */
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Db, Tx } from '../db/connection.ts'
import {
  type AdminRow,
  findAdminById,
  findAdminByName,
  type NamedOwner,
  noteLogin,
} from '../db/identities/admins.ts'
import {
  type CachedSession,
  findSessionBySecret,
  insertSession,
  lockSession,
  removeEndedSessions,
  renewSession,
  revokeSession,
} from '../db/identities/sessions.ts'
import { asTenant, platformTenant } from '../db/tenant.ts'
import { Unauthenticated, Unprocessable } from '../errors.ts'
import { Quota } from '../quotas/quota.ts'
import { isUuid } from '../uuid.ts'
import { accessTokenSeconds, readAccessToken, signAccessToken } from './access-tokens.ts'
import type { BrandRole } from './brand-role.ts'
import type { Identity } from './identity.ts'
import { LoginGuard, type LoginTry } from './login-guard.ts'
import { networkOf } from './network-of.ts'
import { isPassword } from './password.ts'
import { readRights } from './read-rights.ts'
import type { Rights } from './rights.ts'
import { SigningKeys } from './signing-keys.ts'
import { TtlCache } from './ttl-cache.ts'

const refreshTokenMs = 14 * 86_400_000
/** A working day: who left a page open logs in again the next morning. */
const pageSessionMs = 12 * 3_600_000
const pageTokenPrefix = 'tgs_'
const dayMs = 86_400_000
/** Under way at once, before anything is asked of PostgreSQL. */
const maxTriesOfNetwork = 25

export interface Tokens {
  accessToken: string
  /** Seconds. */
  expiresIn: number
  refreshToken: string
  /** Epoch milliseconds. */
  refreshExpiresAt: number
  admin: AdminRow
}

/** The login of a page of the service, kept by the browser in a cookie that no script can read. */
export interface PageSession {
  token: string
  /** Epoch milliseconds. */
  expiresAt: number
}

/** Whose admin: of a client by its id or SIP domain, or of a brand by its id or name; in any case of letters. */
export type AccountName = ({ client: string } | { brand: string }) & { username: string }
export type Credentials = AccountName & { password: string }

export class Sessions {
  readonly #db: Db
  readonly #keys: SigningKeys
  readonly #memory: TtlCache<CachedSession>
  readonly #rightsOfRole: (role: BrandRole) => Rights | null
  readonly #guard = new LoginGuard()
  readonly #tries = new Quota({
    max: maxTriesOfNetwork,
    code: 'too_many_logins',
    what: 'log-ins',
    retryAfterSeconds: 5,
  })

  /** `db`: the API's pool. `rightsOfRole`: null for all that a brand may do. */
  constructor(db: Db, rightsOfRole: (role: BrandRole) => Rights | null) {
    this.#db = db
    this.#rightsOfRole = rightsOfRole
    this.#keys = new SigningKeys(db)
    this.#memory = new TtlCache((digest) =>
      asTenant(db, platformTenant, (tx) => findSessionBySecret(tx, digest)),
    )
  }

  /**
   * `address`: of the one who asks. Throws `Unauthenticated`, `TooManyRequests` while the account is locked for its
   * network, and `QuotaReached` where that has many log-ins under way.
   */
  open(credentials: Credentials, by: { address: string; now: number }): Promise<Tokens> {
    return this.#admit(credentials, by, async (tx, admin) => {
      const id = randomUUID()
      const secrets = makeSecrets(id, by.now)
      await insertSession(tx, { id, adminId: admin.id, ...secrets.stored })
      return this.#tokens(admin, secrets, by.now)
    })
  }

  /**
   * The same for a page of the service. Its token is good as it is until its end: several tabs share one cookie, so
   * that none may end it for the others by asking for a new one.
   */
  openPage(credentials: Credentials, by: { address: string; now: number }): Promise<PageSession> {
    return this.#admit(credentials, by, async (tx, admin) => {
      const id = randomUUID()
      const token = pageTokenPrefix + randomBytes(32).toString('base64url')
      const expiresAt = by.now + pageSessionMs
      await insertSession(tx, {
        id,
        adminId: admin.id,
        secretDigest: digestToken(token),
        // Of a token that nobody has: such a session is never refreshed.
        refreshDigest: digestToken(randomBytes(32).toString('base64url')),
        expiresAt,
      })
      return { token, expiresAt }
    })
  }

  async #admit<Login>(
    credentials: Credentials,
    { address, now }: { address: string; now: number },
    make: (tx: Tx, admin: AdminRow) => Promise<Login>,
  ): Promise<Login> {
    const endTry = this.#tries.take(networkOf(address))
    try {
      const { admin, tried } = await this.#check(credentials, address, now)
      return await asTenant(this.#db, { ...platformTenant, actor: nameActor(admin) }, async (tx) => {
        await this.#guard.forgive(tx, tried, now)
        await removeEndedSessions(tx, now - dayMs)
        await noteLogin(tx, admin.id, now)
        return make(tx, admin)
      })
    } finally {
      endTry()
    }
  }

  async #check(credentials: Credentials, address: string, now: number) {
    const { admin, tried } = await asTenant(this.#db, platformTenant, async (tx) => {
      const found = await findNamed(tx, credentials)
      const tried = { account: found.account, address }
      await this.#guard.count(tx, tried, now)
      return { admin: found.admin, tried }
    })
    const isRight = await isPassword(credentials.password, admin?.passwordHash ?? null, toAsker(tried))
    if (!admin || !isRight || admin.suspended) {
      throw new Unauthenticated(
        `${'client' in credentials ? 'Client' : 'Brand'}, username or password is wrong.`,
      )
    }
    return { admin, tried }
  }

  /**
   * Is it the password of the admin who is logged in? A wrong one counts like a failed login. Throws `Unprocessable`,
   * or `TooManyRequests` while the account is locked.
   */
  async confirmPassword(
    adminId: string,
    password: string,
    { address, now }: { address: string; now: number },
  ): Promise<void> {
    const { admin, tried } = await asTenant(this.#db, platformTenant, async (tx) => {
      const admin = await findAdminById(tx, adminId)
      const tried = { account: admin ? accountKey(findOwnerId(admin), admin.username) : adminId, address }
      await this.#guard.count(tx, tried, now)
      return { admin, tried }
    })
    if (!admin || !(await isPassword(password, admin.passwordHash, toAsker(tried)))) {
      throw new Unprocessable('wrong_password', 'The old password is another one.', [
        { pointer: '/currentPassword', detail: 'is not the current password' },
      ])
    }
    await asTenant(this.#db, platformTenant, (tx) => this.#guard.forgive(tx, tried, now))
  }

  /** What was counted for names long ago, whether anybody ever logs in again or not. */
  removeOld(now: number): Promise<void> {
    return asTenant(this.#db, platformTenant, (tx) => this.#guard.removeOld(tx, now))
  }

  /** Throws `Unauthenticated`. */
  async refresh(refreshToken: string, now: number): Promise<Tokens> {
    const id = readSessionId(refreshToken)
    if (id === undefined) throw new Unauthenticated('This refresh token is not valid.')
    const tokens = await asTenant(this.#db, platformTenant, async (tx) => {
      const held = await lockSession(tx, id)
      if (!held || !isGood(held, now)) return undefined
      if (!isEqualHex(digestToken(refreshToken), held.session.refreshDigest)) {
        await this.#end(tx, held.session, now)
        return undefined
      }
      const secrets = makeSecrets(id, now)
      await renewSession(tx, { id, ...secrets.stored })
      this.#memory.forget(held.session.secretDigest)
      return this.#tokens(held.admin, secrets, now)
    })
    if (!tokens) throw new Unauthenticated('This refresh token is not valid: log in again.')
    return tokens
  }

  /** Logs out: neither token is good any more. */
  async close(id: string, now: number): Promise<void> {
    await asTenant(this.#db, platformTenant, async (tx) => {
      const held = await lockSession(tx, id)
      if (held) await this.#end(tx, held.session, now)
    })
  }

  /** Whose access token is this? */
  async recognize(accessToken: string, now: number): Promise<Identity | undefined> {
    const secret = await readAccessToken(this.#keys, accessToken, now)
    return secret === undefined ? undefined : this.#recognizeSecret(secret, now)
  }

  /** Whose page is this? `token`: of its cookie. */
  recognizePage(token: string, now: number): Promise<Identity | undefined> {
    return this.#recognizeSecret(token, now)
  }

  async #recognizeSecret(secret: string, now: number): Promise<Identity | undefined> {
    const held = await this.#memory.find(digestToken(secret), now)
    return held && isGood(held, now) ? this.#toIdentity(held) : undefined
  }

  /** After a change of an admin or its sessions: the next request reads anew. */
  forgetAll(): void {
    this.#memory.forgetAll()
  }

  #toIdentity({ session, admin, brandId }: CachedSession): Identity {
    const ofBrand = admin.role === null ? undefined : this.#rightsOfRole(admin.role)
    const ofClient = admin.restricted ? readRights(admin.rights) : null
    return {
      role: ofBrand === undefined ? 'client' : 'brand',
      brandId,
      clientId: admin.clientId,
      keyId: null,
      expiresAt: null,
      countedAs: admin.id,
      actor: nameActor(admin),
      scopes: null,
      rights: ofBrand === undefined ? ofClient : ofBrand,
      session: { id: session.id, adminId: admin.id },
    }
  }

  async #end(tx: Tx, { id, secretDigest }: { id: string; secretDigest: string }, now: number): Promise<void> {
    await revokeSession(tx, id, now)
    this.#memory.forget(secretDigest)
  }

  async #tokens(admin: AdminRow, secrets: Secrets, now: number): Promise<Tokens> {
    return {
      accessToken: await signAccessToken(this.#keys, { adminId: admin.id, secret: secrets.access, now }),
      expiresIn: accessTokenSeconds,
      refreshToken: secrets.refresh,
      refreshExpiresAt: secrets.stored.expiresAt,
      admin,
    }
  }
}

/** The account that is meant, under one name however its client or brand is named, and its admin where there is one. */
export async function findNamed(tx: Tx, name: AccountName) {
  const username = name.username.toLowerCase()
  const { owner, named } = readOwner(name)
  const { ownerId, admin } = await findAdminByName(tx, { owner, username })
  return { account: accountKey(ownerId ?? named, username), admin }
}

export const isPageToken = (token: string): boolean => token.startsWith(pageTokenPrefix)

function readOwner(name: AccountName): { owner: NamedOwner; named: string } {
  if ('client' in name) {
    const named = name.client.toLowerCase()
    return { owner: { client: isUuid(named) ? { id: named } : { sipDomain: named } }, named }
  }
  const { brand } = name
  // A domain may be spelt as a brand is.
  return {
    owner: { brand: isUuid(brand) ? { id: brand } : { name: brand } },
    named: `brand ${brand.toLowerCase()}`,
  }
}

/** Of the client or brand that it belongs to. */
export function findOwnerId({ id, clientId, brandId }: AdminRow): string {
  const owner = clientId ?? brandId
  if (owner === null) throw new Error(`admin ${id} belongs to nobody`)
  return owner
}

const accountKey = (owner: string, username: string) => `${owner}\n${username}`
const toAsker = ({ account, address }: LoginTry) => ({ from: networkOf(address), account })

interface Secrets {
  access: string
  refresh: string
  stored: { secretDigest: string; refreshDigest: string; expiresAt: number }
}

function makeSecrets(sessionId: string, now: number): Secrets {
  const access = randomBytes(32).toString('base64url')
  const refresh = `tgr_${sessionId.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`
  return {
    access,
    refresh,
    stored: {
      secretDigest: digestToken(access),
      refreshDigest: digestToken(refresh),
      expiresAt: now + refreshTokenMs,
    },
  }
}

function readSessionId(refreshToken: string): string | undefined {
  const hex = /^tgr_([0-9a-f]{32})_[A-Za-z0-9_-]{43}$/.exec(refreshToken)?.[1]
  return hex?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function isGood({ session, admin }: CachedSession, now: number): boolean {
  return session.revokedAt === null && session.expiresAt > now && !admin.suspended
}

export const nameActor = ({ id, username }: AdminRow) => `admin:${username} (${id})`
const digestToken = (text: string) => createHash('sha256').update(text).digest('hex')

function isEqualHex(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
