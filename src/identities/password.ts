/**
 * Is this the admin's password? scrypt with a salt of its own per password (RFC 7914), so a stolen table costs a
 * quarter of a second and 32 MiB per guess.
 *
 * Text: `scrypt$N$r$p$salt$hash`, salt and hash in base64url; a later release may raise the cost and still read
 * old ones. At most two are computed at a time, and a line of fifty waits: a flood of logins must not take the
 * threads that everything else needs. Throws `ServiceUnavailable` beyond that.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { ServiceUnavailable } from '../errors.ts'

const cost = { N: 2 ** 15, r: 8, p: 3 }
const hashBytes = 32
const mostAtOnce = 2
const mostWaiting = 50

let running = 0
const waiting: (() => void)[] = []

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** `null` for a name that does not exist or has no password: answers false after the same work. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = (stored ?? nobody).split('$')
  const derived = await derive(password, Buffer.from(salt, 'base64url'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  })
  const expected = Buffer.from(hash, 'base64url')
  const isEqual = derived.length === expected.length && timingSafeEqual(derived, expected)
  return isEqual && stored !== null
}

const nobody = ['scrypt', cost.N, cost.r, cost.p, 'AAAAAAAAAAAAAAAAAAAAAA', 'A'.repeat(43)].join('$')

async function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  await takeTurn()
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
    running--
    waiting.shift()?.()
  }
}

async function takeTurn(): Promise<void> {
  if (running >= mostAtOnce) {
    if (waiting.length >= mostWaiting) {
      throw new ServiceUnavailable('Too many logins at once: repeat in a moment.')
    }
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  running++
}
