/**
 * What is in an access token of our own? A JWT (HS256) for a quarter of an hour, with the secret of its session.
 *
 * It says nothing about rights: those are read with the session, so that a logout, a changed right or a
 * suspended admin counts within a second and not when the token runs out.
 */
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import type { SigningKeys } from './signing-keys.ts'

const ownIssuer = 'tollgate'
export const audience = 'tollgate'
export const accessTokenSeconds = 900

export async function signAccessToken(
  keys: SigningKeys,
  { adminId, secret, now }: { adminId: string; secret: string; now: number },
): Promise<string> {
  const key = await keys.forSigning(now)
  const nowSeconds = Math.floor(now / 1000)
  return new SignJWT({ sid: secret })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: key.id })
    .setIssuer(ownIssuer)
    .setAudience(audience)
    .setSubject(adminId)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + accessTokenSeconds)
    .sign(key.secret)
}

/** The session's secret; undefined: not a token of ours, or no longer good. */
export async function readAccessToken(
  keys: SigningKeys,
  token: string,
  now: number,
): Promise<string | undefined> {
  const kid = readKeyId(token)
  const key = kid === undefined ? undefined : await keys.findForReading(kid, now)
  if (!key) return undefined
  try {
    const { payload } = await jwtVerify(token, key.secret, {
      algorithms: ['HS256'],
      typ: 'at+jwt',
      issuer: ownIssuer,
      audience,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(now),
    })
    return typeof payload.sid === 'string' ? payload.sid : undefined
  } catch {
    // Every fault of a token has one answer.
    return undefined
  }
}

export function readKeyId(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid
  } catch {
    return undefined
  }
}
