/**
 * Was the leg cut when it had to be down?
 *
 * An engine that obeys a hang-up, or its timer of the granted duration, ends the leg some milliseconds late, and those
 * must not cost another whole increment. An answered leg that ends within a second after an instant by which it was
 * to be down is priced and timed to that instant.
 */
import type { Call } from '../call.ts'

const obeyedMs = 1000

/** null: it ended in time, or too late to have been cut. `grantedSeconds`: null where it was granted nothing. */
export function findObeyedCut(call: Call, grantedSeconds: number | null): number | null {
  const { answeredAt, endedAt, hangupEndBy } = call
  if (answeredAt === null || endedAt === null) return null
  const cuts = call.hangupEnds.map((text) => Date.parse(text))
  // Told by a release that did not note it.
  if (hangupEndBy !== null) cuts.push(hangupEndBy)
  if (grantedSeconds !== null) cuts.push(answeredAt + grantedSeconds * 1000)
  const obeyed = cuts.filter((cut) => cut < endedAt && endedAt <= cut + obeyedMs)
  return obeyed.length === 0 ? null : Math.max(answeredAt, Math.min(...obeyed))
}
