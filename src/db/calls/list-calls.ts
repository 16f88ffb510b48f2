/**
 * Calls as the API shows them: of one client or all the tenant sees, newest or oldest first.
 */
import { and, desc, eq, getTableColumns, getViewSelectedFields, inArray } from 'drizzle-orm'
import type { CallRecord } from '../../calls/call-record.ts'
import { instantText, shownInstant } from '../columns.ts'
import type { Sql, Tx } from '../connection.ts'
import { readJson } from '../json-column.ts'
import { allCalls, callRollups, calls } from '../schema.ts'
import { shownCallFields } from './call-fields.ts'

/** A call with the invoice that took its rollup row. */
export type ListedCall = typeof calls.$inferSelect & { invoiceId: string | null }

const shown = { ...getTableColumns(calls), invoiceId: callRollups.invoiceId }

const instants = shownCallFields.filter(({ type }) => type === 'timestamptz').map(({ name }) => name)
const shownColumns = [
  ...shownCallFields.map(({ name, column, type }) => {
    if (type === 'numeric') return `trim_scale(calls.${column}) as "${name}"`
    // Shown as none, as by `makeCallRecord`.
    return name === 'allowances'
      ? `coalesce(calls.${column}, '[]') as "${name}"`
      : `calls.${column} as "${name}"`
  }),
  // Not a join: planned once for any limit, it would read all rollup rows of a brand for a page (8 ms of PostgreSQL
  // instead of 0.6, with 60,000 calls).
  '(select invoice_id from call_rollups where id = calls.rollup_id) as "invoiceId"',
  `'destination_changed' = any(flags) as "destinationChanged"`,
].join(', ')

export interface CallFilter {
  /** The asker's own, said though the walls between tenants hold anyway: an index is found by it. */
  brandId?: string | undefined
  clientId?: string | undefined
  status?: string | undefined
  direction?: string | undefined
  /** Prefix of the normalized number. */
  toNormalized?: string | undefined
  /** The normalized number as a whole. */
  number?: string | undefined
  /** The caller as it was sent, as a whole. */
  fromNumber?: string | undefined
  destination?: string | undefined
  engine?: string | undefined
  /** Both ends of a span count. */
  minDurationSeconds?: number | undefined
  maxDurationSeconds?: number | undefined
  minPrice?: string | undefined
  maxPrice?: string | undefined
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

export interface CallPage {
  filter: CallFilter
  after: CallPlace | null
  direction: Direction
  limit: number
}

/** As they are shown: a page is read as text and written as text, for portals ask for many. */
export async function listCalls(tx: Sql, page: CallPage): Promise<CallRecord[]> {
  const rows = await selectCalls(tx, page)
  return rows.map(showRow)
}

/** The query itself, for whoever asks how it is planned. */
export function selectCalls(tx: Sql, { filter, after, direction, limit }: CallPage) {
  return tx`
    select ${tx.unsafe(shownColumns)}
    from all_calls as calls
    where true
      ${filter.brandId === undefined ? tx`` : tx`and calls.brand_id = ${filter.brandId}::uuid`}
      ${filter.clientId === undefined ? tx`` : tx`and calls.client_id = ${filter.clientId}::uuid`}
      ${filter.status === undefined ? tx`` : tx`and status = ${filter.status}`}
      ${filter.direction === undefined ? tx`` : tx`and direction = ${filter.direction}`}
      ${filter.toNormalized === undefined ? tx`` : tx`and starts_with(to_normalized, ${filter.toNormalized})`}
      ${filter.number === undefined ? tx`` : tx`and calls.to_normalized = ${filter.number}`}
      ${filter.fromNumber === undefined ? tx`` : tx`and calls.from_number = ${filter.fromNumber}`}
      ${filter.destination === undefined ? tx`` : tx`and calls.destination = ${filter.destination}`}
      ${filter.engine === undefined ? tx`` : tx`and calls.engine = ${filter.engine}`}
      ${filter.minDurationSeconds === undefined ? tx`` : tx`and calls.duration_seconds >= ${String(filter.minDurationSeconds)}::text::integer`}
      ${filter.maxDurationSeconds === undefined ? tx`` : tx`and calls.duration_seconds <= ${String(filter.maxDurationSeconds)}::text::integer`}
      ${filter.minPrice === undefined ? tx`` : tx`and calls.price >= ${filter.minPrice}::text::numeric`}
      ${filter.maxPrice === undefined ? tx`` : tx`and calls.price <= ${filter.maxPrice}::text::numeric`}
      ${filter.usageDay === undefined ? tx`` : tx`and usage_day = ${filter.usageDay}::text::date`}
      ${filter.from === undefined ? tx`` : tx`and created_at >= ${instantText(filter.from)}::text::timestamptz`}
      ${filter.to === undefined ? tx`` : tx`and created_at < ${instantText(filter.to)}::text::timestamptz`}
      ${filter.label === undefined ? tx`` : tx`and labels ->> ${filter.label.name} = ${filter.label.value}`}
      ${after === null ? tx`` : isBehind(tx, after, direction)}
    order by ${inOrder(tx, direction)}
    limit ${limit}`
}

/** Two clients may use one callId at one instant, so the client is the last word of the order. */
function isBehind(tx: Sql, place: CallPlace, direction: Direction) {
  const createdAt = tx`${place.createdAt}::text::timestamptz`
  const call = tx`(calls.call_id, calls.client_id)`
  const last = tx`(${place.callId}, ${place.clientId}::uuid)`
  // The first condition says no more than the second, but it is where the index is entered.
  return direction === 'descending'
    ? tx`and created_at <= ${createdAt} and (created_at < ${createdAt} or ${call} > ${last})`
    : tx`and created_at >= ${createdAt} and (created_at > ${createdAt} or ${call} < ${last})`
}

/**
 * As the indexes have it: without the words on nulls the rows of a brand would be sorted for each page. Oldest first is
 * the index read backwards, to its last column.
 */
function inOrder(tx: Sql, direction: Direction) {
  return direction === 'descending'
    ? tx`created_at desc nulls last, calls.call_id, calls.client_id`
    : tx`created_at asc nulls first, calls.call_id desc, calls.client_id desc`
}

/** In place: a copy of each row is a fifth of what a page leaves to the garbage collector. */
function showRow(row: Record<string, unknown>): CallRecord {
  for (const name of instants) row[name] = shownInstant(row[name] as string | null)
  row.labels = readJson(row.labels) ?? {}
  return row as CallRecord
}

export async function listRunningCalls(tx: Tx, clientId: string, limit: number): Promise<ListedCall[]> {
  return tx
    .select(shown)
    .from(calls)
    .leftJoin(callRollups, eq(callRollups.id, calls.rollupId))
    .where(and(eq(calls.clientId, clientId), inArray(calls.status, ['authorized', 'started'])))
    .orderBy(desc(calls.createdAt), calls.callId)
    .limit(limit)
}

export async function findCall(
  tx: Tx,
  place: { clientId: string; callId: string },
): Promise<ListedCall | undefined> {
  const rows = await tx
    .select({ ...getViewSelectedFields(allCalls), invoiceId: callRollups.invoiceId })
    .from(allCalls)
    .leftJoin(callRollups, eq(callRollups.id, allCalls.rollupId))
    .where(and(eq(allCalls.clientId, place.clientId), eq(allCalls.callId, place.callId)))
  return rows[0]
}
