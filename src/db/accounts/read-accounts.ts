/**
 * Accounts and their movements, as the API reads them.
 */

import { and, asc, desc, eq, gt, gte, isNotNull, lt, sql } from 'drizzle-orm'
import { Decimal } from '../../money.ts'
import type { Sql, Tx } from '../connection.ts'
import { amountDueSql, isOpenInvoice } from '../invoices/amount-due.ts'
import { isPostedFee } from '../invoices/posted-fees.ts'
import { dailyUsage, leaseGrants, movements } from '../schema.ts'

export type MovementRow = typeof movements.$inferSelect

export interface BalanceRow {
  balance: string
  /** By running calls and by legs granted from leases. */
  reserved: string
  /** Set aside by replicas and not granted yet. */
  leased: string
  currency: string
  creditLimit: string | null
  billingMethod: string
  /** Priced calls, and fees that were posted, that stand on no invoice yet. */
  unbilled: string
  /** Due on issued invoices; without what negative ones are to give. */
  invoicedUnpaid: string
}

/** All that the balance shows, in one query: portals ask for nothing more often. Amounts are decimal text. */
export async function findBalance(tx: Sql, clientId: string): Promise<BalanceRow | undefined> {
  const [row] = await tx<BalanceRow[]>`
    select accounts.balance, accounts.reserved + granted.amount as reserved,
           (
             select coalesce(sum(money), 0) from leases where client_id = accounts.client_id
           ) - granted.of_leases as leased,
           accounts.currency,
           clients.credit_limit as "creditLimit", clients.billing_method as "billingMethod",
           coalesce((
             select sum(amount)
             from call_rollups
             where client_id = accounts.client_id and invoice_id is null
           ), 0) + coalesce((
             select sum(fee)
             from allowance_periods
             where client_id = accounts.client_id and ${tx.unsafe(isPostedFee)}
           ), 0) as unbilled,
           coalesce((
             select sum(greatest(0, ${amountDueSql(tx)}))
             from invoices
             where client_id = accounts.client_id and ${isOpenInvoice(tx)}
           ), 0) as "invoicedUnpaid"
    from accounts
    join clients on clients.id = accounts.client_id
    cross join lateral (
      select coalesce(sum(g.reserved), 0) as amount,
             coalesce(sum(g.reserved) filter (where l.epoch is not null), 0) as of_leases
      from lease_grants g
      left join leases l using (client_id, epoch)
      where g.client_id = accounts.client_id and g.epoch is not null
    ) granted
    where accounts.client_id = ${clientId}`
  return row
}

export async function listMovements(
  tx: Tx,
  page: {
    clientId: string
    /** Of the last row shown. */
    afterSeq: number | null
    direction: 'ascending' | 'descending'
    limit: number
  },
): Promise<MovementRow[]> {
  const [isAfter, towards] = page.direction === 'ascending' ? [gt, asc] : [lt, desc]
  return tx
    .select()
    .from(movements)
    .where(
      and(
        eq(movements.clientId, page.clientId),
        page.afterSeq === null ? undefined : isAfter(movements.seq, page.afterSeq),
      ),
    )
    .orderBy(towards(movements.seq))
    .limit(page.limit)
}

/** Oldest first, of a half-open span of time. */
export async function listMovementsBetween(
  tx: Tx,
  span: {
    clientId: string
    from: number
    to: number
    afterSeq: number
    limit: number
  },
): Promise<MovementRow[]> {
  return tx
    .select()
    .from(movements)
    .where(
      and(
        eq(movements.clientId, span.clientId),
        gte(movements.createdAt, span.from),
        lt(movements.createdAt, span.to),
        sql`${movements.seq} > ${span.afterSeq}`,
      ),
    )
    .orderBy(asc(movements.seq))
    .limit(span.limit)
}

export async function sumMovementsByKind(
  tx: Tx,
  span: { clientId: string; from: number; to: number },
): Promise<{ kind: string; amount: string }[]> {
  return tx
    .select({ kind: movements.kind, amount: sql<string>`sum(${movements.amount})` })
    .from(movements)
    .where(
      and(
        eq(movements.clientId, span.clientId),
        gte(movements.createdAt, span.from),
        lt(movements.createdAt, span.to),
      ),
    )
    .groupBy(movements.kind)
}

/** The last movement before an instant. */
export async function findMovementBefore(
  tx: Tx,
  clientId: string,
  at: number,
): Promise<MovementRow | undefined> {
  const rows = await tx
    .select()
    .from(movements)
    .where(and(eq(movements.clientId, clientId), lt(movements.createdAt, at)))
    .orderBy(desc(movements.seq))
    .limit(1)
  return rows[0]
}

export async function findDailyUsage(
  tx: Tx,
  place: { clientId: string; day: string },
): Promise<typeof dailyUsage.$inferSelect | undefined> {
  const rows = await tx
    .select()
    .from(dailyUsage)
    .where(and(eq(dailyUsage.clientId, place.clientId), eq(dailyUsage.day, place.day)))
  return rows[0]
}

/** What legs hold of a day that were granted from leases and have not begun. */
export async function sumGrantsOfDay(
  tx: Tx,
  { clientId, day }: { clientId: string; day: string },
): Promise<Decimal> {
  const [row] = await tx
    .select({ reserved: sql<string>`coalesce(sum(${leaseGrants.reserved}), 0)` })
    .from(leaseGrants)
    .where(
      and(eq(leaseGrants.clientId, clientId), eq(leaseGrants.reservedDay, day), isNotNull(leaseGrants.epoch)),
    )
  return new Decimal(row?.reserved ?? 0)
}
