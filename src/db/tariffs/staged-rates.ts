/**
 * Rates on their way into a deck: laid out in a temporary table, compared with the deck's newest version, and
 * only the difference written. Both `PUT …/rates` and imports go this way.
 *
 * All of it happens in one transaction whose end drops the table. Terms compare as JSON: their texts are
 * canonical (`"0.06"`, never `"0.060"`).
 */

import { type SQL, sql } from 'drizzle-orm'
import { remember } from '../../bounded-cache.ts'
import type { Rate } from '../../rating/rate.ts'
import { type RateTerms, readRateTerms } from '../../shapes/rate-terms.ts'
import type { Tx } from '../connection.ts'

export interface StagedRate {
  /** Line of the file, or place in the list: where to point at. */
  line: number
  prefix: string
  destination: string
  /** As `termsText` writes it. */
  terms: string
  /** Second of the call from which these terms' steps count; a file may give the steps of a prefix in several rows. */
  intervalStart: number
  /** Columns that the row gave, separated by spaces: the other rows of its prefix may not say otherwise. */
  given: string
  /** Epoch milliseconds; left out and 0: at once. */
  effectiveAt?: number
  /** The prefix leaves the deck; the other fields say nothing. */
  isRemoval?: boolean
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
  /** Of a sheet with rows that begin later: what changes at each of these instants. */
  later?: LaterSummary[]
}

export interface LaterSummary {
  effectiveAt: string
  added: number
  changed: number
  removed: number
}

/** For this transaction; on the pools of calls a statement has a few seconds. */
export async function allowLongStatements(tx: Tx): Promise<void> {
  await tx.execute(sql`select set_config('statement_timeout', '60s', true)`)
}

/**
 * The temporary tables of one transaction. Thousands of rates share their terms, so these are sent once and
 * named by number: a third of the time of sending them with each rate.
 */
export class RateStaging {
  readonly #tx: Tx
  /** Terms and what was given → their row in `staged_terms`. */
  readonly #known = new Map<string, number>()
  #terms = 0

  private constructor(tx: Tx) {
    this.#tx = tx
  }

  static async create(tx: Tx): Promise<RateStaging> {
    await tx.execute(sql`
      create temporary table staged_terms (
        id integer not null,
        terms jsonb not null,
        given text not null,
        price double precision not null
      ) on commit drop`)
    await tx.execute(sql`
      create temporary table staged_rates (
        line integer not null,
        prefix text not null,
        destination text not null,
        interval_start integer not null,
        terms_id integer not null,
        effective_at bigint not null,
        is_removal boolean not null
      ) on commit drop`)
    return new RateStaging(tx)
  }

  /** Some thousands at a time. */
  async add(rows: readonly StagedRate[]): Promise<void> {
    const added: { id: number; terms: string; given: string }[] = []
    const termsIds = rows.map(({ terms, given }) => {
      const key = `${given} ${terms}`
      const known = this.#known.get(key)
      if (known !== undefined) return known
      this.#terms += 1
      remember(this.#known, key, this.#terms, maxKnownTerms)
      added.push({ id: this.#terms, terms, given })
      return this.#terms
    })
    if (added.length > 0) await this.#addTerms(added)
    await this.#tx.execute(sql`
      insert into staged_rates (line, prefix, destination, interval_start, terms_id, effective_at, is_removal)
      select * from unnest(
        ${arrayText(rows.map(({ line }) => line))}::text::integer[],
        ${arrayText(rows.map(({ prefix }) => prefix))}::text::text[],
        ${arrayText(rows.map(({ destination }) => quoted(destination)))}::text::text[],
        ${arrayText(rows.map(({ intervalStart }) => intervalStart))}::text::integer[],
        ${arrayText(termsIds)}::text::integer[],
        ${arrayText(rows.map(({ effectiveAt = 0 }) => effectiveAt))}::text::bigint[],
        ${arrayText(rows.map(({ isRemoval }) => (isRemoval ? 't' : 'f')))}::text::boolean[])`)
  }

  /** All rates of one version of a deck. */
  async addVersion({ rateDeckId, version }: { rateDeckId: string; version: number }): Promise<void> {
    const rows = sql`
      from rates
      where rate_deck_id = ${rateDeckId}
        and from_version <= ${version}
        and (to_version is null or to_version > ${version})`
    await this.#tx.execute(sql`
      insert into staged_terms (id, terms, given, price)
      select row_number() over ()::integer, terms, '', ${pricePerMinute(sql`terms`)}
      from (select distinct terms ${rows}) known`)
    await this.#tx.execute(sql`
      insert into staged_rates (line, prefix, destination, interval_start, terms_id, effective_at, is_removal)
      select 0, prefix, destination, 0, staged_terms.id, 0, false
      from (select prefix, destination, terms ${rows}) version
      join staged_terms on staged_terms.terms = version.terms`)
  }

  /**
   * What began before `now` holds at once: of the dated rows of a prefix the last that has begun. Answers the later
   * instants, ascending.
   */
  async settleInstants(now: number): Promise<number[]> {
    await this.#tx.execute(sql`
      delete from staged_rates staged
      where effective_at between 1 and ${now}
        and exists (
          select from staged_rates later
          where later.prefix = staged.prefix
            and later.effective_at > staged.effective_at
            and later.effective_at <= ${now}
        )`)
    await this.#tx.execute(
      sql`update staged_rates set effective_at = 0 where effective_at between 1 and ${now}`,
    )
    const rows = await this.#tx.execute<{ at: string }>(sql`
      select distinct effective_at as at from staged_rates where effective_at > 0 order by 1`)
    return rows.map(({ at }) => Number(at))
  }

  /** Prefixes of the deck whose first row begins later, with the line and the instant of that row. */
  async listKeptUntil(rateDeckId: string): Promise<{ line: number; prefix: string; effectiveAt: number }[]> {
    const rows = await this.#tx.execute<{ line: number; prefix: string; at: string }>(sql`
      select distinct on (prefix) line, prefix, effective_at as at
      from staged_rates
      where effective_at > 0
        and prefix not in (select prefix from staged_rates where effective_at = 0)
        and prefix in (select prefix from rates where rate_deck_id = ${rateDeckId} and to_version is null)
      order by prefix, effective_at, line`)
    return rows.map(({ line, prefix, at }) => ({ line, prefix, effectiveAt: Number(at) }))
  }

  async #addTerms(added: readonly { id: number; terms: string; given: string }[]): Promise<void> {
    await this.#tx.execute(sql`
      insert into staged_terms (id, terms, given, price)
      select id, terms::jsonb, given, ${pricePerMinute(sql`terms::jsonb`)}
      from unnest(
        ${arrayText(added.map(({ id }) => id))}::text::integer[],
        ${arrayText(added.map(({ terms }) => quoted(terms)))}::text::text[],
        ${arrayText(added.map(({ given }) => quoted(given)))}::text::text[]
      ) as added (id, terms, given)`)
  }

  /** Rows of prefixes that stand more than once at one instant, by prefix, instant, interval start and line. */
  async *streamRepeated(): AsyncGenerator<StagedRate[], void, undefined> {
    await this.#tx.execute(sql`analyze staged_rates`)
    await this.#tx.execute(sql`analyze staged_terms`)
    await this.#tx.execute(sql`
      declare repeated no scroll cursor for
      select line, prefix, destination, terms::text as terms, interval_start as "intervalStart", given,
        effective_at::float8 as "effectiveAt", is_removal as "isRemoval"
      from staged_rates join staged_terms on staged_terms.id = terms_id
      where (prefix, effective_at) in (
        select prefix, effective_at from staged_rates group by prefix, effective_at having count(*) > 1)
      order by prefix, effective_at, interval_start, line`)
    for (;;) {
      const rows = await this.#tx.execute<Record<string, unknown> & StagedRate>(sql`fetch 5000 from repeated`)
      if (rows.length === 0) break
      yield [...rows]
    }
    await this.#tx.execute(sql`close repeated`)
  }

  /** One row instead of several of its prefix and instant. */
  async replace(rows: readonly StagedRate[]): Promise<void> {
    if (rows.length === 0) return
    await this.#tx.execute(sql`
      delete from staged_rates
      using unnest(
        ${arrayText(rows.map(({ prefix }) => prefix))}::text::text[],
        ${arrayText(rows.map(({ effectiveAt = 0 }) => effectiveAt))}::text::bigint[]
      ) as replaced (prefix, effective_at)
      where staged_rates.prefix = replaced.prefix and staged_rates.effective_at = replaced.effective_at`)
    await this.add(rows)
  }
}

/** As a double, for comparing: computed once for all rates that share their terms. */
function pricePerMinute(terms: SQL): SQL {
  return sql`(${terms} #>> '{steps,0,rate}')::float8 * 60 / (${terms} #>> '{steps,0,perSeconds}')::float8`
}

const maxKnownTerms = 50_000

/** PostgreSQL's own text of an array: writing it here is several times faster than the driver's way. */
export function arrayText(items: readonly (string | number)[]): string {
  return `{${items.join(',')}}`
}

export function quoted(text: string): string {
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`
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
