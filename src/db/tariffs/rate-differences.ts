/**
 * What staged rates change in a deck: its newest version and the staged rows are compared as sets in `rate_differences`,
 * a table of the transaction that the lint, the warnings and the writing read.
 */

import { sql } from 'drizzle-orm'
import { remember } from '../../bounded-cache.ts'
import type { Rate } from '../../rating/rate.ts'
import { type RateTerms, readRateTerms } from '../../shapes/rate-terms.ts'
import type { Tx } from '../connection.ts'
import { pricePerMinute } from './staged-rates.ts'

export interface RateChange {
  prefix: string
  destination: string
  /** Price per minute of the first step, decimal text. */
  from: string
  to: string
  /** Decimal text with up to two decimals, negative for a fall; null: from nothing. */
  percent: string | null
}

export interface RatesSummary {
  added: number
  changed: number
  removed: number
  /** Rows equal to the deck's. */
  unchanged: number
  /** Rows of the deck that a merge does not name. */
  kept: number
  largestRises: RateChange[]
  largestFalls: RateChange[]
  /** Of a sheet with rows that begin later: what changes at each of these instants. */
  later?: LaterSummary[]
}

export interface LaterSummary {
  effectiveAt: string
  added: number
  changed: number
  removed: number
}

/** What the staged rates would change in the deck. Writes nothing but `rate_differences`, for `applyDifferences`. */
export async function compareStagedRates(
  tx: Tx,
  into: {
    rateDeckId: string
    mode: 'replace' | 'merge'
    /** Of the staged rates those of this instant; 0: at once. */
    at?: number
  },
): Promise<RatesSummary> {
  const { rateDeckId, mode, at = 0 } = into
  // Prefixes that rows of this or a later instant speak of are not removed for standing nowhere now.
  const leaves =
    mode === 'replace'
      ? sql`deck.prefix not in (select prefix from staged_rates where effective_at > ${at})`
      : sql`deck.prefix in (select prefix from staged_rates where effective_at = ${at} and is_removal)`
  if (at > 0) await tx.execute(sql`drop table rate_differences`)
  await tx.execute(sql`
    create temporary table rate_differences on commit drop as
    select coalesce(staged.prefix, deck.prefix) as prefix,
      staged.line,
      coalesce(staged.destination, deck.destination) as destination,
      coalesce(staged.terms, deck.terms) as terms,
      deck.terms as former_terms,
      coalesce(staged.price, ${pricePerMinute(sql`deck.terms`)}) as price,
      case
        when deck.prefix is null then 'added'
        when staged.prefix is null then case when ${leaves} then 'removed' else 'kept' end
        when staged.terms = deck.terms and staged.destination = deck.destination then 'unchanged'
        else 'changed'
      end as kind
    from (
      select line, prefix, destination, terms, price
      from staged_rates join staged_terms on staged_terms.id = terms_id
      where effective_at = ${at} and not is_removal
    ) staged
    full join (select * from rates where rate_deck_id = ${rateDeckId} and to_version is null) deck
      on deck.prefix = staged.prefix`)
  await tx.execute(sql`analyze rate_differences (prefix, kind)`)
  const counts = await tx.execute<{ kind: string; count: string }>(sql`
    select kind, count(*) from rate_differences group by kind`)
  const count = (kind: string) => Number(counts.find((row) => row.kind === kind)?.count ?? 0)
  return {
    added: count('added'),
    changed: count('changed'),
    removed: count('removed'),
    unchanged: count('unchanged'),
    kept: count('kept'),
    largestRises: await listLargestChanges(tx, 'rises'),
    largestFalls: await listLargestChanges(tx, 'falls'),
  }
}

async function listLargestChanges(tx: Tx, which: 'rises' | 'falls'): Promise<RateChange[]> {
  const perMinute = (terms: string) =>
    sql.raw(`(${terms} #>> '{steps,0,rate}')::numeric * 60 / (${terms} #>> '{steps,0,perSeconds}')::numeric`)
  const rows = await tx.execute<{
    prefix: string
    destination: string
    from: string
    to: string
    percent: string | null
  }>(sql`
    with moved as (
      select prefix, destination, ${perMinute('former_terms')} as before, ${perMinute('terms')} as after
      from rate_differences
      where kind = 'changed'
    )
    select prefix, destination,
      trim_scale(round(before, 10))::text as from,
      trim_scale(round(after, 10))::text as to,
      trim_scale(round((after - before) * 100 / nullif(before, 0), 2))::text as percent
    from moved
    where ${which === 'rises' ? sql`after > before` : sql`after < before`}
    order by (after - before) / nullif(before, 0) ${which === 'rises' ? sql`desc nulls first` : sql`asc`}, prefix
    limit 10`)
  return [...rows]
}

/** A rate of the deck as it would be, priced per minute of its first step; only good for comparing. */
export interface DeckRow {
  /** null: the file does not name it. */
  line: number | null
  prefix: string
  destination: string
  price: number
  isBlocked: boolean
}

/** Median price per minute of what is sold and not free; 0: there is none. */
export async function findMedianPrice(tx: Tx): Promise<number> {
  const [row] = await tx.execute<{ median: number | null }>(sql`
    select percentile_disc(0.5) within group (order by price) as median
    from rate_differences
    where kind <> 'removed' and price > 0 and not (terms ->> 'blocked')::boolean`)
  return row?.median ?? 0
}

/** The deck as it would be, in the order of prefixes. */
export async function* streamDifferences(tx: Tx): AsyncGenerator<DeckRow[], void, undefined> {
  await tx.execute(sql`
    declare compared no scroll cursor for
    select line, prefix, destination, price, (terms ->> 'blocked')::boolean as "isBlocked"
    from rate_differences
    where kind <> 'removed'
    order by prefix collate "C"`)
  for (;;) {
    const rows = await tx.execute<Record<string, unknown> & DeckRow>(sql`fetch 5000 from compared`)
    if (rows.length === 0) break
    yield [...rows]
  }
  await tx.execute(sql`close compared`)
}

/** The deck as it would be, with its terms and, of rows of the sheet, their lines; in no order. */
export async function* streamComparedRates(
  tx: Tx,
): AsyncGenerator<(Rate & { line: number | null })[], void, undefined> {
  const known = new Map<string, RateTerms>()
  await tx.execute(sql`
    declare priced no scroll cursor for
    select line, prefix, destination, terms::text as terms from rate_differences where kind <> 'removed'`)
  for (;;) {
    const rows = await tx.execute<{
      line: number | null
      prefix: string
      destination: string
      terms: string
    }>(sql`fetch 5000 from priced`)
    if (rows.length === 0) break
    yield rows.map(({ line, prefix, destination, terms }) => {
      const read = known.get(terms) ?? remember(known, terms, readRateTerms(terms))
      return { line, prefix, destination, ...read }
    })
  }
  await tx.execute(sql`close priced`)
}

/** Writes the difference as the deck's version `version`; returns how many rates that version has. */
export async function applyDifferences(
  tx: Tx,
  into: { rateDeckId: string; version: number },
): Promise<number> {
  await tx.execute(sql`
    update rates
    set to_version = ${into.version}
    from rate_differences difference
    where rates.rate_deck_id = ${into.rateDeckId}
      and rates.to_version is null
      and rates.prefix = difference.prefix
      and difference.kind in ('changed', 'removed')`)
  await tx.execute(sql`
    insert into rates (rate_deck_id, prefix, from_version, destination, terms)
    select ${into.rateDeckId}, prefix, ${into.version}, destination, terms
    from rate_differences
    where kind in ('added', 'changed')`)
  const [row] = await tx.execute<{ count: string }>(sql`
    select count(*) from rates
    where rate_deck_id = ${into.rateDeckId} and to_version is null`)
  return Number(row?.count ?? 0)
}
