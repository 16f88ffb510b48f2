/**
 * Versions of allowance plans, and who has them.
 */
import { eq, sql } from 'drizzle-orm'
import type { Decimal } from '../../money.ts'
import type { Tx } from '../connection.ts'
import { allowancePlanVersions, clientAllowances } from '../schema.ts'

/** In force from now on; the first for all time before the second. */
export async function addPlanVersion(
  tx: Tx,
  { id, fee, items }: { id: string; fee: Decimal; items: unknown },
  now: number,
): Promise<void> {
  const known = typeof items === 'string' ? JSON.parse(items) : items
  await tx.insert(allowancePlanVersions).values({
    allowancePlanId: id,
    version: sql`(
      select coalesce(max(version), 0) + 1 from allowance_plan_versions where allowance_plan_id = ${id}
    )` as unknown as number,
    effectiveAt: now,
    fee,
    items: known,
  })
}

export async function isSubscribed(tx: Tx, allowancePlanId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: clientAllowances.id })
    .from(clientAllowances)
    .where(eq(clientAllowances.allowancePlanId, allowancePlanId))
    .limit(1)
  return rows.length > 0
}
