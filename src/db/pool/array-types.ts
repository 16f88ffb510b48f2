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
      Array.isArray(value)
        ? writeArray(value, (item) => String(serializers[element]?.(item) ?? item))
        : String(value)
  }
}

function writeArray(items: readonly unknown[], write: (item: unknown) => string): string {
  const texts = items.map((item) => {
    if (Array.isArray(item)) return writeArray(item, write)
    if (item === null) return 'null'
    if (item === undefined) throw new TypeError('undefined in an array for PostgreSQL')
    return `"${write(item).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  })
  return `{${texts.join(',')}}`
}
