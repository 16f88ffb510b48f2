/**
 * Leases without their accounts' locks: renewed by their holder, marked by whoever calls them back, found.
 */
import { setTimeout } from 'node:timers/promises'
import type { LeaseOwners } from '../../ledger/leases-in-the-way.ts'
import type { StoredDraw } from '../../ledger/stored-draw.ts'
import { voidMs } from '../../limits/lease.ts'
import { Decimal } from '../../money.ts'
import type { Sql } from '../connection.ts'

/** The account of a lease as it stands at a renewal. */
export interface RenewedLease {
  clientId: string
  epoch: string
  /** What the lease holds, with what its grants have taken. */
  money: Decimal
  balance: Decimal
  /** By calls, without grants of leases. */
  reserved: Decimal
  usage: Decimal
  usageReserved: Decimal
  /** What the lease holds of allowances, with what its grants have taken. */
  allowances: readonly StoredDraw[]
  /** What is left of each item of the client's present periods, all leases counted as left. */
  leftOfItems: readonly StoredDraw[]
}

/**
 * Renews what a replica holds, but for leases that are called back. A row that somebody else changes at this moment is left
 * out, so that no two transactions wait for each other: its turn comes again. `withItems`: leases of clients with allowances.
 */
export async function renewLeases(
  sql: Sql,
  { replica, withItems }: { replica: string; withItems: readonly string[] },
): Promise<RenewedLease[]> {
  const rows = await sql`
    with held as materialized (
      select client_id, epoch
      from leases
      where replica = ${replica} and not marked
      for update skip locked
    ),
    renewed as (
      update leases
      set renewed_at = clock_timestamp()
      from held
      where leases.client_id = held.client_id and leases.epoch = held.epoch
      returning leases.client_id, leases.epoch, leases.day, leases.money, leases.allowances
    )
    select r.client_id, r.epoch, r.money, a.balance, a.reserved, coalesce(u.amount, 0) as usage,
           coalesce(u.reserved, 0) as usage_reserved, r.allowances,
           case when r.epoch = any(${withItems as string[]}::uuid[]) then (
             select jsonb_agg(jsonb_build_object(
               'allowanceId', i.allowance_id, 'from', i.from_day, 'item', i.name, 'unit', i.unit,
               'amount', (i.amount + i.rolled_over - i.used - i.reserved)::text
             ))
             from allowance_periods p
             join allowance_items i on i.allowance_id = p.allowance_id and i.from_day = p.from_day
             where p.client_id = r.client_id and p.from_day <= r.day and r.day < p.to_day
           ) end as left_of_items
    from renewed r
    join accounts a using (client_id)
    left join daily_usage u using (client_id, day)`
  return rows.map((row) => ({
    clientId: row.client_id,
    epoch: row.epoch,
    money: new Decimal(row.money),
    balance: new Decimal(row.balance),
    reserved: new Decimal(row.reserved),
    usage: new Decimal(row.usage),
    usageReserved: new Decimal(row.usage_reserved),
    allowances: row.allowances,
    leftOfItems: row.left_of_items ?? [],
  }))
}

const markedMs = 300

export interface LeasePlace {
  clientId: string
  epoch: string
  replica: string
  marked: boolean
  isVoid: boolean
}

/** Waits for whoever changes these accounts and counters at this moment: what it leases is there afterwards. */
export async function awaitLeasing(sql: Sql, { clientIds, brandIds }: LeaseOwners): Promise<void> {
  await sql`
    select 1 from brand_counters where brand_id = any(${brandIds as string[]}::uuid[]) order by brand_id for update`
  await sql`
    select 1 from accounts where client_id = any(${clientIds as string[]}::uuid[]) order by client_id for update`
}

/** What replicas hold of these accounts, and of all of these brands. */
export async function listLeasesOf(sql: Sql, { clientIds, brandIds }: LeaseOwners): Promise<LeasePlace[]> {
  const rows = await sql`
    select client_id, epoch, replica, marked, ${isVoid(sql)} as is_void
    from leases
    where client_id = any(${clientIds as string[]}::uuid[]) or brand_id = any(${brandIds as string[]}::uuid[])`
  return rows.map(readPlace)
}

export async function listLeasesOfReplica(sql: Sql, replica: string): Promise<LeasePlace[]> {
  const rows = await sql`
    select client_id, epoch, replica, marked, ${isVoid(sql)} as is_void
    from leases
    where replica = ${replica}`
  return rows.map(readPlace)
}

export async function listVoidLeases(sql: Sql, max: number): Promise<LeasePlace[]> {
  const rows = await sql`
    select client_id, epoch, replica, marked, true as is_void
    from leases
    where ${isVoid(sql)}
    order by client_id, epoch
    limit ${max}`
  return rows.map(readPlace)
}

/** Their holders renew them no more. */
export async function markLeases(sql: Sql, leases: readonly LeasePlace[]): Promise<void> {
  await sql`
    with wanted as materialized (
      select client_id, epoch
      from leases
      join unnest(
        ${leases.map(({ clientId }) => clientId)}::uuid[],
        ${leases.map(({ epoch }) => epoch)}::uuid[]
      ) as given (client_id, epoch) using (client_id, epoch)
      where not marked
      order by client_id, epoch
      for update of leases
    )
    update leases
    set marked = true
    from wanted
    where leases.client_id = wanted.client_id and leases.epoch = wanted.epoch`
}

/** Marks what is leased of these and gives its holders time to see that: each looks once a second. */
export async function callBackByMark(sql: Sql, owners: LeaseOwners): Promise<void> {
  await markLeases(sql, await listLeasesOf(sql, owners))
  await setTimeout(markedMs)
}

/** Which run of which server answers: another one after each start and each promotion. */
export async function readServerRun(sql: Sql): Promise<string> {
  const [row] = await sql`
    select pg_postmaster_start_time()::text || ' ' || pg_is_in_recovery()::text || ' '
           || (select timeline_id from pg_control_checkpoint())::text as run`
  return row?.run ?? ''
}

function isVoid(sql: Sql) {
  return sql`renewed_at < clock_timestamp() - ${voidMs}::integer * interval '1 millisecond'`
}

function readPlace(row: Record<string, unknown>): LeasePlace {
  return {
    clientId: row.client_id as string,
    epoch: row.epoch as string,
    replica: row.replica as string,
    marked: row.marked as boolean,
    isVoid: row.is_void as boolean,
  }
}
