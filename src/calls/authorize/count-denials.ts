/**
 * How many authorizations were denied, by client, local day and reason.
 *
 * Counted in memory and added up each second: a flood of refusals writes one row, not thousands.
 */

import { addDenials, type DenialCount } from '../../db/calls/denials.ts'
import type { Sql } from '../../db/connection.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import type { DenialReason } from '../../limits/reasons.ts'
import { localDay } from '../../rating/local-day.ts'

/** Stands for a client that nobody knows. */
export const nobody = '00000000-0000-0000-0000-000000000000'

export class DenialCounter {
  #counts = new Map<string, DenialCount>()

  count(client: Client | undefined, reason: DenialReason, at: number): void {
    const clientId = client?.id ?? nobody
    const timeZone = client ? termsAt(client.terms, at).timeZone : 'UTC'
    const day = localDay(at, timeZone)
    const key = `${clientId} ${day} ${reason}`
    const counted = this.#counts.get(key)
    if (counted) counted.count++
    else
      this.#counts.set(key, { clientId, brandId: client?.brandId ?? null, timeZone, day, reason, count: 1 })
  }

  /** Writes what has been counted; what could not be written is counted on. */
  async flush(sql: Sql): Promise<void> {
    if (this.#counts.size === 0) return
    const counts = this.#counts
    this.#counts = new Map()
    try {
      await addDenials(sql, [...counts.values()])
    } catch (error) {
      for (const [key, counted] of counts) {
        const since = this.#counts.get(key)
        if (since) since.count += counted.count
        else this.#counts.set(key, counted)
      }
      throw error
    }
  }
}
