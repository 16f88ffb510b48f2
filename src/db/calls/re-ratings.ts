/**
 * Re-ratings as the API asks for them and shows them. The calls meant are written down with the order, numbered by
 * their answers, so that progress, a restart and a second reading all mean the same calls; calls that come later
 * are not in it.
 */
import { and, asc, eq, gt, isNotNull, type SQL, sql } from 'drizzle-orm'
import { instantText } from '../columns.ts'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { calls, clients, reRatingCalls, reRatings } from '../schema.ts'

export type ReRatingRow = typeof reRatings.$inferSelect
export type ReRatingCallRow = typeof reRatingCalls.$inferSelect

export const rerateOutcomes = [
  'changed',
  'unchanged',
  'unpriceable',
  'invoiced',
  'waived',
  'skipped',
] as const
export type RerateOutcome = (typeof rerateOutcomes)[number]

/** Which ended calls; every field narrows. */
export interface RerateFilter {
  clientId?: string | undefined
  brandId?: string | undefined
  /** Half-open span of the answer; epoch milliseconds. */
  from?: number | undefined
  to?: number | undefined
  status?: 'priced' | 'rejected' | 'lost-end' | undefined
  /** Why they were rejected. */
  reason?: string | undefined
  destination?: string | undefined
  /** Leading digits of the normalized number. */
  prefix?: string | undefined
  ratingPlanId?: string | undefined
  ratingProfileId?: string | undefined
  rateDeckId?: string | undefined
}

/** null: the client is to be found by the callId alone. */
export interface NamedCall {
  clientId: string | null
  callId: string
}

export async function insertReRating(
  tx: Tx,
  order: Pick<ReRatingRow, 'id' | 'brandId' | 'request' | 'dryRun' | 'actor' | 'createdAt'>,
): Promise<void> {
  await tx.insert(reRatings).values({ ...order, callsTotal: 0 })
}

/** Writes down the calls that the filter lets through; answers how many. */
export async function takeFilteredCalls(
  tx: Tx,
  { id, filter }: { id: string; filter: RerateFilter },
): Promise<number> {
  const same = (column: Parameters<typeof eq>[0], value: string | undefined) =>
    value === undefined ? undefined : eq(column, value)
  const conditions: (SQL | undefined)[] = [
    sql`(${calls.status} in ('priced', 'rejected') or ${calls.status} = 'lost-end' and ${calls.price} > 0
         or ${calls.status} = 'unpriced' and ${calls.direction} = 'inbound' and ${calls.answeredAt} is not null
            and exists (select from rating_profiles p where p.client_id = ${calls.clientId} and p.direction = 'inbound'))`,
    same(calls.clientId, filter.clientId),
    same(calls.brandId, filter.brandId),
    filter.from === undefined
      ? undefined
      : sql`${calls.answeredAt} >= ${instantText(filter.from)}::timestamptz`,
    filter.to === undefined ? undefined : sql`${calls.answeredAt} < ${instantText(filter.to)}::timestamptz`,
    same(calls.status, filter.status),
    same(calls.reason, filter.reason),
    same(calls.destination, filter.destination),
    filter.prefix === undefined ? undefined : sql`starts_with(${calls.toNormalized}, ${filter.prefix})`,
    same(calls.ratingPlanId, filter.ratingPlanId),
    same(calls.ratingProfileId, filter.ratingProfileId),
    same(calls.rateDeckId, filter.rateDeckId),
  ]
  // Millions may be meant, once in a while.
  await tx.execute(sql`select set_config('statement_timeout', '120s', true)`)
  await tx.execute(sql`
    insert into re_rating_calls (re_rating_id, number, client_id, call_id)
    select ${id}, row_number() over (order by answered_at, client_id, call_id), client_id, call_id
    from all_calls as calls
    where ${and(...conditions)}`)
  return countTaken(tx, id)
}

/** How many calls of the tenant each name means, in the order of the names: those of exactly one are good. */
export async function findNamedCalls(
  tx: Tx,
  named: readonly NamedCall[],
): Promise<{ clientId: string; brandId: string; callId: string }[][]> {
  const rows = await tx.execute<{ place: string; client_id: string; brand_id: string; call_id: string }>(sql`
    select wanted.place, calls.client_id, calls.brand_id, calls.call_id
    from unnest(
      ${sql.param(named.map((call) => call.clientId))}::uuid[],
      ${sql.param(named.map((call) => call.callId))}::text[]
    ) with ordinality as wanted (client_id, call_id, place)
    join clients on wanted.client_id is null or clients.id = wanted.client_id
    join all_calls as calls on calls.client_id = clients.id and calls.call_id = wanted.call_id`)
  const found = named.map((): { clientId: string; brandId: string; callId: string }[] => [])
  for (const row of rows) {
    found[Number(row.place) - 1]?.push({
      clientId: row.client_id,
      brandId: row.brand_id,
      callId: row.call_id,
    })
  }
  return found
}

export async function takeNamedCalls(
  tx: Tx,
  { id, named }: { id: string; named: readonly { clientId: string; callId: string }[] },
): Promise<number> {
  await tx.execute(sql`
    insert into re_rating_calls (re_rating_id, number, client_id, call_id)
    select ${id}, row_number() over (order by answered_at, client_id, call_id), client_id, call_id
    from all_calls as calls
    join (
      select distinct *
      from unnest(
        ${sql.param(named.map((call) => call.clientId))}::uuid[],
        ${sql.param(named.map((call) => call.callId))}::text[]
      ) as named (client_id, call_id)
    ) as wanted using (client_id, call_id)`)
  return countTaken(tx, id)
}

async function countTaken(tx: Tx, id: string): Promise<number> {
  const [row] = await tx.execute<{ total: number | null }>(sql`
    update re_ratings
    set calls_total = (select count(*) from re_rating_calls where re_rating_id = ${id})
    where id = ${id}
    returning calls_total as total`)
  return row?.total ?? 0
}

export async function findBrandOfClient(tx: Tx, clientId: string): Promise<string | undefined> {
  const [row] = await tx.select({ brandId: clients.brandId }).from(clients).where(eq(clients.id, clientId))
  return row?.brandId
}

export async function findReRating(tx: Tx, id: string): Promise<ReRatingRow | undefined> {
  const [row] = await tx.select().from(reRatings).where(eq(reRatings.id, id))
  return row
}

/** Newest first. */
export async function listReRatings(tx: Tx, page: PagePlace): Promise<ReRatingRow[]> {
  return tx
    .select()
    .from(reRatings)
    .where(afterPlace(reRatings, page))
    .orderBy(...inOrder(reRatings, page))
    .limit(page.limit)
}

/** Calls that have been looked at, in the order of their answers. */
export async function listReRatedCalls(
  tx: Tx,
  page: { id: string; outcome: RerateOutcome | null; after: number; limit: number },
): Promise<ReRatingCallRow[]> {
  return tx
    .select()
    .from(reRatingCalls)
    .where(
      and(
        eq(reRatingCalls.reRatingId, page.id),
        gt(reRatingCalls.number, page.after),
        page.outcome === null ? isNotNull(reRatingCalls.outcome) : eq(reRatingCalls.outcome, page.outcome),
      ),
    )
    .orderBy(asc(reRatingCalls.number))
    .limit(page.limit)
}
