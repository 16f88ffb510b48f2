/**
 * One look at a running call, under its account's lock: closed, extended, hung up, or left to run.
 *
 * What the leg holds is shown on the client's local day of now: from midnight on it is held to the new day. An
 * emergency call is never hung up. Looking twice does no harm: nothing is bought before it is due.
 */

import type { Ledger } from '../../ledger/ledger.ts'
import { classifyLeg, isPriced, type LegKind } from '../../limits/authorize.ts'
import { payerFor, termsAt } from '../../limits/client.ts'
import { isMetered, type MeterTotals, maxGrant, nextSlice } from '../../limits/meter.ts'
import type { HangupReason } from '../../limits/reasons.ts'
import { noAllowances, noDraws } from '../../rating/allowance.ts'
import { localDay } from '../../rating/local-day.ts'
import { normalizeNumber } from '../../rating/normalize-number.ts'
import { type Call, isOpen } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { findCallableRate, findLegRate, priceLeg } from '../judge-leg.ts'
import { type Owner, settlementContext } from '../settle/rate-call.ts'
import { closeLostCall } from './close-lost-call.ts'
import { commandHangup, noticeMs, withdrawHangup } from './command-hangup.ts'
import { isOverdue, leadMs, nextCheckAt } from './next-check.ts'

/** No call is looked at again in the same breath. */
const soonestMs = 200
/** Reasons that money takes back. */
const moneyReasons: ReadonlySet<HangupReason> = new Set(['daily_limit_reached', 'insufficient_balance'])

/** Answers whether the call has changed. Throws `RateTableNotLoaded`. */
export function meterCall(
  call: Call,
  owner: Owner,
  context: CallsContext,
  ledger: Ledger,
  /** Of overdue calls: could heartbeats be expected of it? */
  hasSigns: boolean,
  /** Clients of whom what would pay on is leased: to be called back before a leg is hung up, or money pays instead. */
  leased: Set<string>,
): boolean {
  const { now } = ledger
  if (!isOpen(call) || call.endDigest !== null) return false
  if (isOverdue(call, owner.brand, now)) {
    closeLostCall(call, owner, { goneAt: null, hasSigns }, settlementContext(context, now, ledger), ledger)
    return true
  }
  const before = { ...call }
  const reason = reasonToEnd(call, owner, context, { ledger, leased })
  if (reason) {
    const endBy = reason.endBy ?? now + noticeMs
    if (isTurn(call, now)) {
      commandHangup(call, { reason: reason.reason, endBy }, owner, ledger)
      context.metrics.hangups.inc({ reason: reason.reason })
    }
  } else if (call.hangupReason !== null) withdrawHangup(call)
  const nextAt = nextCheckAt(call, owner, now)
  call.meterAt = nextAt === null ? null : Math.max(nextAt, now + soonestMs)
  return Object.entries(call).some(([name, value]) => before[name as keyof Call] !== value)
}

/** A command is repeated when its time has come, however often the call is looked at. */
function isTurn(call: Call, now: number): boolean {
  return call.hangupReason === null || call.meterAt === null || call.meterAt <= now
}

/** Extends what the leg holds, and says why it has to end: when, or with the usual notice. */
function reasonToEnd(
  call: Call,
  owner: Owner,
  context: CallsContext,
  books: { ledger: Ledger; leased: Set<string> },
): { reason: HangupReason; endBy?: number } | undefined {
  const { ledger } = books
  const { client } = owner
  const at = call.answeredAt ?? call.startedAt ?? call.createdAt
  const kind = classifyCall(call, owner, context, at)
  if (kind === 'special') return undefined
  const terms = termsAt(client.terms, at)
  moveToDay(call, localDay(ledger.now, terms.timeZone), ledger)
  const ordered = call.hangupReason
  const isAnswered = call.answeredAt !== null && call.status === 'started'
  const end = isAnswered ? lastBought(call, { ...owner, kind, answeredAt: at }, context, books) : undefined
  // What nothing takes back stays the reason: else the end of a suspension would take an operator's command back.
  if (ordered !== null && ordered !== 'client_suspended' && !moneyReasons.has(ordered))
    return { reason: ordered }
  if (client.suspended) return { reason: 'client_suspended' }
  if (ordered === null || ordered === 'client_suspended') return end
  return end ?? (isAnswered ? undefined : { reason: ordered })
}

/** Buys the next slice where it is due; answers why and when the leg ends where there is none to buy. */
function lastBought(
  call: Call,
  { client: owner, kind, answeredAt }: Owner & { kind: LegKind; answeredAt: number },
  context: CallsContext,
  { ledger, leased }: { ledger: Ledger; leased: Set<string> },
): { reason: HangupReason; endBy: number } | undefined {
  const { now } = ledger
  const isDue = (seconds: number) => answeredAt + seconds * 1000 - leadMs <= now
  const endAt = (reason: HangupReason, seconds: number) => ({ reason, endBy: answeredAt + seconds * 1000 })
  const client = payerFor(owner, call.direction)
  const terms = termsAt(client.terms, answeredAt)
  const { from, toNormalized: to } = call
  const numbers = isPriced(kind) && to !== null ? { from, to, at: answeredAt } : null
  const rate = numbers && (kind === 'priced' ? findLegRate : findCallableRate)(context, client, numbers)
  // An inbound leg without a rate costs nothing.
  if (rate?.priced === false && kind === 'priced') return { reason: rate.reason, endBy: now + noticeMs }
  const allowances =
    isMetered(client, terms) && client.allowances.length > 0
      ? ledger.allowances.list(client, {
          at: answeredAt,
          day: localDay(answeredAt, terms.timeZone),
          own: call.heldAllowances,
        })
      : noAllowances
  const prices = numbers && rate?.priced ? priceLeg(context, client, numbers, allowances) : null
  const leg = {
    ...call,
    elapsedSeconds: Math.ceil((now - answeredAt) / 1000),
    isFixed: terms.billingMethod === 'pseudoprepaid' || call.flags.includes('blind'),
  }
  const day = localDay(now, terms.timeZone)
  const totals: MeterTotals = {
    client,
    terms,
    account: ledger.getAccount(client.id),
    usage: ledger.days.get(client.id, day),
    prices,
  }
  const max = maxGrant(leg, totals)
  if (prices && isMetered(client, terms) && isDue(call.reservedSeconds)) {
    const slice = nextSlice(leg, { ...totals, prices, leased: ledger.leases.sum(client, day) })
    if (slice.outcome === 'exhausted') {
      const isLeased = context.leases !== undefined && ledger.leases.list(client.id).length > 0
      // It is looked at again at once, when that is back.
      if (isLeased) leased.add(client.id)
      if (!isLeased || call.hangupReason !== null) return endAt(slice.reason, call.reservedSeconds)
    }
    const draws = slice.outcome === 'extended' ? prices.drawsFor(slice.reservedSeconds) : noDraws
    if (!ledger.allowances.canTake(draws, call.heldAllowances)) leased.add(client.id)
    else if (slice.outcome === 'extended') {
      ledger.reserve(call, slice.reserved, slice.reservedSeconds, kind === 'priced-inbound' ? null : day)
      if (allowances.length > 0) ledger.allowances.hold(call, draws)
      call.maxDurationSeconds = slice.maxDurationSeconds
      context.metrics.reservations.inc('extended')
    }
  } else if (!(prices && isMetered(client, terms))) call.maxDurationSeconds = max.seconds
  return isDue(max.seconds) ? endAt(max.reason, max.seconds) : undefined
}

function moveToDay(call: Call, day: string, ledger: Ledger): void {
  if (call.reservedDay !== null && call.reservedDay < day) {
    ledger.reserve(call, call.reserved, call.reservedSeconds, day)
  }
}

function classifyCall(call: Call, { client, brand }: Owner, context: CallsContext, at: number) {
  const numbering = termsAt(client.terms, at).numbering ?? termsAt(brand.terms, at).numbering
  call.toNormalized ??= normalizeNumber(call.to, numbering) ?? null
  const find = (id: string | null) => (id === null ? undefined : context.configuration.findClient(id, at))
  const [toClient, fromClient] = [find(call.toClientId), find(call.fromClientId)]
  const { direction, to } = call
  const toNormalized = call.toNormalized ?? undefined
  return classifyLeg(
    { direction, to, toNormalized, sourceIp: null, toClient, fromClient, at },
    client,
    brand,
    context.emergencyNumbers,
  )
}
