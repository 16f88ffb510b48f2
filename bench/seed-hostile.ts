/**
 * The brand that disturbs: a client with 20,000 calls on one draft invoice, and keys of it.
 */
import { closeDatabase, openDatabase } from '../src/db/connection.ts'
import type { ServiceUnderTest } from './bench-servers.ts'

export interface HostileBrand {
  key: string
  engineKey: string
  invoiceId: string
  rateDeckId: string
}

const calls = 20_000

export async function seedHostile(databaseUrl: string, service: ServiceUnderTest): Promise<HostileBrand> {
  const make = (path: string, body: object, key = service.key) => post(service.url, key, path, body)
  const brand = await make('/v1/brands', { name: 'Hostile', currency: 'EUR', timeZone: 'Europe/Madrid' })
  const made = await make('/v1/api-keys', { name: 'hostile', role: 'brand', brandId: brand.id })
  const key = String(made.key)
  const engine = await make('/v1/api-keys', { name: 'hostile', role: 'engine', brandId: brand.id })
  const client = await make(
    '/v1/clients',
    { name: 'Hostile', sipDomain: 'hostile.example.com', features: ['billing', 'invoices'] },
    key,
  )
  await insertCalls(databaseUrl, { brandId: String(brand.id), clientId: String(client.id) })
  const sequence = await make('/v1/invoice-number-sequences', { name: 'main', prefix: 'H', width: 4 }, key)
  const invoice = await make(
    '/v1/invoices',
    { clientId: client.id, numberSequenceId: sequence.id, from: '2026-01-01', to: '2026-02-01' },
    key,
  )
  const deck = await make('/v1/rate-decks', { name: 'Hostile', currency: 'EUR' }, key)
  return {
    key,
    engineKey: String(engine.key),
    invoiceId: String(invoice.id),
    rateDeckId: String(deck.id),
  }
}

async function insertCalls(
  databaseUrl: string,
  { brandId, clientId }: Record<'brandId' | 'clientId', string>,
) {
  const db = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    connections: 1,
    statementTimeoutMs: 120_000,
  })
  const sql = db.$client
  try {
    const rollupId = crypto.randomUUID()
    await sql`
      insert into call_rollups (id, client_id, brand_id, day, destination, calls, duration_seconds, billed_seconds, amount)
      values (${rollupId}, ${clientId}, ${brandId}, '2026-01-10', 'Spain mobile', ${calls}, ${calls * 60}, ${calls * 60},
              ${String(calls / 100)}::numeric)`
    await sql`
      insert into calls (client_id, call_id, brand_id, status, direction, from_number, to_number, to_normalized,
        authorized_at, started_at, answered_at, ended_at, cause, duration_seconds, billed_seconds, price, currency,
        destination, prefix, usage_day, rollup_id, labels, created_at, settled_at)
      select ${clientId}, 'hostile-' || n, ${brandId}, 'priced', 'outbound', '+34911000111', '+34600111222', '34600111222', at, at,
             at, at + interval '60 seconds', 16, 60, 60, 0.01, 'EUR', 'Spain mobile', '346', '2026-01-10', ${rollupId},
             jsonb_build_object('filler', repeat('x', 900)), at, at
      from generate_series(1, ${calls}::integer) n,
           lateral (select '2026-01-10T08:00:00Z'::timestamptz + n * interval '1 second' as at) as times`
  } finally {
    await closeDatabase(db)
  }
}

/** Keys for the brand that is measured: several, since a key may send 300 a second. */
export async function makeKeys(
  service: ServiceUnderTest,
  of: { role: 'brand' | 'engine'; brandId: string; count: number },
): Promise<string[]> {
  const { role, brandId } = of
  const made = Array.from({ length: of.count }, (_, i) =>
    post(service.url, service.key, '/v1/api-keys', { name: `bench ${i}`, role, brandId }),
  )
  return (await Promise.all(made)).map(({ key }) => String(key))
}

async function post(url: string, key: string, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const made: unknown = await answer.json()
  if (answer.status < 300 && typeof made === 'object' && made !== null) return made as Record<string, unknown>
  throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(made)}`)
}
