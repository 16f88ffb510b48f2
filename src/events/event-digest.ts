/**
 * Is the event at a place of the stream still the one that was settled? Hex of SHA-256 over its subject, a zero
 * byte and its body.
 */
import { createHash } from 'node:crypto'

export function eventDigest({ subject, data }: { subject: string; data: Uint8Array }): string {
  return createHash('sha256').update(subject).update('\u0000').update(data).digest('hex')
}
