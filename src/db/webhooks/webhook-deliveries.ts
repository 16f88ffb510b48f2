/**
 * Deliveries of facts to endpoints: claimed, noted, shown, sent again, forgotten.
 */
import { and, desc, eq, lt } from 'drizzle-orm'
import type { Fragment } from 'postgres'
import { instantText, parseInstant } from '../columns.ts'
import { readVisibility } from '../configuration/read-settings.ts'
import type { Sql, Tx } from '../connection.ts'
import { webhookDeliveries } from '../schema.ts'

export type DeliveryRow = typeof webhookDeliveries.$inferSelect

export interface ClaimedDelivery {
  id: string
  endpointId: string
  url: string
  /** Base64; each signs. */
  secrets: readonly string[]
  eventId: string
  event: string
  body: string
  /** Those before this one. */
  attempts: number
  triesSince: number
  createdAt: number
  /** What its client sees; null: a brand's endpoint. */
  visibility: ReturnType<typeof readVisibility> | null
}

/**
 * Due deliveries that nobody else has, some of each endpoint, so that none waits for another. Claimed by moving their next attempt beyond
 * the time that sending may take: what a dying process held comes again by itself.
 *
 * Materialized: in a subquery PostgreSQL may look for them once per row, past those locked by itself, and claim more.
 */
export async function claimDeliveries(
  db: Sql,
  asked: {
    now: number
    leaseMs: number
    /** Of endpoints that do not fail, and of those that do: many that hang take no place from the others. */
    limit: number
    failingLimit: number
    /** Of one endpoint at once; of one that fails a single one. */
    perEndpoint: number
    failing: readonly string[]
    /** By endpoint: what it has under way takes of its places. */
    underWay: ReadonlyMap<string, number>
  },
): Promise<ClaimedDelivery[]> {
  const { now, leaseMs, limit, failingLimit, perEndpoint, failing, underWay } = asked
  const dueOf = (endpoints: Fragment, of: { perEndpoint: number; limit: number }) => db`
      select first.id
      from webhook_endpoints e
      left join unnest(${[...underWay.keys()]}::uuid[], ${[...underWay.values()]}::integer[]) as busy (id, count)
        on busy.id = e.id
      cross join lateral (
        select id
        from webhook_deliveries d
        where d.endpoint_id = e.id
          and d.status = 'pending'
          and d.next_attempt_at <= ${instantText(now)}
        order by d.next_attempt_at
        limit greatest(0, ${of.perEndpoint} - coalesce(busy.count, 0))
      ) first
      where e.enabled and ${endpoints}
      limit ${of.limit}`
  const rows = await db`
    with due as materialized (
      (${dueOf(db`e.id <> all(${[...failing]}::uuid[])`, { perEndpoint, limit })})
      union all
      (${dueOf(db`e.id = any(${[...failing]}::uuid[])`, { perEndpoint: 1, limit: failingLimit })})
    ),
    waiting as materialized (
      select d.id
      from webhook_deliveries d
      where d.id = any(array(select id from due))
        and d.status = 'pending'
        and d.next_attempt_at <= ${instantText(now)}
      for update skip locked
    ),
    claimed as (
      update webhook_deliveries d
      set next_attempt_at = ${instantText(now + leaseMs)}
      from waiting
      where d.id = waiting.id
      returning d.*
    )
    select claimed.*, e.url, c.portal_visibility,
           array(select s.secret from webhook_secrets s
                 where s.endpoint_id = e.id and (s.expires_at is null or s.expires_at > ${instantText(now)})
                 order by s.created_at desc) as secrets
    from claimed
    join webhook_endpoints e on e.id = claimed.endpoint_id
    left join clients c on c.id = claimed.client_id
    order by claimed.id`
  return rows.map((row) => ({
    id: row.id,
    endpointId: row.endpoint_id,
    url: row.url,
    secrets: row.secrets,
    eventId: row.event_id,
    event: row.event,
    body: row.body,
    attempts: row.attempts,
    triesSince: parseInstant(row.tries_since),
    createdAt: parseInstant(row.created_at),
    visibility: row.client_id === null ? null : readVisibility(row.portal_visibility ?? {}),
  }))
}

export interface Attempt {
  id: string
  status: 'pending' | 'delivered' | 'failed'
  at: number
  nextAttemptAt: number
  /** HTTP status; null: there was no answer. */
  answer: number | null
  error: string | null
}

/** What attempts have come to. One that was sent again by hand meanwhile keeps what that set. */
export async function noteAttempts(db: Sql, attempts: readonly Attempt[]): Promise<void> {
  await db`
    update webhook_deliveries d
    set status = given.status,
        attempts = d.attempts + 1,
        next_attempt_at = given.next_attempt_at::timestamptz,
        last_attempt_at = given.at::timestamptz,
        last_status = given.answer,
        last_error = given.error,
        delivered_at = case when given.status = 'delivered' then given.at::timestamptz end
    from unnest(
      ${attempts.map(({ id }) => id)}::uuid[],
      ${attempts.map(({ status }) => status)}::text[],
      ${attempts.map(({ at }) => instantText(at))}::text[],
      ${attempts.map((one) => instantText(one.nextAttemptAt))}::text[],
      ${attempts.map(({ answer }) => answer)}::integer[],
      ${attempts.map(({ error }) => error)}::text[]
    ) as given (id, status, at, next_attempt_at, answer, error)
    where d.id = given.id`
}

/** An endpoint whose server has said that it is gone is asked no more. */
export async function disableEndpoints(db: Sql, ids: readonly string[], now: number): Promise<void> {
  await db`
    update webhook_endpoints
    set enabled = false, disabled_reason = 'gone', revision = revision + 1, updated_at = ${instantText(now)}
    where id = any(${[...ids]}::uuid[]) and enabled`
}

/** Those of endpoints that are off are given up as all others. Answers how many. */
export async function giveUpDeliveries(db: Sql, before: number): Promise<number> {
  const given = await db`
    update webhook_deliveries
    set status = 'failed', last_error = coalesce(last_error, 'the endpoint was off')
    where id in (
      select d.id
      from webhook_endpoints e
      join webhook_deliveries d on d.endpoint_id = e.id and d.status = 'pending'
      where not e.enabled and d.tries_since < ${instantText(before)}
      limit 1000
    )`
  return given.count
}

/** Removes those that are over; some at a time. Answers how many. */
export async function removeDeliveries(db: Sql, before: number): Promise<number> {
  const removed = await db`
    delete from webhook_deliveries
    where id in (
      select id
      from webhook_deliveries
      where created_at < ${instantText(before)} and status <> 'pending'
      limit 1000
    )`
  return removed.count
}

export interface DeliveryFilter {
  endpointId: string | null
  status: string | null
  event: string | null
}

export async function listDeliveries(
  tx: Tx,
  { after, limit, endpointId, status, event }: DeliveryFilter & { after: string | null; limit: number },
): Promise<DeliveryRow[]> {
  return tx
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        after === null ? undefined : lt(webhookDeliveries.id, after),
        endpointId === null ? undefined : eq(webhookDeliveries.endpointId, endpointId),
        status === null ? undefined : eq(webhookDeliveries.status, status),
        event === null ? undefined : eq(webhookDeliveries.event, event),
      ),
    )
    .orderBy(desc(webhookDeliveries.id))
    .limit(limit)
}

export async function insertDelivery(
  tx: Tx,
  delivery: typeof webhookDeliveries.$inferInsert,
): Promise<DeliveryRow> {
  const [row] = await tx.insert(webhookDeliveries).values(delivery).returning()
  if (!row) throw new Error('an inserted delivery was not returned')
  return row
}

export async function findDelivery(tx: Tx, id: string): Promise<DeliveryRow | undefined> {
  const [row] = await tx.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id))
  return row
}

/** At once, and as if it had never been tried. */
export async function resendDelivery(tx: Tx, id: string, now: number): Promise<DeliveryRow | undefined> {
  const [row] = await tx
    .update(webhookDeliveries)
    .set({ status: 'pending', attempts: 0, nextAttemptAt: now, triesSince: now, deliveredAt: null })
    .where(eq(webhookDeliveries.id, id))
    .returning()
  return row
}
