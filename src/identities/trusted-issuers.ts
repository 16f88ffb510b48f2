/**
 * Whose token is this, of an issuer that the operator trusts?
 *
 * Issuers and the addresses of their keys come from the environment alone (`JWT_ISSUERS`), never from a token or
 * a request, and redirects are not followed. Keys are fetched when first needed, kept ten minutes, and asked for
 * again at most each half minute for a key id not known. Claims: `role`, `brandId`, `clientId`, `scopes` (a list,
 * or `scope`, words with blanks between), `aud` `tollgate`, and `exp` and `sub`.
 */
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import { ServiceUnavailable } from '../errors.ts'
import { isUuid } from '../uuid.ts'
import { audience } from './access-tokens.ts'
import { type Identity, type Role, roles } from './identity.ts'

/** Limits are null where there are none. */
export interface TrustedIssuer {
  issuer: string
  jwksUrl: string
  /** Roles that its tokens may have. */
  roles: readonly string[] | null
  /** Brands that its tokens may name; tokens of all brands are not good then. */
  brands: readonly string[] | null
  /** How long a token may live from its issue to its end; without `iat` it is not good then. */
  maxTokenSeconds: number | null
}

type Keys = ReturnType<typeof createRemoteJWKSet>

/** Asymmetric ones alone: a public key must never be taken for a secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

export class TrustedIssuers {
  readonly #issuers: ReadonlyMap<string, { trust: TrustedIssuer; keys: Keys }>

  constructor(issuers: readonly TrustedIssuer[]) {
    this.#issuers = new Map(
      issuers.map((trust) => {
        const keys = createRemoteJWKSet(new URL(trust.jwksUrl), {
          timeoutDuration: 3000,
          cooldownDuration: 30_000,
          cacheMaxAge: 600_000,
        })
        return [trust.issuer, { trust, keys }]
      }),
    )
  }

  /** Undefined: not a good token. Throws `ServiceUnavailable` where its issuer's keys cannot be had. */
  async recognize(token: string, now: number): Promise<Identity | undefined> {
    const issuer = readIssuer(token)
    const known = issuer === undefined ? undefined : this.#issuers.get(issuer)
    if (issuer === undefined || !known) return undefined
    const { trust, keys } = known
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms,
        issuer,
        audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: 5,
        currentDate: new Date(now),
        // With it jose asks for `iat`, and refuses one that is to come.
        ...(trust.maxTokenSeconds === null ? {} : { maxTokenAge: trust.maxTokenSeconds }),
      })
      const identity = readClaims(payload, issuer)
      return identity && mayVouchFor(trust, identity, payload) ? identity : undefined
    } catch (error) {
      if (isFaultOfToken(error)) return undefined
      throw new ServiceUnavailable(`The keys of the issuer "${issuer}" cannot be fetched: repeat later.`, {
        cause: error,
      })
    }
  }
}

/** Whether the operator trusts the issuer with such a token. */
function mayVouchFor(
  { roles, brands, maxTokenSeconds }: TrustedIssuer,
  { role, brandId }: Identity,
  { iat, exp }: JWTPayload,
): boolean {
  if (roles && !roles.includes(role)) return false
  if (brands && (brandId === null || !brands.includes(brandId))) return false
  return maxTokenSeconds === null || (iat !== undefined && exp !== undefined && exp - iat <= maxTokenSeconds)
}

function readIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** A timeout and an answer that is no key set are not the token's fault; both come as the plain error or its subclass. */
function isFaultOfToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false
  return error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC'
}

/** Undefined where the claims do not go together; what they name is looked for by row-level security. */
export function readClaims(claims: JWTPayload, issuer: string): Identity | undefined {
  const role = roles.find((known): known is Role => known === claims.role)
  const brandId = readId(claims.brandId)
  const clientId = readId(claims.clientId)
  if (!role || brandId === undefined || clientId === undefined) return undefined
  if ((role === 'client') !== (clientId !== null)) return undefined
  if (role === 'platform' && brandId !== null) return undefined
  if (role !== 'platform' && role !== 'engine' && brandId === null) return undefined
  const scopes = readScopes(claims)
  if (scopes === undefined) return undefined
  const subject = String(claims.sub).slice(0, 200)
  // It is written as the actor of whatever is done: PostgreSQL takes no NUL, a log no line of somebody else's.
  if (/[\p{Cc}\p{Surrogate}]/u.test(subject)) return undefined
  return {
    role,
    brandId,
    clientId,
    keyId: null,
    expiresAt: null,
    countedAs: `${issuer} ${subject}`,
    actor: `token:${subject} (${issuer})`,
    scopes,
    rights: null,
    session: null,
  }
}

function readId(claim: unknown): string | null | undefined {
  if (claim === undefined || claim === null) return null
  return typeof claim === 'string' && isUuid(claim) ? claim.toLowerCase() : undefined
}

/** null: no claim, every right of the role. */
function readScopes({ scopes, scope }: JWTPayload): string[] | null | undefined {
  if (scopes === undefined && scope === undefined) return null
  const list = scopes ?? (typeof scope === 'string' ? scope.split(' ').filter(Boolean) : undefined)
  const isList = Array.isArray(list) && list.every((one): one is string => typeof one === 'string')
  return isList ? list : undefined
}
