/**
 * May this rate stand in a deck?
 *
 * Answers every fault of a rate, each with field, code and a sentence; an empty list is the usual answer and costs
 * nothing. CSV import and `PUT …/rates` ask the same question. Warnings never refuse. The shape (types, no
 * unknown fields) is checked before, where the outside enters. Source: "Pricing corners" of the contract.
 */
import { type Fraction, parseUnits, roundFraction, tenTo, unitDecimals, unitsPerOne } from './fraction.ts'
import { normalizePrefix } from './prefix.ts'
import type { Rate, Step } from './rate.ts'
import { rateFieldNames, rateFields } from './rate-fields.ts'
import type { Rounding } from './tariff.ts'

export interface RateFault {
  /** `prefix`, `connectFee`, `minimumPrice`, `steps/1/rate`, … */
  field: string
  code: RateFaultCode
  level: 'error' | 'warning'
  detail: string
}

export type RateFaultCode =
  | 'invalid_prefix'
  | 'invalid_amount'
  | 'too_many_decimals'
  | 'out_of_range'
  | 'no_steps'
  | 'steps_not_ascending'
  | 'minimum_above_maximum'
  | 'unreachable_step'
  | 'free_seconds'
  | 'maximum_below_first_increment'

const maxRate = 1_000_000
/** A price cap in a currency of small units may be larger than any rate. */
const maxPriceLimit = 100_000_000
const maxIncrementSeconds = 86_400
const maxWholeSeconds = 2_147_483_647
/** 31 days, the longest call. */
const maxCallSeconds = 2_678_400

const decimalText = /^\d{1,15}(?:\.\d{1,20})?$/
const none: readonly RateFault[] = Object.freeze([])

export function checkRate(rate: Rate, rounding: Rounding): readonly RateFault[] {
  const faults: RateFault[] = []
  if (normalizePrefix(rate.prefix) === undefined) {
    faults.push(error('prefix', 'invalid_prefix', 'a prefix is 1 to 18 digits, or "*" for any number'))
  }
  for (const field of rateFieldNames) {
    const { kind } = rateFields[field]
    const text = rate[field]
    if (kind === 'seconds') checkSeconds(faults, field, text)
    if (typeof text !== 'string' || (kind !== 'amount' && kind !== 'price')) continue
    const ofPrice = { decimals: rounding.decimals, max: maxPriceLimit }
    checkAmount(faults, {
      field,
      text,
      ...(kind === 'price' ? ofPrice : { decimals: unitDecimals, max: maxRate }),
    })
  }
  if (rate.steps.length === 0) faults.push(error('steps', 'no_steps', 'a rate has at least one step'))
  for (let index = 0; index < rate.steps.length; index += 1) checkStep(faults, rate.steps, index)
  if (faults.some(({ level }) => level === 'error')) return faults
  checkTogether(faults, rate, rounding)
  return faults.length === 0 ? none : faults
}

function checkStep(faults: RateFault[], steps: readonly Step[], index: number): void {
  const step = steps[index]
  if (step === undefined) return
  const at = `steps/${index}`
  checkAmount(faults, { field: `${at}/rate`, text: step.rate, decimals: unitDecimals, max: maxRate })
  checkWhole(faults, { field: `${at}/fromSecond`, value: step.fromSecond, min: 0, max: maxWholeSeconds })
  checkWhole(faults, { field: `${at}/perSeconds`, value: step.perSeconds, min: 1, max: maxWholeSeconds })
  const { incrementSeconds } = step
  checkWhole(faults, {
    field: `${at}/incrementSeconds`,
    value: incrementSeconds,
    min: 1,
    max: maxIncrementSeconds,
  })
  const before = steps[index - 1]
  if (before === undefined) return
  if (step.fromSecond <= before.fromSecond) {
    const detail = `a step begins after the one before it (${before.fromSecond} s)`
    faults.push(error(`${at}/fromSecond`, 'steps_not_ascending', detail))
  }
}

/** What only sound fields can tell. */
function checkTogether(faults: RateFault[], rate: Rate, rounding: Rounding): void {
  const { steps, minimumPrice, maximumPrice } = rate
  if (minimumPrice !== null && maximumPrice !== null && isGreater(minimumPrice, maximumPrice)) {
    faults.push(
      error('minimumPrice', 'minimum_above_maximum', `the minimum is above the maximum of ${maximumPrice}`),
    )
  }
  const first = steps[0]
  if (first !== undefined && first.fromSecond > 0) {
    const detail = `the first ${first.fromSecond} seconds of a call are free`
    faults.push(warning('steps/0/fromSecond', 'free_seconds', detail))
  }
  if (
    maximumPrice !== null &&
    rate.maximumPriceAction === 'hang-up' &&
    !rate.blocked &&
    first !== undefined
  ) {
    const maximumUnits = parseUnits(maximumPrice)
    if (chargedUnits(leastOfCall(rate.connectFee, first), rounding) > maximumUnits) {
      const what = first.fromSecond > 0 ? 'the fee' : 'the first increment with fee'
      const detail = `${what} costs more than the maximum at which a call is hung up, so the number could never be called`
      faults.push(error('maximumPrice', 'maximum_below_first_increment', detail))
    }
  }
  if (steps.length > 1 || (first?.fromSecond ?? 0) > 0) warnOfUnreachable(faults, steps)
}

/** Increments start where the one before ended, so a short step may fall between two starts. */
function warnOfUnreachable(faults: RateFault[], steps: readonly Step[]): void {
  let start = steps[0]?.fromSecond ?? 0
  for (const [index, { fromSecond, incrementSeconds }] of steps.entries()) {
    const end = steps[index + 1]?.fromSecond ?? Number.POSITIVE_INFINITY
    if (start < end && fromSecond < maxCallSeconds) {
      if (end !== Number.POSITIVE_INFINITY)
        start += Math.ceil((end - start) / incrementSeconds) * incrementSeconds
      continue
    }
    const detail = 'no increment of a call answered at this rate can start in this step'
    faults.push(warning(`steps/${index}/fromSecond`, 'unreachable_step', detail))
  }
}

function checkSeconds(faults: RateFault[], field: string, value: unknown): void {
  checkWhole(faults, { field, value: Number(value), min: 0, max: maxIncrementSeconds })
}

function checkAmount(
  faults: RateFault[],
  of: { field: string; text: string; decimals: number; max: number },
): void {
  const { field, text, decimals, max } = of
  if (!decimalText.test(text)) {
    const detail = `"${text.slice(0, 40)}" is not an amount of 0 or more: write plain decimal text such as "0.0125"`
    faults.push(error(field, 'invalid_amount', detail))
    return
  }
  const point = text.indexOf('.')
  if (point >= 0 && text.length - point - 1 > decimals && significantDecimals(text, point) > decimals) {
    faults.push(
      error(field, 'too_many_decimals', `"${text.slice(0, 40)}" has more than ${decimals} decimals`),
    )
  }
  // Counts of at most fifteen digits before the point, compared, never computed with.
  const whole = Number(point < 0 ? text : text.slice(0, point))
  if (whole > max || (whole === max && point >= 0 && significantDecimals(text, point) > 0)) {
    faults.push(error(field, 'out_of_range', `"${text.slice(0, 40)}" is more than ${max}`))
  }
}

function significantDecimals(text: string, point: number): number {
  let end = text.length
  while (end > point + 1 && text.charCodeAt(end - 1) === 48) end -= 1
  return end - point - 1
}

function checkWhole(
  faults: RateFault[],
  of: { field: string; value: number; min: number; max: number },
): void {
  const { field, value, min, max } = of
  if (Number.isInteger(value) && value >= min && value <= max) return
  faults.push(error(field, 'out_of_range', `${value} is not a whole number of seconds from ${min} to ${max}`))
}

function isGreater(one: string, other: string): boolean {
  return parseUnits(one) > parseUnits(other)
}

/** The exact sum of the shortest call in units: the first increment with fee, the fee alone where seconds before it are free. */
function leastOfCall(connectFee: string, step: Step): Fraction {
  const d = BigInt(step.perSeconds)
  const increment = step.fromSecond > 0 ? 0n : parseUnits(step.rate) * BigInt(step.incrementSeconds)
  return { n: increment + parseUnits(connectFee) * d, d: d * unitsPerOne }
}

/** As it is charged: rounded as the deck says. */
function chargedUnits(sum: Fraction, rounding: Rounding): bigint {
  return roundFraction(sum, rounding) * tenTo(unitDecimals - rounding.decimals)
}

function error(field: string, code: RateFaultCode, detail: string): RateFault {
  return { field, code, level: 'error', detail }
}

function warning(field: string, code: RateFaultCode, detail: string): RateFault {
  return { field, code, level: 'warning', detail }
}
