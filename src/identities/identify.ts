/**
 * Who sends this token? An API key, an access token of our own, or a token of an issuer that the operator trusts.
 *
 * A JWT is told by its form; everything else is looked up as a key. `undefined` for all that is not good.
 */
import type { Db } from '../db/connection.ts'
import type { Identity } from './identity.ts'
import { type KeyRing, openKeyRing } from './key-ring.ts'
import { Sessions } from './sessions.ts'
import { type TrustedIssuer, TrustedIssuers } from './trusted-issuers.ts'

export interface Identities {
  keyRing: KeyRing
  sessions: Sessions
  identify(token: string): Promise<Identity | undefined>
  /** Known without asking anybody. */
  isKnown(token: string): boolean
  close(): Promise<void>
}

const sweepEveryMs = 600_000
const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/

/** `db`: the API's pool. */
export function openIdentities(options: {
  db: Db
  bootstrapKey: string | null
  issuers: readonly TrustedIssuer[]
}): Identities {
  const keyRing = openKeyRing(options)
  const sessions = new Sessions(options.db)
  const issuers = new TrustedIssuers(options.issuers)
  // What is missed goes with the next one.
  const sweep = setInterval(() => void sessions.removeOld(Date.now()).catch(() => {}), sweepEveryMs).unref()
  return {
    keyRing,
    sessions,
    async identify(token) {
      if (!jwt.test(token) || keyRing.isKnown(token)) return keyRing.recognize(token)
      const now = Date.now()
      return (await sessions.recognize(token, now)) ?? (await issuers.recognize(token, now))
    },
    isKnown: (token) => keyRing.isKnown(token),
    close: () => {
      clearInterval(sweep)
      return keyRing.close()
    },
  }
}
