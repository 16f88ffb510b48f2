/**
 * Priced calls summed by client, local day and destination: the rows that invoices take.
 *
 * A call stands in one row. It joins the open one, whose id it gets when all is written. A later price takes it back
 * from its own row while that is open, else from the open one; what a closed row counted is kept, for its invoice
 * does not change. Beside, the same calls are summed by the country of their number; nothing closes these sums.
 */
import type { Sql } from '../db/connection.ts'
import { type Decimal, zero } from '../money.ts'
import { newId } from '../uuid.ts'
import { type CorrectedCall, keepCorrectedCalls } from './store/keep-corrected-calls.ts'
import {
  addToCountryRollups,
  addToRollups,
  type CountryChange,
  type RollupChange,
} from './store/write-rollups.ts'

/** What a row counts of a call, and an invoice lists of it. */
export interface CountedCall {
  clientId: string
  callId: string
  brandId: string
  from: string | null
  to: string
  toNormalized: string | null
  answeredAt: number | null
  durationSeconds: number | null
  billedSeconds: number | null
  price: Decimal | null
  destination: string | null
  /** The row that counts it. */
  rollupId: string | null
  /** null: in no sum by country. */
  country: string | null
}

interface OpenRollup {
  change: RollupChange
  /** Calls that it counts from now on. */
  joining: CountedCall[]
  /** Calls as the row counted them that holds them so far. */
  leaving: CountedCall[]
}

export class Rollups {
  readonly #now: number
  readonly #open = new Map<string, OpenRollup>()
  readonly #countries = new Map<string, CountryChange>()

  constructor(now: number) {
    this.#now = now
  }

  /** Counts a call in the open row of its client, day and destination. */
  join(call: CountedCall, day: string, price: Decimal): void {
    this.#count(call, { day, price, times: 1 }).joining.push(call)
  }

  /** Takes back what is counted of a call, given as it was counted. */
  leave(call: CountedCall, day: string, price: Decimal): void {
    this.#count(call, { day, price, times: -1 }).leaving.push(call)
  }

  get isEmpty(): boolean {
    return this.#open.size === 0
  }

  /** Ascending keys, so that no two transactions wait for each other. */
  async write(tx: Sql): Promise<void> {
    if (this.isEmpty) return
    const rollups = inOrder(this.#open)
    const [ids] = await Promise.all([
      addToRollups(
        tx,
        rollups.map(({ change }) => change),
      ),
      this.#countries.size > 0 && addToCountryRollups(tx, inOrder(this.#countries)),
    ])
    const corrected: CorrectedCall[] = []
    for (const [i, { joining, leaving }] of rollups.entries()) {
      const id = ids[i]
      if (id === undefined) throw new Error('a rollup row was not written')
      for (const call of joining) call.rollupId = id
      for (const call of leaving) {
        if (call.rollupId !== null && call.rollupId !== id) {
          corrected.push({ call, rollupId: call.rollupId, correctedInRollupId: id })
        }
      }
    }
    if (corrected.length > 0) await keepCorrectedCalls(tx, corrected, this.#now)
  }

  #count(call: CountedCall, counted: { day: string; price: Decimal; times: 1 | -1 }): OpenRollup {
    const { clientId, brandId, country } = call
    const { day } = counted
    const destination = call.destination ?? ''
    const nothing = { calls: 0, durationSeconds: 0, billedSeconds: 0, amount: zero }
    const sum = { clientId, brandId, day, destination, ...nothing }
    const name = `${clientId} ${day} ${destination}`
    const rollup = this.#open.get(name) ?? {
      change: { id: newId(this.#now), ...sum },
      joining: [],
      leaving: [],
    }
    this.#open.set(name, rollup)
    add(rollup.change, call, counted)
    if (country !== null) {
      const ofCountry = this.#countries.get(`${name} ${country}`) ?? { country, ...sum }
      this.#countries.set(`${name} ${country}`, ofCountry)
      add(ofCountry, call, counted)
    }
    return rollup
  }
}

function add(
  sum: Omit<CountryChange, 'country'>,
  call: CountedCall,
  { price, times }: { price: Decimal; times: 1 | -1 },
): void {
  sum.calls += times
  sum.durationSeconds += times * (call.durationSeconds ?? 0)
  sum.billedSeconds += times * (call.billedSeconds ?? 0)
  sum.amount = sum.amount.plus(price.times(times))
}

function inOrder<Value>(byName: ReadonlyMap<string, Value>): Value[] {
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value)
}
