/**
 * Priced calls summed by client, local day, direction and destination: the rows that invoices take.
 *
 * A call stands in one row. It joins the open one, whose id it gets when all is written. A later price takes it back
 * from its own row while that is open, else from the open one; what a closed row counted is kept, for its invoice
 * does not change. What an invoice charged already is taken back and joined in rows of their own that name it, since
 * the difference is reckoned at its terms; what a credit note has freed stays free. Beside, the same calls are summed by the country of their number; nothing closes
 * these sums.
 */
import type { Sql } from '../db/connection.ts'
import type { Decimal } from '../money.ts'
import { newId } from '../uuid.ts'
import { type Change, findFirstInvoices } from './store/find-first-invoices.ts'
import { type CorrectedCall, keepCorrectedCalls } from './store/keep-corrected-calls.ts'
import {
  addToCountryRollups,
  addToRollups,
  type CountryChange,
  type RollupChange,
  type SumChange,
} from './store/write-rollups.ts'

/** What a row counts of a call, and an invoice lists of it. */
export interface CountedCall {
  clientId: string
  callId: string
  brandId: string
  direction: 'outbound' | 'inbound'
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

interface Count {
  call: CountedCall
  sum: SumChange
  times: 1 | -1
  /** The row that counted the call until now. */
  rollupId: string | null
}

interface OpenRollup {
  change: RollupChange
  counts: Count[]
}

/** Of calls that stand on no invoice. */
const noChange: Change = { changesInvoiceId: null, correctsInvoiceId: null, freed: false }

export class Rollups {
  readonly #now: number
  readonly #counts: Count[] = []
  /** The row that counted a call before it left, by client and call. */
  readonly #left = new Map<string, string>()
  readonly #countries = new Map<string, CountryChange>()

  constructor(now: number) {
    this.#now = now
  }

  /** Counts a call in the open row of its client, day and destination. */
  join(call: CountedCall, day: string, price: Decimal): void {
    this.#count(call, { day, price, times: 1, rollupId: this.#left.get(callKey(call)) ?? null })
  }

  /** Takes back what is counted of a call, given as it was counted. */
  leave(call: CountedCall, day: string, price: Decimal): void {
    if (call.rollupId !== null) this.#left.set(callKey(call), call.rollupId)
    this.#count(call, { day, price, times: -1, rollupId: call.rollupId })
  }

  get isEmpty(): boolean {
    return this.#counts.length === 0
  }

  /** Ascending keys, so that no two transactions wait for each other. */
  async write(tx: Sql): Promise<void> {
    if (this.isEmpty) return
    const rollups = await this.#openRollups(tx)
    const [ids] = await Promise.all([
      addToRollups(
        tx,
        rollups.map(({ change }) => change),
      ),
      this.#countries.size > 0 && addToCountryRollups(tx, inOrder(this.#countries)),
    ])
    const corrected: CorrectedCall[] = []
    for (const [i, { counts }] of rollups.entries()) {
      const id = ids[i]
      if (id === undefined) throw new Error('a rollup row was not written')
      for (const { call, times, rollupId } of counts) {
        if (times === 1) call.rollupId = id
        else if (rollupId !== null && rollupId !== id) {
          corrected.push({ call, rollupId, correctedInRollupId: id })
        }
      }
    }
    if (corrected.length > 0) await keepCorrectedCalls(tx, corrected, this.#now)
  }

  /** What is counted, summed by the row that it is for. Asks for earlier rows only where calls were counted before. */
  async #openRollups(tx: Sql): Promise<OpenRollup[]> {
    const charged =
      this.#left.size === 0 ? undefined : await findFirstInvoices(tx, [...new Set(this.#left.values())])
    const rollups = new Map<string, OpenRollup>()
    for (const count of this.#counts) {
      const change = (count.rollupId === null ? null : charged?.get(count.rollupId)) ?? noChange
      const { clientId, day, direction, destination } = count.sum
      const { correctsInvoiceId, changesInvoiceId, freed } = change
      const name = `${clientId} ${day} ${direction} ${destination} ${correctsInvoiceId} ${changesInvoiceId} ${freed}`
      const rollup = rollups.get(name)
      if (rollup) {
        add(rollup.change, count.sum)
        rollup.counts.push(count)
      } else {
        rollups.set(name, {
          change: { ...count.sum, id: newId(this.#now), ...change },
          counts: [count],
        })
      }
    }
    return inOrder(rollups)
  }

  #count(
    call: CountedCall,
    { day, price, times, rollupId }: { day: string; price: Decimal; times: 1 | -1; rollupId: string | null },
  ): void {
    const { clientId, brandId, direction, country } = call
    const destination = call.destination ?? ''
    // Written out: spreads and a rest took longer than pricing the call.
    const sum: SumChange = {
      clientId,
      brandId,
      day,
      direction,
      destination,
      calls: times,
      durationSeconds: times * (call.durationSeconds ?? 0),
      billedSeconds: times * (call.billedSeconds ?? 0),
      amount: price.times(times),
    }
    this.#counts.push({ call, sum, times, rollupId })
    // Countries are of the numbers that clients call.
    if (country === null || direction === 'inbound') return
    const name = `${clientId} ${day} ${destination} ${country}`
    const known = this.#countries.get(name)
    if (known) add(known, sum)
    else this.#countries.set(name, { ...sum, country })
  }
}

function callKey({ clientId, callId }: CountedCall): string {
  return `${clientId} ${callId}`
}

function inOrder<Value>(byName: ReadonlyMap<string, Value>): Value[] {
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value)
}

function add(to: SumChange, change: SumChange): void {
  to.calls += change.calls
  to.durationSeconds += change.durationSeconds
  to.billedSeconds += change.billedSeconds
  to.amount = to.amount.plus(change.amount)
}
