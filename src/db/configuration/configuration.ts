/**
 * Everything a call is answered from, as it stands in PostgreSQL: all of a kind, or the things named.
 *
 * A thing that is named and not returned is gone. JSON columns are checked here, where they enter.
 */
import { asc, inArray } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { ApplicationServer, Brand, Client, MediaRelaySet } from '../../limits/client.ts'
import { reasonProfiles } from '../../limits/reason-profiles.ts'
import { noGuards } from '../../limits/spend-guard.ts'
import type { Carrier } from '../../rating/carrier.ts'
import { ExchangeRates } from '../../rating/exchange-rates.ts'
import type { RatingProfile, Rounding } from '../../rating/tariff.ts'
import type { Tx } from '../connection.ts'
import { listConfiguredGuards } from '../guards/configured-guards.ts'
import {
  applicationServers,
  authorizedSources,
  balanceAlerts,
  brands,
  brandTerms,
  carrierRatingProfiles,
  carriers,
  clientAllowances,
  clients,
  clientTerms,
  exchangeRates,
  mediaRelaySets,
  rateDecks,
  rateDeckVersions,
  ratingPlans,
  ratingPlanVersions,
  ratingProfiles,
} from '../schema.ts'
import type { StoredPlan, StoredRateDeck } from '../tariffs/stored-tariffs.ts'
import {
  isFeature,
  readBillingMethod,
  readEntries,
  readMailAddresses,
  readNumbering,
  readReasonOverrides,
  readRecording,
  readRelays,
  readRoundingMode,
  readTemplates,
  readVisibility,
  readWord,
} from './read-settings.ts'

export type Ids = 'all' | readonly string[]

export async function listConfiguredBrands(tx: Tx, ids: Ids): Promise<Brand[]> {
  const rows = await tx.select().from(brands).where(among(brands.id, ids))
  const terms = grouped(
    await tx.select().from(brandTerms).where(among(brandTerms.brandId, ids)).orderBy(asc(brandTerms.version)),
    (row) => row.brandId,
  )
  const guards = await listConfiguredGuards(tx, rows, ids)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    currency: row.currency,
    language: row.language,
    timeZone: row.timeZone,
    terms: (terms.get(row.id) ?? []).map((version) => ({
      effectiveAt: version.effectiveAt,
      specialNumbers: exactNumbers(version.specialNumbers),
      freeNumbers: exactNumbers(version.freeNumbers),
      numbering: readNumbering(version.numbering),
    })),
    maxCalls: row.maxCalls,
    maxRingSeconds: row.maxRingSeconds,
    lostEndPolicy: readWord(['zero', 'last-known', 'cap'], row.lostEndPolicy),
    reasonProfile: readWord(reasonProfiles, row.reasonProfile),
    reasonOverrides: readReasonOverrides(row.reasonOverrides),
    mail: readMailAddresses(row.mail),
    guards: guards.get(row.id) ?? noGuards,
    leastCostRouting: row.leastCostRouting,
    lcrSeconds: row.lcrSeconds,
  }))
}

export async function listConfiguredClients(tx: Tx, ids: Ids): Promise<Client[]> {
  const rows = await tx.select().from(clients).where(among(clients.id, ids))
  const terms = grouped(
    await tx
      .select()
      .from(clientTerms)
      .where(among(clientTerms.clientId, ids))
      .orderBy(asc(clientTerms.version)),
    (row) => row.clientId,
  )
  const sources = grouped(
    await tx.select().from(authorizedSources).where(among(authorizedSources.clientId, ids)),
    (row) => row.clientId,
  )
  const alerts = grouped(
    await tx.select().from(balanceAlerts).where(among(balanceAlerts.clientId, ids)),
    (row) => row.clientId,
  )
  const profiles = grouped(
    await tx
      .select()
      .from(ratingProfiles)
      .where(among(ratingProfiles.clientId, ids))
      .orderBy(asc(ratingProfiles.activatesAt)),
    (row) => row.clientId,
  )
  const allowances = grouped(
    await tx.select().from(clientAllowances).where(among(clientAllowances.clientId, ids)),
    (row) => row.clientId,
  )
  return rows.map((row) => ({
    id: row.id,
    brandId: row.brandId,
    name: row.name,
    suspended: row.suspended,
    features: new Set(row.features.filter(isFeature)),
    terms: (terms.get(row.id) ?? []).map((version) => ({
      effectiveAt: version.effectiveAt,
      sipDomain: version.sipDomain,
      timeZone: version.timeZone,
      billingMethod: readBillingMethod(version.billingMethod),
      corporationId: version.corporationId,
      numbering: readNumbering(version.numbering),
    })),
    language: row.language,
    countryCode: row.countryCode,
    currency: row.currency,
    maxCalls: row.maxCalls,
    maxCallSeconds: row.maxCallSeconds,
    filterByIp: row.filterByIp,
    geoIpAllowedCountries: row.geoIpAllowedCountries,
    authorizedSources: (sources.get(row.id) ?? []).map(({ cidr }) => cidr),
    maxDailyUsage: row.maxDailyUsage,
    maxDailyUsageEmail: row.maxDailyUsageEmail,
    creditLimit: row.creditLimit,
    outgoingDdi: row.outgoingDdi,
    mediaRelaySetId: row.mediaRelaySetId,
    distributeMethod: readWord(['hash', 'roundRobin', 'static'], row.distributeMethod),
    applicationServerId: row.applicationServerId,
    recording: readRecording(row.recording),
    failurePolicy: readWord(['deny', 'allow'], row.failurePolicy),
    portalVisibility: readVisibility(row.portalVisibility),
    notificationTemplates: readTemplates(row.notificationTemplates),
    balanceAlerts: (alerts.get(row.id) ?? []).map(({ id, threshold, email }) => ({ id, threshold, email })),
    profiles: listProfiles(profiles.get(row.id), 'outbound'),
    inboundProfiles: listProfiles(profiles.get(row.id), 'inbound'),
    allowances: (allowances.get(row.id) ?? []).map(({ id, fromDay, toDay, email }) => ({
      ...{ id, email },
      from: fromDay,
      to: toDay,
    })),
  }))
}

function listProfiles(
  rows: readonly (typeof ratingProfiles.$inferSelect)[] = [],
  direction: 'outbound' | 'inbound',
): RatingProfile[] {
  return rows.filter((row) => row.direction === direction).map(toProfile)
}

export async function listConfiguredRateDecks(tx: Tx, ids: Ids): Promise<StoredRateDeck[]> {
  const rows = await tx.select().from(rateDecks).where(among(rateDecks.id, ids))
  const versions = grouped(
    await tx
      .select()
      .from(rateDeckVersions)
      .where(among(rateDeckVersions.rateDeckId, ids))
      .orderBy(asc(rateDeckVersions.version)),
    (row) => row.rateDeckId,
  )
  return rows.map((row) => ({
    id: row.id,
    brandId: row.brandId,
    name: row.name,
    currency: row.currency,
    versions: (versions.get(row.id) ?? []).map((version) => ({
      version: version.version,
      effectiveAt: version.effectiveAt,
      rounding: readRounding(version.roundingMode, version.roundingDecimals),
      rates: version.rates,
    })),
  }))
}

export async function listConfiguredPlans(tx: Tx, ids: Ids): Promise<StoredPlan[]> {
  const rows = await tx.select().from(ratingPlans).where(among(ratingPlans.id, ids))
  const versions = grouped(
    await tx
      .select()
      .from(ratingPlanVersions)
      .where(among(ratingPlanVersions.ratingPlanId, ids))
      .orderBy(asc(ratingPlanVersions.version)),
    (row) => row.ratingPlanId,
  )
  return rows.map((row) => ({
    id: row.id,
    brandId: row.brandId,
    name: row.name,
    currency: row.currency,
    versions: (versions.get(row.id) ?? []).map((version) => ({
      ratingPlanId: row.id,
      version: version.version,
      effectiveAt: version.effectiveAt,
      timeZone: version.timeZone,
      entries: readEntries(version.entries),
    })),
  }))
}

export async function listConfiguredCarriers(tx: Tx, ids: Ids): Promise<Carrier[]> {
  const rows = await tx.select().from(carriers).where(among(carriers.id, ids))
  const profiles = grouped(
    await tx
      .select()
      .from(carrierRatingProfiles)
      .where(among(carrierRatingProfiles.carrierId, ids))
      .orderBy(asc(carrierRatingProfiles.activatesAt)),
    (row) => row.carrierId,
  )
  return rows.map(({ id, brandId, name, code, currency, timeZone }) => ({
    ...{ id, brandId, name, code, currency, timeZone },
    profiles: (profiles.get(id) ?? []).map(toProfile),
  }))
}

/** `ids`: of brands. */
export async function listConfiguredExchangeRates(
  tx: Tx,
  ids: Ids,
): Promise<{ id: string; rates: ExchangeRates }[]> {
  const rows = await tx.select().from(exchangeRates).where(among(exchangeRates.brandId, ids))
  return [...grouped(rows, (row) => row.brandId)].map(([id, rates]) => ({
    id,
    rates: new ExchangeRates(rates),
  }))
}

function toProfile(row: { id: string; ratingPlanId: string; activatesAt: number }): RatingProfile {
  return { ratingProfileId: row.id, ratingPlanId: row.ratingPlanId, activatesAt: row.activatesAt }
}

/** Compared with a number as dialled and as normalized, which carries no "+". */
function exactNumbers(numbers: readonly string[]): ReadonlySet<string> {
  return new Set(numbers.flatMap((number) => [number, number.replace('+', '')]))
}

export async function listConfiguredMediaRelaySets(tx: Tx, ids: Ids): Promise<MediaRelaySet[]> {
  const rows = await tx.select().from(mediaRelaySets).where(among(mediaRelaySets.id, ids))
  return rows.map(({ id, name, relays }) => ({ id, name, relays: readRelays(relays) }))
}

export async function listConfiguredApplicationServers(tx: Tx, ids: Ids): Promise<ApplicationServer[]> {
  const rows = await tx.select().from(applicationServers).where(among(applicationServers.id, ids))
  return rows.map(({ id, name, address }) => ({ id, name, address }))
}

function readRounding(mode: string, decimals: number): Rounding {
  return { mode: readRoundingMode(mode), decimals }
}

function among(column: PgColumn, ids: Ids) {
  return ids === 'all' ? undefined : inArray(column, [...ids])
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}
