/**
 * The rates of a deck as ranges of versions: each stands in the versions from `from_version` to before
 * `to_version`.
 */

import { sql } from 'drizzle-orm'
import { remember } from '../../bounded-cache.ts'
import type { Rate } from '../../rating/rate.ts'
import { type RateTerms, readRateTerms } from '../../shapes/rate-terms.ts'
import type { Db, Tx } from '../connection.ts'
import { type RowReader, streamRows } from '../reports/report-rows.ts'
import { streamBatches, streamReadOnly } from '../stream-batches.ts'

interface StoredRate {
  prefix: string
  destination: string
  terms: string
}

const batchRows = 5_000
/** Decks share a few hundred sets of terms; parsing each text once halves the time of reading 300,000 rates. */
const maxRememberedTerms = 10_000

/** All rates of one version, in no order. */
export async function* streamRates(
  db: Db,
  version: { rateDeckId: string; version: number },
): AsyncGenerator<Rate, void, undefined> {
  const known = new Map<string, RateTerms>()
  const batches = streamReadOnly(db.$client, (tx) =>
    streamBatches<StoredRate>(
      tx,
      tx`
        select prefix, destination, terms::text as terms
        from rates
        where rate_deck_id = ${version.rateDeckId}
          and from_version <= ${version.version}
          and (to_version is null or to_version > ${version.version})`,
      { rows: batchRows },
    ),
  )
  for await (const rows of batches) {
    for (const { prefix, destination, terms } of rows) {
      const parsed = known.get(terms) ?? remember(known, terms, readRateTerms(terms), maxRememberedTerms)
      yield { prefix, destination, ...parsed }
    }
  }
}

/** All rates of a deck's newest version by prefix, as the tenant sees them. */
export async function* streamNewestRates(
  reader: RowReader,
  rateDeckId: string,
): AsyncGenerator<Rate[], void, undefined> {
  const rows = streamRows(
    reader,
    (tx) => tx`
      select prefix, destination, terms::text as terms
      from rates
      where rate_deck_id = ${rateDeckId}
        and to_version is null
      order by prefix collate "C"`,
  )
  for await (const batch of rows) {
    yield batch.map(([prefix, destination, terms]) => ({
      prefix: String(prefix),
      destination: String(destination),
      ...readRateTerms(terms),
    }))
  }
}

/** Rows that all rates of a deck's newest version take in a sheet: one per step. */
export async function countRateRows(tx: Tx, rateDeckId: string): Promise<number> {
  const [row] = await tx.execute<{ rows: string }>(sql`
    select coalesce(sum(jsonb_array_length(terms -> 'steps')), 0) as rows
    from rates
    where rate_deck_id = ${rateDeckId}
      and to_version is null`)
  return Number(row?.rows ?? 0)
}

/** The rates of a deck's newest version whose prefix begins with these digits, by prefix. */
export async function listRates(
  db: Db | Tx,
  page: { rateDeckId: string; prefix: string; after: string | null; limit: number },
): Promise<Rate[]> {
  const rows = await db.execute<{ prefix: string; destination: string; terms: string }>(sql`
    select prefix, destination, terms::text as terms
    from rates
    where rate_deck_id = ${page.rateDeckId}
      and to_version is null
      and starts_with(prefix, ${page.prefix})
      and (${page.after}::text is null or prefix collate "C" > ${page.after})
    order by prefix collate "C"
    limit ${page.limit}`)
  return rows.map(({ prefix, destination, terms }) => ({ prefix, destination, ...readRateTerms(terms) }))
}
