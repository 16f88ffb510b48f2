/**
 * Calls as rows: read by key under their accounts' locks, written in batches.
 */
import type postgres from 'postgres'
import type { Call } from '../../calls/call.ts'
import { Decimal, formatAmount } from '../../money.ts'
import { findInstant, instantText } from '../columns.ts'
import { compile, writeObject } from '../compile.ts'
import type { Sql } from '../connection.ts'
import { type CallField, type CallFieldType, callFields } from './call-fields.ts'

export interface CallKey {
  clientId: string
  callId: string
}

/** The key as text, for maps. */
export function callKey({ clientId, callId }: CallKey): string {
  return `${clientId} ${callId}`
}

type Written = string | null
type Column = CallField & { write: (call: Call) => Written }

/** A call's value as the text that PostgreSQL takes, and what it gives as a call's value. */
const scope = { instantText, formatAmount, findInstant, readJson, Decimal }
const writing: Partial<Record<CallFieldType, (value: string) => string>> = {
  integer: (value) => `${value} === null ? null : String(${value})`,
  smallint: (value) => `${value} === null ? null : String(${value})`,
  boolean: (value) => `${value} ? 't' : 'f'`,
  numeric: (value) => `${value} === null ? null : formatAmount(${value})`,
  timestamptz: (value) => `${value} === null ? null : instantText(${value})`,
  jsonb: (value) => `${value} === null ? null : JSON.stringify(${value})`,
  'text[]': (value) => `'{' + ${value}.join(',') + '}'`,
}
const reading: Partial<Record<CallFieldType, (value: string) => string>> = {
  numeric: (value) => `${value} === null ? null : new Decimal(${value})`,
  timestamptz: (value) => `findInstant(${value})`,
  jsonb: (value) => `readJson(${value})`,
}

const columns: readonly Column[] = callFields.map((field) => {
  const value = `from.${field.name}`
  return { ...field, write: compile(writing[field.type]?.(value) ?? value, scope) }
})
const grantColumns = columns.filter(({ isGranted }) => isGranted)

/** Inserts with the values of each column as an array of texts. */
function insertInto(list: readonly Column[]): string {
  const names = list.map(({ column }) => column).join(', ')
  return `
    insert into calls (${names})
    select ${list.map(({ column, type }) => `${column}::${type}`).join(', ')}
    from unnest(${list.map((_, i) => `$${i + 1}::text[]`).join(', ')}) as given (${names})`
}

const isKey = ({ name }: CallField) => name === 'clientId' || name === 'callId'
const writeAll = `${insertInto(columns)}
  on conflict (client_id, call_id) do update
  set ${columns
    .filter((column) => !isKey(column))
    .map(({ column }) => `${column} = excluded.${column}`)
    .join(', ')}`
const insertGranted = insertInto(grantColumns)

/** Inserts new calls and replaces known ones. The caller holds the locks of their accounts. */
export function writeCalls(tx: Sql, calls: readonly Call[]): Promise<unknown> {
  return run(tx, writeAll, columns, calls)
}

/** Inserts calls that a grant has just made: half the columns, on the path that a ringing phone waits on. */
export function insertGrants(tx: Sql, calls: readonly Call[]): Promise<unknown> {
  return run(tx, insertGranted, grantColumns, calls)
}

function run(tx: Sql, insert: string, list: readonly Column[], calls: readonly Call[]): Promise<unknown> {
  const values: Written[][] = list.map(({ write }) => calls.map(write))
  return tx.unsafe(insert, values as postgres.ParameterOrJSON<never>[], { prepare: true }).execute()
}

/**
 * Calls of the keys that exist. Planned anew each time: a plan made while the table was empty takes the index by
 * client and age, as cheap then, and walks all calls of a busy client for each key until the table is analyzed.
 */
export async function loadCalls(tx: Sql, keys: readonly CallKey[]): Promise<Call[]> {
  const [, rows] = await Promise.all([
    tx.unsafe('set local plan_cache_mode = force_custom_plan').execute(),
    tx`
      select ${tx.unsafe(columns.map(({ column }) => `calls.${column}`).join(', '))}
      from calls
      join unnest(
        ${keys.map((key) => key.clientId)}::uuid[],
        ${keys.map((key) => key.callId)}::text[]
      ) as wanted (client_id, call_id) using (client_id, call_id)`.execute(),
    tx.unsafe('set local plan_cache_mode = auto').execute(),
  ])
  return rows.map((row) => readCall(row))
}

/** Of a row as postgres.js gives it on our connections. */
const readCall = compile<postgres.Row, Call>(
  writeObject(
    columns.map(({ name, column, type }) => [name, reading[type]?.(`from.${column}`) ?? `from.${column}`]),
  ),
  scope,
)

/** drizzle's wrapping of the pool leaves JSON as text. */
function readJson(value: unknown): unknown {
  if (value === null) return null
  return typeof value === 'string' ? JSON.parse(value) : value
}
