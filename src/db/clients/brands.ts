/**
 * Brands and the versions of what decides their calls' prices.
 */
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { apiKeys, brands, brandTerms, clients } from '../schema.ts'

export type BrandRow = typeof brands.$inferSelect
export type BrandValues = Omit<typeof brands.$inferInsert, 'id' | 'revision' | 'createdAt' | 'updatedAt'>

export async function listBrands(tx: Tx, page: PagePlace): Promise<BrandRow[]> {
  return tx
    .select()
    .from(brands)
    .where(afterPlace(brands, page))
    .orderBy(...inOrder(brands, page))
    .limit(page.limit)
}

export async function findBrand(tx: Tx, id: string, lock: 'none' | 'update'): Promise<BrandRow | undefined> {
  const query = tx.select().from(brands).where(eq(brands.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function listBrandsById(tx: Tx, ids: readonly string[]): Promise<Map<string, BrandRow>> {
  const rows = await tx
    .select()
    .from(brands)
    .where(inArray(brands.id, [...ids]))
  return new Map(rows.map((row) => [row.id, row]))
}

/** Of e-invoices: each profile that a client of the brand has chosen for itself. */
export async function listProfilesOfClients(tx: Tx, brandId: string): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ profile: clients.eInvoiceProfile })
    .from(clients)
    .where(eq(clients.brandId, brandId))
  return rows.flatMap(({ profile }) => profile ?? [])
}

/** The brand and the first version of its terms; a trigger opens its counter. */
export async function insertBrand(
  tx: Tx,
  brand: { id: string; values: BrandValues; now: number },
): Promise<BrandRow> {
  const [row] = await tx
    .insert(brands)
    .values({ id: brand.id, ...brand.values })
    .returning()
  if (!row) throw new Error('an inserted brand was not returned')
  await tx.insert(brandTerms).values(toTerms(row, 1, brand.now))
  return row
}

/** Changes the brand; terms that differ from the last version's become the next one, in force from `now` on. */
export async function updateBrand(
  tx: Tx,
  before: BrandRow,
  change: { values: BrandValues; now: number },
): Promise<BrandRow> {
  const [row] = await tx
    .update(brands)
    .set({ ...change.values, revision: sql`${brands.revision} + 1`, updatedAt: change.now })
    .where(eq(brands.id, before.id))
    .returning()
  if (!row) throw new Error(`brand ${before.id} vanished while it was locked`)
  if (JSON.stringify(decidingFields(row)) !== JSON.stringify(decidingFields(before))) {
    const [last] = await tx
      .select({ version: brandTerms.version, effectiveAt: brandTerms.effectiveAt })
      .from(brandTerms)
      .where(eq(brandTerms.brandId, row.id))
      .orderBy(desc(brandTerms.version))
      .limit(1)
    const effectiveAt = Math.max(change.now, last?.effectiveAt ?? 0)
    await tx.insert(brandTerms).values(toTerms(row, (last?.version ?? 0) + 1, effectiveAt))
  }
  return row
}

/** Fails with a foreign key error where something of the brand remains. */
export async function deleteBrand(tx: Tx, id: string): Promise<void> {
  await tx.delete(apiKeys).where(and(eq(apiKeys.brandId, id)))
  await tx.delete(brands).where(eq(brands.id, id))
}

function decidingFields(row: BrandRow) {
  const { specialNumbers, freeNumbers, numbering } = row
  return { specialNumbers, freeNumbers, numbering }
}

function toTerms(row: BrandRow, version: number, effectiveAt: number) {
  return { brandId: row.id, version, effectiveAt, ...decidingFields(row) }
}
