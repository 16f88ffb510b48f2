/**
 * How busy is each client at this replica? Counted in memory, smoothed from second to second.
 */
import type { Demand } from '../../limits/lease.ts'
import { Decimal, zero } from '../../money.ts'
import { type Draw, noDraws } from '../../rating/allowance.ts'
import { addDraws } from '../../rating/draws.ts'

/** A client that has asked nothing for some seconds is forgotten. */
const forgottenPerSecond = 0.05
/** So many asks since the last turn say that a client is busy before the second is over. */
const burst = 2

interface Counted {
  asks: number
  perSecond: number
  /** Mean of what grants reserved until the last turn, recent ones first. */
  mean: Decimal | null
  /** What they have reserved since: the mean is worked out when it is asked for, not with each. */
  reserved: Decimal
  grants: number
  /** Mean and sum of what they draw of allowances. */
  meanDraws: readonly Draw[]
  drawn: readonly Draw[]
}

/** What a grant holds beside slots. */
export interface HeldByGrant {
  reserved: Decimal
  draws: readonly Draw[]
}

export class Demands {
  readonly #counts = new Map<string, Counted>()

  /** An authorization was asked for. Answers whether there are suddenly many. */
  count(clientId: string): boolean {
    const counted = this.#counts.get(clientId)
    if (counted) return ++counted.asks === burst
    const nothing = { mean: null, reserved: zero, grants: 0, meanDraws: noDraws, drawn: noDraws }
    this.#counts.set(clientId, { asks: 1, perSecond: 0, ...nothing })
    return false
  }

  /** What a grant holds. */
  note(clientId: string, { reserved, draws }: HeldByGrant): void {
    const counted = this.#counts.get(clientId)
    if (!counted || (reserved.isZero() && draws.length === 0)) return
    counted.reserved = counted.reserved.plus(reserved)
    counted.drawn = addDraws(counted.drawn, draws)
    counted.grants++
  }

  /** `undefined`: it has asked nothing lately. */
  find(clientId: string): Demand | undefined {
    const counted = this.#counts.get(clientId)
    if (!counted) return undefined
    return {
      perSecond: Math.max(counted.perSecond, counted.asks),
      money: findMean(counted) ?? zero,
      allowances: findMeanDraws(counted),
    }
  }

  /** A second or more is over. */
  turn(seconds: number): void {
    for (const [clientId, counted] of this.#counts) {
      counted.perSecond = (counted.perSecond + counted.asks / seconds) / 2
      counted.asks = 0
      counted.meanDraws = findMeanDraws(counted)
      counted.mean = findMean(counted)
      counted.drawn = noDraws
      counted.reserved = zero
      counted.grants = 0
      if (counted.perSecond < forgottenPerSecond) this.#counts.delete(clientId)
    }
  }

  clientIds(): Iterable<string> {
    return this.#counts.keys()
  }
}

/** Half of it is what was reserved since the last turn. */
function findMean({ mean, reserved, grants }: Counted): Decimal | null {
  if (grants === 0) return mean
  const recent = reserved.div(grants)
  return (mean === null ? recent : mean.plus(recent).div(2)).toDecimalPlaces(6, Decimal.ROUND_UP)
}

/** The same of items of allowances; one that legs draw from no more is forgotten. */
function findMeanDraws({ mean, meanDraws, drawn, grants }: Counted): readonly Draw[] {
  if (grants === 0) return meanDraws
  const parts = mean === null ? 1 : 2
  const scaled = (draws: readonly Draw[], by: number) =>
    draws.map((draw) => ({ ...draw, amount: draw.amount.div(by).toDecimalPlaces(6, Decimal.ROUND_DOWN) }))
  return addDraws(scaled(drawn, grants * parts), scaled(meanDraws, parts))
}
