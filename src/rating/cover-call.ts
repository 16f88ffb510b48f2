/**
 * Which increments of a call do its allowances pay?
 *
 * The call is walked increment by increment. One is covered by the first item, in their order, that still has all of it:
 * its seconds, its price in money, or one call for the whole call at the first increment alone. The first increment
 * includes the connect fee where the item covers fees. An increment whose price is 0 is not covered and draws nothing.
 * Money is compared as exact fractions; the sum of what an item pays is rounded once, as the call is, and is at most what
 * the item had left. Whole runs are covered at once: cost grows with stretches and items, never with increments.
 */
import { Decimal } from '../money.ts'
import type { Allowance, Draw } from './allowance.ts'
import type { Stretch } from './call-walk.ts'
import { unitsToDecimal } from './charge.ts'
import type { Fraction } from './fraction.ts'
import {
  addFractions,
  compareFractions,
  multiplyFraction,
  parseUnits,
  roundFraction,
  tenTo,
  unitDecimals,
  unitsPerOne,
} from './fraction.ts'
import type { Rounding } from './tariff.ts'

/** A run of equal increments that one item pays, or money. */
export interface CoveredStretch extends Stretch {
  /** null: money pays them. */
  coveredBy: Allowance | null
}

interface Purse {
  allowance: Allowance
  /** Seconds and calls drawn so far. */
  drawn: number
  /** Money drawn so far, and what there was. */
  spent: Fraction
  left: Fraction
}

export class CallCover {
  /** The item that pays the connect fee. */
  feeCoveredBy: Allowance | null = null
  coveredSeconds = 0
  readonly #purses: readonly Purse[]
  readonly #fee: Fraction
  readonly #used = new Set<Purse>()
  #isFirst = true
  /** Of an item of calls: it covers the rest, too. */
  #ofWholeCall: Purse | undefined

  /** `allowances`: those of the call's number, in their order. */
  constructor(allowances: readonly Allowance[], connectFeeUnits: bigint) {
    this.#purses = allowances.map((allowance) => ({
      allowance,
      drawn: 0,
      spent: { n: 0n, d: unitsPerOne },
      left: { n: parseUnits(allowance.left.toDecimalPlaces(unitDecimals).toFixed()), d: unitsPerOne },
    }))
    this.#fee = { n: connectFeeUnits, d: unitsPerOne }
  }

  /** The next stretch of the walk, cut where another item or money pays on. */
  cover(stretch: Stretch): CoveredStretch[] {
    const parts: CoveredStretch[] = []
    const { step } = stretch
    const price = { n: step.rateUnits * BigInt(step.incrementSeconds), d: step.rateDivisor }
    let last: CoveredStretch | undefined
    for (let done = 0; done < stretch.increments; ) {
      const wanted = this.#isFirst ? 1 : stretch.increments - done
      const { purse, increments } = this.#pay(price, step.incrementSeconds, wanted)
      this.#isFirst = false
      const coveredBy = purse?.allowance ?? null
      if (last && last.coveredBy === coveredBy) last.increments += increments
      else {
        const fromSecond = stretch.fromSecond + done * step.incrementSeconds
        last = { ...stretch, fromSecond, increments, coveredBy }
        parts.push(last)
      }
      if (coveredBy) this.coveredSeconds += increments * step.incrementSeconds
      done += increments
    }
    return parts
  }

  /** What the increments walked so far have drawn. */
  listDraws(rounding: Rounding): Draw[] {
    return this.#purses
      .filter((purse) => this.#used.has(purse))
      .map(({ allowance, drawn, spent }) => {
        const { allowanceId, from, name: item, unit, left } = allowance
        const money = roundFraction(spent, rounding) * tenTo(unitDecimals - rounding.decimals)
        const amount = unit === 'money' ? Decimal.min(left, unitsToDecimal(money)) : new Decimal(drawn)
        return { allowanceId, from, item, unit, amount }
      })
  }

  #pay(
    price: Fraction,
    incrementSeconds: number,
    wanted: number,
  ): { purse: Purse | undefined; increments: number } {
    const hasFee = this.#isFirst && this.#fee.n > 0n
    if (price.n === 0n && !hasFee) return { purse: undefined, increments: wanted }
    if (this.#ofWholeCall) return { purse: this.#ofWholeCall, increments: wanted }
    for (const purse of this.#purses) {
      const { unit, coversConnectFee } = purse.allowance
      const withFee = hasFee && coversConnectFee
      const each = withFee ? addFractions(price, this.#fee) : price
      const increments = Math.min(wanted, this.#countFitting(purse, each, incrementSeconds))
      if (increments === 0) continue
      if (unit === 'seconds') purse.drawn += increments * incrementSeconds
      else if (unit === 'money') {
        purse.spent = addFractions(purse.spent, multiplyFraction(each, BigInt(increments)))
      } else {
        purse.drawn = 1
        this.#ofWholeCall = purse
      }
      this.#used.add(purse)
      if (withFee) this.feeCoveredBy = purse.allowance
      return { purse, increments }
    }
    return { purse: undefined, increments: wanted }
  }

  #countFitting({ allowance, drawn, spent, left }: Purse, each: Fraction, incrementSeconds: number): number {
    switch (allowance.unit) {
      case 'seconds':
        return Math.floor((allowance.left.toNumber() - drawn) / incrementSeconds)
      case 'calls':
        return this.#isFirst && allowance.left.gte(1) ? 1 : 0
      case 'money': {
        const rest = addFractions(left, { n: -spent.n, d: spent.d })
        if (each.n === 0n) return 1
        if (compareFractions(each, rest) > 0) return 0
        const fitting = (rest.n * each.d) / (rest.d * each.n)
        return fitting > maxIncrements ? Number(maxIncrements) : Number(fitting)
      }
    }
  }
}

/** More than any call has. */
const maxIncrements = 10_000_000n
