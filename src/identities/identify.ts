/**
 * Who sends this token? An API key, an access token or a page of our own, or a token of an issuer that the operator trusts.
 *
 * A JWT and the token of a page are told by their form; everything else is looked up as a key. `undefined` for all that is not good.
 */
import type { Db } from '../db/connection.ts'
import { digestKey } from './api-key.ts'
import { type ApiKeyCache, openApiKeyCache } from './api-key-cache.ts'
import type { BrandRole } from './brand-role.ts'
import type { Identity } from './identity.ts'
import type { Rights } from './rights.ts'
import { isPageToken, Sessions } from './sessions.ts'
import { type TrustedIssuer, TrustedIssuers } from './trusted-issuers.ts'

export interface Identities {
  apiKeyCache: ApiKeyCache
  sessions: Sessions
  identify(token: string): Promise<Identity | undefined>
  /** The same for an API key that was asked about a moment ago; undefined: ask `identify`. */
  recall(token: string): Identity | undefined
  /** Known without asking anybody. */
  isKnown(token: string): boolean
  close(): Promise<void>
}

const sweepEveryMs = 600_000
const maxTokens = 10_000
const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/

/** Tokens that were good once, the latest ones: their senders are not held up by what neighbours send. */
class SeenTokens {
  readonly #digests = new Set<string>()

  add(token: string): void {
    const [oldest] = this.#digests
    if (this.#digests.size >= maxTokens && oldest !== undefined) this.#digests.delete(oldest)
    this.#digests.add(digestKey(token))
  }

  has(token: string): boolean {
    return this.#digests.has(digestKey(token))
  }
}

/** `db`: the API's pool. */
export function openIdentities(options: {
  db: Db
  bootstrapKey: string | null
  issuers: readonly TrustedIssuer[]
  /** What a role of a brand's admins may do; null: all that the brand may. */
  listBrandRoleRights: (role: BrandRole) => Rights | null
}): Identities {
  const apiKeyCache = openApiKeyCache(options)
  const sessions = new Sessions(options.db, options.listBrandRoleRights)
  const issuers = new TrustedIssuers(options.issuers)
  const goodTokens = new SeenTokens()
  // What is missed goes with the next one.
  const sweep = setInterval(() => void sessions.removeOld(Date.now()).catch(() => {}), sweepEveryMs).unref()
  return {
    apiKeyCache,
    sessions,
    recall: (token) => apiKeyCache.recall(token),
    async identify(token) {
      const now = Date.now()
      const isPage = isPageToken(token)
      if (!isPage && (!jwt.test(token) || apiKeyCache.isKnown(token))) return apiKeyCache.recognize(token)
      const found = isPage
        ? await sessions.recognizePage(token, now)
        : ((await sessions.recognize(token, now)) ?? (await issuers.recognize(token, now)))
      if (found) goodTokens.add(token)
      return found
    },
    isKnown: (token) => apiKeyCache.isKnown(token) || goodTokens.has(token),
    close: () => {
      clearInterval(sweep)
      return apiKeyCache.close()
    },
  }
}
