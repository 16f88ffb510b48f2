/**
 * In which stretches does a call run: whole runs of equal increments at one rate and step?
 *
 * Each increment is priced by the rate and step in force when it starts and the next starts where it ends, so
 * a stretch lasts until the first increment start at or after a step's second, a window's change or a profile's
 * activation. Cost grows with these boundaries, never with the number of increments.
 *
 * - Later profiles take over at the first increment start at which their plan prices the number.
 * - Nothing open, a blocked rate, or one whose first step is still to come, after the answer: the last rate goes on.
 * - Seconds before the first step of the rate at the answer are free and no increment (`freeSeconds`).
 */

import type { PlanInForce, RatedCall, RateMatch } from './match-rate.ts'
import { matchRate, planInForce } from './match-rate.ts'
import type { CompiledStep } from './rate-terms.ts'
import { selectRatingProfile } from './select-rating-profile.ts'
import { nextWindowChange } from './windows.ts'

export const noPriceReasons = ['no_rating_profile', 'destination_not_priced', 'destination_blocked'] as const
export type NoPriceReason = (typeof noPriceReasons)[number]

export interface Stretch {
  match: RateMatch
  stepIndex: number
  step: CompiledStep
  /** Where its first increment starts. */
  fromSecond: number
  /** At least one. */
  increments: number
}

export interface Refusal {
  reason: NoPriceReason
  /** The plan that was asked, where there is one. */
  inForce: PlanInForce | undefined
  /** The blocked rate. */
  match: RateMatch | undefined
}

/** The rate at the answer, or why there is none. */
export function rateAtAnswer(call: RatedCall): RateMatch | Refusal {
  const profile = call.profiles[selectRatingProfile(call.profiles, call.answeredAt)]
  if (profile === undefined) return { reason: 'no_rating_profile', inForce: undefined, match: undefined }
  const inForce = planInForce(call, profile)
  const match = inForce && matchRate(inForce, call.answeredAt)
  if (match === undefined) return { reason: 'destination_not_priced', inForce, match }
  return match.rate.terms.blocked ? { reason: 'destination_blocked', inForce, match } : match
}

/** The second of the call from which on another rate may hold than at its answer. */
export function findChangeSecond(call: RatedCall, first: RateMatch): number {
  const next = call.profiles[selectRatingProfile(call.profiles, call.answeredAt) + 1]
  const { windows, clock } = first.inForce
  const change = Math.min(
    next?.activatesAt ?? Number.POSITIVE_INFINITY,
    nextWindowChange(windows, clock, call.answeredAt),
  )
  return Math.ceil((change - call.answeredAt) / 1000)
}

export class CallWalk {
  readonly first: RateMatch
  readonly freeSeconds: number
  /** Where the next increment starts. */
  second: number
  readonly #call: RatedCall
  #match: RateMatch
  /** Profiles in force or activated since; the first is the one in force, later ones wait to take over. */
  readonly #active: (PlanInForce | undefined)[]
  #nextProfile: number
  /** From this second on the match must be looked up again. */
  #changeSecond: number

  constructor(call: RatedCall, first: RateMatch) {
    this.first = first
    this.freeSeconds = first.rate.terms.steps[0]?.fromSecond ?? 0
    this.second = this.freeSeconds
    this.#call = call
    this.#match = first
    this.#active = [first.inForce]
    this.#nextProfile = selectRatingProfile(call.profiles, call.answeredAt) + 1
    this.#changeSecond = findChangeSecond(call, first)
  }

  /** The next run of increments that start before `untilSecond`; undefined: the walk has reached it. */
  next(untilSecond: number): Stretch | undefined {
    const fromSecond = this.second
    if (fromSecond >= untilSecond) return undefined
    if (fromSecond >= this.#changeSecond) this.#lookUp(fromSecond)
    const { steps } = this.#match.rate.terms
    let stepIndex = 0
    while ((steps[stepIndex + 1]?.fromSecond ?? Number.POSITIVE_INFINITY) <= fromSecond) stepIndex += 1
    const step = steps[stepIndex]
    if (step === undefined) throw new Error(`the rate of prefix ${this.#match.rate.prefix} has no steps`)
    const nextStep = steps[stepIndex + 1]?.fromSecond ?? Number.POSITIVE_INFINITY
    const end = Math.min(untilSecond, this.#changeSecond, nextStep)
    const increments = Math.ceil((end - fromSecond) / step.incrementSeconds)
    this.second = fromSecond + increments * step.incrementSeconds
    return { match: this.#match, stepIndex, step, fromSecond, increments }
  }

  #lookUp(second: number): void {
    const at = this.#call.answeredAt + second * 1000
    const { profiles } = this.#call
    for (let profile = profiles[this.#nextProfile]; profile && profile.activatesAt <= at; ) {
      this.#active.push(planInForce(this.#call, profile))
      this.#nextProfile += 1
      profile = profiles[this.#nextProfile]
    }
    let waitsUntil = Number.POSITIVE_INFINITY
    for (let index = this.#active.length - 1; index >= 0; index -= 1) {
      const inForce = this.#active[index]
      const match = inForce && matchRate(inForce, at)
      if (match === undefined || match.rate.terms.blocked) continue
      const firstSecond = match.rate.terms.steps[0]?.fromSecond ?? 0
      if (firstSecond > second) {
        waitsUntil = Math.min(waitsUntil, firstSecond)
        continue
      }
      this.#match = match
      this.#active.splice(0, index)
      break
    }
    this.#changeSecond = Math.min(this.#findChangeSecond(at), waitsUntil)
  }

  #findChangeSecond(at: number): number {
    let change = this.#call.profiles[this.#nextProfile]?.activatesAt ?? Number.POSITIVE_INFINITY
    for (const inForce of this.#active) {
      if (inForce) change = Math.min(change, nextWindowChange(inForce.windows, inForce.clock, at))
    }
    return Math.ceil((change - this.#call.answeredAt) / 1000)
  }
}
