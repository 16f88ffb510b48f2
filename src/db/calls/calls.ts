/**
 * Calls as rows: read by key under their accounts' locks, written in batches.
 */
import type postgres from 'postgres'
import type { Call } from '../../calls/call.ts'
import { Decimal, formatAmount } from '../../money.ts'
import { findInstant, instantText, parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface CallKey {
  clientId: string
  callId: string
}

/** The key as text, for maps. */
export function callKey({ clientId, callId }: CallKey): string {
  return `${clientId} ${callId}`
}

type Written = string | null
type Column = [name: string, type: string, write: (call: Call) => Written]

const text = (value: string | null): Written => value
const whole = (value: number | null): Written => (value === null ? null : String(value))
const flag = (value: boolean): Written => (value ? 't' : 'f')
const at = (value: number | null): Written => (value === null ? null : instantText(value))
const money = (value: Decimal | null): Written => (value === null ? null : formatAmount(value))

/** Column, type and value, in the order of the statement. The rollup's id comes from its own upsert. */
const columns: Column[] = [
  ['client_id', 'uuid', (c) => text(c.clientId)],
  ['call_id', 'text', (c) => text(c.callId)],
  ['brand_id', 'uuid', (c) => text(c.brandId)],
  ['status', 'text', (c) => text(c.status)],
  ['reason', 'text', (c) => text(c.reason)],
  ['direction', 'text', (c) => text(c.direction)],
  ['from_number', 'text', (c) => text(c.from)],
  ['to_number', 'text', (c) => text(c.to)],
  ['to_normalized', 'text', (c) => text(c.toNormalized)],
  ['to_client_id', 'uuid', (c) => text(c.toClientId)],
  ['from_client_id', 'uuid', (c) => text(c.fromClientId)],
  ['sip_call_id', 'text', (c) => text(c.sipCallId)],
  ['forwarded_from', 'text', (c) => text(c.forwardedFrom)],
  ['engine', 'text', (c) => text(c.engine)],
  ['engine_ref', 'text', (c) => text(c.engineRef)],
  ['labels', 'jsonb', (c) => (c.labels === null ? null : JSON.stringify(c.labels))],
  ['special', 'boolean', (c) => flag(c.special)],
  ['internal', 'boolean', (c) => flag(c.internal)],
  ['authorized_at', 'timestamptz', (c) => at(c.authorizedAt)],
  ['expires_at', 'timestamptz', (c) => at(c.expiresAt)],
  ['max_duration_seconds', 'integer', (c) => whole(c.maxDurationSeconds)],
  ['holds_client_slot', 'boolean', (c) => flag(c.holdsClientSlot)],
  ['holds_brand_slot', 'boolean', (c) => flag(c.holdsBrandSlot)],
  ['reserved', 'numeric', (c) => money(c.reserved)],
  ['reserved_day', 'date', (c) => text(c.reservedDay)],
  ['reserved_seconds', 'integer', (c) => whole(c.reservedSeconds)],
  ['started_at', 'timestamptz', (c) => at(c.startedAt)],
  ['answered_at', 'timestamptz', (c) => at(c.answeredAt)],
  ['ended_at', 'timestamptz', (c) => at(c.endedAt)],
  ['alive_at', 'timestamptz', (c) => at(c.aliveAt)],
  ['start_digest', 'text', (c) => text(c.startDigest)],
  ['answer_digest', 'text', (c) => text(c.answerDigest)],
  ['end_digest', 'text', (c) => text(c.endDigest)],
  ['cause', 'smallint', (c) => whole(c.cause)],
  ['sip_code', 'smallint', (c) => whole(c.sipCode)],
  ['ended_by', 'text', (c) => text(c.endedBy)],
  ['answer_awaited_until', 'timestamptz', (c) => at(c.answerAwaitedUntil)],
  ['flags', 'text[]', (c) => `{${c.flags.join(',')}}`],
  ['duration_seconds', 'integer', (c) => whole(c.durationSeconds)],
  ['billed_seconds', 'integer', (c) => whole(c.billedSeconds)],
  ['price', 'numeric', (c) => money(c.price)],
  ['currency', 'text', (c) => text(c.currency)],
  ['destination', 'text', (c) => text(c.destination)],
  ['prefix', 'text', (c) => text(c.prefix)],
  ['rating_plan_id', 'uuid', (c) => text(c.ratingPlanId)],
  ['rating_profile_id', 'uuid', (c) => text(c.ratingProfileId)],
  ['rate_deck_id', 'uuid', (c) => text(c.rateDeckId)],
  ['usage_day', 'date', (c) => text(c.usageDay)],
  ['rollup_id', 'uuid', (c) => text(c.rollupId)],
  ['explanation', 'text', (c) => text(c.explanation)],
  ['hangup_reason', 'text', (c) => text(c.hangupReason)],
  ['hangup_end_by', 'timestamptz', (c) => at(c.hangupEndBy)],
  ['hangup_count', 'integer', (c) => whole(c.hangupCount)],
  ['meter_at', 'timestamptz', (c) => at(c.meterAt)],
  ['created_at', 'timestamptz', (c) => at(c.createdAt)],
  ['settled_at', 'timestamptz', (c) => at(c.settledAt)],
]

const names = columns.map(([name]) => name)
const insertCalls = `
  insert into calls (${names.join(', ')})
  select ${columns.map(([name, type]) => `${name}::${type}`).join(', ')}
  from unnest(${columns.map((_, i) => `$${i + 1}::text[]`).join(', ')}) as given (${names.join(', ')})
  on conflict (client_id, call_id) do update
  set ${names
    .slice(2)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`

/** Inserts new calls and replaces known ones. The caller holds the locks of their accounts. */
export function writeCalls(tx: Sql, calls: readonly Call[]): Promise<unknown> {
  const values: Written[][] = columns.map(([, , write]) => calls.map(write))
  return tx.unsafe(insertCalls, values as postgres.ParameterOrJSON<never>[], { prepare: true }).execute()
}

/** What a grant knows of its call; everything else is the table's default. */
const grantColumns = columns.filter(([name]) =>
  [
    'client_id',
    'call_id',
    'brand_id',
    'status',
    'direction',
    'from_number',
    'to_number',
    'to_normalized',
    'to_client_id',
    'from_client_id',
    'sip_call_id',
    'forwarded_from',
    'engine',
    'engine_ref',
    'labels',
    'authorized_at',
    'expires_at',
    'max_duration_seconds',
    'holds_client_slot',
    'holds_brand_slot',
    'reserved',
    'reserved_day',
    'reserved_seconds',
    'destination',
    'prefix',
    'meter_at',
    'created_at',
  ].includes(name),
)
const insertGrantedCalls = `
  insert into calls (${grantColumns.map(([name]) => name).join(', ')})
  select ${grantColumns.map(([name, type]) => `${name}::${type}`).join(', ')}
  from unnest(${grantColumns.map((_, i) => `$${i + 1}::text[]`).join(', ')})
    as given (${grantColumns.map(([name]) => name).join(', ')})`

/** Inserts calls that a grant has just made: half the columns, on the path that a ringing phone waits on. */
export function insertGrants(tx: Sql, calls: readonly Call[]): Promise<unknown> {
  const values: Written[][] = grantColumns.map(([, , write]) => calls.map(write))
  return tx
    .unsafe(insertGrantedCalls, values as postgres.ParameterOrJSON<never>[], { prepare: true })
    .execute()
}

export interface CallRow {
  [column: string]: unknown
}

/** Selected where whole calls are read: instants and amounts arrive as text. */
export const callColumns = names.join(', ')

/**
 * Calls of the keys that exist. Planned anew each time: a plan made while the table was empty takes the index by
 * client and age, as cheap then, and walks all calls of a busy client for each key until the table is analyzed.
 */
export async function loadCalls(tx: Sql, keys: readonly CallKey[]): Promise<Call[]> {
  const [, rows] = await Promise.all([
    tx.unsafe('set local plan_cache_mode = force_custom_plan').execute(),
    tx`
      select ${tx.unsafe(names.map((name) => `calls.${name}`).join(', '))}
      from calls
      join unnest(
        ${keys.map((key) => key.clientId)}::uuid[],
        ${keys.map((key) => key.callId)}::text[]
      ) as wanted (client_id, call_id) using (client_id, call_id)`.execute(),
    tx.unsafe('set local plan_cache_mode = auto').execute(),
  ])
  return rows.map(readCall)
}

/** A row as postgres.js gives it on our connections. */
export function readCall(row: CallRow): Call {
  return {
    clientId: row.client_id as string,
    callId: row.call_id as string,
    brandId: row.brand_id as string,
    status: row.status as Call['status'],
    reason: row.reason as string | null,
    direction: row.direction as Call['direction'],
    from: row.from_number as string | null,
    to: row.to_number as string,
    toNormalized: row.to_normalized as string | null,
    toClientId: row.to_client_id as string | null,
    fromClientId: row.from_client_id as string | null,
    sipCallId: row.sip_call_id as string | null,
    forwardedFrom: row.forwarded_from as string | null,
    engine: row.engine as string | null,
    engineRef: row.engine_ref as string | null,
    labels: readLabels(row.labels),
    special: row.special as boolean,
    internal: row.internal as boolean,
    authorizedAt: findInstant(row.authorized_at as string | null),
    expiresAt: findInstant(row.expires_at as string | null),
    maxDurationSeconds: row.max_duration_seconds as number | null,
    holdsClientSlot: row.holds_client_slot as boolean,
    holdsBrandSlot: row.holds_brand_slot as boolean,
    reserved: new Decimal(row.reserved as string),
    reservedDay: row.reserved_day as string | null,
    reservedSeconds: row.reserved_seconds as number,
    startedAt: findInstant(row.started_at as string | null),
    answeredAt: findInstant(row.answered_at as string | null),
    endedAt: findInstant(row.ended_at as string | null),
    aliveAt: findInstant(row.alive_at as string | null),
    startDigest: row.start_digest as string | null,
    answerDigest: row.answer_digest as string | null,
    endDigest: row.end_digest as string | null,
    cause: row.cause as number | null,
    sipCode: row.sip_code as number | null,
    endedBy: row.ended_by as string | null,
    answerAwaitedUntil: findInstant(row.answer_awaited_until as string | null),
    flags: row.flags as string[],
    durationSeconds: row.duration_seconds as number | null,
    billedSeconds: row.billed_seconds as number | null,
    price: row.price === null ? null : new Decimal(row.price as string),
    currency: row.currency as string | null,
    destination: row.destination as string | null,
    prefix: row.prefix as string | null,
    ratingPlanId: row.rating_plan_id as string | null,
    ratingProfileId: row.rating_profile_id as string | null,
    rateDeckId: row.rate_deck_id as string | null,
    usageDay: row.usage_day as string | null,
    rollupId: row.rollup_id as string | null,
    explanation: row.explanation as string | null,
    hangupReason: row.hangup_reason as Call['hangupReason'],
    hangupEndBy: findInstant(row.hangup_end_by as string | null),
    hangupCount: row.hangup_count as number,
    meterAt: findInstant(row.meter_at as string | null),
    createdAt: parseInstant(row.created_at as string),
    settledAt: findInstant(row.settled_at as string | null),
  }
}

/** drizzle's wrapping of the pool leaves JSON as text. */
function readLabels(value: unknown): Record<string, string> | null {
  if (value === null) return null
  return (typeof value === 'string' ? JSON.parse(value) : value) as Record<string, string>
}
