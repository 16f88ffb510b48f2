/**
 * Calls as the API shows them: of one client or all the tenant sees, newest or oldest first.
 */
import { and, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import { instantText } from '../columns.ts'
import type { Tx } from '../connection.ts'
import { callRollups, calls } from '../schema.ts'

/** A call with the invoice that took its rollup row. */
export type ListedCall = typeof calls.$inferSelect & { invoiceId: string | null }

const shown = { ...getTableColumns(calls), invoiceId: callRollups.invoiceId }

/** As the indexes have it; without its last words the rows of a brand would be sorted for each page. */
const newestFirst = sql`${calls.createdAt} desc nulls last`

export interface CallFilter {
  /** The asker's own, said though the walls between tenants hold anyway: an index is found by it. */
  brandId?: string | undefined
  clientId?: string | undefined
  status?: string | undefined
  direction?: string | undefined
  /** Prefix of the normalized number. */
  toNormalized?: string | undefined
  usageDay?: string | undefined
  /** Half-open span of the row's making; epoch milliseconds. */
  from?: number | undefined
  to?: number | undefined
  label?: { name: string; value: string } | undefined
}

export type Direction = 'ascending' | 'descending'

export interface CallPlace {
  createdAt: string
  callId: string
  clientId: string
}

export async function listCalls(tx: Tx, page: CallPage): Promise<ListedCall[]> {
  return selectCalls(tx, page)
}

export interface CallPage {
  filter: CallFilter
  after: CallPlace | null
  direction: Direction
  limit: number
}

/** The query itself, for whoever asks how it is planned. */
export function selectCalls(tx: Tx, page: CallPage) {
  const { filter, after } = page
  const conditions: (SQL | undefined)[] = [
    filter.brandId === undefined ? undefined : eq(calls.brandId, filter.brandId),
    filter.clientId === undefined ? undefined : eq(calls.clientId, filter.clientId),
    filter.status === undefined ? undefined : eq(calls.status, filter.status),
    filter.direction === undefined ? undefined : eq(calls.direction, filter.direction),
    filter.toNormalized === undefined
      ? undefined
      : sql`starts_with(${calls.toNormalized}, ${filter.toNormalized})`,
    filter.usageDay === undefined ? undefined : eq(calls.usageDay, filter.usageDay),
    filter.from === undefined
      ? undefined
      : sql`${calls.createdAt} >= ${instantText(filter.from)}::timestamptz`,
    filter.to === undefined ? undefined : sql`${calls.createdAt} < ${instantText(filter.to)}::timestamptz`,
    filter.label === undefined
      ? undefined
      : sql`${calls.labels} ->> ${filter.label.name} = ${filter.label.value}`,
    after === null ? undefined : isBehind(after, page.direction),
  ]
  return tx
    .select(shown)
    .from(calls)
    .leftJoin(callRollups, eq(callRollups.id, calls.rollupId))
    .where(and(...conditions))
    .orderBy(...inOrder(page.direction))
    .limit(page.limit)
}

/** Two clients may use one callId at one instant, so the client is the last word of the order. */
function isBehind(place: CallPlace, direction: Direction): SQL {
  const createdAt = sql`${place.createdAt}::timestamptz`
  const call = sql`(${calls.callId}, ${calls.clientId})`
  const last = sql`(${place.callId}, ${place.clientId}::uuid)`
  // The first condition says no more than the second, but it is where the index is entered.
  return direction === 'descending'
    ? sql`${calls.createdAt} <= ${createdAt} and (${calls.createdAt} < ${createdAt} or ${call} > ${last})`
    : sql`${calls.createdAt} >= ${createdAt} and (${calls.createdAt} > ${createdAt} or ${call} < ${last})`
}

/** Oldest first is the index read backwards, to its last column. */
function inOrder(direction: Direction): SQL[] {
  return direction === 'descending'
    ? [newestFirst, sql`${calls.callId}`, sql`${calls.clientId}`]
    : [sql`${calls.createdAt} asc nulls first`, sql`${calls.callId} desc`, sql`${calls.clientId} desc`]
}

export async function listRunningCalls(tx: Tx, clientId: string, limit: number): Promise<ListedCall[]> {
  return tx
    .select(shown)
    .from(calls)
    .leftJoin(callRollups, eq(callRollups.id, calls.rollupId))
    .where(and(eq(calls.clientId, clientId), inArray(calls.status, ['authorized', 'started'])))
    .orderBy(newestFirst, calls.callId)
    .limit(limit)
}

export async function findCall(
  tx: Tx,
  place: { clientId: string; callId: string },
): Promise<ListedCall | undefined> {
  const rows = await tx
    .select(shown)
    .from(calls)
    .leftJoin(callRollups, eq(callRollups.id, calls.rollupId))
    .where(and(eq(calls.clientId, place.clientId), eq(calls.callId, place.callId)))
  return rows[0]
}
