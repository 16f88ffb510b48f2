/**
 * How many authorizations were granted, by brand and day of UTC? For those who watch: no sum of money hangs on it.
 *
 * Counted in memory and added up each second, like denials.
 */
import { addGrants, type GrantCount } from '../../db/calls/grants.ts'
import type { Sql } from '../../db/connection.ts'

const dayMs = 86_400_000

export class GrantCounter {
  /** By day and brand: no text of both is made for each grant. */
  #counts = new Map<number, Map<string, GrantCount>>()

  count(brandId: string, at: number): void {
    const day = Math.floor(at / dayMs)
    const counted = this.#counts.get(day)?.get(brandId)
    if (counted) counted.count++
    else this.#begin(brandId, day)
  }

  #begin(brandId: string, day: number): void {
    const ofDay = this.#counts.get(day) ?? new Map<string, GrantCount>()
    this.#counts.set(day, ofDay)
    ofDay.set(brandId, { brandId, day, count: 1 })
  }

  /** What could not be written is forgotten: the next second's count matters more. */
  async flush(sql: Sql): Promise<void> {
    if (this.#counts.size === 0) return
    const counts = [...this.#counts.values()].flatMap((ofDay) => [...ofDay.values()])
    this.#counts = new Map()
    await addGrants(sql, counts)
  }
}
