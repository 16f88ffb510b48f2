/**
 * What lets somebody set a new password without the old one? A JWT for an hour that a mail carries.
 *
 * It holds a digest of the present password's hash, so it is good once: the next password has another. It is made when the
 * mail is sent and kept nowhere, so neither the database nor who reads the list of mails can open an account with it.
 */
import { createHash } from 'node:crypto'
import { decodeJwt, jwtVerify, SignJWT } from 'jose'
import type { AdminRow } from '../db/identities/admins.ts'
import { readKeyId } from './access-tokens.ts'
import type { SigningKeys } from './signing-keys.ts'

const type = 'reset+jwt'
export const resetTokenMs = 3_600_000

type Account = Pick<AdminRow, 'id' | 'passwordHash'>

export async function signResetToken(
  keys: SigningKeys,
  { admin, expiresAt, now }: { admin: Account; expiresAt: number; now: number },
): Promise<string> {
  const key = await keys.forSigning(now)
  return new SignJWT({ pwd: digestPassword(admin) })
    .setProtectedHeader({ alg: 'HS256', typ: type, kid: key.id })
    .setSubject(admin.id)
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(key.secret)
}

/** Whose token it says it is, unchecked; undefined: it is none. */
export function readResetSubject(token: string): string | undefined {
  try {
    return decodeJwt(token).sub
  } catch {
    return undefined
  }
}

export async function isResetToken(
  keys: SigningKeys,
  { token, admin, now }: { token: string; admin: Account; now: number },
): Promise<boolean> {
  const kid = readKeyId(token)
  const key = kid === undefined ? undefined : await keys.findForReading(kid, now)
  if (!key) return false
  try {
    const { payload } = await jwtVerify(token, key.secret, {
      algorithms: ['HS256'],
      typ: type,
      subject: admin.id,
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    })
    return payload.pwd === digestPassword(admin)
  } catch {
    // Every fault of a token has one answer.
    return false
  }
}

const digestPassword = ({ passwordHash }: Account) =>
  createHash('sha256')
    .update(passwordHash ?? '')
    .digest('base64url')
