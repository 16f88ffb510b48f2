/**
 * How late are webhooks when some endpoints hang? 1,000 endpoints of as many clients, 10 of which never answer, 200 facts
 * a second: from the fact to its arrival at the others, and what the process grows by.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { inBatch } from '../src/db/batch.ts'
import { closeDatabase, type Db, openDatabase } from '../src/db/connection.ts'
import { makeFact } from '../src/ledger/fact.ts'
import { Ledger } from '../src/ledger/ledger.ts'
import { newId } from '../src/uuid.ts'
import { startWebhookDelivery } from '../src/webhooks/deliver-webhooks.ts'
import { openBenchServers } from './bench-servers.ts'
import { type Figure, percentile } from './figures.ts'

export interface WebhooksOptions {
  endpoints: number
  hanging: number
  factsPerSecond: number
  seconds: number
}

const batchesPerSecond = 20

export async function benchWebhooks(options: WebhooksOptions): Promise<Figure[]> {
  const { endpoints, hanging, factsPerSecond, seconds } = options
  const servers = await openBenchServers({ clients: endpoints, deckSize: 10 })
  const db = openDatabase(servers.databaseUrl, { role: 'tollgate_worker', connections: 4 })
  const delays: number[] = []
  const sink = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      if (request.url === '/hangs') return
      delays.push(Date.now() - Date.parse(JSON.parse(body).time))
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`
  const clientIds = servers.books.unlimitedIds
  await insertEndpoints(db, clientIds, (place) => base + (place < hanging ? '/hangs' : '/takes'))
  const webhooks = startWebhookDelivery({ db, privateHosts: new Set(['127.0.0.1']) })
  try {
    let told = 0
    let heapBefore = 0
    const perBatch = factsPerSecond / batchesPerSecond
    const startedAt = Date.now()
    for (let batch = 0; batch < seconds * batchesPerSecond; batch++) {
      if (batch === batchesPerSecond * 5) heapBefore = process.memoryUsage().rss
      await inBatch(db.$client, async (transaction) => {
        const ledger = new Ledger(Date.now())
        for (let i = 0; i < perBatch; i++) {
          const clientId = clientIds[told++ % clientIds.length] ?? ''
          ledger.appendFact(makeFact('billing.calls.priced', clientId, { price: '1.5' }, ledger.now))
        }
        await transaction.commitAfter(ledger.write(transaction.tx))
      })
      await sleep(Math.max(0, startedAt + ((batch + 1) * 1000) / batchesPerSecond - Date.now()))
    }
    await sleep(3000)
    const grown = (process.memoryUsage().rss - heapBefore) / 1_048_576
    const taken = delays.length
    const expected = told - Math.ceil((told * hanging) / clientIds.length)
    const what = `${endpoints} endpoints, ${hanging} hang, ${factsPerSecond} facts/s`
    return [
      {
        name: `p99 from fact to webhook, ${what}`,
        value: percentile(delays, 0.99),
        unit: 'ms',
        target: { atMost: 2000 },
      },
      { name: 'p50', value: percentile(delays, 0.5), unit: 'ms' },
      {
        name: 'arrived, of those that can',
        value: taken,
        unit: '',
        floor: expected,
        ratio: taken / expected,
        target: { atLeast: 0.999 },
      },
      { name: 'process grown after the first 5 s', value: grown, unit: 'MiB', target: { atMost: 64 } },
    ]
  } finally {
    sink.closeAllConnections()
    sink.close()
    await webhooks.close()
    await closeDatabase(db)
    await servers.close()
  }
}

async function insertEndpoints(
  db: Db,
  clientIds: readonly string[],
  urlFor: (place: number) => string,
): Promise<void> {
  const ids = clientIds.map(() => newId())
  await db.$client`
    insert into webhook_endpoints (id, brand_id, client_id, url, events, description, enabled)
    select given.id, c.brand_id, c.id, given.url, array['billing.calls.priced'], '', true
    from unnest(${ids}::uuid[], ${[...clientIds]}::uuid[], ${clientIds.map((_, place) => urlFor(place))}::text[])
      as given (id, client_id, url)
    join clients c on c.id = given.client_id`
  await db.$client`
    insert into webhook_secrets (id, endpoint_id, secret)
    select gen_random_uuid(), id, encode(sha256(id::text::bytea), 'base64') from webhook_endpoints`
}
