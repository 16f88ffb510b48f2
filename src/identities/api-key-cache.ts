/**
 * Whose API key is this?
 *
 * A revoked key stops at once on the replica that revoked it and within a second on the others
 * (`ttl-cache.ts`). Last uses are gathered and written every few seconds.
 */
import { timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Db } from '../db/connection.ts'
import { findApiKeyByDigest, noteLastUses } from '../db/identities/api-keys.ts'
import { digestKey } from './api-key.ts'
import { type Identity, type Role, roles } from './identity.ts'
import { TtlCache } from './ttl-cache.ts'

export interface ApiKeyCache {
  /** Undefined: not a valid key. Throws when a key never seen cannot be looked up. */
  recognize(key: string): Promise<Identity | undefined>
  /** The same where the key was asked about a moment ago; undefined: ask `recognize`. */
  recall(key: string): Identity | undefined
  /** The key of the environment, or one seen before: known without asking PostgreSQL. */
  isKnown(key: string): boolean
  forget(digest: string): void
  close(): Promise<void>
}

interface KnownKey {
  digest: string
  /** The key of the environment. */
  isBootstrap: boolean
}

/** Of keys whose digests are remembered. */
const maxRememberedCharacters = 1_000_000

export function openApiKeyCache(options: {
  db: Db
  bootstrapKey: string | null
  /** Milliseconds between two writes of last uses. */
  flushMs?: number
}): ApiKeyCache {
  const bootstrapDigest =
    options.bootstrapKey === null ? null : Buffer.from(digestKey(options.bootstrapKey), 'hex')
  const isBootstrap = (digest: string) =>
    bootstrapDigest !== null && timingSafeEqual(Buffer.from(digest, 'hex'), bootstrapDigest)
  const uses = new Map<string, number>()
  const memory = new TtlCache<Identity>(async (digest) => {
    const row = await findApiKeyByDigest(options.db, digest)
    if (!row || row.revokedAt !== null) return undefined
    return readIdentity(row)
  })

  async function flush(): Promise<void> {
    if (uses.size === 0) return
    const batch = [...uses].map(([id, at]) => ({ id, at }))
    uses.clear()
    await noteLastUses(options.db, batch)
  }
  // A missed note of a last use is no fault worth a word: the next use notes it again.
  const timer = setInterval(() => void flush().catch(() => {}), options.flushMs ?? 5000)
  timer.unref()

  /** Hashing and comparing the same key for each request would cost as much as finding its rate. */
  const keys = new LRUCache<string, KnownKey>({
    maxSize: maxRememberedCharacters,
    sizeCalculation: (_known, key) => key.length,
    memoMethod: (key) => {
      const digest = digestKey(key)
      return { digest, isBootstrap: isBootstrap(digest) }
    },
  })
  const use = (held: Identity | undefined, now: number): Identity | undefined => {
    if (!held || (held.expiresAt !== null && held.expiresAt <= now)) return undefined
    if (held.keyId !== null) uses.set(held.keyId, now)
    return held
  }

  return {
    async recognize(key) {
      const known = keys.memo(key)
      if (known.isBootstrap) return bootstrap
      const now = Date.now()
      return use(await memory.find(known.digest, now), now)
    },
    recall(key) {
      const known = keys.get(key)
      if (!known) return undefined
      if (known.isBootstrap) return bootstrap
      const now = Date.now()
      return use(memory.recall(known.digest, now), now)
    },
    isKnown(key) {
      const known = keys.memo(key)
      return known.isBootstrap || memory.isKnown(known.digest)
    },
    forget: (digest) => memory.forget(digest),
    async close() {
      clearInterval(timer)
      await flush().catch(() => {})
    },
  }
}

const bootstrap: Identity = {
  role: 'platform',
  brandId: null,
  clientId: null,
  keyId: null,
  expiresAt: null,
  countedAs: 'bootstrap key',
  actor: 'bootstrap key',
  scopes: null,
  rights: null,
  session: null,
}

function readIdentity(row: {
  id: string
  name: string
  role: string
  brandId: string | null
  clientId: string | null
  scopes: string[] | null
  expiresAt: number | null
}): Identity {
  const role = roles.find((known): known is Role => known === row.role)
  if (!role) throw new Error(`API key ${row.id} has the unknown role "${row.role}"`)
  return {
    role,
    brandId: row.brandId,
    clientId: row.clientId,
    keyId: row.id,
    expiresAt: row.expiresAt,
    countedAs: row.id,
    actor: `key:${row.name} (${row.id})`,
    scopes: row.scopes,
    rights: null,
    session: null,
  }
}
