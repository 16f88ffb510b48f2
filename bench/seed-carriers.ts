/** Carriers of a bench's brand with decks of their own. */
import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { type Destination, listDestinations } from '../demo/list-destinations.ts'
import { termsOf } from './seed-books.ts'

const rowsAtOnce = 10_000

/** `carrier-0`, `carrier-1` …, each with a deck of so many prefixes and prices of its own. */
export async function insertCarriers(
  databaseUrl: string,
  { brandId, carriers, prefixes }: { brandId: string; carriers: number; prefixes: number },
): Promise<void> {
  // As the owner: carriers are the API's to write, for one brand at a time.
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  const long = '2020-01-01T00:00:00Z'
  try {
    // The short prefixes first: all that numbers of the books begin with.
    const destinations = listDestinations()
      .sort((one, other) => one.prefix.length - other.prefix.length)
      .slice(0, prefixes)
    for (let place = 0; place < carriers; place++) {
      const ids = { carrier: randomUUID(), deck: randomUUID(), plan: randomUUID(), profile: randomUUID() }
      const name = `carrier-${place}`
      await sql`
        insert into rate_decks (id, brand_id, name, currency, rounding_mode, rounding_decimals)
        values (${ids.deck}, ${brandId}, ${name}, 'EUR', 'up', 6)`
      for (let from = 0; from < destinations.length; from += rowsAtOnce) {
        await insertRates(sql, ids.deck, destinations.slice(from, from + rowsAtOnce), place)
      }
      await sql`
        insert into rate_deck_versions (rate_deck_id, version, effective_at, rounding_mode, rounding_decimals, rates)
        values (${ids.deck}, 1, ${long}, 'up', 6, ${destinations.length})`
      await sql`
        insert into rating_plans (id, brand_id, name, currency) values (${ids.plan}, ${brandId}, ${name}, 'EUR')`
      const entries = [{ rateDeckId: ids.deck, weight: 10, days: null, from: '00:00', to: '24:00' }]
      await sql`
        insert into rating_plan_versions (rating_plan_id, version, effective_at, entries)
        values (${ids.plan}, 1, ${long}, ${JSON.stringify(entries)})`
      await sql`
        insert into carriers (id, brand_id, name, code, currency, time_zone)
        values (${ids.carrier}, ${brandId}, ${name}, ${name}, 'EUR', 'UTC')`
      await sql`
        insert into carrier_rating_profiles (id, carrier_id, rating_plan_id, activates_at)
        values (${ids.profile}, ${ids.carrier}, ${ids.plan}, ${long})`
    }
  } finally {
    await sql.end()
  }
}

async function insertRates(
  sql: postgres.Sql,
  deckId: string,
  destinations: readonly Destination[],
  seed: number,
): Promise<void> {
  await sql`
    insert into rates (rate_deck_id, prefix, from_version, destination, terms)
    select ${deckId}, prefix, 1, destination, terms::jsonb
    from unnest(${destinations.map(({ prefix }) => prefix)}::text[], ${destinations.map(({ name }) => name)}::text[],
                ${destinations.map((destination) => termsOf(destination, seed))}::text[])
      as given (prefix, destination, terms)`
}
