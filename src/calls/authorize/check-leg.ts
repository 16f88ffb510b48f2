/**
 * Would an outbound leg be granted at an instant, and which check refuses it? By the rules that grant and refuse, with the
 * totals as they stood then. Nothing is held, counted or written.
 *
 * Prices, terms and tariffs are those of the instant; limits, filters and suspension those of now, since they have no versions.
 */
import type { TotalsAt } from '../../db/calls/read-totals-at.ts'
import { freeBalance, grantOrDeny, type LegKind } from '../../limits/authorize.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { leftOfDay } from '../../limits/daily-usage.ts'
import type { DenialReason } from '../../limits/reasons.ts'
import type { Decimal } from '../../money.ts'
import { localDay, nextLocalMidnight } from '../../rating/local-day.ts'
import { withRateTables } from '../../tariffs/with-rate-tables.ts'
import type { CallsContext } from '../calls-context.ts'
import { judge, priceLeg } from '../judge-leg.ts'

export interface LegToCheck {
  client: Client
  from: string | null
  to: string
  /** null: not known, and not asked about. */
  sourceIp: string | null
  at: number
}

export interface CheckedLeg {
  allowed: boolean
  reason: DenialReason | null
  toNormalized: string | null
  /** null: it was refused before. */
  kind: LegKind | null
  destination: string | null
  /** Price of its first increment with fee; null: nothing is priced. */
  firstIncrement: Decimal | null
  /** null: refused. */
  maxDurationSeconds: number | null
  /** null: nothing limits it. */
  leftOfDay: Decimal | null
  /** The same of the balance with its credit; may be negative. */
  available: Decimal | null
}

export async function checkLeg(
  context: CallsContext,
  leg: LegToCheck,
  totals: TotalsAt,
): Promise<CheckedLeg> {
  return withRateTables(context.configuration, () => decide(context, leg, totals))
}

function decide(context: CallsContext, asked: LegToCheck, totals: TotalsAt): CheckedLeg {
  const { client, from, to, sourceIp, at } = asked
  const terms = termsAt(client.terms, at)
  const isSourceAllowed: CallsContext['isSourceAllowed'] = (of, ip) =>
    ip === null || context.isSourceAllowed(of, ip)
  const { leg, judgement } = judge(
    { ...context, isSourceAllowed },
    { client, direction: 'outbound', from, to, sourceIp, toClient: undefined, fromClient: undefined, at },
  )
  const account = { ...totals, clientId: client.id, seq: 0 }
  const usage = {
    day: localDay(at, terms.timeZone),
    amount: totals.spentOfDay,
    reserved: totals.reservedOfDay,
    limitReachedAt: totals.limitReachedAt,
    limitToldAt: null,
    warnedPercent: 0,
  }
  const known = {
    toNormalized: leg.toNormalized ?? null,
    leftOfDay: client.maxDailyUsage === null ? null : leftOfDay(usage, client.maxDailyUsage),
    available: freeBalance(account, client, terms),
  }
  if (judgement.outcome === 'denied') {
    const nothing = { kind: null, destination: null, firstIncrement: null, maxDurationSeconds: null }
    return { allowed: false, reason: judgement.reason, ...nothing, ...known }
  }
  const numbers = { from, to: leg.toNormalized ?? '', at }
  const prices = judgement.rate ? priceLeg(context, client, numbers) : null
  const decision = grantOrDeny(judgement.holds, {
    client,
    terms,
    brand: context.configuration.getBrand(client.brandId),
    account,
    brandRunningCalls: totals.brandRunningCalls ?? 0,
    usage,
    secondsToMidnight: Math.ceil((nextLocalMidnight(at, terms.timeZone) - at) / 1000),
    prices,
  })
  return {
    allowed: decision.allowed,
    reason: decision.allowed ? null : decision.reason,
    kind: judgement.kind,
    destination: judgement.rate?.rate.destination ?? null,
    firstIncrement: prices?.firstIncrement ?? null,
    maxDurationSeconds: decision.allowed ? decision.maxDurationSeconds : null,
    ...known,
  }
}
