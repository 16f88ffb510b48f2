/**
 * For how many days is kept what is no call: dead letters, denials, imports? The brand's `retentionDays`, and never
 * longer than the service's own age, which alone holds for what belongs to no brand.
 */
import type { Fragment } from 'postgres'
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface RecordAge {
  /** RECORDS_MAX_AGE_DAYS. */
  maxAgeDays: number
  /** Epoch milliseconds. */
  now: number
}

/** Days as an integer; `b`: the brand, perhaps none. */
export function daysKept(sql: Sql, { maxAgeDays }: Pick<RecordAge, 'maxAgeDays'>): Fragment {
  return sql`least(coalesce(b.retention_days, ${maxAgeDays}::integer), ${maxAgeDays}::integer)`
}

/** The instant before which it is too old; `b` as above. */
export function keptSince(sql: Sql, age: RecordAge): Fragment {
  return sql`(${instantText(age.now)}::timestamptz - ${daysKept(sql, age)} * interval '24 hours')`
}
