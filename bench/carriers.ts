/**
 * What does least cost order add to a grant? Over NATS, from memory: grants that name five carriers, whose decks have 250,000
 * prefixes each, beside grants of the same clients that name none. By processor time of the service, rounds interleaved. And how
 * much memory such a deck takes.
 */
import type { LoadResult } from './authorize-load.ts'
import { openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import { startChild } from './child.ts'
import { type Figure, median } from './figures.ts'
import { insertCarriers } from './seed-carriers.ts'

export interface CarriersOptions {
  rounds: number
  requests: number
  clients: number
}

const carriers = 5
const prefixes = 250_000
const inFlight = 64

export async function benchCarriers({ rounds, requests, clients }: CarriersOptions): Promise<Figure[]> {
  const servers = await openBenchServers({ clients, deckSize: 20_000 })
  const load = startChild('./authorize-load.ts')
  try {
    const { natsUrl, books } = servers
    const without = await servers.startService()
    const residentWithout = await without.residentBytes()
    await without.stop()
    await insertCarriers(servers.databaseUrl, { brandId: books.brandId, carriers, prefixes })
    const service = await servers.startService()
    const residentWith = await service.residentBytes()
    const ask = async (run: string, leastCostRouting: boolean) => {
      await patchBrand(service, books.brandId, { leastCostRouting })
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
