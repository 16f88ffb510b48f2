/**
 * When must somebody look at a running call again?
 *
 * At the earliest of: its slice is about to end, its local day ends, it has to be hung up, its hang-up is to be
 * repeated, its end is overdue. Pure; milliseconds since 1970.
 */
import { type Brand, type Client, payerFor, termsAt } from '../../limits/client.ts'
import { isMetered } from '../../limits/meter.ts'
import { nextLocalMidnight } from '../../rating/local-day.ts'
import { type Call, isOpen } from '../call.ts'

/** A hang-up is told this long before the last increment ends: 5 s are promised, the rest is ours to be late. */
export const leadMs = 8000
/** How long a call past its longest duration waits for its end, which may be on its way. */
export const graceMs = 10_000
const repeatMs = 1000
const slowRepeatMs = 10_000

/** null: it does not run. */
export function nextCheckAt(call: Call, owner: { client: Client; brand: Brand }, now: number): number | null {
  if (!isOpen(call) || call.endDigest !== null) return null
  const looks: number[] = []
  if (call.hangupReason !== null) {
    const isOverdue = call.hangupEndBy !== null && now > call.hangupEndBy + graceMs
    looks.push(now + (isOverdue ? slowRepeatMs : repeatMs))
  }
  if (call.status === 'authorized') return looks[0] ?? null
  const { client, brand } = owner
  const terms = termsAt(client.terms, call.answeredAt ?? now)
  if (call.reservedDay !== null) looks.push(nextLocalMidnight(now, terms.timeZone))
  looks.push(overdueAt(call, brand))
  if (call.answeredAt !== null && call.hangupReason === null) {
    if (call.maxDurationSeconds !== null)
      looks.push(call.answeredAt + call.maxDurationSeconds * 1000 - leadMs)
    if (isMetered(payerFor(client, call.direction), terms) && isBought(call)) {
      looks.push(call.answeredAt + call.reservedSeconds * 1000 - leadMs)
    }
  }
  return Math.max(now, Math.min(...looks))
}

/** Its end is overdue: the call is to be closed without it. */
export function isOverdue(call: Call, brand: Brand, now: number): boolean {
  return call.status === 'started' && call.endDigest === null && overdueAt(call, brand) <= now
}

function overdueAt(call: Call, brand: Brand): number {
  if (call.answeredAt !== null && call.maxDurationSeconds !== null) {
    // After an outage old starts come shortly before their ends.
    return Math.max(call.answeredAt + call.maxDurationSeconds * 1000, call.createdAt) + graceMs
  }
  const ringsSince = call.answeredAt ?? call.startedAt ?? call.authorizedAt ?? call.createdAt
  return ringsSince + brand.maxRingSeconds * 1000
}

/** A leg that holds no money is looked at when its client's settings change, not slice by slice. */
function isBought(call: Call): boolean {
  return call.reservedSeconds > 0
}
