/**
 * What holds for the passwords of admins, a client's and a brand's own alike, when they are set through the API.
 */
import type { FastifyRequest } from 'fastify'
import { InvalidRequest } from '../../errors.ts'
import { hashPassword } from '../../identities/password.ts'
import type { Sessions } from '../../identities/sessions.ts'
import { readScope } from '../conventions/request-scope.ts'

/** Whoever changes the own password proves to know the old one; resetting another's takes a right alone. */
export async function checkPasswordChange(
  sessions: Sessions,
  request: FastifyRequest,
  { id, currentPassword, password }: { id: string; currentPassword: unknown; password: unknown },
): Promise<void> {
  if (password === null) {
    refuse('/password', 'cannot be taken away: suspend the admin', 'A password is replaced, never removed.')
  }
  const { identity, now } = readScope(request)
  const { session } = identity
  const isOwn = session !== null && session.adminId === id
  if (!isOwn || password === undefined) {
    if (currentPassword == null) return
    refuse(
      '/currentPassword',
      'is only accepted with a new password of your own',
      'currentPassword is only accepted with a new password of your own.',
    )
  }
  if (typeof currentPassword !== 'string') {
    refuse('/currentPassword', 'is required', 'To change your own password, send the current one too.')
  }
  await sessions.confirmPassword(session.adminId, currentPassword, { address: request.ip, now })
}

/** null: no password was sent. */
export async function hashSent(request: FastifyRequest, password: unknown): Promise<string | null> {
  if (typeof password !== 'string') return null
  const { identity, parents } = readScope(request)
  return hashPassword(password, {
    from: identity.brandId ?? 'platform',
    account: parents.clientId ?? parents.brandId ?? '',
  })
}

function refuse(pointer: string, detail: string, sentence: string): never {
  throw new InvalidRequest(sentence, [{ pointer, detail }])
}
