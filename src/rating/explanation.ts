/**
 * How does a price read as a sum?
 *
 * Turns the compact form that a call carries into parts in the order of reading: what was tried, which rate was
 * met, fee, stretches, rounding, limit. It sums the parts again and throws where they do not make the stored sum
 * or its rounding not the stored figure: an explanation that does not add up is never shown. Amounts are exact
 * decimal text; one that does not end carries numerator and denominator, and its text ends in `…`.
 */

import type { RoundingMode } from '../money.ts'
import { isRoundingMode } from '../money.ts'
import type { AllowanceUnit } from './allowance.ts'
import type { CalendarMode } from './calendar.ts'
import type {
  CompactDraw,
  CompactExplanation,
  CompactMatch,
  CompactPrice,
  CompactRefusal,
  CompactSkipped,
  CompactStretch,
  CompactWindow,
} from './compact-explanation.ts'
import type { Fraction } from './fraction.ts'
import {
  addFractions,
  compareFractions,
  formatUnits,
  fractionOfText,
  fractionToText,
  multiplyFraction,
  reduceFraction,
  roundFraction,
} from './fraction.ts'
import type { SkipReason } from './list-candidates.ts'
import { skipReasons } from './list-candidates.ts'
import type { Step } from './rate.ts'

export interface ExactAmount {
  amount: string
  numerator?: string
  denominator?: string
}

export type ExplanationPart =
  /** The leg was to be down by then and ended within a second after: it is priced to that instant. */
  | { kind: 'cut'; cutAt: string; endedAt: string }
  | {
      kind: 'candidate'
      fromSecond: number
      prefix: string
      rateDeckId: string | null
      outcome: CandidateOutcome
    }
  | {
      kind: 'rate'
      fromSecond: number
      ratingProfileId: string
      ratingPlanId: string
      ratingPlanVersion: number
      rateDeckId: string
      rateDeckVersion: number
      prefix: string
      destination: string
      /** null: open around the clock. */
      window: {
        days: number[] | null
        from: string
        to: string
        timeZone: string
        /** Left out: on every date. */
        calendar?: CalendarMode
      } | null
      /** Where the entry is of some callers: the prefix that this one's number begins with. */
      originPrefix?: string
    }
  /** `coveredBy`: an allowance pays it. */
  | { kind: 'connectFee'; amount: string; coveredBy?: CoveredBy }
  | { kind: 'freeSeconds'; fromSecond: 0; seconds: number; amount: '0' }
  /** The call was shorter, so neither fee nor seconds are charged. */
  | { kind: 'graceSeconds'; seconds: number; amount: '0' }
  | ({
      kind: 'stretch'
      fromSecond: number
      seconds: number
      prefix: string
      stepNumber: number
      step: Step
      increments: number
      /** An allowance pays these increments: their amount is 0. */
      coveredBy?: CoveredBy
    } & ExactAmount)
  /** What the call takes of an item of an allowance in all. */
  | {
      kind: 'allowance'
      allowanceId: string
      from: string
      item: string
      unit: AllowanceUnit
      amount: string
    }
  | ({ kind: 'sum' } & ExactAmount)
  | { kind: 'rounding'; mode: string; decimals: number; before: string; after: string }
  | { kind: 'minimumPrice' | 'maximumPrice'; before: string; after: string }
  | { kind: 'price'; amount: string }
  | {
      kind: 'refusal'
      reason: string
      ratingProfileId: string | null
      ratingPlanId: string | null
      ratingPlanVersion: number | null
    }

/** An item of the client's allowances. */
export interface CoveredBy {
  allowanceId: string
  item: string
}

export type CandidateOutcome = SkipReason | 'no_such_prefix' | 'blocked'

export function readExplanation(compact: CompactExplanation): ExplanationPart[] {
  return compact[0] === 1 ? readPrice(compact) : readRefusal(compact)
}

function readPrice(compact: CompactPrice): ExplanationPart[] {
  const [, to, , freeSeconds, matches, stretches, connectFee, sum, mode, decimals, rounded, limit, price] =
    compact
  const graceSeconds = compact[13]
  const draws = compact[14] ?? []
  const parts = matches.flatMap((match) => readMatch(to, match))
  const feeDraw = draws.find(([, , , , , coversFee]) => coversFee === 1)
  parts.push({
    kind: 'connectFee',
    amount: connectFee,
    ...(feeDraw && { coveredBy: readCoveredBy(feeDraw) }),
  })
  if (graceSeconds) parts.push({ kind: 'graceSeconds', seconds: graceSeconds, amount: '0' })
  if (freeSeconds > 0) parts.push({ kind: 'freeSeconds', fromSecond: 0, seconds: freeSeconds, amount: '0' })
  let total = fractionOfText(connectFee)
  for (const stretch of stretches) {
    const draw = stretch[8] === undefined ? undefined : draws[stretch[8]]
    const amount = draw ? nothing : stretchAmount(stretch)
    total = addFractions(total, amount)
    const part = readStretch(stretch, { prefix: matches[stretch[2]]?.[5] ?? '', amount })
    parts.push(draw ? { ...part, coveredBy: readCoveredBy(draw) } : part)
  }
  for (const [allowanceId, from, item, unit, amount] of draws) {
    parts.push({ kind: 'allowance', allowanceId, from, item, unit, amount })
  }
  assertAddsUp(compact, total)
  const before = exactAmount(total)
  parts.push({ kind: 'sum', ...before })
  parts.push({ kind: 'rounding', mode, decimals, before: sum, after: rounded })
  if (limit !== null) parts.push({ kind: `${limit}Price`, before: rounded, after: price })
  parts.push({ kind: 'price', amount: price })
  return parts
}

function assertAddsUp(
  [, , , , , , , sum, mode, decimals, rounded, limit, price]: CompactPrice,
  total: Fraction,
) {
  if (compareFractions(total, storedFraction(sum)) !== 0) {
    throw new Error(`the parts of a price make ${exactAmount(total).amount}, its stored sum is ${sum}`)
  }
  if (formatUnits(roundFraction(total, { mode: knownMode(mode), decimals }), decimals) !== rounded) {
    throw new Error(`${sum} rounded ${mode} to ${decimals} decimals is not the stored ${rounded}`)
  }
  if (limit === null && rounded !== price) throw new Error(`${rounded} became ${price} without a limit`)
}

function readRefusal(compact: CompactRefusal): ExplanationPart[] {
  const [, to, , reason, ratingProfileId, ratingPlanId, ratingPlanVersion, blockedPrefix, skipped] = compact
  const parts: ExplanationPart[] =
    ratingPlanId === null ? [] : readCandidates({ to, fromSecond: 0, matched: blockedPrefix, skipped })
  if (blockedPrefix !== null) {
    parts.push({
      kind: 'candidate',
      fromSecond: 0,
      prefix: blockedPrefix,
      rateDeckId: null,
      outcome: 'blocked',
    })
  }
  parts.push({ kind: 'refusal', reason, ratingProfileId, ratingPlanId, ratingPlanVersion })
  return parts
}

function readMatch(to: string, match: CompactMatch): ExplanationPart[] {
  const [fromSecond, ratingProfileId, ratingPlanId, ratingPlanVersion, timeZone] = match
  const [, , , , , prefix, destination, rateDeckId, rateDeckVersion, window, skipped, originPrefix] = match
  return [
    ...readCandidates({ to, fromSecond, matched: prefix, skipped }),
    {
      kind: 'rate',
      fromSecond,
      ratingProfileId,
      ratingPlanId,
      ratingPlanVersion,
      rateDeckId,
      rateDeckVersion,
      prefix,
      destination,
      window: readWindow(window, timeZone),
      ...(originPrefix === undefined ? {} : { originPrefix }),
    },
  ]
}

/** From the whole number down to the matched prefix (or to `*`), every prefix once per deck that has it. */
function readCandidates(of: {
  to: string
  fromSecond: number
  matched: string | null
  skipped: readonly CompactSkipped[]
}): ExplanationPart[] {
  const { to, fromSecond, matched } = of
  const matchedLength = matched === null || matched === '*' ? 0 : matched.length
  const parts: ExplanationPart[] = []
  for (let length = to.length; length >= matchedLength; length -= 1) {
    const prefix = length === 0 ? '*' : to.slice(0, length)
    const own = of.skipped.filter(([, prefixLength]) => prefixLength === length)
    for (const [reason, , rateDeckId] of own) {
      parts.push({
        kind: 'candidate',
        fromSecond,
        prefix,
        rateDeckId,
        outcome: skipReasons[reason] ?? 'window_closed',
      })
    }
    if (own.length > 0 || prefix === matched) continue
    parts.push({ kind: 'candidate', fromSecond, prefix, rateDeckId: null, outcome: 'no_such_prefix' })
  }
  for (const [reason, prefixLength, rateDeckId] of of.skipped) {
    const outcome = skipReasons[reason] ?? 'deck_without_rates'
    if (prefixLength < 0) parts.push({ kind: 'candidate', fromSecond, prefix: '*', rateDeckId, outcome })
  }
  return parts
}

const nothing: Fraction = { n: 0n, d: 1n }

function readCoveredBy([allowanceId, , item]: CompactDraw): CoveredBy {
  return { allowanceId, item }
}

function readStretch(
  stretch: CompactStretch,
  of: { prefix: string; amount: Fraction },
): ExplanationPart & { kind: 'stretch' } {
  const [fromSecond, increments, , stepIndex, stepFromSecond, rate, perSeconds, incrementSeconds] = stretch
  return {
    kind: 'stretch',
    fromSecond,
    seconds: increments * incrementSeconds,
    prefix: of.prefix,
    stepNumber: stepIndex + 1,
    step: { fromSecond: stepFromSecond, rate, perSeconds, incrementSeconds },
    increments,
    ...exactAmount(of.amount),
  }
}

function readWindow(window: CompactWindow, timeZone: string) {
  if (window === 0) return null
  const [days, from, to, calendar] = window
  return { days, from, to, timeZone, ...(calendar && { calendar }) }
}

function stretchAmount([, increments, , , , rate, perSeconds, incrementSeconds]: CompactStretch): Fraction {
  const { n, d } = multiplyFraction(fractionOfText(rate), BigInt(increments * incrementSeconds))
  return { n, d: d * BigInt(perSeconds) }
}

function exactAmount(fraction: Fraction): ExactAmount {
  const text = fractionToText(fraction)
  if (text !== undefined) return { amount: text }
  const { n, d } = reduceFraction(fraction)
  const cut = formatUnits(roundFraction(fraction, { mode: 'down', decimals: 10 }), 10)
  return { amount: `${cut}…`, numerator: n.toString(), denominator: d.toString() }
}

function storedFraction(text: string): Fraction {
  const [n, d] = text.split('/')
  return d === undefined ? fractionOfText(text) : { n: BigInt(n ?? '0'), d: BigInt(d) }
}

function knownMode(mode: string): RoundingMode {
  if (isRoundingMode(mode)) return mode
  throw new Error(`"${mode}" is not a rounding mode`)
}
