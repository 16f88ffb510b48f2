/**
 * What an import of tariffs meets in its brand, locked until the transaction ends, and the profiles that it makes.
 *
 * Brand, clients, plans and decks are locked in this order before anything is written: a change of configuration waits
 * for the rows that it needs first, and for the number of the configuration last.
 */
import { sql } from 'drizzle-orm'
import { NotFound } from '../../errors.ts'
import type { Rounding } from '../../rating/tariff.ts'
import { newId } from '../../uuid.ts'
import { instantText, parseInstant } from '../columns.ts'
import { readRoundingMode } from '../configuration/read-settings.ts'
import type { Tx } from '../connection.ts'

export interface KnownTariff {
  id: string
  name: string
  currency: string
  /** null: made by hand. */
  source: string | null
}

export interface KnownRateDeck extends KnownTariff {
  rounding: Rounding
  /** 0: it has none. */
  lastVersion: number
  lastRates: number
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
  rateDecks: KnownRateDeck[]
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
  await tx.execute(sql`
    select from rate_decks
    where brand_id = ${brandId} and name = any(${sql.param(of.rateDecks)}::text[])
    order by id
    for no key update`)
  // Asked for anew: who waited for a lock sees the versions that were made meanwhile.
  const rateDecks = await tx.execute<
    Record<string, unknown> &
      Omit<KnownRateDeck, 'rounding'> & { rounding_mode: string; rounding_decimals: number }
  >(sql`
    select deck.id, deck.name, deck.currency, deck.source, deck.rounding_mode, deck.rounding_decimals,
      coalesce(last.version, 0) as "lastVersion", coalesce(last.rates, 0) as "lastRates"
    from rate_decks deck
    left join lateral (
      select version, rates
      from rate_deck_versions
      where rate_deck_id = deck.id
      order by version desc
      limit 1
    ) last on true
    where deck.brand_id = ${brandId} and deck.name = any(${sql.param(of.rateDecks)}::text[])`)
  const profiles = await tx.execute<{ client_id: string; rating_plan_id: string; activates_at: string }>(sql`
    select client_id, rating_plan_id, activates_at
    from rating_profiles
    where client_id = any(${sql.param(clients.map(({ id }) => id))}::uuid[])
      and direction = 'outbound'`)
  return {
    clients: [...clients],
    ratingPlans: [...ratingPlans],
    rateDecks: rateDecks.map(({ rounding_mode, rounding_decimals, ...deck }) => ({
      ...deck,
      rounding: { mode: readRoundingMode(rounding_mode), decimals: rounding_decimals },
    })),
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

export async function insertRateDecks(
  tx: Tx,
  of: { brandId: string; source: string },
  decks: readonly { id: string; name: string; currency: string; rounding: Rounding }[],
): Promise<void> {
  if (decks.length === 0) return
  await tx.execute(sql`
    insert into rate_decks (brand_id, source, id, name, currency, rounding_mode, rounding_decimals)
    select ${of.brandId}, ${of.source}, *
    from unnest(
      ${sql.param(decks.map(({ id }) => id))}::uuid[],
      ${sql.param(decks.map(({ name }) => name))}::text[],
      ${sql.param(decks.map(({ currency }) => currency))}::text[],
      ${sql.param(decks.map(({ rounding }) => rounding.mode))}::text[],
      ${sql.param(decks.map(({ rounding }) => rounding.decimals))}::int[])`)
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
