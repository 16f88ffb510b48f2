/**
 * Which allowance plans a client has, and their periods as they stand.
 */
import { and, asc, eq, getTableColumns, gt, isNull, lte, or, sql } from 'drizzle-orm'
import { Decimal } from '../../money.ts'
import type { AllowanceUnit } from '../../rating/allowance.ts'
import { heldByGrants } from '../calls/granted-draws.ts'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { allowanceItems, allowancePeriods, clientAllowances } from '../schema.ts'

export type AllowanceRow = typeof clientAllowances.$inferSelect & { planName: string }

const shown = {
  ...getTableColumns(clientAllowances),
  planName: sql<string>`(select plan.name from allowance_plans plan where plan.id = ${clientAllowances.allowancePlanId})`,
}

export interface ShownPeriod {
  from: string
  to: string
  status: 'active' | 'unpaid' | 'lapsed'
  fee: Decimal
  items: {
    name: string
    unit: AllowanceUnit
    amount: Decimal
    rolledOver: Decimal
    used: Decimal
    /** By running calls, and by legs granted from leases. */
    reserved: Decimal
  }[]
}

export async function listAllowances(tx: Tx, clientId: string, page: PagePlace): Promise<AllowanceRow[]> {
  return tx
    .select(shown)
    .from(clientAllowances)
    .where(and(eq(clientAllowances.clientId, clientId), afterPlace(clientAllowances, page)))
    .orderBy(...inOrder(clientAllowances, page))
    .limit(page.limit)
}

/** Those that the day belongs to, the oldest first. */
export async function listAllowancesOfDay(
  tx: Tx,
  { clientId, day, limit }: { clientId: string; day: string; limit: number },
): Promise<AllowanceRow[]> {
  const { fromDay, toDay } = clientAllowances
  return tx
    .select(shown)
    .from(clientAllowances)
    .where(and(eq(clientAllowances.clientId, clientId), lte(fromDay, day), or(isNull(toDay), gt(toDay, day))))
    .orderBy(asc(clientAllowances.id))
    .limit(limit)
}

export async function findAllowance(
  tx: Tx,
  place: { clientId: string; id: string },
  lock: 'none' | 'update',
): Promise<AllowanceRow | undefined> {
  const query = tx
    .select(shown)
    .from(clientAllowances)
    .where(and(eq(clientAllowances.clientId, place.clientId), eq(clientAllowances.id, place.id)))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertAllowance(
  tx: Tx,
  values: typeof clientAllowances.$inferInsert,
): Promise<AllowanceRow> {
  const [row] = await tx.insert(clientAllowances).values(values).returning(shown)
  if (!row) throw new Error('an inserted allowance was not returned')
  return row
}

/** Its next period is looked for anew. */
export async function updateAllowance(
  tx: Tx,
  change: { id: string; toDay: string | null; email: string | null; now: number },
): Promise<AllowanceRow> {
  const { id, toDay, email, now } = change
  const [row] = await tx
    .update(clientAllowances)
    .set({ toDay, email, nextPeriodAt: now, revision: sql`${clientAllowances.revision} + 1` })
    .where(eq(clientAllowances.id, id))
    .returning(shown)
  if (!row) throw new Error(`allowance ${id} vanished while it was locked`)
  return row
}

/** With the periods that have begun; the caller has seen that nothing was drawn from them. */
export async function deleteAllowance(tx: Tx, id: string): Promise<void> {
  await tx.delete(allowancePeriods).where(eq(allowancePeriods.allowanceId, id))
  await tx.delete(clientAllowances).where(eq(clientAllowances.id, id))
}

/** The periods that a day lies in, by allowance. */
export async function listPeriodsOfDay(
  tx: Tx,
  ids: readonly string[],
  day: string,
): Promise<Map<string, ShownPeriod[]>> {
  const found = new Map<string, ShownPeriod[]>()
  if (ids.length === 0) return found
  const held = heldByGrants({ period: 'allowance_periods', item: 'allowance_items' })
  const rows = await tx
    .select({ period: allowancePeriods, item: allowanceItems, granted: sql<string>`${sql.raw(held)}` })
    .from(allowancePeriods)
    .leftJoin(
      allowanceItems,
      and(
        eq(allowanceItems.allowanceId, allowancePeriods.allowanceId),
        eq(allowanceItems.fromDay, allowancePeriods.fromDay),
      ),
    )
    .where(
      sql`${allowancePeriods.allowanceId} = any(${sql.param(ids)}::uuid[])
        and ${allowancePeriods.fromDay} <= ${day}::date and ${day}::date < ${allowancePeriods.toDay}`,
    )
    .orderBy(allowancePeriods.allowanceId, allowancePeriods.fromDay, allowanceItems.place)
  for (const { period, item, granted } of rows) {
    const periods = found.get(period.allowanceId) ?? []
    found.set(period.allowanceId, periods)
    let shown = periods.find(({ from }) => from === period.fromDay)
    if (!shown) {
      const { fromDay: from, toDay: to, status, fee } = period
      shown = { from, to, status, fee, items: [] }
      periods.push(shown)
    }
    if (item) {
      const { name, unit, amount, rolledOver, used } = item
      shown.items.push({ name, unit, amount, rolledOver, used, reserved: item.reserved.plus(granted) })
    }
  }
  return found
}

/** A period as a change of its subscription's days meets it. */
export interface UsedPeriod {
  from: string
  to: string
  isCharged: boolean
  isDrawn: boolean
  isLapsed: boolean
}

/** Ascending. */
export async function listUsedPeriods(tx: Tx, id: string): Promise<UsedPeriod[]> {
  const rows = await tx.execute<{
    from_day: string
    to_day: string
    is_charged: boolean
    is_drawn: boolean
    is_lapsed: boolean
  }>(sql`
    select p.from_day, p.to_day, p.status = 'lapsed' as is_lapsed,
           p.status = 'active' and p.fee > 0 and (p.fee_by = 'movement' or p.invoice_id is not null) as is_charged,
           exists (
             select from allowance_items i
             where i.allowance_id = p.allowance_id and i.from_day = p.from_day and i.used + i.reserved > 0
           ) as is_drawn
    from allowance_periods p
    where p.allowance_id = ${id}
    order by p.from_day`)
  return [...rows].map((row) => ({
    from: row.from_day,
    to: row.to_day,
    isCharged: row.is_charged,
    isDrawn: row.is_drawn,
    isLapsed: row.is_lapsed,
  }))
}

/** Periods that begin on this day or later, from which nothing was drawn and that nobody has paid. */
export async function deletePeriodsFrom(tx: Tx, id: string, day: string): Promise<void> {
  await tx.execute(sql`delete from allowance_periods where allowance_id = ${id} and from_day >= ${day}::date`)
}

export function amountLeft({ amount, rolledOver, used, reserved }: ShownPeriod['items'][number]): Decimal {
  return new Decimal(amount).plus(rolledOver).minus(used).minus(reserved)
}
