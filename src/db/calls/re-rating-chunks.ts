/**
 * A re-rating as the worker takes it, chunk by chunk: each chunk's transaction holds the order's row, so a chunk is
 * done by one replica, and done and noted at once.
 */
import { type Decimal, formatAmount } from '../../money.ts'
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'
import type { CallKey } from './calls.ts'
import type { RerateOutcome } from './re-ratings.ts'

export interface ClaimedReRating {
  id: string
  dryRun: boolean
  actor: string
  callsDone: number
  request: unknown
  counts: Readonly<Record<string, number>>
  totals: Readonly<Record<string, { before: string; after: string }>>
}

export interface NumberedCall extends CallKey {
  number: number
}

export interface RerateResult {
  number: number
  outcome: RerateOutcome
  reason: string | null
  currency: string | null
  priceBefore: Decimal | null
  priceAfter: Decimal | null
  invoiceId: string | null
}

/** The oldest that runs and that nobody else holds; `id`: this one, as soon as nobody holds it. */
export async function claimReRating(tx: Sql, id: string | null): Promise<ClaimedReRating | undefined> {
  const [row] = await tx`
    select id, dry_run, actor, calls_done, request, counts, totals
    from re_ratings
    where status = 'running'
      ${id === null ? tx`` : tx`and id = ${id}`}
    order by id
    limit 1
    for update ${id === null ? tx`skip locked` : tx``}`
  return (
    row && {
      id: row.id,
      dryRun: row.dry_run,
      actor: row.actor,
      callsDone: row.calls_done,
      request: readJson(row.request),
      counts: readJson(row.counts) as ClaimedReRating['counts'],
      totals: readJson(row.totals) as ClaimedReRating['totals'],
    }
  )
}

/** drizzle's wrapping of the pool leaves JSON as text. */
function readJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}

export async function listNextCalls(
  tx: Sql,
  { id, callsDone }: ClaimedReRating,
  max: number,
): Promise<NumberedCall[]> {
  const rows = await tx`
    select number, client_id, call_id
    from re_rating_calls
    where re_rating_id = ${id}
      and number > ${callsDone}
    order by number
    limit ${max}`
  return rows.map((row) => ({ number: row.number, clientId: row.client_id, callId: row.call_id }))
}

export function writeRerateResults(tx: Sql, id: string, results: readonly RerateResult[]): Promise<unknown> {
  const money = (value: Decimal | null) => (value === null ? null : formatAmount(value))
  return tx`
    update re_rating_calls
    set outcome = given.outcome,
        reason = given.reason,
        currency = given.currency,
        price_before = given.price_before::numeric,
        price_after = given.price_after::numeric,
        invoice_id = given.invoice_id::uuid
    from unnest(
      ${results.map((result) => String(result.number))}::text[],
      ${results.map((result) => result.outcome)}::text[],
      ${results.map((result) => result.reason)}::text[],
      ${results.map((result) => result.currency)}::text[],
      ${results.map((result) => money(result.priceBefore))}::text[],
      ${results.map((result) => money(result.priceAfter))}::text[],
      ${results.map((result) => result.invoiceId)}::text[]
    ) as given (number, outcome, reason, currency, price_before, price_after, invoice_id)
    where re_rating_calls.re_rating_id = ${id}
      and re_rating_calls.number = given.number::integer`.execute()
}

export function advanceReRating(
  tx: Sql,
  to: Pick<ClaimedReRating, 'id' | 'callsDone' | 'counts' | 'totals'>,
): Promise<unknown> {
  return tx`
    update re_ratings
    set calls_done = ${to.callsDone},
        counts = ${JSON.stringify(to.counts)}::jsonb,
        totals = ${JSON.stringify(to.totals)}::jsonb,
        last_error = null
    where id = ${to.id}`.execute()
}

export function finishReRating(tx: Sql, id: string, now: number): Promise<unknown> {
  return tx`
    update re_ratings
    set status = 'done',
        finished_at = ${instantText(now)}
    where id = ${id}`.execute()
}

/** What it has done stands; the rest is left undone. */
export async function failReRating(
  sql: Sql,
  failed: { id: string; error: string; now: number },
): Promise<void> {
  await sql`
    with over as (delete from re_rating_draws where re_rating_id = ${failed.id})
    update re_ratings
    set status = 'failed',
        last_error = ${failed.error},
        finished_at = ${instantText(failed.now)}
    where id = ${failed.id}
      and status = 'running'`
}
