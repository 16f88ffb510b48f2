/**
 * Numbering and publishing the versions of a rate deck; when one takes effect stands in `effective-instant.ts`.
 */
import { sql } from 'drizzle-orm'
import { NotFound } from '../../errors.ts'
import type { Rounding } from '../../rating/tariff.ts'
import { instantText, parseInstant } from '../columns.ts'
import { readConfigurationVersion } from '../configuration/configuration-version.ts'
import { effectiveAfter, lockConfigurationVersion } from '../configuration/effective-instant.ts'
import { readRoundingMode } from '../configuration/read-settings.ts'
import type { Db, Tx } from '../connection.ts'

export interface NumberedRateDeck {
  id: string
  brandId: string
  currency: string
  rounding: Rounding
  /** 0: it has none. */
  lastVersion: number
  /** How many rates that one has. */
  lastRates: number
}

export interface PublishedVersion {
  version: number
  effectiveAt: number
  /** Of the configuration: reach it before answering. */
  configurationVersion: number
}

/** Locks a deck, so that its versions are numbered one after another. Throws `NotFound`. */
export async function lockRateDeck(tx: Tx, rateDeckId: string): Promise<NumberedRateDeck> {
  await tx.execute(sql`select from rate_decks where id = ${rateDeckId} for no key update`)
  return getRateDeck(tx, rateDeckId)
}

/** The same as it stands now. Throws `NotFound`. */
export async function getRateDeck(tx: Db | Tx, rateDeckId: string): Promise<NumberedRateDeck> {
  const [row] = await tx.execute<{
    id: string
    brand_id: string
    currency: string
    rounding_mode: string
    rounding_decimals: number
  }>(sql`
    select id, brand_id, currency, rounding_mode, rounding_decimals
    from rate_decks
    where id = ${rateDeckId}`)
  if (!row) throw new NotFound('rate deck', rateDeckId)
  const [last] = await tx.execute<{ version: number; rates: number }>(sql`
    select version, rates
    from rate_deck_versions
    where rate_deck_id = ${rateDeckId}
    order by version desc
    limit 1`)
  return {
    id: row.id,
    brandId: row.brand_id,
    currency: row.currency,
    rounding: { mode: readRoundingMode(row.rounding_mode), decimals: row.rounding_decimals },
    lastVersion: last?.version ?? 0,
    lastRates: last?.rates ?? 0,
  }
}

export interface RateDeckVersion {
  version: number
  effectiveAt: number
  rounding: Rounding
  rates: number
  createdAt: number
}

/** The newest first. `after`: behind this version; null: from the newest on. */
export async function listRateDeckVersions(
  tx: Tx,
  page: { rateDeckId: string; after: number | null; limit: number },
): Promise<RateDeckVersion[]> {
  const rows = await tx.execute<VersionRow>(sql`
    select version, effective_at, rounding_mode, rounding_decimals, rates, created_at
    from rate_deck_versions
    where rate_deck_id = ${page.rateDeckId}
      and (${page.after}::integer is null or version < ${page.after})
    order by version desc
    limit ${page.limit}`)
  return rows.map(readVersion)
}

/** Throws `NotFound`. */
export async function getRateDeckVersion(
  tx: Tx,
  { rateDeckId, version }: { rateDeckId: string; version: number },
): Promise<RateDeckVersion> {
  const [row] = await listRateDeckVersions(tx, { rateDeckId, after: version + 1, limit: 1 })
  if (row?.version !== version) throw new NotFound('version of the rate deck', String(version))
  return row
}

type VersionRow = {
  version: number
  effective_at: string
  rounding_mode: string
  rounding_decimals: number
  rates: number
  created_at: string
}

function readVersion(row: VersionRow): RateDeckVersion {
  return {
    version: row.version,
    effectiveAt: parseInstant(row.effective_at),
    rounding: { mode: readRoundingMode(row.rounding_mode), decimals: row.rounding_decimals },
    rates: row.rates,
    createdAt: parseInstant(row.created_at),
  }
}

/** The deck's own row; what counts for a call stands in its versions. */
export async function setRateDeckRounding(
  tx: Tx,
  deck: { rateDeckId: string; rounding: Rounding },
): Promise<void> {
  await tx.execute(sql`
    update rate_decks
    set rounding_mode = ${deck.rounding.mode}, rounding_decimals = ${deck.rounding.decimals}
    where id = ${deck.rateDeckId}`)
}

/** The last statement of a transaction that made a version: every change of configuration waits for its end. */
export async function publishRateDeckVersion(
  tx: Tx,
  deck: {
    rateDeckId: string
    version: number
    rounding: Rounding
    rates: number
    leadSeconds: number
    /** Not before this instant, in epoch milliseconds; left out: as soon as can be. */
    notBefore?: number
  },
): Promise<PublishedVersion> {
  const { notBefore } = deck
  const wanted = notBefore === undefined ? sql`null` : sql`${instantText(notBefore)}::timestamptz`
  const leadSeconds = (await isDeckReached(tx, deck.rateDeckId)) ? deck.leadSeconds : 0
  await lockConfigurationVersion(tx)
  const [row] = await tx.execute<{ effective_at: string }>(sql`
    insert into rate_deck_versions
      (rate_deck_id, version, effective_at, rounding_mode, rounding_decimals, rates)
    select ${deck.rateDeckId}, ${deck.version},
      ${effectiveAfter(leadSeconds, sql`greatest(max(effective_at), ${wanted})`)},
      ${deck.rounding.mode}, ${deck.rounding.decimals}, ${deck.rates}
    from rate_deck_versions
    where rate_deck_id = ${deck.rateDeckId}
    returning effective_at`)
  if (!row) throw new Error(`version ${deck.version} of rate deck ${deck.rateDeckId} was not written`)
  return {
    version: deck.version,
    effectiveAt: parseInstant(row.effective_at),
    configurationVersion: await readConfigurationVersion(tx),
  }
}

/** Does any client's or carrier's profile lead to this deck, through a plan version in force now or later? */
async function isDeckReached(tx: Tx, rateDeckId: string): Promise<boolean> {
  const [row] = await tx.execute<{ reached: boolean }>(sql`
    select exists (
      select from rating_plan_versions plan
      where plan.entries @> ${JSON.stringify([{ rateDeckId }])}::jsonb
        and (
          exists (select from rating_profiles profile where profile.rating_plan_id = plan.rating_plan_id)
          or exists (select from carrier_rating_profiles profile where profile.rating_plan_id = plan.rating_plan_id)
        )
        and not exists (
          select from rating_plan_versions later
          where later.rating_plan_id = plan.rating_plan_id
            and later.version > plan.version
            and later.effective_at <= now()
        )
    ) as reached`)
  return row?.reached ?? false
}
