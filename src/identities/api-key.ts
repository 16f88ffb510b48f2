/**
 * What is an API key? `tg_` and 43 characters of base64url: 256 random bits.
 *
 * It is shown once; PostgreSQL keeps its SHA-256 digest and its first characters, by which people tell keys
 * apart. A key of 256 random bits needs no slow hash: there is nothing to guess.
 */
import { createHash, randomBytes } from 'node:crypto'

export interface NewApiKey {
  /** The whole key. Never stored, never logged. */
  key: string
  prefix: string
  /** Hex. */
  digest: string
}

export function makeApiKey(): NewApiKey {
  const key = `tg_${randomBytes(32).toString('base64url')}`
  return { key, prefix: key.slice(0, 9), digest: digestKey(key) }
}

export function digestKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
