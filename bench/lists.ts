/**
 * How long do portals wait for balances, invoices and calls while calls are settled? Reads at a fixed pace by the
 * keys of a brand, beside end events at a fixed pace; the floor is a bare Fastify route at the same pace, beside the
 * same settling: what the machine itself makes a read wait.
 *
 * The processor time of a read is the figure that a busy machine does not blur.
 */
import { connect } from 'nats'
import { closeDatabase, openDatabase } from '../src/db/connection.ts'
import { natsOptions } from '../src/events/nats-url.ts'
import { type BenchServers, openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import { startChild } from './child.ts'
import { type Figure, median } from './figures.ts'
import { fillTables } from './fill-tables.ts'
import type { PacedOrder, PacedResult } from './paced-reads.ts'
import { seedInvoices } from './seed-invoices.ts'
import { seedYear } from './seed-year.ts'

const perSecond = 500
const seconds = 4
/** A key may send 300 a second. */
const keyCount = 4
const settledPerSecond = 500

export async function benchLists({
  rounds,
  clients,
}: {
  rounds: number
  clients: number
}): Promise<Figure[]> {
  const servers = await openBenchServers({ clients, deckSize: 2000 })
  const children = [startChild('./paced-reads.ts'), startChild('./bare-list.ts')] as const
  const [load, bare] = children
  try {
    const ids = servers.books.unlimitedIds
    const brandId = await seedBooksOf(servers)
    const service = await servers.startService()
    const keys = await brandKeys(service, brandId)
    const { url: bareUrl } = await bare.ask<{ url: string }>({})
    const paths = {
      balances: ids.map((id) => `/v1/clients/${id}/balance`),
      'invoices of a client': ids.map((id) => `/v1/clients/${id}/invoices`),
      'invoices of a brand': ['/v1/invoices'],
      'calls of a client': ids.map((id) => `/v1/clients/${id}/calls?limit=20`),
      'calls of a brand': ['/v1/calls?limit=20'],
    }
    const results = new Map<string, PacedResult[]>()
    const spent = new Map<string, number[]>()
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, asked] of [['bare', ['/']] as const, ...Object.entries(paths)]) {
        const order: PacedOrder = {
          url: name === 'bare' ? bareUrl : service.url,
          keys,
          paths: [...asked],
          perSecond,
          seconds,
          connections: 32,
        }
        const settling = settle(servers, `${name}-${round}`)
        const before = await service.cpuSeconds()
        const result = await load.ask<PacedResult>(order)
        const used = (await service.cpuSeconds()) - before
        await settling
        if (round === 0) continue
        results.set(name, [...(results.get(name) ?? []), result])
        spent.set(name, [...(spent.get(name) ?? []), used])
      }
    }
    const of = (name: string, field: keyof PacedResult) =>
      median((results.get(name) ?? []).map((result) => result[field]))
    const alone = median(spent.get('bare') ?? [])
    return [
      ...Object.keys(paths).flatMap((name): Figure[] => [
        {
          name: `p99 of ${name}, ${perSecond}/s`,
          value: of(name, 'p99Ms'),
          unit: 'ms',
          floor: of('bare', 'p99Ms'),
          target: { atMost: 10 },
        },
        { name: `p50 of ${name}`, value: of(name, 'p50Ms'), unit: 'ms', floor: of('bare', 'p50Ms') },
        {
          name: `processor time of the service for one of ${name}`,
          value: ((median(spent.get(name) ?? []) - alone) / (perSecond * seconds)) * 1e6,
          unit: 'µs',
        },
      ]),
    ]
  } finally {
    for (const child of children) await child.stop()
    await servers.close()
  }
}

async function seedBooksOf({ databaseUrl, books }: BenchServers): Promise<string> {
  const db = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    connections: 1,
    statementTimeoutMs: 120_000,
  })
  try {
    const clientIds = books.unlimitedIds
    return await fillTables(db, async () => {
      const brandId = await seedYear(db, { calls: 100_000, clientIds: clientIds.slice(0, 50) })
      await seedInvoices(db, { brandId, clientIds, months: 24 })
      return brandId
    })
  } finally {
    await closeDatabase(db)
  }
}

async function brandKeys(service: ServiceUnderTest, brandId: string): Promise<string[]> {
  const made = Array.from({ length: keyCount }, async (_, i) => {
    const answer = await fetch(`${service.url}/v1/api-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: `bench ${i}`, role: 'brand', brandId }),
    })
    const body: unknown = await answer.json()
    if (typeof body === 'object' && body !== null && 'key' in body) return String(body.key)
    throw new Error(`no key: ${JSON.stringify(body)}`)
  })
  return Promise.all(made)
}

/** End events, a twentieth of a second's share every 50 ms. */
async function settle({ natsUrl, books }: BenchServers, run: string): Promise<void> {
  const broker = await connect(natsOptions(natsUrl))
  try {
    const stream = broker.jetstream()
    const share = settledPerSecond / 20
    for (let tick = 0; tick < seconds * 20; tick += 1) {
      const next = new Promise((resolve) => setTimeout(resolve, 50))
      const now = Date.now()
      const events = Array.from({ length: share }, (_, i) => {
        const at = tick * share + i
        const event = {
          callId: `${run.replaceAll(' ', '-')}-${at};1928301774;out`,
          client: books.unlimitedIds[at % books.unlimitedIds.length],
          direction: 'outbound',
          from: '+34911000111',
          to: books.numbers[at % books.numbers.length],
          startedAt: new Date(now - 70_000).toISOString(),
          answeredAt: new Date(now - 65_000).toISOString(),
          endedAt: new Date(now).toISOString(),
          cause: 16,
        }
        return stream.publish('calls.end', JSON.stringify(event))
      })
      await Promise.all([...events, next])
    }
  } finally {
    await broker.close()
  }
}
