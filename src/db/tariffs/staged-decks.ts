/**
 * The rates of many decks on their way in: laid out in one temporary table, compared with the newest versions of all of
 * them at once, and only the differences written. What `staged-rates.ts` does for one deck; a table for each of a thousand
 * decks would take more locks than PostgreSQL has.
 */
import { sql } from 'drizzle-orm'
import { arrayText, quoted } from '../array-text.ts'
import type { Tx } from '../connection.ts'
import type { StagedRate } from './staged-rates.ts'

export interface DeckDifferences {
  added: number
  changed: number
  removed: number
  unchanged: number
}

const maxKnownTerms = 50_000

export class DeckStaging {
  readonly #tx: Tx
  #known = new Map<string, number>()
  #terms = 0

  private constructor(tx: Tx) {
    this.#tx = tx
  }

  static async create(tx: Tx): Promise<DeckStaging> {
    await tx.execute(sql`
      create temporary table staged_deck_terms (id integer not null, terms jsonb not null) on commit drop`)
    await tx.execute(sql`
      create temporary table staged_deck_rates (
        rate_deck_id uuid not null,
        prefix text not null,
        destination text not null,
        terms_id integer not null
      ) on commit drop`)
    return new DeckStaging(tx)
  }

  /** Some thousands at a time. */
  async add(
    rateDeckId: string,
    rates: readonly Pick<StagedRate, 'prefix' | 'destination' | 'terms'>[],
  ): Promise<void> {
    const added: { id: number; terms: string }[] = []
    const termsIds = rates.map(({ terms }) => {
      const known = this.#known.get(terms)
      if (known !== undefined) return known
      if (this.#known.size >= maxKnownTerms) this.#known = new Map()
      this.#terms += 1
      this.#known.set(terms, this.#terms)
      added.push({ id: this.#terms, terms })
      return this.#terms
    })
    await this.#tx.execute(sql`
      insert into staged_deck_terms (id, terms)
      select id, terms::jsonb
      from unnest(
        ${arrayText(added.map(({ id }) => id))}::text::integer[],
        ${arrayText(added.map(({ terms }) => quoted(terms)))}::text::text[]
      ) as added (id, terms)`)
    await this.#tx.execute(sql`
      insert into staged_deck_rates (rate_deck_id, prefix, destination, terms_id)
      select ${rateDeckId}::uuid, *
      from unnest(
        ${arrayText(rates.map(({ prefix }) => prefix))}::text::text[],
        ${arrayText(rates.map(({ destination }) => quoted(destination)))}::text::text[],
        ${arrayText(termsIds)}::text::integer[])`)
  }

  /** By deck. A deck of which nothing is staged and that has no rates is not in it. Keeps them for `apply`. */
  async compare(rateDeckIds: readonly string[]): Promise<Map<string, DeckDifferences>> {
    await this.#tx.execute(sql`analyze staged_deck_rates`)
    await this.#tx.execute(sql`analyze staged_deck_terms`)
    await this.#tx.execute(sql`
      create temporary table deck_differences on commit drop as
      select coalesce(staged.rate_deck_id, deck.rate_deck_id) as rate_deck_id,
        coalesce(staged.prefix, deck.prefix) as prefix,
        staged.destination,
        staged.terms,
        case
          when deck.prefix is null then 'added'
          when staged.prefix is null then 'removed'
          when staged.terms = deck.terms and staged.destination = deck.destination then 'unchanged'
          else 'changed'
        end as kind
      from (
        select rate_deck_id, prefix, destination, terms
        from staged_deck_rates join staged_deck_terms on staged_deck_terms.id = terms_id
      ) staged
      full join (
        select * from rates where rate_deck_id = any(${sql.param(rateDeckIds)}::uuid[]) and to_version is null
      ) deck
        on deck.rate_deck_id = staged.rate_deck_id and deck.prefix = staged.prefix`)
    await this.#tx.execute(sql`analyze deck_differences (rate_deck_id, prefix, kind)`)
    const rows = await this.#tx.execute<{
      rate_deck_id: string
      kind: keyof DeckDifferences
      count: string
    }>(sql`
      select rate_deck_id, kind, count(*) from deck_differences group by rate_deck_id, kind`)
    const differences = new Map<string, DeckDifferences>()
    for (const { rate_deck_id: id, kind, count } of rows) {
      const ofDeck = differences.get(id) ?? { added: 0, changed: 0, removed: 0, unchanged: 0 }
      ofDeck[kind] = Number(count)
      differences.set(id, ofDeck)
    }
    return differences
  }

  /** Writes the differences of these decks, each as its version `version`. */
  async apply(decks: readonly { rateDeckId: string; version: number }[]): Promise<void> {
    if (decks.length === 0) return
    const versions = sql`unnest(
      ${sql.param(decks.map(({ rateDeckId }) => rateDeckId))}::uuid[],
      ${sql.param(decks.map(({ version }) => version))}::int[]) as made (rate_deck_id, version)`
    await this.#tx.execute(sql`
      update rates
      set to_version = made.version
      from deck_differences difference join ${versions} on made.rate_deck_id = difference.rate_deck_id
      where rates.rate_deck_id = difference.rate_deck_id
        and rates.to_version is null
        and rates.prefix = difference.prefix
        and difference.kind in ('changed', 'removed')`)
    await this.#tx.execute(sql`
      insert into rates (rate_deck_id, prefix, from_version, destination, terms)
      select difference.rate_deck_id, prefix, made.version, destination, terms
      from deck_differences difference join ${versions} on made.rate_deck_id = difference.rate_deck_id
      where kind in ('added', 'changed')`)
  }
}
