/**
 * Rates on their way into a deck: laid out in a temporary table, compared with the deck's newest version, and
 * only the difference written. Both `PUT …/rates` and imports go this way.
 *
 * All of it happens in one transaction whose end drops the table. Terms compare as JSON: their texts are
 * canonical (`"0.06"`, never `"0.060"`).
 */
import { sql } from 'drizzle-orm'
import type { Tx } from './connection.ts'

export interface StagedRate {
  /** Line of the file, or place in the list: where to point at. */
  line: number
  prefix: string
  destination: string
  /** JSON of `RateTerms`. */
  terms: string
  /** Second of the call from which these terms' steps count; a file may give the steps of a prefix in several rows. */
  intervalStart: number
  /** Columns that the row gave, separated by spaces: the other rows of its prefix may not say otherwise. */
  given: string
}

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
}

export async function createStagedRates(tx: Tx): Promise<void> {
  await tx.execute(sql`
    create temporary table staged_rates (
      line integer not null,
      prefix text not null,
      destination text not null,
      terms jsonb not null,
      interval_start integer not null,
      given text not null
    ) on commit drop`)
}

/** Up to some thousands at a time. */
export async function stageRates(tx: Tx, rows: readonly StagedRate[]): Promise<void> {
  await tx.execute(sql`
    insert into staged_rates (line, prefix, destination, terms, interval_start, given)
    select line, prefix, destination, terms::jsonb, interval_start, given
    from unnest(
      ${sql.param(rows.map(({ line }) => String(line)))}::text[]::integer[],
      ${sql.param(rows.map(({ prefix }) => prefix))}::text[],
      ${sql.param(rows.map(({ destination }) => destination))}::text[],
      ${sql.param(rows.map(({ terms }) => terms))}::text[],
      ${sql.param(rows.map(({ intervalStart }) => String(intervalStart)))}::text[]::integer[],
      ${sql.param(rows.map(({ given }) => given))}::text[]
    ) as staged (line, prefix, destination, terms, interval_start, given)`)
}

/** Rows of prefixes that stand more than once, by prefix, interval start and line. */
export async function* streamRepeatedRates(tx: Tx): AsyncGenerator<StagedRate[], void, undefined> {
  await tx.execute(sql`analyze staged_rates`)
  await tx.execute(sql`
    declare repeated no scroll cursor for
    select line, prefix, destination, terms::text as terms, interval_start, given
    from staged_rates
    where prefix in (select prefix from staged_rates group by prefix having count(*) > 1)
    order by prefix, interval_start, line`)
  for (;;) {
    const rows = await tx.execute<{
      line: number
      prefix: string
      destination: string
      terms: string
      interval_start: number
      given: string
    }>(sql`fetch 5000 from repeated`)
    if (rows.length === 0) break
    yield rows.map(({ interval_start, ...row }) => ({ ...row, intervalStart: interval_start }))
  }
  await tx.execute(sql`close repeated`)
}

/** One row instead of several of its prefix. */
export async function replaceStagedRates(tx: Tx, rows: readonly StagedRate[]): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(sql`
    delete from staged_rates
    where prefix = any(${sql.param(rows.map(({ prefix }) => prefix))}::text[])`)
  await stageRates(tx, rows)
}

/** What the staged rates would change in the deck. Writes nothing but `rate_differences`, for `applyDifferences`. */
export async function compareStagedRates(
  tx: Tx,
  into: { rateDeckId: string; mode: 'replace' | 'merge' },
): Promise<RatesSummary> {
  await tx.execute(sql`
    create temporary table rate_differences on commit drop as
    select coalesce(staged.prefix, deck.prefix) as prefix,
      staged.line,
      coalesce(staged.destination, deck.destination) as destination,
      coalesce(staged.terms, deck.terms) as terms,
      deck.terms as former_terms,
      case
        when deck.prefix is null then 'added'
        when staged.prefix is null then ${into.mode === 'replace' ? 'removed' : 'kept'}
        when staged.terms = deck.terms and staged.destination = deck.destination then 'unchanged'
        else 'changed'
      end as kind
    from staged_rates staged
    full join (select * from rates where rate_deck_id = ${into.rateDeckId} and to_version is null) deck
      on deck.prefix = staged.prefix`)
  await tx.execute(sql`analyze rate_differences`)
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

const pricePerMinute = sql.raw(
  `(terms #>> '{steps,0,rate}')::float8 * 60 / (terms #>> '{steps,0,perSeconds}')::float8`,
)

/** Median price per minute of what is sold and not free; 0: there is none. */
export async function findMedianPrice(tx: Tx): Promise<number> {
  const [row] = await tx.execute<{ median: number | null }>(sql`
    select percentile_disc(0.5) within group (order by ${pricePerMinute}) as median
    from rate_differences
    where kind <> 'removed' and not (terms ->> 'blocked')::boolean and ${pricePerMinute} > 0`)
  return row?.median ?? 0
}

/** The deck as it would be, in the order of prefixes. */
export async function* streamDifferences(tx: Tx): AsyncGenerator<DeckRow[], void, undefined> {
  await tx.execute(sql`
    declare compared no scroll cursor for
    select line, prefix, destination, ${pricePerMinute} as price, (terms ->> 'blocked')::boolean as "isBlocked"
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
