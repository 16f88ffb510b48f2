/**
 * Facts to those who watch, as they are told: one reader of the outbox for all of them, each second, and none while nobody
 * watches.
 *
 * Ids become visible out of order, so each turn reads the last seconds again, without what it has seen. Beyond 500 facts a
 * second the rest is left out, and the pages are told to read anew: nobody looks at 500 lines a second.
 */

import type { Sql } from '../../db/connection.ts'
import { readFacts, type ToldFact } from '../../db/live/read-facts.ts'

const everyMs = 1000
const lookBackMs = 3000
const maxFacts = 500
/** What a page has missed for longer is read anew. */
const maxResumeMs = 600_000

/** `missed`: more than are told; what is shown has to be read anew. */
export type FactListener = (facts: readonly ToldFact[], missed: boolean) => void

export class FactFeed {
  readonly #sql: Sql
  readonly #listeners = new Set<FactListener>()
  /** Ids of the last seconds. */
  #seen = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #isReading = false
  #since = 0

  /** `sql`: of the role that crosses tenants. */
  constructor(sql: Sql) {
    this.#sql = sql
  }

  follow(listener: FactListener): () => void {
    this.#listeners.add(listener)
    if (!this.#timer) {
      this.#since = Date.now()
      this.#seen = new Set()
      this.#timer = setInterval(() => void this.#read(), everyMs).unref()
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  /** What a page that was away has missed; `missed` where that is too much, or too long ago. */
  async resume(after: string): Promise<{ facts: readonly ToldFact[]; missed: boolean }> {
    if (readMilliseconds(after) < Date.now() - maxResumeMs) return { facts: [], missed: true }
    const facts = await readFacts(this.#sql, { after, except: [], limit: maxFacts + 1 })
    return facts.length > maxFacts ? { facts: [], missed: true } : { facts, missed: false }
  }

  async #read(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      const from = Math.max(this.#since, Date.now() - lookBackMs)
      for (const id of this.#seen) if (readMilliseconds(id) < from) this.#seen.delete(id)
      const query = { after: idAt(from), except: [...this.#seen], limit: maxFacts + 1 }
      const facts = await readFacts(this.#sql, query)
      const missed = facts.length > maxFacts
      // Begin behind the flood.
      if (missed) this.#since = Date.now()
      else for (const { id } of facts) this.#seen.add(id)
      if (facts.length > 0) for (const listener of this.#listeners) listener(facts.slice(0, maxFacts), missed)
    } catch {
      // PostgreSQL is away: the next turn reads what was told meanwhile.
    } finally {
      this.#isReading = false
    }
  }
}

const readMilliseconds = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

function idAt(ms: number): string {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`
}
