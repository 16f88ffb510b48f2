/**
 * Opens a ledger inside a transaction: locks what may change, in the one order that everybody keeps, and reads what
 * the locks protect.
 *
 * Brand counters, then accounts, each ascending by id, then days in a statement of their own: under READ COMMITTED it
 * sees what the holder before us wrote. All statements are sent before this function waits for the first answer, so
 * that a caller may send its own reads behind them.
 */
import type { Sql } from '../db/connection.ts'
import { NotFound } from '../errors.ts'
import type { ClientDay } from './daily-usage.ts'
import { Ledger } from './ledger.ts'
import type { AccountOwner } from './movement.ts'
import { loadAllowancePeriods } from './store/allowances.ts'
import { loadDailyUsage } from './store/daily-usage.ts'
import { loadLeases, sumLeasedBrandSlots } from './store/leases.ts'
import { loadAccountOwner } from './store/load-account-owner.ts'
import { type LockMode, lockAccounts, lockBrandCounters } from './store/lock-accounts.ts'

export type { LockMode }

export interface WantedLedger {
  clientIds: readonly string[]
  /** Brands whose running calls are counted. */
  brandIds?: readonly string[]
  days?: readonly ClientDay[]
  /** Milliseconds since 1970. */
  now: number
  mode?: LockMode
}

export async function lockLedger(tx: Sql, wanted: WantedLedger): Promise<Ledger> {
  const { clientIds, brandIds = [], days = [], now, mode = 'wait' } = wanted
  const ledger = new Ledger(now)
  const brands = [...new Set(brandIds)].sort()
  const clients = [...new Set(clientIds)].sort()
  const [brandCounters, accounts, usages, leases, leasedBrandSlots] = await Promise.all([
    brands.length > 0 ? lockBrandCounters(tx, brands, mode) : undefined,
    clients.length > 0 ? lockAccounts(tx, clients, mode) : [],
    days.length > 0 ? loadDailyUsage(tx, days) : [],
    clients.length > 0 ? loadLeases(tx, clients) : [],
    brands.length > 0 ? sumLeasedBrandSlots(tx, brands) : undefined,
  ])
  if (brandCounters) ledger.addBrandCounters(brandCounters)
  ledger.addAccounts(accounts)
  ledger.days.add(days, usages)
  ledger.leases.add(leases.filter(({ clientId }) => ledger.findAccount(clientId)))
  if (leasedBrandSlots) ledger.leases.addBrandSlots(leasedBrandSlots)
  return ledger
}

/** Days that only what was read has named; their accounts are locked. */
export async function addDays(tx: Sql, ledger: Ledger, days: readonly ClientDay[]): Promise<void> {
  const missing = days.filter((day) => !ledger.days.has(day))
  if (missing.length > 0) ledger.days.add(missing, await loadDailyUsage(tx, missing))
}

/** What clients have left of their allowances, in periods that end after their day; their accounts are locked. */
export async function addAllowancePeriods(
  tx: Sql,
  ledger: Ledger,
  wanted: readonly ClientDay[],
): Promise<void> {
  const clientIds = wanted.map(({ clientId }) => clientId)
  ledger.allowances.add(clientIds, await loadAllowancePeriods(tx, wanted))
}

/** Brands that only what was read has named. Late: two transactions may lock each other, and one is repeated. */
export async function addBrandCounters(tx: Sql, ledger: Ledger, brandIds: readonly string[]): Promise<void> {
  if (brandIds.length > 0) ledger.addBrandCounters(await lockBrandCounters(tx, [...new Set(brandIds)].sort()))
}

/**
 * The ledger of one account and its owner, read behind the lock: for whoever has no configuration in memory. `tx` may
 * be a transaction of the API, which sees its tenant alone. Throws `NotFound`.
 */
export async function lockAccount(
  tx: Sql,
  { clientId, now }: { clientId: string; now: number },
): Promise<{ ledger: Ledger; owner: AccountOwner }> {
  const [ledger, owner] = await Promise.all([
    lockLedger(tx, { clientIds: [clientId], now }),
    loadAccountOwner(tx, clientId),
  ])
  if (!owner) throw new NotFound('client', clientId)
  return { ledger, owner }
}
