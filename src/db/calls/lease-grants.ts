/**
 * Legs granted from leases and not begun, as rows: written behind in one statement without a lock, read by whoever
 * locks their account, and taken over into `calls` there.
 */
import type { Call } from '../../calls/call.ts'
import type { StoredDraw } from '../../ledger/stored-draw.ts'
import { Decimal, formatAmount } from '../../money.ts'
import { arrayText, separatedTexts } from '../array-text.ts'
import { instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import type { CallKey } from './calls.ts'

/** What a grant says of its leg beside what it holds; its call takes it over. */
export type GrantFacts = Pick<
  Call,
  | 'brandId'
  | 'direction'
  | 'to'
  | 'from'
  | 'toNormalized'
  | 'toClientId'
  | 'fromClientId'
  | 'destination'
  | 'prefix'
  | 'sipCallId'
  | 'forwardedFrom'
  | 'engine'
  | 'engineRef'
  | 'labels'
> & { maxDurationSeconds: number }

export interface LeaseGrant extends CallKey {
  /** Of the lease that pays for it. */
  epoch: string
  reserved: Decimal
  reservedSeconds: number
  reservedDay: string
  clientSlot: boolean
  brandSlot: boolean
  /** What it has taken of the lease's parts of allowances. */
  heldAllowances: readonly StoredDraw[] | null
  authorizedAt: number
  expiresAt: number
  facts: GrantFacts
}

/**
 * Writes grants; answers those that it did not write: somebody has, or had, a call or a mark by that name. May be called again
 * with the same grants where its outcome is not known.
 *
 * Planned anew each time, like `loadCalls`. The call is looked up row by row: a join may be planned as a scan.
 */
export async function insertLeaseGrants(sql: Sql, grants: readonly LeaseGrant[]): Promise<LeaseGrant[]> {
  const [row] = await sql.unsafe(insertGrants, [
    arrayText(grants.map(({ clientId }) => clientId)),
    separatedTexts(grants.map(({ callId }) => callId)),
    arrayText(grants.map(({ epoch }) => epoch)),
    arrayText(grants.map(({ reserved }) => formatAmount(reserved))),
    arrayText(grants.map(({ reservedSeconds }) => reservedSeconds)),
    arrayText(grants.map(({ reservedDay }) => reservedDay)),
    arrayText(grants.map(({ clientSlot }) => clientSlot)),
    arrayText(grants.map(({ brandSlot }) => brandSlot)),
    arrayText(grants.map(({ authorizedAt }) => authorizedAt)),
    arrayText(grants.map(({ expiresAt }) => expiresAt)),
    separatedTexts(grants.map(({ facts }) => writeFacts(facts))),
    separatedTexts(grants.map(({ heldAllowances }) => JSON.stringify(heldAllowances))),
  ])
  if (row?.written === grants.length) return []
  const rows = await sql.unsafe(
    `select client_id, call_id
     from lease_grants
     join unnest($1::uuid[], $2::text[], $3::uuid[]) as given (client_id, call_id, epoch)
       using (client_id, call_id, epoch)`,
    [
      grants.map((grant) => grant.clientId),
      grants.map((grant) => grant.callId),
      grants.map((grant) => grant.epoch),
    ],
  )
  const written = new Set(rows.map(({ client_id, call_id }) => `${client_id} ${call_id}`))
  return grants.filter(({ clientId, callId }) => !written.has(`${clientId} ${callId}`))
}

const insertGrants = `
  with written as (
    insert into lease_grants (client_id, call_id, epoch, reserved, reserved_seconds, reserved_day, client_slot,
                              brand_slot, authorized_at, expires_at, facts, held_allowances)
    select client_id, call_id, epoch, reserved, reserved_seconds, reserved_day, client_slot, brand_slot,
           'epoch'::timestamptz + authorized_ms * interval '1 millisecond',
           'epoch'::timestamptz + expires_ms * interval '1 millisecond', facts, held_allowances::jsonb
    from unnest($1::uuid[], string_to_array($2, chr(30)), $3::uuid[], $4::numeric[], $5::integer[], $6::date[],
                $7::boolean[], $8::boolean[], $9::bigint[], $10::bigint[], string_to_array($11, chr(30)),
                string_to_array($12, chr(30), 'null'))
      as given (client_id, call_id, epoch, reserved, reserved_seconds, reserved_day, client_slot, brand_slot,
                authorized_ms, expires_ms, facts, held_allowances)
    where (
      select status from calls where calls.client_id = given.client_id and calls.call_id = given.call_id limit 1
    ) is null
    and (
      select removed_at from removed_calls r where r.client_id = given.client_id and r.call_id = given.call_id limit 1
    ) is null
    on conflict (client_id, call_id) do nothing
    returning 1
  )
  select count(*)::integer as written from written`

/** Sent at once. Marks are left out. */
export async function loadLeaseGrants(tx: Sql, keys: readonly CallKey[]): Promise<LeaseGrant[]> {
  const rows = await tx`
    select client_id, call_id, epoch, reserved, reserved_seconds, reserved_day, client_slot, brand_slot,
           held_allowances, authorized_at, expires_at, facts
    from lease_grants
    join unnest(
      ${keys.map((key) => key.clientId)}::uuid[],
      ${keys.map((key) => key.callId)}::text[]
    ) as wanted (client_id, call_id) using (client_id, call_id)
    where epoch is not null`.execute()
  return rows.map((row) => ({
    clientId: row.client_id,
    callId: row.call_id,
    epoch: row.epoch,
    reserved: new Decimal(row.reserved),
    reservedSeconds: row.reserved_seconds,
    reservedDay: row.reserved_day,
    clientSlot: row.client_slot,
    brandSlot: row.brand_slot,
    heldAllowances: row.held_allowances,
    authorizedAt: parseInstant(row.authorized_at),
    expiresAt: parseInstant(row.expires_at),
    facts: readFacts(row.facts),
  }))
}

/** In the order of `readFacts`, without names, which would be half of each row. */
function writeFacts(facts: GrantFacts): string {
  return JSON.stringify([
    facts.brandId,
    facts.direction,
    facts.to,
    facts.from,
    facts.toNormalized,
    facts.toClientId,
    facts.fromClientId,
    facts.maxDurationSeconds,
    facts.destination,
    facts.prefix,
    facts.sipCallId,
    facts.forwardedFrom,
    facts.engine,
    facts.engineRef,
    facts.labels,
  ])
}

function readFacts(text: string): GrantFacts {
  const [
    brandId,
    direction,
    to,
    from,
    toNormalized,
    toClientId,
    fromClientId,
    maxDurationSeconds,
    destination,
    prefix,
    sipCallId,
    forwardedFrom,
    engine,
    engineRef,
    labels,
  ] = JSON.parse(text)
  return {
    ...{ brandId, direction, to, from, toNormalized, toClientId, fromClientId, maxDurationSeconds },
    ...{ destination, prefix, sipCallId, forwardedFrom, engine, engineRef, labels },
  }
}

/** They are in `calls` now. The caller holds the locks of their accounts. */
export function deleteLeaseGrants(tx: Sql, keys: readonly CallKey[]): Promise<unknown> {
  return tx`
    delete from lease_grants
    using unnest(
      ${keys.map((key) => key.clientId)}::uuid[],
      ${keys.map((key) => key.callId)}::text[]
    ) as given (client_id, call_id)
    where lease_grants.client_id = given.client_id
      and lease_grants.call_id = given.call_id
      and epoch is not null`.execute()
}

/** How long a mark may be needed: PostgreSQL may be away while a grant waits to be written. */
const markMs = 600_000

/**
 * Marks callIds, so that a grant of one of them that is not written yet holds nothing. Answers how many it marked: a
 * grant that was written meanwhile keeps its row.
 */
export async function leaveMarks(tx: Sql, keys: readonly CallKey[], now: number): Promise<number> {
  const rows = await tx`
    insert into lease_grants (client_id, call_id, reserved_day, authorized_at, expires_at)
    select client_id, call_id, ${instantText(now)}::timestamptz::date, ${instantText(now)}::timestamptz,
           ${instantText(now + markMs)}::timestamptz
    from unnest(
      ${keys.map((key) => key.clientId)}::uuid[],
      ${keys.map((key) => key.callId)}::text[]
    ) as given (client_id, call_id)
    order by client_id, call_id
    on conflict (client_id, call_id) do update
    set authorized_at = excluded.authorized_at, expires_at = excluded.expires_at
    where lease_grants.epoch is null
    returning 1`.execute()
  return rows.length
}

/** When the mark was left; undefined: there is none. */
export async function findMarks(tx: Sql, keys: readonly CallKey[]): Promise<Map<string, number>> {
  const rows = await tx`
    select client_id, call_id, authorized_at
    from lease_grants
    join unnest(
      ${keys.map((key) => key.clientId)}::uuid[],
      ${keys.map((key) => key.callId)}::text[]
    ) as wanted (client_id, call_id) using (client_id, call_id)
    where epoch is null`
  return new Map(rows.map((row) => [`${row.client_id} ${row.call_id}`, parseInstant(row.authorized_at)]))
}

/** Marks that nobody needs any more. */
export async function removeOldMarks(sql: Sql, now: number): Promise<void> {
  await sql`delete from lease_grants where epoch is null and expires_at <= ${instantText(now)}`
}

/** Grants of these leases that have not become calls. */
export async function listGrantsOfLeases(
  sql: Sql,
  leases: readonly { clientId: string; epoch: string }[],
  max: number,
): Promise<CallKey[]> {
  const rows = await sql`
    select g.client_id, g.call_id
    from lease_grants g
    join unnest(
      ${leases.map((lease) => lease.clientId)}::uuid[],
      ${leases.map((lease) => lease.epoch)}::uuid[]
    ) as wanted (client_id, epoch) using (client_id, epoch)
    limit ${max}`
  return rows.map((row) => ({ clientId: row.client_id, callId: row.call_id }))
}

/** Legs of a client, or one of them, that were granted from leases and have not become calls; the latest first. */
export async function listGrantsOfClient(
  sql: Sql,
  { clientId, callId }: { clientId: string; callId?: string },
  max: number,
): Promise<CallKey[]> {
  const rows = await sql`
    select client_id, call_id
    from lease_grants
    where client_id = ${clientId}
      ${callId === undefined ? sql`` : sql`and call_id = ${callId}`}
      and epoch is not null
    order by authorized_at desc
    limit ${max}`
  return rows.map((row) => ({ clientId: row.client_id, callId: row.call_id }))
}

/** What grants of their leases have taken that have not become calls, by client. */
export async function sumLeaseGrants(tx: Sql, clientIds: readonly string[]): Promise<Map<string, Decimal>> {
  const rows = await tx`
    select g.client_id, sum(g.reserved) as reserved
    from lease_grants g
    join leases using (client_id, epoch)
    where g.client_id = any(${clientIds as string[]}::uuid[])
    group by g.client_id`
  return new Map(rows.map((row) => [row.client_id, new Decimal(row.reserved)]))
}

/** The same of items of allowances. */
export async function sumGrantedDraws(
  tx: Sql,
  clientIds: readonly string[],
): Promise<Map<string, StoredDraw[]>> {
  const rows = await tx`
    select g.client_id, draw ->> 'allowanceId' as allowance_id, draw ->> 'from' as from_day, draw ->> 'item' as name,
           draw ->> 'unit' as unit, sum((draw ->> 'amount')::numeric) as amount
    from lease_grants g
    join leases using (client_id, epoch)
    cross join jsonb_array_elements(g.held_allowances) draw
    where g.client_id = any(${clientIds as string[]}::uuid[])
    group by 1, 2, 3, 4, 5`
  const found = new Map<string, StoredDraw[]>()
  for (const row of rows) {
    const draws = found.get(row.client_id) ?? []
    found.set(row.client_id, draws)
    const { allowance_id: allowanceId, from_day: from, name: item, unit, amount } = row
    draws.push({ allowanceId, from, item, unit, amount })
  }
  return found
}
