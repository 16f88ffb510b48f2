/**
 * What does least cost order add to a grant? Over NATS, from memory: grants that name five carriers, whose decks have 250,000
 * prefixes each, beside grants of the same clients that name none. By processor time of the service, rounds interleaved. And how
 * much memory such a deck takes.
 */
import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { type Destination, listDestinations } from '../demo/list-destinations.ts'
import type { LoadResult } from './authorize-load.ts'
import { openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import { startChild } from './child.ts'
import { type Figure, median } from './figures.ts'
import { termsOf } from './seed-books.ts'

export interface CarriersOptions {
  rounds: number
  requests: number
  clients: number
}

const carriers = 5
const prefixes = 250_000
const rowsAtOnce = 10_000
const inFlight = 64

export async function benchCarriers({ rounds, requests, clients }: CarriersOptions): Promise<Figure[]> {
  const servers = await openBenchServers({ clients, deckSize: 20_000 })
  const load = startChild('./authorize-load.ts')
  try {
    const { natsUrl, books } = servers
    const without = await servers.startService()
    const residentWithout = await without.residentBytes()
    await without.stop()
    const brandId = await insertCarriers(servers.databaseUrl)
    const service = await servers.startService()
    const residentWith = await service.residentBytes()
    const ask = async (run: string, leastCostRouting: boolean) => {
      await patchBrand(service, brandId, { leastCostRouting })
      const before = await service.cpuSeconds()
      const { denied, sample } = await load.ask<LoadResult>({
        ...{ natsUrl, subject: 'billing.authorize', requests, inFlight, run },
        clients: books.unlimited,
        numbers: books.numbers,
      })
      if (denied > 0) throw new Error(`${run}: ${denied} were denied`)
      const named = (sample as { routing: { carriers?: unknown[] } }).routing.carriers?.length ?? 0
      if (named !== (leastCostRouting ? carriers : 0)) throw new Error(`${run}: ${named} carriers were named`)
      return ((await service.cpuSeconds()) - before) / requests
    }
    const ordered: number[] = []
    const plain: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const one = await ask(`ordered-${round}`, true)
      const other = await ask(`plain-${round}`, false)
      if (round === 0) continue
      ordered.push(one)
      plain.push(other)
    }
    const value = median(ordered) * 1e6
    const floor = median(plain) * 1e6
    return [
      {
        name: `processor time of a grant with ${carriers} carriers in order, beside one without`,
        ...{ value, unit: 'µs', floor, ratio: value / floor, target: { atMost: 1.5 } },
      },
      {
        name: 'memory of a deck of 250,000 prefixes',
        value: (residentWith - residentWithout) / carriers / 2 ** 20,
        unit: 'MiB',
        target: { atMost: 60 },
      },
    ]
  } finally {
    await load.stop()
    await servers.close()
  }
}

async function patchBrand({ url, key }: ServiceUnderTest, brandId: string, fields: object): Promise<void> {
  const answer = await fetch(`${url}/v1/brands/${brandId}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  })
  if (!answer.ok) throw new Error(`the brand was not changed: ${answer.status} ${await answer.text()}`)
}

/** Each with prices of its own. Answers the brand. */
async function insertCarriers(databaseUrl: string): Promise<string> {
  // As the owner: carriers are the API's to write, for one brand at a time.
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  const long = '2020-01-01T00:00:00Z'
  try {
    const [brand] = await sql`select id from brands`
    const brandId = String(brand?.id)
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
    return brandId
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
