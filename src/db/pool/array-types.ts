/**
 * Arrays of PostgreSQL's built-in types, in both directions.
 *
 * The driver would ask each new connection for the types of its server. Those of built-in arrays never change, and
 * Tollgate makes none of its own. Source: pg_type.dat of PostgreSQL 18.
 */
import { parse } from 'postgres-array'
import type { DriverOptions } from './driver.ts'

/** Type of an element → type of the array of it. */
const arrayTypes = {
  bool: [16, 1000],
  int8: [20, 1016],
  int2: [21, 1005],
  int4: [23, 1007],
  text: [25, 1009],
  json: [114, 199],
  float4: [700, 1021],
  float8: [701, 1022],
  cidr: [650, 651],
  inet: [869, 1041],
  varchar: [1043, 1015],
  date: [1082, 1182],
  timestamp: [1114, 1115],
  timestamptz: [1184, 1185],
  numeric: [1700, 1231],
  uuid: [2950, 2951],
  jsonb: [3802, 3807],
} as const

export function registerArrayTypes(options: DriverOptions): void {
  const { parsers, serializers, shared } = options
  for (const [element, array] of Object.values(arrayTypes)) {
    shared.typeArrayMap[element] = array
    // Read when used: whoever wraps the driver may have replaced them by then.
    const parseElement = (text: string) => parsers[element]?.(text) ?? text
    parsers[array] = (text: string) => parse(text, parseElement)
    serializers[array] = (value: unknown) =>
      Array.isArray(value) ? writeArray(value, serializers[element]) : String(value)
  }
}

/** Text in one pass: a batch of calls has some sixty arrays, and most of their texts need no backslash. */
function writeArray(items: readonly unknown[], serialize: ((item: unknown) => unknown) | undefined): string {
  let text = '{'
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    if (i > 0) text += ','
    if (Array.isArray(item)) text += writeArray(item, serialize)
    else if (item === null) text += 'NULL'
    else if (item === undefined) throw new TypeError('undefined in an array for PostgreSQL')
    else text += quote(String(serialize?.(item) ?? item))
  }
  return `${text}}`
}

function quote(text: string): string {
  if (!text.includes('"') && !text.includes('\\')) return `"${text}"`
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
