/**
 * Clients, made with their account and the first version of what decides their calls' prices and days.
 */
import { and, desc, eq, ilike, inArray, ne, or, sql } from 'drizzle-orm'
import type { Sql, Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import {
  accounts,
  allCalls,
  apiKeys,
  clients,
  clientTerms,
  corporations,
  ratingPlans,
  ratingProfiles,
  taxes,
} from '../schema.ts'

export type ClientRow = typeof clients.$inferSelect
export type ClientValues = Omit<
  typeof clients.$inferInsert,
  'id' | 'brandId' | 'revision' | 'createdAt' | 'updatedAt'
>

export interface ClientFilter {
  brandId?: string | undefined
  /** Part of the name or the SIP domain, in any case of letters. */
  search?: string | undefined
  ids?: readonly string[] | undefined
  billingMethod?: string | undefined
  corporationId?: string | undefined
  suspended?: boolean | undefined
}

export async function listClients(tx: Tx, page: PagePlace & { filter: ClientFilter }): Promise<ClientRow[]> {
  const { brandId, search, ids, billingMethod, corporationId, suspended } = page.filter
  return tx
    .select()
    .from(clients)
    .where(
      and(
        afterPlace(clients, page),
        brandId === undefined ? undefined : eq(clients.brandId, brandId),
        search === undefined
          ? undefined
          : or(ilike(clients.name, anywhere(search)), ilike(clients.sipDomain, anywhere(search))),
        ids === undefined ? undefined : inArray(clients.id, [...ids]),
        billingMethod === undefined ? undefined : eq(clients.billingMethod, billingMethod),
        corporationId === undefined ? undefined : eq(clients.corporationId, corporationId),
        suspended === undefined ? undefined : eq(clients.suspended, suspended),
      ),
    )
    .orderBy(...inOrder(clients, page))
    .limit(page.limit)
}

/** As a pattern of LIKE that means the text itself. */
function anywhere(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}

/** A client that is charged this tax. */
export async function findClientOfTax(
  tx: Tx,
  tax: { id: string; brandId: string },
): Promise<string | undefined> {
  const rows = await tx
    .select({ name: clients.name })
    .from(clients)
    .where(and(eq(clients.brandId, tax.brandId), sql`${tax.id} = any(${clients.taxIds})`))
    .limit(1)
  return rows[0]?.name
}

export async function findClient(
  tx: Tx,
  id: string,
  lock: 'none' | 'update',
): Promise<ClientRow | undefined> {
  const query = tx.select().from(clients).where(eq(clients.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

/** `sipDomain`: in lower case. */
export async function findClientByDomain(tx: Tx, sipDomain: string): Promise<ClientRow | undefined> {
  const rows = await tx.select().from(clients).where(eq(clients.sipDomain, sipDomain))
  return rows[0]
}

export async function insertClient(
  tx: Tx,
  client: { id: string; brandId: string; values: ClientValues; now: number },
): Promise<ClientRow> {
  const [row] = await tx
    .insert(clients)
    .values({ id: client.id, brandId: client.brandId, ...client.values })
    .returning()
  if (!row) throw new Error('an inserted client was not returned')
  await tx.insert(clientTerms).values(toTerms(row, 1, client.now))
  await tx.insert(accounts).values({ clientId: row.id, currency: row.currency })
  return row
}

/** Changes the client; terms that differ from the last version's become the next one, in force from `now` on. */
export async function updateClient(
  tx: Tx,
  before: ClientRow,
  change: { values: ClientValues; now: number },
): Promise<ClientRow> {
  const [row] = await tx
    .update(clients)
    .set({ ...change.values, revision: sql`${clients.revision} + 1`, updatedAt: change.now })
    .where(eq(clients.id, before.id))
    .returning()
  if (!row) throw new Error(`client ${before.id} vanished while it was locked`)
  if (row.currency !== before.currency) {
    await tx.update(accounts).set({ currency: row.currency }).where(eq(accounts.clientId, row.id))
  }
  if (JSON.stringify(decidingFields(row)) !== JSON.stringify(decidingFields(before))) {
    const [last] = await tx
      .select({ version: clientTerms.version, effectiveAt: clientTerms.effectiveAt })
      .from(clientTerms)
      .where(eq(clientTerms.clientId, row.id))
      .orderBy(desc(clientTerms.version))
      .limit(1)
    const effectiveAt = Math.max(change.now, last?.effectiveAt ?? 0)
    await tx.insert(clientTerms).values(toTerms(row, (last?.version ?? 0) + 1, effectiveAt))
  }
  return row
}

/** Fails with a foreign key error where movements, calls or mails of the client remain. */
export async function deleteClient(tx: Tx, id: string): Promise<void> {
  await tx.delete(apiKeys).where(eq(apiKeys.clientId, id))
  await tx.delete(accounts).where(eq(accounts.clientId, id))
  await tx.delete(clients).where(eq(clients.id, id))
}

/** Is there a movement or a priced call? Locks the account, so none comes before the transaction's end. */
export async function lockAndFindMoney(tx: Tx, clientId: string): Promise<'money' | 'none'> {
  const [account] = await tx
    .select({ seq: accounts.seq })
    .from(accounts)
    .where(eq(accounts.clientId, clientId))
    .for('update')
  if (account && account.seq > 0) return 'money'
  const priced = await tx
    .select({ callId: allCalls.callId })
    .from(allCalls)
    .where(and(eq(allCalls.clientId, clientId), eq(allCalls.status, 'priced')))
    .limit(1)
  return priced.length > 0 ? 'money' : 'none'
}

/** A currency other than `currency` in which a plan of the client's profiles is. */
export async function findOtherPlanCurrency(
  tx: Tx,
  clientId: string,
  currency: string,
): Promise<string | undefined> {
  const rows = await tx
    .select({ currency: ratingPlans.currency })
    .from(ratingProfiles)
    .innerJoin(ratingPlans, eq(ratingPlans.id, ratingProfiles.ratingPlanId))
    .where(and(eq(ratingProfiles.clientId, clientId), sql`${ratingPlans.currency} <> ${currency}`))
    .limit(1)
  return rows[0]?.currency
}

export async function hasCorporation(tx: Tx, brandId: string, corporationId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: corporations.id })
    .from(corporations)
    .where(and(eq(corporations.id, corporationId), eq(corporations.brandId, brandId)))
  return rows.length > 0
}

/** Those of `ids` that are taxes of the brand. */
export async function findTaxIds(tx: Tx, brandId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await tx
    .select({ id: taxes.id })
    .from(taxes)
    .where(and(eq(taxes.brandId, brandId), inArray(taxes.id, [...ids])))
  return new Set(rows.map(({ id }) => id))
}

function decidingFields(row: ClientRow) {
  const { sipDomain, timeZone, billingMethod, corporationId, numbering } = row
  return { sipDomain, timeZone, billingMethod, corporationId, numbering }
}

function toTerms(row: ClientRow, version: number, effectiveAt: number) {
  return { clientId: row.id, version, effectiveAt, ...decidingFields(row) }
}

/** In which other currencies clients of the brand, or the one that is named, are billed. */
export async function listOtherCurrencies(
  tx: Tx,
  { brandId, clientId, currency }: { brandId: string; clientId: string | null; currency: string },
): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ currency: clients.currency })
    .from(clients)
    .where(
      and(
        eq(clients.brandId, brandId),
        clientId === null ? undefined : eq(clients.id, clientId),
        ne(clients.currency, currency),
      ),
    )
    .orderBy(clients.currency)
  return rows.map((row) => row.currency)
}

/** What a client has; undefined where the tenant sees no such client. */
export async function findFeatures(tx: Sql, clientId: string): Promise<readonly string[] | undefined> {
  const [row] = await tx<{ features: string[] }[]>`select features from clients where id = ${clientId}`
  return row?.features
}
