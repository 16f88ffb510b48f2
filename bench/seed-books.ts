/**
 * Fills an empty database with what a measurement calls against: one brand, one deck of real prefixes, one plan,
 * and clients in numbers, before the service starts.
 */
import { randomUUID } from 'node:crypto'
import { listDestinations } from '../demo/list-destinations.ts'
import { priceOf } from '../demo/price-model.ts'
import { closeDatabase, openDatabase } from '../src/db/connection.ts'
import { newId } from '../src/uuid.ts'

export interface Books {
  brandId: string
  ratingPlanId: string
  rateDeckId: string
  /** SIP domains: postpaid without a limit, so that a grant holds nothing. */
  unlimited: string[]
  unlimitedIds: string[]
  /** SIP domains: prepaid with much money, so that each grant reserves. */
  prepaid: string[]
  prepaidIds: string[]
  /** Numbers that the deck prices, and what it calls each. */
  numbers: string[]
  destinations: Record<string, string>
}

const long = '2020-01-01T00:00:00Z'

export async function seedBooks(
  databaseUrl: string,
  { clients, deckSize }: { clients: number; deckSize: number },
): Promise<Books> {
  const db = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    connections: 1,
    statementTimeoutMs: 600_000,
  })
  const sql = db.$client
  try {
    const brandId = randomUUID()
    await sql`insert into brands (id, name, currency, time_zone, language) values (${brandId}, 'Bench', 'EUR', 'UTC', 'en')`
    await sql`
      insert into brand_terms (brand_id, version, effective_at, special_numbers, free_numbers)
      values (${brandId}, 1, ${long}, '{}'::text[], '{}'::text[])`
    const rateDeckId = randomUUID()
    const ratingPlanId = randomUUID()
    const rates = everyNth(
      listDestinations().filter((one) => one.country !== '001' && one.prefix.length <= 7),
      deckSize,
    )
    await sql`
      insert into rate_decks (id, brand_id, name, currency, rounding_mode, rounding_decimals)
      values (${rateDeckId}, ${brandId}, 'Bench', 'EUR', 'up', 4)`
    await sql`
      insert into rates (rate_deck_id, prefix, from_version, destination, terms)
      select ${rateDeckId}, prefix, 1, destination, terms::jsonb
      from unnest(${rates.map(({ prefix }) => prefix)}::text[], ${rates.map(({ name }) => name)}::text[],
                  ${rates.map((rate) => termsOf(rate, 7))}::text[]) as given (prefix, destination, terms)`
    await sql`
      insert into rate_deck_versions (rate_deck_id, version, effective_at, rounding_mode, rounding_decimals, rates)
      values (${rateDeckId}, 1, ${long}, 'up', 4, ${rates.length})`
    await sql`
      insert into rating_plans (id, brand_id, name, currency) values (${ratingPlanId}, ${brandId}, 'Bench', 'EUR')`
    const entries = [{ rateDeckId, weight: 10, days: null, from: '00:00', to: '24:00' }]
    await sql`
      insert into rating_plan_versions (rating_plan_id, version, effective_at, entries)
      values (${ratingPlanId}, 1, ${long}, ${JSON.stringify(entries)})`
    const insertClients = async (method: 'postpaid' | 'prepaid') => {
      const names = Array.from({ length: clients }, (_, i) => `${method}${i}`)
      const ids = await insertClientsOf(sql, { brandId, ratingPlanId, method, names })
      return { ids, domains: names.map((name) => `${name}.example.com`) }
    }
    const unlimited = await insertClients('postpaid')
    const prepaid = await insertClients('prepaid')
    const numberOf = (prefix: string, i: number) =>
      `+${prefix}${String(1_000_000 + i).slice(0, Math.max(3, 11 - prefix.length))}`
    return {
      brandId,
      ratingPlanId,
      rateDeckId,
      unlimited: unlimited.domains,
      unlimitedIds: unlimited.ids,
      prepaid: prepaid.domains,
      prepaidIds: prepaid.ids,
      numbers: rates.map(({ prefix }, i) => numberOf(prefix, i)),
      destinations: Object.fromEntries(rates.map(({ prefix, name }, i) => [numberOf(prefix, i), name])),
    }
  } finally {
    await closeDatabase(db)
  }
}

function everyNth<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count)
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]).filter(
    (item) => item !== undefined,
  )
}

/** Of a deck whose prices are drawn by `seed`. */
export function termsOf(destination: Parameters<typeof priceOf>[0], seed: number): string {
  const price = priceOf(destination, seed)
  return JSON.stringify({
    connectFee: price.connectFee.toFixed(),
    steps: [
      {
        fromSecond: 0,
        rate: price.perMinute.toFixed(),
        perSeconds: 60,
        incrementSeconds: price.incrementSeconds,
      },
    ],
    minimumPrice: null,
    maximumPrice: null,
    maximumPriceAction: 'free',
    blocked: false,
  })
}

async function insertClientsOf(
  sql: ReturnType<typeof openDatabase>['$client'],
  of: { brandId: string; ratingPlanId: string; method: 'postpaid' | 'prepaid'; names: readonly string[] },
): Promise<string[]> {
  const ids = of.names.map(() => newId())
  const names = [...of.names]
  const balance = of.method === 'prepaid' ? '1000000' : '0'
  await sql`
    insert into clients (id, brand_id, name, sip_domain, features, billing_method, language, time_zone, currency,
                         portal_visibility, notification_templates, recording)
    select id, ${of.brandId}, name, name || '.example.com', array['billing'], ${of.method}, 'en', 'Europe/Madrid', 'EUR',
           '{}', '{}', '{"onDemand":"off","serviceCode":null,"clientMayRemove":true}'
    from unnest(${ids}::uuid[], ${names}::text[]) as given (id, name)`
  await sql`
    insert into client_terms (client_id, version, effective_at, sip_domain, time_zone, billing_method)
    select id, 1, ${long}, name || '.example.com', 'Europe/Madrid', ${of.method}
    from unnest(${ids}::uuid[], ${names}::text[]) as given (id, name)`
  await sql`
    insert into accounts (client_id, currency, balance, seq)
    select id, 'EUR', ${balance}::numeric, ${of.method === 'prepaid' ? 1 : 0} from unnest(${ids}::uuid[]) as given (id)`
  if (of.method === 'prepaid') {
    await sql`
      insert into movements (client_id, seq, id, kind, source, amount, balance_after, currency, actor, created_at)
      select id, 1, gen_random_uuid(), 'top-up', 'opening', ${balance}::numeric, ${balance}::numeric, 'EUR', 'bench', now()
      from unnest(${ids}::uuid[]) as given (id)`
  }
  await sql`
    insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
    select gen_random_uuid(), id, ${of.ratingPlanId}, ${long} from unnest(${ids}::uuid[]) as given (id)`
  return ids
}
