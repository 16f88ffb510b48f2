/**
 * What names a new thing? A UUID version 7 (RFC 9562): its first 48 bits are the milliseconds of its making,
 * so newer ids sort behind older ones and indexes grow at one end.
 *
 * Within a millisecond the next 12 bits count on from a random start, so ids of one process are in the order of
 * their making. PostgreSQL makes such ids from version 18 on only, hence our own.
 */
import { createHash, randomFillSync } from 'node:crypto'

/** Random bytes fetched at once: one call per id would cost as much as the rest of it. */
const pool = Buffer.allocUnsafe(10 * 512)
let poolAt = pool.length
let lastMs = 0
let counter = 0

/** A new id; `now` in epoch milliseconds. */
export function newId(now: number = Date.now()): string {
  if (poolAt === pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  const random = pool.subarray(poolAt, poolAt + 10)
  poolAt += 10
  if (now > lastMs) {
    lastMs = now
    counter = random.readUInt16BE(8) & 0x7ff
  } else if (++counter > 0xfff) {
    lastMs++
    counter = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  const order = counter.toString(16).padStart(3, '0')
  const variant = (0x80 | ((random[0] ?? 0) & 0x3f)).toString(16)
  const rest = random.toString('hex', 1, 8)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${variant}${rest.slice(0, 2)}-${rest.slice(2)}`
}

/**
 * The same id for the same thing whenever it is made. `at`: an instant that belongs to the thing for good; `order`: its
 * place among those of one instant, from 0.
 */
export function deriveId(place: { at: number; order: number }, ...name: string[]): string {
  const { at, order } = place
  const digest = createHash('sha256')
    .update(JSON.stringify([order, ...name]))
    .digest()
  const time = at.toString(16).padStart(12, '0')
  const variant = (0x80 | (digest.readUInt8(0) & 0x3f)).toString(16)
  const rest = digest.toString('hex', 1, 8)
  const placed = Math.min(order, 0xfff).toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${placed}-${variant}${rest.slice(0, 2)}-${rest.slice(2)}`
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return uuid.test(text)
}
