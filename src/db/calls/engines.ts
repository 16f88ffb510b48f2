/**
 * Engines that tell which of their legs still stand.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface Heartbeat {
  brandId: string
  engine: string
  heartbeatAt: number
}

/** The key as text, for sets. */
export function engineKey({ brandId, engine }: { brandId: string; engine: string | null }): string {
  return `${brandId} ${engine}`
}

/** Of these brands the engines that have given signs since an instant, by `engineKey`. */
export async function listEnginesWithSigns(
  sql: Sql,
  { brandIds, since }: { brandIds: readonly string[]; since: number },
): Promise<Set<string>> {
  if (brandIds.length === 0) return new Set()
  const rows = await sql`
    select brand_id, engine
    from engines
    where brand_id = any(${[...brandIds]}::uuid[])
      and sign_at > ${instantText(since)}`
  return new Set(rows.map((row) => engineKey({ brandId: row.brand_id, engine: row.engine })))
}

/** Ascending keys, so that two replicas do not wait for each other crosswise. */
export async function recordHeartbeats(sql: Sql, signs: readonly Heartbeat[]): Promise<void> {
  const ordered = [...signs].sort((one, other) => (engineKey(one) < engineKey(other) ? -1 : 1))
  await sql`
    insert into engines (brand_id, engine, sign_at)
    select brand_id, engine, sign_at::timestamptz
    from unnest(
      ${ordered.map(({ brandId }) => brandId)}::uuid[],
      ${ordered.map(({ engine }) => engine)}::text[],
      ${ordered.map(({ heartbeatAt }) => instantText(heartbeatAt))}::text[]
    ) as given (brand_id, engine, sign_at)
    on conflict (brand_id, engine) do update
    set sign_at = greatest(engines.sign_at, excluded.sign_at)`
}
