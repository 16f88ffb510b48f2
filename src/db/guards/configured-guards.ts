/**
 * The enabled guards of brands and for whom they are lifted, as calls are decided by them.
 */
import { and, asc, eq, inArray } from 'drizzle-orm'
import { type BrandGuards, guardActions, liftKey, type SpendGuard } from '../../limits/spend-guard.ts'
import { Decimal } from '../../money.ts'
import { compileWindows } from '../../rating/windows.ts'
import { readGuardLimits, readGuardTimes, readWord } from '../configuration/read-settings.ts'
import type { Tx } from '../connection.ts'
import { guardLifts, spendGuards } from '../schema.ts'

type GuardRow = typeof spendGuards.$inferSelect

/** By brand; one without guards is left out. */
export async function listConfiguredGuards(
  tx: Tx,
  brands: readonly { id: string; currency: string }[],
  ids: 'all' | readonly string[],
): Promise<ReadonlyMap<string, BrandGuards>> {
  const ofBrands = ids === 'all' ? undefined : [...ids]
  const rows = await tx
    .select()
    .from(spendGuards)
    .where(and(eq(spendGuards.enabled, true), ofBrands && inArray(spendGuards.brandId, ofBrands)))
    .orderBy(asc(spendGuards.createdAt), asc(spendGuards.id))
  const lifted = await tx
    .select()
    .from(guardLifts)
    .where(ofBrands && inArray(guardLifts.brandId, ofBrands))
  const found = new Map<string, BrandGuards>()
  for (const { id, currency } of brands) {
    const guards = rows.filter(({ brandId }) => brandId === id)
    if (guards.length === 0) continue
    const ofClient = new Map<string, SpendGuard[]>()
    for (const row of guards) {
      if (row.clientId === null) continue
      const guard = readGuard(row, currency)
      ofClient.set(row.clientId, [...(ofClient.get(row.clientId) ?? []), guard])
    }
    found.set(id, {
      ofAll: guards.filter(({ clientId }) => clientId === null).map((row) => readGuard(row, currency)),
      ofClient,
      lifts: new Map(
        lifted
          .filter(({ brandId }) => brandId === id)
          .map(({ guardId, clientId, until }) => [liftKey(guardId, clientId), until]),
      ),
    })
  }
  return found
}

/** `currency`: its brand's. */
export function readGuard(
  row: Omit<GuardRow, 'brandId' | 'clientId' | 'enabled' | 'revision' | 'updatedAt'>,
  currency: string,
): SpendGuard {
  const times = readGuardTimes(row.when)
  const { days = null, from = '00:00', to = '24:00', timeZone = null } = times ?? {}
  const [window] = compileWindows([{ days, from, to }]).windows
  const { spendPerHour, spendPerDay, ...counts } = readGuardLimits(row.limits)
  return {
    id: row.id,
    name: row.name,
    when: times && window ? { window, timeZone } : null,
    prefixes: row.prefixes,
    highRisk: row.highRisk ? true : null,
    limits: {
      ...(spendPerHour !== undefined && { spendPerHour: new Decimal(spendPerHour) }),
      ...(spendPerDay !== undefined && { spendPerDay: new Decimal(spendPerDay) }),
      ...counts,
    },
    action: readWord(guardActions, row.action),
    currency,
    email: row.email,
    createdAt: row.createdAt,
  }
}
