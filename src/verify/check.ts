/**
 * The words of verification: a check is one claim about the books, asked of PostgreSQL without a lock and
 * answered by the rows that break it.
 *
 * Claims are the invariants I2 to I11, I15 and I16 of `docs/reliability.md`. Nothing here reads the service's own counters.
 */
import type { Sql } from '../db/connection.ts'

export interface Scope {
  /** The clients of this batch. */
  clientIds: readonly string[]
  /** Local days `from` ≤ day < `before`; null: no bound. What runs through all days ignores them. */
  from: string | null
  before: string | null
  /** Prices computed again for each client, the newest calls first; null: all. */
  pricesPerClient: number | null
}

export interface Difference {
  /** Ids of what differs, for programs: `clientId`, `callId`, `day`, `invoiceId` … */
  where: Readonly<Record<string, string>>
  /** For people, with both sums: `the balance is 10, its movements add up to 9`. */
  detail: string
}

export interface Check {
  id: 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'I15' | 'I16'
  name: string
  /** What should be true. */
  claim: string
  /** `clients`: asked of one batch of clients after another. `everything`: asked once. */
  over: 'clients' | 'everything'
  find(sql: Sql, scope: Scope): Promise<Difference[]>
}

/** No batch names more of them; the rest shows after these are repaired. */
export const maxDifferences = 1000
