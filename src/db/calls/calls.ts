/**
 * Calls as rows: read by key under their accounts' locks, written in batches.
 */
import type postgres from 'postgres'
import type { Call } from '../../calls/call.ts'
import { Decimal, formatAmount } from '../../money.ts'
import { quoted } from '../array-text.ts'
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

/** null: the column's default, or nothing. */
type Written = string | null
type Column = CallField & { write: (call: Call) => Written }

/** A call's value as the text that PostgreSQL takes, and what it gives as a call's value. */
const scope = { instantText, formatAmount, findInstant, readJson, quoted, Decimal }
const writing: Record<CallFieldType, (value: string) => string> = {
  uuid: (value) => value,
  date: (value) => value,
  text: (value) => `${value} === null ? null : quoted(${value})`,
  integer: (value) => `${value} === null ? null : String(${value})`,
  smallint: (value) => `${value} === null ? null : String(${value})`,
  numeric: (value) => `${value} === null ? null : formatAmount(${value})`,
  timestamptz: (value) => `${value} === null ? null : instantText(${value})`,
  jsonb: (value) => `${value} === null ? null : quoted(JSON.stringify(${value}))`,
  boolean: (value) => `${value} ? 't' : 'f'`,
  'text[]': (value) => `quoted('{' + ${value}.join(',') + '}')`,
}
/** Columns with a default, which most calls have. */
const defaults: Partial<Record<CallFieldType, { text: string; is: (value: string) => string }>> = {
  integer: { text: '0', is: (value) => `${value} === 0` },
  numeric: { text: '0', is: (value) => `${value}.isZero()` },
  boolean: { text: 'false', is: (value) => `!${value}` },
  'text[]': { text: "'{}'", is: (value) => `${value}.length === 0` },
}
const reading: Partial<Record<CallFieldType, (value: string) => string>> = {
  numeric: (value) => `${value} === null ? null : new Decimal(${value})`,
  timestamptz: (value) => `findInstant(${value})`,
  jsonb: (value) => `readJson(${value})`,
}

const columns: readonly Column[] = callFields.map((field) => {
  const value = `from.${field.name}`
  const text = writing[field.type](value)
  const isDefault = field.hasDefault && defaults[field.type]?.is(value)
  return { ...field, write: compile(isDefault ? `${isDefault} ? null : ${text}` : text, scope) }
})
const grantColumns = columns.filter(({ isGranted }) => isGranted)

/** Inserts with the values of each column as an array. What is an array itself comes as a text in it. */
function insertInto(list: readonly Column[]): string {
  const names = list.map(({ column }) => column).join(', ')
  const given = ({ column, type, hasDefault }: Column) => {
    const value = type === 'text[]' ? `${column}::text[]` : column
    return hasDefault ? `coalesce(${value}, ${defaults[type]?.text})` : value
  }
  const arrays = list.map(({ type }, i) => `$${i + 1}::${type === 'text[]' ? 'text' : type}[]`)
  return `
    insert into calls (${names})
    select ${list.map(given).join(', ')}
    from unnest(${arrays.join(', ')}) as given (${names})`
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
  const values = list.map(({ write }) => arrayOf(calls, write))
  return tx.unsafe(insert, values, { prepare: true }).execute()
}

/** Of a column that nobody says anything in, an empty array: `unnest` fills up with nulls what is shorter than the rest. */
function arrayOf(calls: readonly Call[], write: (call: Call) => Written): string {
  let isEmpty = true
  let text = ''
  for (const call of calls) {
    const value = write(call)
    if (value !== null) isEmpty = false
    text += text === '' ? (value ?? 'NULL') : `,${value ?? 'NULL'}`
  }
  return isEmpty ? '{}' : `{${text}}`
}

/**
 * Calls of the keys that exist. Planned anew each time: a plan made while the table was empty takes the index by
 * client and age, as cheap then, and walks all calls of a busy client for each key until the table is analyzed.
 *
 * `all_calls`: old ones too, in one look, for whoever holds no lock that keeps them from moving meanwhile.
 */
export async function loadCalls(
  tx: Sql,
  keys: readonly CallKey[],
  table: 'calls' | 'all_calls' = 'calls',
): Promise<Call[]> {
  const [, rows] = await Promise.all([
    tx.unsafe('set local plan_cache_mode = force_custom_plan').execute(),
    tx`
      select ${selectCall(tx)}
      from ${tx(table)} as calls
      join unnest(
        ${keys.map((key) => key.clientId)}::uuid[],
        ${keys.map((key) => key.callId)}::text[]
      ) as wanted (client_id, call_id) using (client_id, call_id)`.execute(),
    tx.unsafe('set local plan_cache_mode = auto').execute(),
  ])
  return rows.map((row) => readCall(row))
}

/** All columns of `calls`, or of what a query calls so. */
export const selectCall = (tx: Sql) => tx.unsafe(columns.map(({ column }) => `calls.${column}`).join(', '))

/** Of a row as postgres.js gives it on our connections. */
export const readCall = compile<postgres.Row, Call>(
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
