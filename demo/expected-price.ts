/**
 * What must a call cost by the rate that its grant showed? The switch's own reckoning, independent of the
 * service's: seconds into increments, fee and minutes added up, rounded up to four decimals once.
 *
 * Holds for the demo's sheets alone: one price for all steps, no minimum, no maximum.
 */
import { Decimal } from '../src/money.ts'

export interface ShownRate {
  connectFee: string
  steps: readonly { fromSecond: number; rate: string; perSeconds: number; incrementSeconds: number }[]
}

export function expectedPrice({ connectFee, steps }: ShownRate, durationSeconds: number): Decimal {
  const [first, second = first] = steps
  if (
    !first ||
    !second ||
    !steps.every((step) => step.rate === first.rate && step.perSeconds === first.perSeconds)
  ) {
    throw new Error('this rate is not of the demo')
  }
  if (durationSeconds === 0) return new Decimal(0)
  const rest = Math.max(0, durationSeconds - first.incrementSeconds)
  const billedSeconds =
    first.incrementSeconds + Math.ceil(rest / second.incrementSeconds) * second.incrementSeconds
  return new Decimal(first.rate)
    .times(billedSeconds)
    .div(first.perSeconds)
    .plus(connectFee)
    .toDecimalPlaces(4, Decimal.ROUND_UP)
}
