/**
 * Granted authorizations, counted by brand and day of UTC.
 */
import type { Sql } from '../connection.ts'

export interface GrantCount {
  brandId: string
  /** Since 1970. */
  day: number
  count: number
}

/** Ascending keys, so that two replicas do not wait for each other crosswise. A brand that is gone counts no more. */
export async function addGrants(sql: Sql, counts: readonly GrantCount[]): Promise<void> {
  const ordered = [...counts].sort((a, b) => (a.brandId < b.brandId ? -1 : 1))
  await sql`
    insert into grants (brand_id, day, count)
    select brands.id, date '1970-01-01' + given.day::integer, given.count::bigint
    from unnest(
      ${ordered.map(({ brandId }) => brandId)}::uuid[],
      ${ordered.map(({ day }) => String(day))}::text[],
      ${ordered.map(({ count }) => String(count))}::text[]
    ) as given (brand_id, day, count)
    join brands on brands.id = given.brand_id
    on conflict (brand_id, day) do update
    set count = grants.count + excluded.count`
}
