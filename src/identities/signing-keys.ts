/**
 * With which secret are our own tokens signed? One in PostgreSQL, so that any replica reads what another signed.
 *
 * A new one is made each 30 days; an older one is removed when nothing that it signed can still be good. A
 * stolen table of secrets forges no token: a token also holds a secret of its session, kept as a digest only.
 */
import { randomBytes } from 'node:crypto'
import type { Db } from '../db/connection.ts'
import {
  insertSigningKey,
  listSigningKeys,
  lockSigningKeys,
  removeSigningKeys,
  type SigningKeyRow,
} from '../db/identities/signing-keys.ts'
import { asTenant, platformTenant } from '../db/tenant.ts'
import { newId } from '../uuid.ts'

export interface SigningKey {
  id: string
  secret: Buffer
}

const signsForMs = 30 * 86_400_000
/** Longer than any token lives. */
const readsForMs = signsForMs + 86_400_000
/** Between two looks for a key that is not known here: a flood of invented ids must not reach PostgreSQL. */
const lookAgainMs = 1000

export class SigningKeys {
  readonly #db: Db
  /** Newest first. */
  #rows: SigningKeyRow[] = []
  #lookedAt = 0

  constructor(db: Db) {
    this.#db = db
  }

  async forSigning(now: number): Promise<SigningKey> {
    const known = this.#rows[0]
    if (known && now - known.createdAt < signsForMs) return readKey(known)
    const made = await asTenant(this.#db, platformTenant, async (tx) => {
      await lockSigningKeys(tx)
      const [newest] = await listSigningKeys(tx)
      if (newest && now - newest.createdAt < signsForMs) return newest
      await removeSigningKeys(tx, now - readsForMs)
      const row = { id: newId(now), secret: randomBytes(32).toString('base64url'), createdAt: now }
      await insertSigningKey(tx, row)
      return row
    })
    this.#rows = [made, ...this.#rows.filter(({ id }) => id !== made.id)]
    return readKey(made)
  }

  async findForReading(id: string, now: number): Promise<SigningKey | undefined> {
    const known = () => this.#rows.find((row) => row.id === id)
    if (!known() && now - this.#lookedAt >= lookAgainMs) {
      this.#lookedAt = now
      this.#rows = await asTenant(this.#db, platformTenant, listSigningKeys)
    }
    const row = known()
    return row && readKey(row)
  }
}

function readKey({ id, secret }: SigningKeyRow): SigningKey {
  return { id, secret: Buffer.from(secret, 'base64url') }
}
