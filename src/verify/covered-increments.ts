/**
 * Which increments of a call did allowances pay, by its explanation, and did the call take as much of them?
 */
import type { CompactExplanation } from '../rating/compact-explanation.ts'
import type { NaiveCover } from './naive-price.ts'

/** What a call took of an item, as it stands with the call. */
export interface StoredDraw {
  allowanceId: string
  /** First day of the period. */
  from: string
  item: string
  unit: string
  amount: number | string
}

/** Where they begin and end in the call, and by which of its draws they are paid. */
interface CoveredSpan {
  from: number
  to: number
  place: number
}

export class CoveredIncrements {
  readonly #spans: readonly CoveredSpan[]
  readonly #explained: readonly string[]
  readonly #coversFee: boolean
  readonly #draws: readonly StoredDraw[]
  readonly #coveredSeconds: number

  /** As they stand with the call. */
  constructor(explanation: string, stored: { draws: readonly StoredDraw[]; coveredSeconds: number | null }) {
    const compact: CompactExplanation = JSON.parse(explanation)
    const [stretches, draws] = compact[0] === 1 ? [compact[5], compact[14] ?? []] : [[], []]
    this.#spans = stretches.flatMap(([from, increments, , , , , , incrementSeconds, place]) =>
      place === undefined ? [] : { from, to: from + increments * incrementSeconds, place },
    )
    this.#explained = draws.map(([allowanceId, from, item, unit, amount]) =>
      [allowanceId, from, item, unit, amount].join(' '),
    )
    this.#coversFee = draws.some(([, , , , , coversFee]) => coversFee === 1)
    this.#draws = stored.draws
    this.#coveredSeconds = stored.coveredSeconds ?? 0
  }

  /** For one walk along the call: what is covered, and behind it what of the draws is wrong. */
  begin(): { cover: NaiveCover; findFault: () => string | undefined } {
    const seconds = new Map<number, number>()
    const cover: NaiveCover = (increment) => {
      const { second } = increment
      const span = this.#spans.find(({ from, to }) => from <= second && second < to)
      if (span) seconds.set(span.place, (seconds.get(span.place) ?? 0) + increment.seconds)
      return { increment: span !== undefined, fee: increment.fee !== null && this.#coversFee }
    }
    return { cover, findFault: () => this.#findFault(seconds) }
  }

  #findFault(seconds: ReadonlyMap<number, number>): string | undefined {
    const taken = this.#draws.map(({ allowanceId, from, item, unit, amount }) =>
      [allowanceId, from, item, unit, amount].join(' '),
    )
    if (taken.join(', ') !== this.#explained.join(', '))
      return `with other draws: ${this.#explained.join(', ')}`
    const covered = [...seconds.values()].reduce((sum, one) => sum + one, 0)
    if (covered !== this.#coveredSeconds) return `with ${covered} s covered`
    for (const [place, { item, unit, amount }] of this.#draws.entries()) {
      const paid = seconds.get(place) ?? 0
      const isRight = unit === 'seconds' ? paid === amount : unit === 'calls' ? amount === 1 : paid > 0
      if (!isRight) return `with ${paid} s paid by ${item}`
    }
    return undefined
  }
}
