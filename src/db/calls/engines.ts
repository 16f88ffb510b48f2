/**
 * Engines that tell which of their legs still stand.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface EngineSign {
  brandId: string
  engine: string
  signAt: number
}

/** Ascending keys, so that two replicas do not wait for each other crosswise. */
export async function noteEngineSigns(sql: Sql, signs: readonly EngineSign[]): Promise<void> {
  const keyOf = ({ brandId, engine }: EngineSign) => `${brandId} ${engine}`
  const ordered = [...signs].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
  await sql`
    insert into engines (brand_id, engine, sign_at)
    select brand_id, engine, sign_at::timestamptz
    from unnest(
      ${ordered.map(({ brandId }) => brandId)}::uuid[],
      ${ordered.map(({ engine }) => engine)}::text[],
      ${ordered.map(({ signAt }) => instantText(signAt))}::text[]
    ) as given (brand_id, engine, sign_at)
    on conflict (brand_id, engine) do update
    set sign_at = greatest(engines.sign_at, excluded.sign_at)`
}
