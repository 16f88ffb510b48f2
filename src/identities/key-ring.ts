/**
 * Whose key is this? Answers from memory for a second, then asks PostgreSQL again.
 *
 * A revoked key stops at once on the replica that revoked it and within a second on the others. While
 * PostgreSQL does not answer, a key known before goes on: authorizations must not die with the database.
 * Last uses are gathered and written every few seconds.
 */
import { timingSafeEqual } from 'node:crypto'
import { findApiKeyByDigest, noteLastUses } from '../db/api-keys.ts'
import type { Db } from '../db/connection.ts'
import { digestOf } from './api-key.ts'
import { type Identity, type Role, roles } from './identity.ts'

interface Remembered {
  /** undefined: no such key, or no longer. */
  identity: Identity | undefined
  expiresAt: number | null
  /** When PostgreSQL said so; epoch milliseconds. */
  checkedAt: number
}

const rememberedMs = 1000
/** Wrong keys are remembered too, so a flood of one does not reach PostgreSQL; many different ones push out the oldest. */
const mostRemembered = 10_000

export interface KeyRing {
  /** Undefined: not a valid key. Throws when a key never seen cannot be looked up. */
  recognize(key: string): Promise<Identity | undefined>
  forget(digest: string): void
  close(): Promise<void>
}

export function openKeyRing(options: {
  db: Db
  bootstrapKey: string | null
  /** Milliseconds between two writes of last uses. */
  flushMs?: number
}): KeyRing {
  const bootstrapDigest =
    options.bootstrapKey === null ? null : Buffer.from(digestOf(options.bootstrapKey), 'hex')
  const remembered = new Map<string, Remembered>()
  const underWay = new Map<string, Promise<Remembered>>()
  const uses = new Map<string, number>()

  async function flush(): Promise<void> {
    if (uses.size === 0) return
    const batch = [...uses].map(([id, at]) => ({ id, at }))
    uses.clear()
    await noteLastUses(options.db, batch)
  }
  // A missed note of a last use is no fault worth a word: the next use notes it again.
  const timer = setInterval(() => void flush().catch(() => {}), options.flushMs ?? 5000)
  timer.unref()

  async function lookUp(digest: string): Promise<Remembered> {
    const row = await findApiKeyByDigest(options.db, digest)
    const found: Remembered = {
      identity: row && row.revokedAt === null ? readIdentity(row) : undefined,
      expiresAt: row?.expiresAt ?? null,
      checkedAt: Date.now(),
    }
    if (remembered.size >= mostRemembered) {
      const oldest = remembered.keys().next().value
      if (oldest !== undefined) remembered.delete(oldest)
    }
    remembered.delete(digest)
    remembered.set(digest, found)
    return found
  }

  function lookUpOnce(digest: string): Promise<Remembered> {
    const running = underWay.get(digest)
    if (running) return running
    const started = lookUp(digest).finally(() => underWay.delete(digest))
    underWay.set(digest, started)
    return started
  }

  return {
    async recognize(key) {
      const digest = digestOf(key)
      if (bootstrapDigest && timingSafeEqual(Buffer.from(digest, 'hex'), bootstrapDigest)) return bootstrap
      const now = Date.now()
      const known = remembered.get(digest)
      let current = known
      if (!known || now - known.checkedAt >= rememberedMs) {
        try {
          current = await lookUpOnce(digest)
        } catch (error) {
          if (!known) throw error
        }
      }
      if (!current?.identity) return undefined
      if (current.expiresAt !== null && current.expiresAt <= now) return undefined
      if (current.identity.keyId !== null) uses.set(current.identity.keyId, now)
      return current.identity
    },
    forget(digest) {
      remembered.delete(digest)
    },
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
  actor: 'bootstrap key',
  scopes: null,
}

function readIdentity(row: {
  id: string
  name: string
  role: string
  brandId: string | null
  clientId: string | null
  scopes: string[] | null
}): Identity {
  const role = roles.find((known): known is Role => known === row.role)
  if (!role) throw new Error(`API key ${row.id} has the unknown role "${row.role}"`)
  return {
    role,
    brandId: row.brandId,
    clientId: row.clientId,
    keyId: row.id,
    actor: `key:${row.name} (${row.id})`,
    scopes: row.scopes,
  }
}
