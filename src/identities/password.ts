/**
 * Is this the admin's password? scrypt with a salt of its own per password (RFC 7914), so a stolen table costs a
 * quarter of a second and 32 MiB per guess.
 *
 * Text: `scrypt$N$r$p$salt$hash`, salt and hash in base64url; a later release may raise the cost and still read
 * old ones. At most two are computed at a time, one on a machine of two cores: Node's four threads also serve files,
 * names and compression, and the loop needs a core. Who asks waits in turn, by address and then by account, so a
 * flood from one address makes no log-in from another fail. Throws `QuotaReached` and `PlacesTaken`.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { FairPlaces } from '../quotas/fair-places.ts'

const cost = { N: 2 ** 15, r: 8, p: 3 }
const hashBytes = 32

/** Who has a password hashed: where the wish comes from, and for whom. */
export interface HashAsker {
  /** A network, or the tenant of a key. */
  from: string
  account: string
}

const places = new FairPlaces(
  {
    running: Math.max(1, Math.min(2, availableParallelism() - 1)),
    runningPerTenant: 1,
    waiting: 200,
    waitingPerTenant: 20,
    timeoutMs: 20_000,
  },
  { code: 'too_many_logins', what: 'log-ins', retryAfterSeconds: 5 },
)

export async function hashPassword(password: string, asker: HashAsker): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, { salt, asker, ...cost })
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** `stored`: null for a name that does not exist or has no password: answers false after the same work. */
export async function isPassword(
  password: string,
  stored: string | null,
  asker: HashAsker,
): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = (stored ?? nobody).split('$')
  const derived = await derive(password, {
    salt: Buffer.from(salt, 'base64url'),
    asker,
    N: Number(N),
    r: Number(r),
    p: Number(p),
  })
  const expected = Buffer.from(hash, 'base64url')
  const isEqual = derived.length === expected.length && timingSafeEqual(derived, expected)
  return isEqual && stored !== null
}

const nobody = ['scrypt', cost.N, cost.r, cost.p, 'AAAAAAAAAAAAAAAAAAAAAA', 'A'.repeat(43)].join('$')

async function derive(
  password: string,
  { salt, asker, ...options }: { salt: Buffer; asker: HashAsker } & ScryptOptions,
): Promise<Buffer> {
  const leave = await places.takeAs({ tenant: asker.from, client: asker.account })
  try {
    return await new Promise((resolve, reject) =>
      // The same password typed on another keyboard may come as other code points.
      scrypt(
        password.normalize('NFKC'),
        salt,
        hashBytes,
        { ...options, maxmem: 128 * 1024 * 1024 },
        (error, key) => (error ? reject(error) : resolve(key)),
      ),
    )
  } finally {
    leave()
  }
}
