/**
 * What does this call cost?
 *
 * Connect fee once, every started increment whole, exact fractions throughout, one rounding at the end, then
 * minimum and maximum of the rate at the answer. Where the call costs more than 0, its allowances pay increments first
 * (`cover-call.ts`): minimum and maximum then apply to the money charged, and not where all are covered. A call shorter than that rate's grace costs 0 without fee. Zero
 * seconds do too and are never refused, even where the number has no rate (then nothing was matched and the ids
 * are null); a simulation that must name the reason asks `findRate` first. Throws `RateTableNotLoaded` as `tariffs` does.
 */
import type { Decimal } from '../money.ts'
import { zero } from '../money.ts'
import { type Allowance, type Draw, listCovering, noDraws } from './allowance.ts'
import type { NoPriceReason, Stretch } from './call-walk.ts'
import { CallWalk, rateAtAnswer } from './call-walk.ts'
import { type Charge, charge, finerRounding, unitsToDecimal } from './charge.ts'
import type { CompactPrice, CompactRefusal } from './compact-explanation.ts'
import { compactPrice, compactRefusal } from './compact-explanation.ts'
import { CallCover, type CoveredStretch } from './cover-call.ts'
import type { Fraction } from './fraction.ts'
import { addFractions, unitsPerOne } from './fraction.ts'
import type { RatedCall, RateMatch } from './match-rate.ts'
import type { Rounding } from './tariff.ts'

export interface CallToPrice extends RatedCall {
  /** End − answer, rounded up. */
  durationSeconds: number
  /** What the client has left at the call's answer, for whichever numbers. Left out: nothing, it is priced by rate alone. */
  allowances?: readonly Allowance[]
}

export interface PricedCall {
  priced: true
  price: Decimal
  /** Seconds of the increments charged, covered ones among them. */
  billedSeconds: number
  /** Seconds of the increments that allowances pay. */
  coveredSeconds: number
  /** What it takes of allowances. */
  draws: readonly Draw[]
  /** These are of the rate at the answer; null only for a call of 0 seconds that no rate matches. */
  destination: string | null
  prefix: string | null
  connectFee: string | null
  ratingPlanId: string | null
  ratingProfileId: string | null
  rateDeckId: string | null
  rateDeckVersion: number | null
  /** It costs more than the maximum at which it was to be hung up. */
  exceedsMaximum: boolean
  explanation: CompactPrice
}

export interface UnpricedCall {
  priced: false
  reason: NoPriceReason
  explanation: CompactRefusal
}

export function priceCall(call: CallToPrice): PricedCall | UnpricedCall {
  const first = rateAtAnswer(call)
  if (call.durationSeconds === 0) return priceNothing(call, 'rate' in first ? first : undefined)
  if ('reason' in first)
    return { priced: false, reason: first.reason, explanation: compactRefusal(call, first) }
  if (isWithinGrace(call.durationSeconds, first)) return priceNothing(call, first)
  const sums = sumStretches(call, first)
  const { walk, stretches, total, rounding, billedSeconds, charged, cover } = sums
  return {
    priced: true,
    price: unitsToDecimal(charged.units),
    billedSeconds,
    coveredSeconds: cover?.coveredSeconds ?? 0,
    draws: sums.draws,
    ...nameMatch(first),
    exceedsMaximum: isAboveHangup(first, charged.units),
    explanation: compactPrice(call, {
      first,
      freeSeconds: Math.min(walk.freeSeconds, call.durationSeconds),
      stretches,
      total,
      rounding,
      charged,
      cover,
      draws: sums.draws,
    }),
  }
}

/** The price alone, of a call whose rate at the answer is known: what limits ask several times for one leg. */
export function priceAtRate(call: CallToPrice, first: RateMatch): Decimal {
  return priceWithDraws(call, first).price
}

/** The same, with what it takes of allowances. */
export function priceWithDraws(
  call: CallToPrice,
  first: RateMatch,
): { price: Decimal; draws: readonly Draw[] } {
  const { durationSeconds } = call
  if (durationSeconds === 0 || isWithinGrace(durationSeconds, first)) return { price: zero, draws: noDraws }
  const { charged, draws } = sumStretches(call, first)
  return { price: unitsToDecimal(charged.units), draws }
}

/** The first increment with fee, at least the rate's minimum: what a call costs once its grace is over, or more. */
export function priceOfFirstIncrement(call: RatedCall, first: RateMatch): Decimal {
  return unitsToDecimal(sumStretches({ ...call, durationSeconds: 1 }, first).charged.units)
}

function isWithinGrace(durationSeconds: number, { rate }: RateMatch): boolean {
  return durationSeconds < rate.terms.graceSeconds
}

interface Sums {
  walk: CallWalk
  stretches: readonly (Stretch | CoveredStretch)[]
  /** What money pays, exactly. */
  total: Fraction
  rounding: Rounding
  billedSeconds: number
  charged: Charge
  /** undefined: no allowance pays anything. */
  cover: CallCover | undefined
  draws: readonly Draw[]
}

function sumStretches(call: CallToPrice, first: RateMatch): Sums {
  const { terms } = first.rate
  const walk = new CallWalk(call, first)
  const stretches = collectStretches(walk, call.durationSeconds)
  let total: Fraction = { n: terms.connectFeeUnits, d: unitsPerOne }
  let rounding = first.deck.rounding
  let billedSeconds = 0
  for (const stretch of stretches) {
    const seconds = stretch.increments * stretch.step.incrementSeconds
    total = addFractions(total, priceOfStretch(stretch))
    rounding = finerRounding(rounding, stretch.match.deck.rounding)
    billedSeconds += seconds
  }
  const charged = charge({ total, rounding, terms, isBilled: billedSeconds > 0 })
  const sums: Sums = {
    walk,
    stretches,
    total,
    rounding,
    billedSeconds,
    charged,
    cover: undefined,
    draws: noDraws,
  }
  // A call that costs nothing anyway draws nothing.
  if (!call.allowances?.length || charged.units === 0n) return sums
  const covering = listCovering(call.allowances, call.to)
  return covering.length === 0 ? sums : coverSums(sums, covering, first)
}

/** What is left for money where allowances pay first. */
function coverSums(sums: Sums, covering: readonly Allowance[], first: RateMatch): Sums {
  const { terms } = first.rate
  const cover = new CallCover(covering, terms.connectFeeUnits)
  const stretches = sums.stretches.flatMap((stretch) => cover.cover(stretch))
  const draws = cover.listDraws(sums.rounding)
  if (draws.length === 0) return sums
  let total: Fraction = { n: cover.feeCoveredBy ? 0n : terms.connectFeeUnits, d: unitsPerOne }
  let isBilled = false
  for (const stretch of stretches) {
    if (stretch.coveredBy) continue
    total = addFractions(total, priceOfStretch(stretch))
    isBilled = true
  }
  const charged = charge({ total, rounding: sums.rounding, terms, isBilled })
  return { ...sums, stretches, total, charged, cover, draws }
}

function priceOfStretch({ step, increments }: Stretch): Fraction {
  return { n: step.rateUnits * BigInt(increments * step.incrementSeconds), d: step.rateDivisor }
}

/** Runs that only a window's change without effect had split are one stretch again. */
function collectStretches(walk: CallWalk, untilSecond: number): Stretch[] {
  const stretches: Stretch[] = []
  let last: Stretch | undefined
  for (let next = walk.next(untilSecond); next; next = walk.next(untilSecond)) {
    if (last && last.match === next.match && last.step === next.step) {
      last.increments += next.increments
    } else {
      stretches.push(next)
      last = next
    }
  }
  return stretches
}

function priceNothing(call: CallToPrice, first: RateMatch | undefined): PricedCall {
  return {
    priced: true,
    price: zero,
    billedSeconds: 0,
    coveredSeconds: 0,
    draws: noDraws,
    ...(first ? nameMatch(first) : noNames),
    exceedsMaximum: false,
    explanation: compactPrice(call, {
      first,
      freeSeconds: 0,
      stretches: [],
      total: { n: 0n, d: 1n },
      rounding: first?.deck.rounding,
      charged: { roundedUnits: 0n, units: 0n, limit: null },
      graceSeconds: call.durationSeconds > 0 ? first?.rate.terms.graceSeconds : undefined,
    }),
  }
}

function isAboveHangup({ rate: { terms } }: RateMatch, units: bigint): boolean {
  const { maximumUnits, maximumPriceAction } = terms
  return maximumPriceAction === 'hang-up' && maximumUnits !== null && units > maximumUnits
}

const noNames = {
  destination: null,
  prefix: null,
  connectFee: null,
  ratingPlanId: null,
  ratingProfileId: null,
  rateDeckId: null,
  rateDeckVersion: null,
}

function nameMatch({ rate, inForce, deck }: RateMatch) {
  return {
    destination: rate.destination,
    prefix: rate.prefix,
    connectFee: rate.terms.connectFee,
    ratingPlanId: inForce.plan.ratingPlanId,
    ratingProfileId: inForce.profile.ratingProfileId,
    rateDeckId: deck.rateDeckId,
    rateDeckVersion: deck.version,
  }
}
