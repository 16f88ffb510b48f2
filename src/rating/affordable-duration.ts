/**
 * How long may a call last for this money?
 *
 * The inverse of `priceCall`, on the same stretches and the same rounding: the longest duration whose price,
 * and that of every shorter one, stays within the money. Whole increments count, since a started one is charged
 * whole. Money below zero buys what is free: a rate's grace too, whose last second is the longest that costs nothing. A maximum price with `hang-up` ends the duration too; one with
 * `free` lets it run on once it is reached. Increments that allowances pay cost nothing. Cost grows with stretches, not with increments.
 */
import { Decimal, zero } from '../money.ts'
import { type Allowance, listCovering } from './allowance.ts'
import type { NoPriceReason, Stretch } from './call-walk.ts'
import { CallWalk, rateAtAnswer } from './call-walk.ts'
import { charge, finerRounding, unitsToDecimal } from './charge.ts'
import { CallCover } from './cover-call.ts'
import type { Fraction } from './fraction.ts'
import { addFractions, unitsPerOne } from './fraction.ts'
import type { RatedCall, RateMatch } from './match-rate.ts'
import type { Rounding } from './tariff.ts'

export interface AffordableDuration {
  priced: true
  /** 0 to `maxSeconds`. */
  seconds: number
  /** End of the last increment bought: `seconds`, or later where `maxSeconds` cuts an increment short. */
  paidUntilSecond: number
  /** Of `seconds`, and of every duration up to `paidUntilSecond`. */
  price: Decimal
  limitedBy: 'money' | 'maximum_price' | 'max_seconds'
}

/** A call, what may be spent on it, and how long it lasts at most. */
export interface CallToAfford extends RatedCall {
  money: Decimal
  maxSeconds: number
  /** Pay increments before money does, as they do when the call is priced. */
  allowances?: readonly Allowance[]
}

export function affordableDuration(
  call: CallToAfford,
): AffordableDuration | { priced: false; reason: NoPriceReason } {
  const first = rateAtAnswer(call)
  if ('reason' in first) return { priced: false, reason: first.reason }
  return affordableAtRate(call, first)
}

/** The same for a call whose rate at the answer is known. */
export function affordableAtRate(call: CallToAfford, first: RateMatch): AffordableDuration {
  const budget = computeBudget(call.money, first)
  const walk = new CallWalk(call, first)
  let sum: Sum = {
    total: { n: first.rate.terms.connectFeeUnits, d: unitsPerOne },
    rounding: first.deck.rounding,
    isBilled: false,
  }
  let paidUntilSecond = 0
  let paidUnits = 0n
  const answer = (limitedBy: AffordableDuration['limitedBy']): AffordableDuration => {
    const seconds = Math.min(paidUntilSecond, call.maxSeconds)
    const { graceSeconds } = first.rate.terms
    if (seconds < graceSeconds) return withinGrace(graceSeconds - 1, call.maxSeconds, limitedBy)
    return { priced: true, seconds, paidUntilSecond, price: unitsToDecimal(paidUnits), limitedBy }
  }
  if (walk.freeSeconds > 0 && call.maxSeconds > 0) {
    if (chargeUnits(sum, first) > budget.units) return answer(budget.limitedBy)
    paidUnits = chargeUnits(sum, first)
    paidUntilSecond = walk.freeSeconds
  }
  const covering = call.allowances?.length ? listCovering(call.allowances, call.to) : []
  const cover = covering.length > 0 ? new CallCover(covering, first.rate.terms.connectFeeUnits) : undefined
  let isFirst = true
  for (let next = walk.next(call.maxSeconds); next; next = walk.next(call.maxSeconds)) {
    for (const stretch of cover?.cover(next) ?? [next]) {
      if (isFirst && cover?.feeCoveredBy) sum = { ...sum, total: nothing }
      isFirst = false
      const isCovered = 'coveredBy' in stretch && stretch.coveredBy !== null
      if (isCovered) sum = { ...sum, rounding: finerRounding(sum.rounding, stretch.match.deck.rounding) }
      const increments = isCovered
        ? // Money still pays a fee that the item does not.
          chargeUnits(sum, first) > budget.units
          ? 0
          : stretch.increments
        : countAffordable({ sum, stretch, first, units: budget.units })
      if (increments > 0) {
        if (!isCovered) sum = extend(sum, stretch, increments)
        paidUnits = chargeUnits(sum, first)
        paidUntilSecond = stretch.fromSecond + increments * stretch.step.incrementSeconds
      }
      if (increments < stretch.increments) return answer(budget.limitedBy)
    }
  }
  return answer('max_seconds')
}

function withinGrace(
  freeSeconds: number,
  maxSeconds: number,
  limitedBy: AffordableDuration['limitedBy'],
): AffordableDuration {
  const seconds = Math.min(freeSeconds, maxSeconds)
  return {
    priced: true,
    seconds,
    paidUntilSecond: freeSeconds,
    price: zero,
    limitedBy: seconds === maxSeconds ? 'max_seconds' : limitedBy,
  }
}

/**
 * The second at which the increment that contains second `second` of the call ends (the first increment contains
 * second 1); undefined where the number has no rate. A slice up to there is made of whole increments.
 */
export function endOfIncrement(call: RatedCall & { second: number }): number | undefined {
  const first = rateAtAnswer(call)
  if ('reason' in first) return undefined
  const walk = new CallWalk(call, first)
  while (walk.next(call.second));
  return walk.second
}

const nothing: Fraction = { n: 0n, d: unitsPerOne }

interface Sum {
  total: Fraction
  rounding: Rounding
  isBilled: boolean
}

function computeBudget(
  money: Decimal,
  first: RateMatch,
): { units: bigint; limitedBy: 'money' | 'maximum_price' } {
  const units = money.isNegative()
    ? 0n
    : BigInt(money.times(unitsPerOne.toString()).toDecimalPlaces(0, Decimal.ROUND_DOWN).toFixed())
  const { maximumUnits, maximumPriceAction } = first.rate.terms
  return maximumPriceAction === 'hang-up' && maximumUnits !== null && maximumUnits < units
    ? { units: maximumUnits, limitedBy: 'maximum_price' }
    : { units, limitedBy: 'money' }
}

function chargeUnits(sum: Sum, first: RateMatch): bigint {
  return charge({ ...sum, terms: first.rate.terms }).units
}

function extend(sum: Sum, { step, match }: Stretch, increments: number): Sum {
  const seconds = BigInt(increments * step.incrementSeconds)
  return {
    total: addFractions(sum.total, { n: step.rateUnits * seconds, d: step.rateDivisor }),
    rounding: finerRounding(sum.rounding, match.deck.rounding),
    isBilled: true,
  }
}

/**
 * The price never falls inside a stretch, so halving finds the last increment within the money. The quotient of
 * what is left by an increment's exact price is nearly always the answer already; rounding decides the rest.
 */
function countAffordable(of: { sum: Sum; stretch: Stretch; first: RateMatch; units: bigint }): number {
  const isWithin = (increments: number) =>
    chargeUnits(extend(of.sum, of.stretch, increments), of.first) <= of.units
  if (isWithin(of.stretch.increments)) return of.stretch.increments
  let within = 0
  let beyond = of.stretch.increments
  const guess = guessIncrements(of)
  for (const probe of [guess, guess + 1]) {
    if (probe <= within || probe >= beyond) continue
    if (isWithin(probe)) within = probe
    else beyond = probe
  }
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2)
    if (isWithin(middle)) within = middle
    else beyond = middle
  }
  return within
}

function guessIncrements(of: { sum: Sum; stretch: Stretch; units: bigint }): number {
  const { n, d } = of.sum.total
  const { rateUnits, rateDivisor, incrementSeconds } = of.stretch.step
  const left = of.units * d - n * unitsPerOne
  const each = rateUnits * BigInt(incrementSeconds) * unitsPerOne * d
  return left <= 0n || each === 0n ? 0 : Number((left * rateDivisor) / each)
}
