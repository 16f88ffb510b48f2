/**
 * May a password be tried for this account, from this network? Counts each try before it is looked at, so that many at
 * once are no way around the lock; a right one takes the counts back. Rules: `login-lock.ts`.
 *
 * An account is named by its client and username, whether there is one or not: what is answered, and when it is locked,
 * tells nobody who exists. The counts are PostgreSQL's, the same on all replicas; a lock that is known here is answered
 * without asking again. All rows go a day after the last try, the notes of networks with a right log-in after a month.
 */
import { createHash } from 'node:crypto'
import type { Tx } from '../db/connection.ts'
import {
  countLoginFailure,
  forgetLoginFailures,
  isLoginNoted,
  lockLogins,
  noteRightLogin,
  removeOldLogins,
} from '../db/identities/login-failures.ts'
import { TooManyRequests } from '../errors.ts'
import { freeFailures, lockedUntil } from './login-lock.ts'
import { networkOf } from './network-of.ts'

export interface LoginTry {
  /** A client and a username in lower case, as one text. */
  account: string
  /** IP address of the one who asks. */
  address: string
}

const dayMs = 86_400_000
const maxLocks = 10_000

export class LoginGuard {
  /** Subject → epoch milliseconds. */
  readonly #locks = new Map<string, number>()

  /** Throws `TooManyRequests`, and then nothing is counted. */
  async count(tx: Tx, { account, address }: LoginTry, now: number): Promise<void> {
    const network = networkOf(address)
    const here = subjectOf('here', account, network)
    this.#refuseLocked(here, this.#locks.get(here) ?? null, now)
    const tries = await countLoginFailure(tx, here, now)
    this.#refuseLocked(here, tries.locked, now)
    const until = lockedUntil(tries.failures, { free: freeFailures.ofNetwork, now })
    if (until !== null) await lockLogins(tx, here, until)

    const everywhere = subjectOf('everywhere', account)
    const all = await countLoginFailure(tx, everywhere, now)
    const untilForAll = lockedUntil(all.failures, { free: freeFailures.ofAllNetworks, now })
    if (untilForAll === null) return
    const isOwn = await isLoginNoted(tx, subjectOf('own', account, network))
    if (!isOwn && all.locked !== null && all.locked > now) throw tooManyLogins(all.locked, now)
    if (all.locked === null || all.locked <= now) await lockLogins(tx, everywhere, untilForAll)
  }

  /** The password was the right one. */
  async forgive(tx: Tx, { account, address }: LoginTry, now: number): Promise<void> {
    const network = networkOf(address)
    await forgetLoginFailures(tx, [subjectOf('here', account, network), subjectOf('everywhere', account)])
    await noteRightLogin(tx, subjectOf('own', account, network), now)
  }

  removeOld(tx: Tx, now: number): Promise<void> {
    return removeOldLogins(tx, { failuresBefore: now - dayMs, notesBefore: now - 30 * dayMs })
  }

  #refuseLocked(subject: string, until: number | null, now: number): void {
    if (until === null || until <= now) return
    this.#locks.delete(subject)
    this.#locks.set(subject, until)
    for (const oldest of this.#locks.keys()) {
      if (this.#locks.size <= maxLocks) break
      this.#locks.delete(oldest)
    }
    throw tooManyLogins(until, now)
  }
}

function subjectOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}

function tooManyLogins(until: number, now: number): TooManyRequests {
  return new TooManyRequests('Too many wrong passwords for this name: wait.', Math.ceil((until - now) / 1000))
}
