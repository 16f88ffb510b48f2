/**
 * Calls that a carrier took on, summed by client, local day, destination and carrier: what reports of margins read.
 *
 * A call counts once it is settled. What changes of it later is taken back as it was counted and counted anew.
 */
import type { Sql } from '../db/connection.ts'
import { type Decimal, zero } from '../money.ts'
import { addToCarrierRollups, type CarrierChange } from './store/write-carrier-rollups.ts'

export interface CarriedCall {
  clientId: string
  brandId: string
  usageDay: string | null
  destination: string | null
  settledAt: number | null
  answeredAt: number | null
  durationSeconds: number | null
  price: Decimal | null
  carrierId: string | null
  /** null: its cost is not known in the client's currency. */
  margin: Decimal | null
}

export class CarrierSums {
  readonly #changes = new Map<string, CarrierChange>()

  move(before: CarriedCall, after: CarriedCall): void {
    this.#count(before, -1)
    this.#count(after, 1)
  }

  get isEmpty(): boolean {
    return this.#changes.size === 0
  }

  /** Ascending keys, so that no two transactions wait for each other. */
  write(tx: Sql): Promise<void> {
    const ordered = [...this.#changes].sort(([one], [other]) => (one < other ? -1 : 1))
    return addToCarrierRollups(
      tx,
      ordered.map(([, change]) => change),
    )
  }

  #count(call: CarriedCall, times: 1 | -1): void {
    const { clientId, brandId, usageDay: day, carrierId, margin } = call
    if (carrierId === null || day === null || call.answeredAt === null || call.settledAt === null) return
    const destination = call.destination ?? ''
    const key = `${clientId} ${day} ${destination} ${carrierId}`
    let change = this.#changes.get(key)
    if (!change) {
      const none = { calls: 0, durationSeconds: 0, price: zero, margin: zero, callsWithoutCost: 0 }
      change = { clientId, brandId, day, destination, carrierId, ...none }
      this.#changes.set(key, change)
    }
    if (margin === null) {
      change.callsWithoutCost += times
      return
    }
    change.calls += times
    change.durationSeconds += times * (call.durationSeconds ?? 0)
    change.price = change.price.plus((call.price ?? zero).times(times))
    change.margin = change.margin.plus(margin.times(times))
  }
}
