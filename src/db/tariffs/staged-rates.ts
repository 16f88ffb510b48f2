/**
 * Rates on their way into a deck: laid out in temporary tables, from which only the difference to the deck's newest version
 * is written (`rate-differences.ts`). Both `PUT …/rates` and imports go this way.
 *
 * All of it happens in one transaction whose end drops the tables. Terms compare as JSON: their texts are
 * canonical (`"0.06"`, never `"0.060"`).
 */

import { type SQL, sql } from 'drizzle-orm'
import { remember } from '../../bounded-cache.ts'
import { arrayText, quoted } from '../array-text.ts'
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
export function pricePerMinute(terms: SQL): SQL {
  return sql`(${terms} #>> '{steps,0,rate}')::float8 * 60 / (${terms} #>> '{steps,0,perSeconds}')::float8`
}

const maxKnownTerms = 50_000
