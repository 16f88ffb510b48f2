/**
 * Which logins end when an admin's password changes, or the admin is suspended? All, but the one that asks for it.
 *
 * Call it in the transaction of the change, with the admin's row locked. Throws `Unauthenticated` where the login
 * that asks has ended since the request came: of changes by two logins at once, and of a change beside a reset by
 * somebody else, the first one stays.
 */
import type { Tx } from '../db/connection.ts'
import { lockSession, revokeAdminSessions } from '../db/identities/sessions.ts'
import { Unauthenticated } from '../errors.ts'
import type { Identity } from './identity.ts'

export async function endLogins(
  tx: Tx,
  adminId: string,
  { session, now }: Pick<Identity, 'session'> & { now: number },
): Promise<void> {
  const own = session?.adminId === adminId ? session : null
  if (own) {
    const held = await lockSession(tx, own.id)
    if (!held || held.session.revokedAt !== null) throw new Unauthenticated('This login has ended.')
  }
  await revokeAdminSessions(tx, { adminId, except: own?.id ?? null, at: now })
}
