/**
 * Do the books hold? Asks every check of a live database, and names each difference.
 *
 * Read-only: each batch of clients and each check has a transaction of its own on one snapshot, so that a charge
 * being written is seen whole or not at all, and no lock and no old snapshot is held for long.
 */
import type { Db, Sql } from '../db/connection.ts'
import { allowances } from './allowances.ts'
import { balances } from './balances.ts'
import { brandSlots } from './brand-slots.ts'
import { callKeys } from './call-keys.ts'
import { callMovements } from './call-movements.ts'
import { callRollups } from './call-rollups.ts'
import { carrierRollups } from './carrier-rollups.ts'
import type { Check, Difference, Scope } from './check.ts'
import { countryRollups } from './country-rollups.ts'
import { dailyUsage } from './daily-usage.ts'
import { facts } from './facts.ts'
import { invoiceNumbers } from './invoice-numbers.ts'
import { invoices } from './invoices.ts'
import { leases } from './leases.ts'
import { movementChains } from './movement-chains.ts'
import { prices } from './prices.ts'
import { receivables } from './receivables.ts'
import { reservations } from './reservations.ts'

/** In the order of their ids. */
export const checks: readonly Check[] = [
  callKeys,
  balances,
  movementChains,
  callMovements,
  dailyUsage,
  callRollups,
  countryRollups,
  carrierRollups,
  reservations,
  brandSlots,
  leases,
  prices,
  invoiceNumbers,
  invoices,
  facts,
  receivables,
  allowances,
]

export interface Verification {
  check: Check
  differences: Difference[]
}

export interface VerifyOptions extends Omit<Scope, 'clientIds'> {
  /** How many clients a transaction looks at. */
  clientsPerBatch?: number
  /** Names of the checks to make; all when left out. */
  only?: readonly string[]
}

/** Yields each check with what differs, as soon as it has seen all clients. */
export async function* verifyBooks(db: Db, options: VerifyOptions): AsyncGenerator<Verification> {
  const { clientsPerBatch = 500, only, ...days } = options
  for (const check of checks) {
    if (only && !only.includes(check.name) && !only.includes(check.id)) continue
    const differences: Difference[] = []
    const scopes = check.over === 'everything' ? [[]] : listClientBatches(db.$client, clientsPerBatch)
    for await (const clientIds of scopes) {
      differences.push(...(await onSnapshot(db.$client, (sql) => check.find(sql, { ...days, clientIds }))))
    }
    yield { check, differences }
  }
}

async function* listClientBatches(sql: Sql, max: number): AsyncGenerator<string[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await sql`select id from clients where id > ${after} order by id limit ${max}`
    const last = rows.at(-1)
    if (!last) return
    after = last.id
    yield rows.map(({ id }) => id)
  }
}

async function onSnapshot<Result>(sql: Sql, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const found = await sql.begin('isolation level repeatable read read only', async (tx) => {
    // Prices are computed between two reads.
    await tx`set local idle_in_transaction_session_timeout = 0`
    return [await work(tx as unknown as Sql)]
  })
  return found[0] as Result
}

/** The first local day that has not ended everywhere: days before it are closed in every zone. */
export function firstOpenDay(now: number): string {
  // The last place where a day ends is UTC−12.
  return new Date(now - 12 * 3_600_000).toISOString().slice(0, 10)
}
