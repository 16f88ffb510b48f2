/**
 * Which invoice schedule of the brand names a tax, a fixed cost or a template in its terms? They are JSON, which no
 * foreign key sees into.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { invoiceSchedules } from '../schema.ts'

/** The name of one of them; undefined: none. */
export async function findScheduleNaming(
  tx: Tx,
  named: { id: string; brandId: string },
): Promise<string | undefined> {
  const rows = await tx
    .select({ name: invoiceSchedules.name })
    .from(invoiceSchedules)
    .where(
      and(
        eq(invoiceSchedules.brandId, named.brandId),
        sql`jsonb_path_exists(${invoiceSchedules.terms}, '$.** ? (@ == $id)', jsonb_build_object('id', ${named.id}::text))`,
      ),
    )
    .limit(1)
  return rows[0]?.name
}
