/**
 * What do the prefixes of a deck cost, without the prefixes?
 *
 * Terms are everything of a rate but prefix and destination; thousands of prefixes share them. They stand in
 * columns, amounts as units of 10⁻¹⁰, each set of terms once, its steps one after another.
 */
import { remember } from '../bounded-cache.ts'
import { formatUnits, parseUnits, unitDecimals, unitsPerOne } from './fraction.ts'
import type { Rate, Step } from './rate.ts'
import { rateFieldNames } from './rate-fields.ts'

export interface CompiledStep extends Readonly<Step> {
  /** Price of one second is `rateUnits / rateDivisor`. */
  readonly rateUnits: bigint
  readonly rateDivisor: bigint
}

export interface CompiledTerms {
  readonly connectFee: string
  readonly connectFeeUnits: bigint
  readonly minimumUnits: bigint | null
  readonly maximumUnits: bigint | null
  readonly maximumPriceAction: 'free' | 'hang-up'
  readonly blocked: boolean
  readonly graceSeconds: number
  readonly highRisk: boolean | null
  readonly steps: readonly CompiledStep[]
}

export interface TermsColumns {
  connectFee: BigInt64Array<ArrayBuffer>
  /** −1: none. */
  minimumPrice: BigInt64Array<ArrayBuffer>
  /** −1: none. */
  maximumPrice: BigInt64Array<ArrayBuffer>
  /** The sum of what holds of `flagBits`. */
  termsFlags: Uint8Array<ArrayBuffer>
  graceSeconds: Uint32Array<ArrayBuffer>
  /** First step of each set of terms, and the end of the last one's. */
  stepStart: Uint32Array<ArrayBuffer>
  stepFromSecond: Uint32Array<ArrayBuffer>
  stepRate: BigInt64Array<ArrayBuffer>
  stepPerSeconds: Uint32Array<ArrayBuffer>
  stepIncrementSeconds: Uint32Array<ArrayBuffer>
}

const flagBits = { blocked: 1, hangsUp: 2, highRisk: 4, notHighRisk: 8 }

/** Terms known at a time; a deck with more of them repeats some, and building it stays within its memory. */
const maxKnownTerms = 32_768

export class RateTermsBuilder {
  readonly #ids = new Map<string, number>()
  #fees = new BigInt64Array(3 * 64)
  readonly #flags: number[] = []
  readonly #graceSeconds: number[] = []
  #stepRates = new BigInt64Array(64)
  readonly #stepNumbers: number[] = []
  readonly #stepStart = [0]

  add(rate: Rate): number {
    const signature = signTerms(rate)
    const known = this.#ids.get(signature)
    if (known !== undefined) return known
    const id = remember(this.#ids, signature, this.#flags.length, maxKnownTerms)
    this.#write(id, rate)
    return id
  }

  #write(id: number, rate: Rate): void {
    if (id * 3 + 3 > this.#fees.length) this.#fees = doubled(this.#fees)
    this.#fees[id * 3] = parseUnits(rate.connectFee)
    this.#fees[id * 3 + 1] = rate.minimumPrice === null ? -1n : parseUnits(rate.minimumPrice)
    this.#fees[id * 3 + 2] = rate.maximumPrice === null ? -1n : parseUnits(rate.maximumPrice)
    this.#flags.push(packFlags(rate))
    this.#graceSeconds.push(rate.graceSeconds)
    let at = this.#stepStart[id] ?? 0
    for (const step of rate.steps) {
      if (at >= this.#stepRates.length) this.#stepRates = doubled(this.#stepRates)
      this.#stepRates[at] = parseUnits(step.rate)
      this.#stepNumbers.push(step.fromSecond, step.perSeconds, step.incrementSeconds)
      at += 1
    }
    this.#stepStart.push(at)
  }

  build(): TermsColumns {
    const numbers = this.#stepNumbers
    const steps = numbers.length / 3
    return {
      connectFee: everyThird(this.#fees, new BigInt64Array(this.#flags.length), 0),
      minimumPrice: everyThird(this.#fees, new BigInt64Array(this.#flags.length), 1),
      maximumPrice: everyThird(this.#fees, new BigInt64Array(this.#flags.length), 2),
      termsFlags: Uint8Array.from(this.#flags),
      graceSeconds: Uint32Array.from(this.#graceSeconds),
      stepStart: Uint32Array.from(this.#stepStart),
      stepFromSecond: everyThird(numbers, new Uint32Array(steps), 0),
      stepRate: this.#stepRates.slice(0, steps),
      stepPerSeconds: everyThird(numbers, new Uint32Array(steps), 1),
      stepIncrementSeconds: everyThird(numbers, new Uint32Array(steps), 2),
    }
  }
}

/** One set of terms, made from its columns. */
export function readTerms(columns: TermsColumns, id: number): CompiledTerms {
  const flags = columns.termsFlags[id] ?? 0
  const connectFeeUnits = columns.connectFee[id] ?? 0n
  const steps: CompiledStep[] = []
  const end = columns.stepStart[id + 1] ?? 0
  for (let at = columns.stepStart[id] ?? 0; at < end; at += 1) steps.push(readStep(columns, at))
  return {
    connectFee: formatUnits(connectFeeUnits, unitDecimals),
    connectFeeUnits,
    minimumUnits: noneBelowZero(columns.minimumPrice[id] ?? -1n),
    maximumUnits: noneBelowZero(columns.maximumPrice[id] ?? -1n),
    maximumPriceAction: flags & flagBits.hangsUp ? 'hang-up' : 'free',
    blocked: (flags & flagBits.blocked) > 0,
    graceSeconds: columns.graceSeconds[id] ?? 0,
    highRisk: flags & flagBits.highRisk ? true : flags & flagBits.notHighRisk ? false : null,
    steps,
  }
}

/** The same as decimal text. */
export function showTerms(terms: CompiledTerms): Omit<Rate, 'prefix' | 'destination'> {
  const { connectFee, minimumUnits, maximumUnits, maximumPriceAction, blocked, graceSeconds, highRisk } =
    terms
  const price = (units: bigint | null) => (units === null ? null : formatUnits(units, unitDecimals))
  return {
    connectFee,
    minimumPrice: price(minimumUnits),
    maximumPrice: price(maximumUnits),
    maximumPriceAction,
    blocked,
    graceSeconds,
    highRisk,
    steps: terms.steps.map(({ fromSecond, rate, perSeconds, incrementSeconds }) => ({
      fromSecond,
      rate,
      perSeconds,
      incrementSeconds,
    })),
  }
}

function packFlags({ blocked, maximumPriceAction, highRisk }: Rate): number {
  const ofRisk = highRisk ? flagBits.highRisk : highRisk === false ? flagBits.notHighRisk : 0
  return (blocked ? flagBits.blocked : 0) + (maximumPriceAction === 'hang-up' ? flagBits.hangsUp : 0) + ofRisk
}

function readStep(columns: TermsColumns, at: number): CompiledStep {
  const rateUnits = columns.stepRate[at] ?? 0n
  const perSeconds = columns.stepPerSeconds[at] ?? 1
  return {
    fromSecond: columns.stepFromSecond[at] ?? 0,
    rate: formatUnits(rateUnits, unitDecimals),
    perSeconds,
    incrementSeconds: columns.stepIncrementSeconds[at] ?? 1,
    rateUnits,
    rateDivisor: BigInt(perSeconds) * unitsPerOne,
  }
}

function noneBelowZero(units: bigint): bigint | null {
  return units < 0n ? null : units
}

function signTerms(rate: Rate): string {
  let text = ''
  for (const name of rateFieldNames) text += ` ${rate[name]}`
  for (const step of rate.steps) {
    text += ` ${step.fromSecond} ${step.rate} ${step.perSeconds} ${step.incrementSeconds}`
  }
  return text
}

function everyThird<V, T extends { length: number; [index: number]: V }>(
  from: { [index: number]: V },
  into: T,
  offset: number,
): T {
  for (let at = 0; at < into.length; at += 1) {
    const value = from[at * 3 + offset]
    if (value !== undefined) into[at] = value
  }
  return into
}

function doubled(column: BigInt64Array<ArrayBuffer>): BigInt64Array<ArrayBuffer> {
  const larger = new BigInt64Array(column.length * 2)
  larger.set(column)
  return larger
}
