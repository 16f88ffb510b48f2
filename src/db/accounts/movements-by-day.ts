/**
 * A client's account for whoever may not see the price of a call: each local day's calls are one charge, the day's
 * usage, behind the day's other movements, and balances follow in that order.
 *
 * A charge stands on the day whose usage it is, the day of the answer, not on the day it was posted: usage and charges
 * of a day would differ by the calls that ran over midnight, which may be a single one. For the same reason no balance
 * tells what stood between two calls of a day. All of it adds up to the balance, since every call has moved its price
 * and every price stands in the usage of a day.
 */
import type { Fragment } from 'postgres'
import { Decimal, zero } from '../../money.ts'
import { type ClockSpans, clockSpans, keyOfClient } from '../clients/client-clocks.ts'
import { findInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'

/** One movement that no call caused, or the calls of a day. Amounts are decimal text. */
export interface DayMovement {
  /** Local day of the client. */
  day: string
  /** Order within the day; `placeOfCharge` is the last. */
  place: number
  /** null: the charge of the day. */
  id: string | null
  seq: number | null
  kind: string
  amount: string
  balanceAfter: string
  invoiceId: string | null
  reference: string | null
  actor: string
  /** Of a charge: the end of its day, or now. Epoch milliseconds. */
  createdAt: number
}

/** Behind every movement of the day. */
const placeOfCharge = 999_999_999_999_999

export interface DayPlace {
  day: string
  place: number
}

/**
 * Columns: client_id, day, place, id, seq, kind, amount, invoice_id, reference, actor, created_at (null: a charge's, which is
 * the end of its day). `c`: whose, with the columns of `clients`.
 */
export function movementsByDay(sql: Sql, spans: ClockSpans): Fragment {
  return sql`
    select v.client_id, (v.created_at + s.ahead)::date as day, v.seq as place, v.id, v.seq, v.kind,
           v.amount, v.invoice_id, v.reference, v.actor, v.created_at
    from movements v
    join ${clockSpans(sql, spans)} s
      on s.key = ${keyOfClient(sql, spans)} and v.created_at >= s.begins and v.created_at < s.ends
    where v.client_id = c.id and v.call_id is null
    union all
    select u.client_id, u.day, ${placeOfCharge}::bigint, null, null, 'charge',
           -u.amount, null, null, 'system', null
    from daily_usage u
    where u.client_id = c.id and u.amount <> 0`
}

/** A page of them; `from` and `to` are local days, half open. */
export async function listMovementsByDay(
  tx: Sql,
  page: {
    clientId: string
    now: number
    spans: ClockSpans
    /** The last instant of a day of the client. */
    endOfDay: (day: string) => number
    from: string | null
    to: string | null
    /** Of the last row shown. */
    after: DayPlace | null
    direction: 'ascending' | 'descending'
    limit: number
  },
): Promise<DayMovement[]> {
  const { clientId, from, to, after, direction } = page
  const [isAfter, order] = direction === 'ascending' ? [tx`>`, tx`asc`] : [tx`<`, tx`desc`]
  const rows = await tx`
    select day::text as day, place, id, seq, kind, amount, balance_after, invoice_id, reference, actor, created_at
    from (
      select d.*, sum(d.amount) over (order by d.day, d.place) as balance_after
      from clients c
      cross join lateral (${movementsByDay(tx, page.spans)}) d
      where c.id = ${clientId}
    ) told
    where true
      ${from === null ? tx`` : tx`and day >= ${from}::text::date`}
      ${to === null ? tx`` : tx`and day < ${to}::text::date`}
      ${after === null ? tx`` : tx`and (day, place) ${isAfter} (${after.day}::text::date, ${after.place}::bigint)`}
    order by day ${order}, place ${order}
    limit ${page.limit}`
  return rows.map((row) => ({
    day: row.day,
    place: Number(row.place),
    id: row.id,
    seq: row.seq === null ? null : Number(row.seq),
    kind: row.kind,
    amount: row.amount,
    balanceAfter: row.balance_after,
    invoiceId: row.invoice_id,
    reference: row.reference,
    actor: row.actor,
    createdAt: findInstant(row.created_at) ?? Math.min(page.now, page.endOfDay(row.day)),
  }))
}

/** Before the first day, and by kind from the first to the day before the last. */
export async function sumMovementsByDay(
  tx: Sql,
  span: { clientId: string; spans: ClockSpans; from: string; to: string },
): Promise<{ opening: Decimal; totals: { kind: string; amount: Decimal }[] }> {
  const rows = await tx`
    select d.kind,
           sum(d.amount) filter (where d.day < ${span.from}::text::date) as before,
           sum(d.amount) filter (where d.day >= ${span.from}::text::date) as within
    from clients c
    cross join lateral (${movementsByDay(tx, span.spans)}) d
    where c.id = ${span.clientId} and d.day < ${span.to}::text::date
    group by d.kind
    order by d.kind`
  return {
    opening: rows.reduce((sum: Decimal, row) => sum.plus(row.before ?? 0), zero),
    totals: rows
      .filter((row) => row.within !== null)
      .map((row) => ({ kind: row.kind, amount: new Decimal(row.within) })),
  }
}
