/**
 * A brand with clients in a database of its own, for the tests of this folder. Rows are written as the API
 * would; the stories under test do the rest.
 */
import { randomUUID } from 'node:crypto'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import { Configuration } from '../../src/tariffs/configuration.ts'
import { testDatabaseUrl } from '../servers.ts'

export interface TestDatabase {
  url: string
  db: Db
  close(): Promise<void>
}

export async function aDatabase(): Promise<TestDatabase> {
  const url = await testDatabaseUrl()
  const db = openDatabase(url, { role: 'tollgate_worker', connections: 4 })
  return { url, db, close: () => closeDatabase(db) }
}

export const quiet = { info() {}, warn() {}, error() {} }

export function openConfiguration(database: TestDatabase): Promise<Configuration> {
  return Configuration.open(database.db, { databaseUrl: database.url, log: quiet })
}

export async function aBrand(
  db: Db,
  settings: { currency?: string; effectiveAt?: string } = {},
): Promise<string> {
  const id = randomUUID()
  await db.$client`
    insert into brands (id, name, currency, time_zone, language)
    values (${id}, ${`Brand ${id}`}, ${settings.currency ?? 'EUR'}, 'UTC', 'en')`
  await db.$client`
    insert into brand_terms (brand_id, version, effective_at, special_numbers, free_numbers)
    values (${id}, 1, ${settings.effectiveAt ?? '2026-01-01T00:00:00Z'}, array['112'], array[]::text[])`
  return id
}

export async function aClient(
  db: Db,
  settings: { brandId: string; sipDomain?: string; timeZone?: string; effectiveAt?: string },
): Promise<string> {
  const id = randomUUID()
  const sipDomain = settings.sipDomain ?? `${id}.example.com`
  const timeZone = settings.timeZone ?? 'UTC'
  await db.$client`
    insert into clients (id, brand_id, name, sip_domain, features, billing_method, language, time_zone, currency,
      portal_visibility, notification_templates, recording)
    values (${id}, ${settings.brandId}, ${`Client ${id}`}, ${sipDomain}, array['billing'], 'postpaid', 'en',
      ${timeZone}, 'EUR', '{}', '{}', '{"onDemand":"off","serviceCode":null,"clientMayRemove":true}')`
  await changeTerms(db, {
    clientId: id,
    sipDomain,
    timeZone,
    effectiveAt: settings.effectiveAt ?? '2026-01-01T00:00:00Z',
  })
  return id
}

export async function changeTerms(
  db: Db,
  terms: { clientId: string; sipDomain: string; timeZone?: string; effectiveAt: string },
): Promise<void> {
  await db.$client`
    insert into client_terms (client_id, version, effective_at, sip_domain, time_zone, billing_method)
    select ${terms.clientId}, count(*) + 1, ${terms.effectiveAt}::timestamptz, ${terms.sipDomain},
      ${terms.timeZone ?? 'UTC'}, 'postpaid'
    from client_terms where client_id = ${terms.clientId}`
}

export async function aRateDeck(
  db: Db,
  settings: { brandId: string; currency?: string; decimals?: number },
): Promise<string> {
  const id = randomUUID()
  await db.$client`
    insert into rate_decks (id, brand_id, name, currency, rounding_mode, rounding_decimals)
    values (${id}, ${settings.brandId}, ${`Deck ${id}`}, ${settings.currency ?? 'EUR'}, 'up', ${settings.decimals ?? 4})`
  return id
}

export async function aPlan(
  db: Db,
  settings: { brandId: string; rateDeckIds: string[]; effectiveAt?: string },
): Promise<string> {
  const id = randomUUID()
  await db.$client`
    insert into rating_plans (id, brand_id, name, currency)
    values (${id}, ${settings.brandId}, ${`Plan ${id}`}, 'EUR')`
  const entries = settings.rateDeckIds.map((rateDeckId) => ({
    rateDeckId,
    weight: 1,
    days: null,
    from: '00:00',
    to: '24:00',
  }))
  await db.$client`
    insert into rating_plan_versions (rating_plan_id, version, effective_at, entries)
    values (${id}, 1, ${settings.effectiveAt ?? '2026-01-01T00:00:00Z'}, ${JSON.stringify(entries)})`
  return id
}

export async function aProfile(
  db: Db,
  settings: { clientId: string; ratingPlanId: string; activatesAt?: string },
): Promise<string> {
  const id = randomUUID()
  await db.$client`
    insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
    values (${id}, ${settings.clientId}, ${settings.ratingPlanId}, ${settings.activatesAt ?? '2026-01-01T00:00:00Z'})`
  return id
}
