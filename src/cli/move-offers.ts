/**
 * Sends what another system sells beside calls: allowance plans, who has them, and fixed costs. Each is a request of its own
 * behind the tariffs: what is there already stays, so that a second run makes what is missing.
 */
import { Decimal } from '../money.ts'
import { localDay } from '../rating/local-day.ts'
import {
  type ImportedAllowancePlan,
  type ImportedTariffs,
  unsupportedRow,
} from '../tariff-migration/imported-tariffs.ts'
import type { TableRow } from '../tariff-migration/read-table.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'
import type { ServiceApi } from './service-api.ts'

/** Made, or there already. */
export interface MovedOffers {
  allowancePlans: number
  allowances: number
  fixedCosts: number
}

interface Target {
  brandId: string | undefined
  dryRun: boolean
}

/** What the service refuses, and what the brand has otherwise, is added to `moved.unequal`. */
export async function moveOffers(
  api: ServiceApi,
  moved: ImportedTariffs,
  target: Target,
): Promise<MovedOffers> {
  const plans = await moveAllowancePlans(api, moved, target)
  return {
    allowancePlans: plans.size,
    allowances: await moveAllowances(api, moved, { ...target, plans }),
    fixedCosts: await moveFixedCosts(api, moved, target),
  }
}

type ShownPlan = Pick<ImportedAllowancePlan, 'name' | 'currency' | 'period' | 'fee' | 'items'> & {
  id: string
}

/** Their ids by name; null: of a dry run, which makes none. */
async function moveAllowancePlans(
  api: ServiceApi,
  moved: ImportedTariffs,
  { brandId, dryRun }: Target,
): Promise<Map<string, string | null>> {
  const ids = new Map<string, string | null>()
  if (moved.allowancePlans.length === 0) return ids
  const known = await byName<ShownPlan>(api, '/v1/allowance-plans', brandId)
  for (const { row, ...plan } of moved.allowancePlans) {
    const there = known.get(plan.name)
    if (there && textOf(there) !== textOf(plan)) {
      const why = `the brand has another allowance plan "${plan.name}", which stays as it is`
      moved.unequal.push(unsupportedRow(row, why))
      continue
    }
    const id =
      there?.id ??
      (dryRun
        ? null
        : await make(api, moved, { path: '/v1/allowance-plans', body: { brandId, ...plan }, row }))
    if (id !== undefined) ids.set(plan.name, id)
  }
  return ids
}

/** What two plans have in common that give the same for the same. */
function textOf({ currency, period, fee, items }: Omit<ShownPlan, 'id' | 'name'>): string {
  const given = items.map(({ name, prefixes, unit, amount, weight }) => [
    ...[name, unit, amount, weight],
    [...prefixes].sort(),
  ])
  return JSON.stringify([currency, period, new Decimal(fee).toFixed(), given])
}

interface ShownClient {
  id: string
  name: string
  sipDomain: string
  timeZone: string
}

async function moveAllowances(
  api: ServiceApi,
  moved: ImportedTariffs,
  { brandId, dryRun, plans }: Target & { plans: ReadonlyMap<string, string | null> },
): Promise<number> {
  if (moved.allowances.length === 0) return 0
  const clients = new Map<string, ShownClient>()
  for await (const client of api.list<ShownClient>('/v1/clients', { brandId })) {
    for (const key of [client.name, client.sipDomain, client.id]) clients.set(key, client)
  }
  let count = 0
  for (const { client: reference, plan, row } of moved.allowances) {
    const client = clients.get(reference) ?? clients.get(reference.toLowerCase())
    const allowancePlanId = plans.get(plan)
    // Its plan was named.
    if (allowancePlanId === undefined) continue
    if (!client) {
      moved.unequal.push(unsupportedRow(row, `there is no client "${reference}"`))
      continue
    }
    const path = `/v1/clients/${client.id}/allowances`
    if (allowancePlanId !== null && !(await hasPlan(api, path, allowancePlanId)) && !dryRun) {
      const body = { allowancePlanId, from: localDay(Date.now(), client.timeZone) }
      if ((await make(api, moved, { path, body, row })) === undefined) continue
    }
    count += 1
  }
  return count
}

async function hasPlan(api: ServiceApi, path: string, allowancePlanId: string): Promise<boolean> {
  for await (const one of api.list<{ allowancePlanId: string }>(path)) {
    if (one.allowancePlanId === allowancePlanId) return true
  }
  return false
}

async function moveFixedCosts(
  api: ServiceApi,
  moved: ImportedTariffs,
  { brandId, dryRun }: Target,
): Promise<number> {
  if (moved.fixedCosts.length === 0) return 0
  const known = await byName<{ name: string; price: string; currency: string }>(
    api,
    '/v1/fixed-costs',
    brandId,
  )
  let count = 0
  for (const { row, ...cost } of moved.fixedCosts) {
    const there = known.get(cost.name)
    if (there && (there.currency !== cost.currency || !new Decimal(there.price).equals(cost.price))) {
      const why = `the brand has another fixed cost "${cost.name}", which stays as it is`
      moved.unequal.push(unsupportedRow(row, why))
      continue
    }
    if (!there && !dryRun) {
      const made = await make(api, moved, { path: '/v1/fixed-costs', body: { brandId, ...cost }, row })
      if (made === undefined) continue
    }
    count += 1
  }
  return count
}

async function byName<Row extends { name: string }>(
  api: ServiceApi,
  path: string,
  brandId: string | undefined,
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>()
  for await (const row of api.list<Row>(path, { brandId })) rows.set(row.name, row)
  return rows
}

/** Its id; undefined: it was refused, and is named. */
async function make(
  api: ServiceApi,
  moved: ImportedTariffs,
  { path, body, row }: { path: string; body: object; row: TableRow },
): Promise<string | undefined> {
  try {
    return (await api.json<{ id: string }>('POST', path, { body })).id
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.exitCode !== exitCodes.found) throw error
    moved.unequal.push(unsupportedRow(row, error.message))
    return undefined
  }
}
