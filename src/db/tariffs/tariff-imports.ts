/**
 * What an import of tariffs meets in its brand, locked until the transaction ends, and the profiles that it makes.
 *
 * Brand, clients, plans and decks are locked in this order before anything is written: a change of configuration waits
 * for the rows that it needs first, and for the number of the configuration last.
 */
import { sql } from 'drizzle-orm'
import { NotFound } from '../../errors.ts'
import { newId } from '../../uuid.ts'
import { instantText, parseInstant } from '../columns.ts'
import type { Tx } from '../connection.ts'

export interface KnownTariff {
  id: string
  name: string
  currency: string
  /** null: made by hand. */
  source: string | null
}

export interface KnownClient {
  id: string
  name: string
  sipDomain: string
  currency: string
}

export interface KnownProfile {
  clientId: string
  ratingPlanId: string
  activatesAt: number
}

export interface KnownOfBrand {
  clients: KnownClient[]
  ratingPlans: KnownTariff[]
  rateDecks: KnownTariff[]
  /** Of these clients. */
  profiles: KnownProfile[]
}

/** Throws `NotFound` for a brand that is not there. */
export async function lockKnownOfBrand(
  tx: Tx,
  of: {
    brandId: string
    rateDecks: readonly string[]
    ratingPlans: readonly string[]
    /** Ids, names or SIP domains. */
    clients: readonly string[]
  },
): Promise<KnownOfBrand> {
  const { brandId } = of
  const brands = await tx.execute(sql`select from brands where id = ${brandId} for key share`)
  if (brands.length === 0) throw new NotFound('brand', brandId)
  const lower = of.clients.map((reference) => reference.toLowerCase())
  const clients = await tx.execute<Record<string, unknown> & KnownClient>(sql`
    select id, name, sip_domain as "sipDomain", currency
    from clients
    where brand_id = ${brandId}
      and (name = any(${sql.param(of.clients)}::text[])
        or sip_domain = any(${sql.param(lower)}::text[])
        or id::text = any(${sql.param(lower)}::text[]))
    order by id
    for key share`)
  const ratingPlans = await tx.execute<Record<string, unknown> & KnownTariff>(sql`
    select id, name, currency, source
    from rating_plans
    where brand_id = ${brandId} and name = any(${sql.param(of.ratingPlans)}::text[])
    order by id
    for no key update`)
  const rateDecks = await tx.execute<Record<string, unknown> & KnownTariff>(sql`
    select id, name, currency, source
    from rate_decks
    where brand_id = ${brandId} and name = any(${sql.param(of.rateDecks)}::text[])
    order by id
    for no key update`)
  const profiles = await tx.execute<{ client_id: string; rating_plan_id: string; activates_at: string }>(sql`
    select client_id, rating_plan_id, activates_at
    from rating_profiles
    where client_id = any(${sql.param(clients.map(({ id }) => id))}::uuid[])`)
  return {
    clients: [...clients],
    ratingPlans: [...ratingPlans],
    rateDecks: [...rateDecks],
    profiles: profiles.map((row) => ({
      clientId: row.client_id,
      ratingPlanId: row.rating_plan_id,
      activatesAt: parseInstant(row.activates_at),
    })),
  }
}

/** What was made by hand becomes a tariff of the import that replaces it. */
export async function setSource(
  tx: Tx,
  of: { table: 'rate_decks' | 'rating_plans'; ids: readonly string[]; source: string },
): Promise<void> {
  if (of.ids.length === 0) return
  await tx.execute(sql`
    update ${sql.identifier(of.table)}
    set source = ${of.source}, revision = revision + 1, updated_at = now()
    where id = any(${sql.param(of.ids)}::uuid[])`)
}

export async function insertRatingProfiles(tx: Tx, profiles: readonly KnownProfile[]): Promise<void> {
  if (profiles.length === 0) return
  await tx.execute(sql`
    insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
    select * from unnest(
      ${sql.param(profiles.map(() => newId()))}::uuid[],
      ${sql.param(profiles.map(({ clientId }) => clientId))}::uuid[],
      ${sql.param(profiles.map(({ ratingPlanId }) => ratingPlanId))}::uuid[],
      ${sql.param(profiles.map(({ activatesAt }) => instantText(activatesAt)))}::text[]::timestamptz[])`)
}
