/**
 * What clients have spent and hold on their local days, as read under the locks of their accounts.
 */
import type { DailyUsage } from '../limits/account.ts'
import { emptyDay } from '../limits/daily-usage.ts'

export interface ClientDay {
  clientId: string
  /** `YYYY-MM-DD` in the client's zone. */
  day: string
}

export interface ClientDailyUsage extends DailyUsage {
  clientId: string
  /** null: the day has no row yet. */
  brandId: string | null
}

export class LoadedDays {
  readonly #usages = new Map<string, ClientDailyUsage>()
  readonly #changed = new Set<ClientDailyUsage>()

  /** The days that were asked for; one of them without a row is a day of no usage. */
  add(days: readonly ClientDay[], usages: readonly ClientDailyUsage[]): void {
    for (const { clientId, day } of days) {
      this.#usages.set(`${clientId} ${day}`, { clientId, brandId: null, ...emptyDay(day) })
    }
    for (const usage of usages) this.#usages.set(`${usage.clientId} ${usage.day}`, usage)
  }

  has({ clientId, day }: ClientDay): boolean {
    return this.#usages.has(`${clientId} ${day}`)
  }

  get(clientId: string, day: string): ClientDailyUsage {
    const usage = this.#usages.get(`${clientId} ${day}`)
    if (!usage) throw new Error(`day ${day} of client ${clientId} is not loaded by this transaction`)
    return usage
  }

  /** The day is written with the rest. */
  change(usage: ClientDailyUsage): void {
    this.#changed.add(usage)
  }

  get changed(): readonly ClientDailyUsage[] {
    return [...this.#changed]
  }
}
