/**
 * The numbers of a client's invoices and credit notes, for taking them out of what the client's users read.
 *
 * Asked as the brand: the client's own users do not see the rows that are to be hidden from them.
 */
import { and, eq, isNotNull } from 'drizzle-orm'
import type { Db } from '../connection.ts'
import { invoices } from '../schema.ts'
import { asTenant } from '../tenant.ts'

export async function listInvoiceNumbers(
  db: Db,
  of: { brandId: string | null; clientId: string },
): Promise<string[]> {
  const brand = { role: 'brand', brandId: of.brandId, clientId: null } as const
  const rows = await asTenant(db, brand, (tx) =>
    tx
      .select({ number: invoices.number })
      .from(invoices)
      .where(and(eq(invoices.clientId, of.clientId), isNotNull(invoices.number))),
  )
  return rows.flatMap(({ number }) => (number === null ? [] : [number]))
}
