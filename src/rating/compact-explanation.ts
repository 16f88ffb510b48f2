/**
 * How is a price explained in the few bytes that every call can carry?
 *
 * Arrays instead of objects, amounts of stretches left out since they follow from rate and increments: some 250
 * bytes for an ordinary call. The first element tells the form and never changes its meaning; `explanation.ts`
 * reads it. A matched plan entry is written once and pointed to by its place.
 */
import { formatAmount } from '../money.ts'
import type { AllowanceUnit, Draw } from './allowance.ts'
import type { CalendarMode } from './calendar.ts'
import type { Refusal, Stretch } from './call-walk.ts'
import type { Charge } from './charge.ts'
import type { CallCover, CoveredStretch } from './cover-call.ts'
import type { Fraction } from './fraction.ts'
import { formatUnits, reduceFraction, unitDecimals, unitsPerOne } from './fraction.ts'
import { listCandidates, skipReasons } from './list-candidates.ts'
import type { PlanInForce, RatedCall, RateMatch } from './match-rate.ts'
import type { PlanEntry, Rounding } from './tariff.ts'

/** Place in `skipReasons`, digits of the prefix (−1: the deck has no rates), deck; per entry that was passed over. */
export type CompactSkipped = [reason: number, prefixLength: number, rateDeckId: string]

/** `[days, from, to]`, 0: around the clock. */
export type CompactWindow = [days: number[] | null, from: string, to: string, calendar?: CalendarMode] | 0

export type CompactMatch = [
  fromSecond: number,
  ratingProfileId: string,
  ratingPlanId: string,
  planVersion: number,
  timeZone: string,
  prefix: string,
  destination: string,
  rateDeckId: string,
  rateDeckVersion: number,
  window: CompactWindow,
  skipped: CompactSkipped[],
  /** Where the entry is of some callers: the prefix that this one's number begins with. */
  originPrefix?: string,
]

export type CompactStretch = [
  fromSecond: number,
  increments: number,
  match: number,
  stepIndex: number,
  stepFromSecond: number,
  rate: string,
  perSeconds: number,
  incrementSeconds: number,
  /** Place in the draws of the item that pays them. Left out: money does. */
  coveredBy?: number,
]

/** What the call takes of an item; 1: the connect fee is in it. */
export type CompactDraw = [
  allowanceId: string,
  from: string,
  item: string,
  unit: AllowanceUnit,
  amount: string,
  coversFee: 0 | 1,
]

/** Numbers are seconds and places; amounts are decimal text, a sum that does not end `numerator/denominator`. */
export type CompactPrice = [
  form: 1,
  to: string,
  answeredAt: number,
  freeSeconds: number,
  matches: CompactMatch[],
  stretches: CompactStretch[],
  connectFee: string,
  sum: string,
  mode: string,
  decimals: number,
  rounded: string,
  limit: 'minimum' | 'maximum' | null,
  price: string,
  /** Of a call that was shorter, else 0. */
  graceSeconds?: number,
  draws?: CompactDraw[],
]

export type CompactRefusal = [
  form: 0,
  to: string,
  answeredAt: number,
  reason: string,
  ratingProfileId: string | null,
  ratingPlanId: string | null,
  planVersion: number | null,
  blockedPrefix: string | null,
  skipped: CompactSkipped[],
]

export type CompactExplanation = CompactPrice | CompactRefusal

export function compactPrice(
  call: RatedCall,
  priced: {
    first: RateMatch | undefined
    freeSeconds: number
    stretches: readonly (Stretch | CoveredStretch)[]
    /** What money pays. */
    total: Fraction
    rounding: Rounding | undefined
    charged: Charge
    /** What of it allowances pay, and what they give. */
    cover?: CallCover | undefined
    draws?: readonly Draw[]
    /** 0, undefined: the call was not within a grace. */
    graceSeconds?: number | undefined
  },
): CompactPrice {
  const { first, charged } = priced
  const known: RateMatch[] = []
  const matches: CompactMatch[] = []
  const findPlace = (match: RateMatch, fromSecond: number): number => {
    const place = known.indexOf(match)
    if (place >= 0) return place
    matches.push(compactMatch(match, { fromSecond, at: call.answeredAt + fromSecond * 1000 }))
    return known.push(match) - 1
  }
  if (first) findPlace(first, 0)
  const { cover, draws = [] } = priced
  const stretches = priced.stretches.map((stretch): CompactStretch => {
    const { match, step, stepIndex, fromSecond, increments } = stretch
    const place = findPlace(match, fromSecond)
    const { rate, perSeconds, incrementSeconds } = step
    const compact: CompactStretch = [
      ...([fromSecond, increments, place, stepIndex] as const),
      ...([step.fromSecond, rate, perSeconds, incrementSeconds] as const),
    ]
    if ('coveredBy' in stretch && stretch.coveredBy) compact.push(findDraw(draws, stretch.coveredBy))
    return compact
  })
  const isUntouched = stretches.length === 0 && priced.freeSeconds === 0
  const rounded = formatUnits(charged.roundedUnits, unitDecimals)
  const compact: CompactPrice = [
    1,
    call.to,
    call.answeredAt,
    priced.freeSeconds,
    matches,
    stretches,
    isUntouched || cover?.feeCoveredBy ? '0' : (first?.rate.terms.connectFee ?? '0'),
    isExact(priced.total, charged.roundedUnits) ? rounded : exactText(priced.total),
    priced.rounding?.mode ?? 'up',
    priced.rounding?.decimals ?? 0,
    rounded,
    charged.limit,
    charged.limit === null ? rounded : formatUnits(charged.units, unitDecimals),
  ]
  if (priced.graceSeconds) compact.push(priced.graceSeconds)
  if (draws.length > 0) {
    const feeDraw = cover?.feeCoveredBy ? findDraw(draws, cover.feeCoveredBy) : -1
    compact.push(
      0,
      draws.map(({ allowanceId, from, item, unit, amount }, i) => [
        ...([allowanceId, from, item, unit, formatAmount(amount), i === feeDraw ? 1 : 0] as const),
      ]),
    )
  }
  return compact
}

function findDraw(
  draws: readonly Draw[],
  { allowanceId, name }: { allowanceId: string; name: string },
): number {
  return draws.findIndex((draw) => draw.allowanceId === allowanceId && draw.item === name)
}

export function compactRefusal(call: RatedCall, { reason, inForce, match }: Refusal): CompactRefusal {
  return [
    0,
    call.to,
    call.answeredAt,
    reason,
    inForce?.profile.ratingProfileId ?? null,
    inForce?.plan.ratingPlanId ?? null,
    inForce?.plan.version ?? null,
    match?.rate.prefix ?? null,
    inForce ? compactSkipped(inForce, match, call.answeredAt) : [],
  ]
}

function compactMatch(match: RateMatch, when: { fromSecond: number; at: number }): CompactMatch {
  const { inForce, deck, rate } = match
  const { profile, plan, clock, windows, origins } = inForce
  const entry = plan.entries[match.entry]
  const compact: CompactMatch = [
    when.fromSecond,
    profile.ratingProfileId,
    plan.ratingPlanId,
    plan.version,
    clock.timeZone,
    rate.prefix,
    rate.destination,
    deck.rateDeckId,
    deck.version,
    entry && !windows.windows[match.entry]?.isAlwaysOpen ? compactWindow(entry) : 0,
    compactSkipped(inForce, match, when.at),
  ]
  const originPrefix = origins && inForce.from?.slice(0, origins[match.entry])
  if (originPrefix) compact.push(originPrefix)
  return compact
}

function compactWindow({ days, from, to, calendar }: PlanEntry): CompactWindow {
  return calendar ? [days, from, to, calendar.mode] : [days, from, to]
}

function compactSkipped(inForce: PlanInForce, match: RateMatch | undefined, at: number): CompactSkipped[] {
  return listCandidates(inForce, match, at).map(({ reason, prefixLength, rateDeckId }) => [
    skipReasons.indexOf(reason),
    prefixLength,
    rateDeckId,
  ])
}

/** Most sums lose nothing in rounding, and one text then serves for both. */
function isExact({ n, d }: Fraction, units: bigint): boolean {
  return n * unitsPerOne === units * d
}

/** Decimal text at up to ten decimals, else the fraction in lowest terms. */
function exactText({ n, d }: Fraction): string {
  const units = n * unitsPerOne
  if (units % d === 0n) return formatUnits(units / d, unitDecimals)
  const reduced = reduceFraction({ n, d })
  return `${reduced.n}/${reduced.d}`
}
