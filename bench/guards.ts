/**
 * What do five spend guards add to a grant? Over NATS: clients with five guards whose windows are full of their legs, beside
 * clients without any, for grants that hold nothing and for grants that hold money. By processor time of the service, rounds
 * interleaved.
 */
import { randomUUID } from 'node:crypto'
import { closeDatabase, openDatabase } from '../src/db/connection.ts'
import type { LoadResult } from './authorize-load.ts'
import { openBenchServers } from './bench-servers.ts'
import { startChild } from './child.ts'
import { type Figure, median } from './figures.ts'

export interface GuardsOptions {
  rounds: number
  requests: number
  clients: number
}

const inFlight = 64
/** Each asks about every leg, and refuses none. */
const limits = [
  { spendPerHour: '100000000' },
  { spendPerDay: '100000000' },
  { callsPerMinute: 1_000_000 },
  { runningCalls: 1_000_000 },
  { distinctNumbersPerHour: 1_000_000, newCountries: 'alert' },
]

export async function benchGuards({ rounds, requests, clients }: GuardsOptions): Promise<Figure[]> {
  const servers = await openBenchServers({ clients, deckSize: 20_000 })
  const load = startChild('./authorize-load.ts')
  try {
    const { natsUrl, books } = servers
    const half = Math.floor(clients / 2)
    await insertGuards(servers.databaseUrl, [
      ...books.unlimitedIds.slice(0, half),
      ...books.prepaidIds.slice(0, half),
    ])
    const service = await servers.startService()
    const ask = async (run: string, asking: readonly string[], requests: number) => {
      const before = await service.cpuSeconds()
      const { denied, firstDenied } = await load.ask<LoadResult>({
        ...{ natsUrl, subject: 'billing.authorize', requests, inFlight, run },
        clients: [...asking],
        numbers: books.numbers,
      })
      if (denied > 0) throw new Error(`${run}: ${denied} were denied, first ${JSON.stringify(firstDenied)}`)
      return ((await service.cpuSeconds()) - before) / requests
    }
    const kinds = { 'holds nothing': books.unlimited, 'holds money': books.prepaid }
    const times = new Map<string, number[]>()
    for (let round = 0; round <= rounds; round++) {
      for (const [kind, domains] of Object.entries(kinds)) {
        const halves = { guarded: domains.slice(0, half), plain: domains.slice(half) }
        for (const [name, asking] of Object.entries(halves)) {
          const run = `${name}-${kind.replaceAll(' ', '-')}-${round}`
          // A client that has just begun to ask has no lease: what is measured is one that goes on.
          await ask(`${run}-warm`, asking, requests / 4)
          const time = await ask(run, asking, requests)
          if (round > 0) times.set(`${name} ${kind}`, [...(times.get(`${name} ${kind}`) ?? []), time])
        }
      }
    }
    return Object.keys(kinds).map((kind): Figure => {
      const value = median(times.get(`guarded ${kind}`) ?? []) * 1e6
      const floor = median(times.get(`plain ${kind}`) ?? []) * 1e6
      const name = `processor time of a grant that ${kind} with 5 guards, beside one without`
      return { name, value, unit: 'µs', floor, ratio: value / floor, target: { atMost: 1.1 } }
    })
  } finally {
    await load.stop()
    await servers.close()
  }
}

async function insertGuards(databaseUrl: string, clientIds: readonly string[]): Promise<void> {
  const db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 1 })
  try {
    const guards = clientIds.flatMap((clientId) => limits.map((limit) => ({ clientId, limit })))
    await db.$client`
      insert into spend_guards (id, brand_id, client_id, name, enabled, limits, action)
      select given.id, c.brand_id, c.id, 'Bench', true, given.limits::jsonb, 'deny'
      from unnest(${guards.map(() => randomUUID())}::uuid[], ${guards.map(({ clientId }) => clientId)}::uuid[],
                  ${guards.map(({ limit }) => JSON.stringify(limit))}::text[]) as given (id, client_id, limits)
      join clients c on c.id = given.client_id`
  } finally {
    await closeDatabase(db)
  }
}
