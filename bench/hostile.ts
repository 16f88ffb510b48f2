/**
 * What does a brand feel of another that does its worst? Authorizations over NATS and HTTP that reserve, and balances,
 * each 100 a second, beside each kind of disturbance; the floor is the same run right before, without it.
 *
 * HOSTILE_SECONDS (8): how long each is measured. HOSTILE_ONLY: some of the disturbances.
 */
import { loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { closeDatabase, openDatabase } from '../src/db/connection.ts'
import { type BenchServers, openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import { type Child, startChild } from './child.ts'
import { type Figure, median } from './figures.ts'
import type { Disturbance, Statuses } from './hostile-load.ts'
import type { NeighbourKind, NeighbourOrder, NeighbourResult } from './neighbour-load.ts'
import { type HostileBrand, makeKeys, seedHostile } from './seed-hostile.ts'

const perSecond = 100
const seconds = Number(process.env.HOSTILE_SECONDS ?? 8)
const kinds: readonly NeighbourKind[] = ['nats', 'http', 'balances']
const kindNames = { nats: 'authorizations over NATS', http: 'authorizations over HTTP', balances: 'balances' }
const mebibyte = 2 ** 20

/** Imports last: they go on when they have been sent. */
const names: Partial<Record<Disturbance, string>> = {
  downloads: '24 unread downloads',
  polls: '1,000 long polls',
  pdfs: '4 PDFs of 20,000 calls',
  names: 'names of 64 KB',
  rates: '16 MB of bad rates',
  logins: '100 loops of log-ins',
  openapi: '30 loops on /openapi.json',
  imports: 'four imports of 33 MB',
}

interface Round {
  alone: NeighbourResult
  beside: NeighbourResult
  statuses: Statuses
  /** Processor time of the service a second, in seconds. */
  cpuAlone: number
  cpuBeside: number
  grownMiB: number
  keptMiB: number
}

export async function benchHostile({ rounds }: { rounds: number }): Promise<Figure[]> {
  const servers = await openBenchServers({ clients: 200, deckSize: 5000 })
  const children = [startChild('./neighbour-load.ts'), startChild('./hostile-load.ts')] as const
  try {
    const service = await servers.startService()
    const hostile = await seedHostile(servers.databaseUrl, service)
    const order = await orderOf(servers, service)
    const measure = measurer(service, hostile, order, children)
    await measure('nothing', 'warm-up')
    const only = process.env.HOSTILE_ONLY?.split(',')
    const figures: Figure[] = []
    for (const [disturbance, name] of Object.entries(names) as [Disturbance, string][]) {
      if (only && !only.includes(disturbance)) continue
      const results: Round[] = []
      for (let round = 0; round < rounds; round++) results.push(await measure(disturbance, `${round}`))
      figures.push(...figuresOf(name, results))
    }
    return figures
  } finally {
    for (const child of children) await child.stop()
    await servers.close()
  }
}

async function orderOf(
  { natsUrl, books, databaseUrl }: BenchServers,
  service: ServiceUnderTest,
): Promise<Omit<NeighbourOrder, 'run'>> {
  const db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 1 })
  const rows = await db.$client<{ id: string; brand_id: string; sip_domain: string }[]>`
    select id, brand_id, sip_domain from clients where sip_domain = any(${books.prepaid}::text[])`
  await closeDatabase(db)
  const brandId = rows[0]?.brand_id ?? ''
  const [engineKey = ''] = await makeKeys(service, { role: 'engine', brandId, count: 1 })
  return {
    natsUrl,
    url: service.url,
    engineKey,
    brandKeys: await makeKeys(service, { role: 'brand', brandId, count: 2 }),
    clients: rows.map((row) => row.sip_domain),
    clientIds: rows.map((row) => row.id),
    numbers: books.numbers,
    perSecond,
    seconds,
  }
}

function measurer(
  service: ServiceUnderTest,
  hostile: HostileBrand,
  order: Omit<NeighbourOrder, 'run'>,
  [neighbour, disturber]: readonly [Child, Child],
) {
  return async (disturbance: Disturbance, run: string): Promise<Round> => {
    const ask = (when: string) =>
      neighbour.ask<NeighbourResult>({ ...order, run: `${disturbance}-${run}-${when}` })
    const [alone, cpuAlone] = await timed(service, () => ask('alone'))
    const before = await service.residentBytes()
    const key = disturbance === 'polls' ? hostile.engineKey : hostile.key
    await disturber.ask({ disturbance, url: service.url, ...hostile, key })
    const watch = watchMemory(service)
    // What it does has begun.
    await pause(1000)
    const [beside, cpuBeside] = await timed(service, () => ask('beside'))
    const statuses = await disturber.ask<Statuses>({ stop: true })
    const max = await watch.stop()
    const kept = disturbance === 'nothing' ? before : await memoryAfter(service, before)
    const round = {
      alone,
      beside,
      statuses,
      cpuAlone,
      cpuBeside,
      grownMiB: Math.max(0, max - before) / mebibyte,
      keptMiB: Math.max(0, kept - before) / mebibyte,
    }
    console.log(lineOf(disturbance, round))
    return round
  }
}

async function timed<Result>(
  service: ServiceUnderTest,
  work: () => Promise<Result>,
): Promise<[Result, number]> {
  const cpuBefore = await service.cpuSeconds()
  const startedAt = performance.now()
  const result = await work()
  const cpu = (await service.cpuSeconds()) - cpuBefore
  return [result, (cpu * 1000) / (performance.now() - startedAt)]
}

/** The most that it takes; half a second's peaks may be missed. */
function watchMemory(service: ServiceUnderTest): { stop(): Promise<number> } {
  let max = 0
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      max = Math.max(max, (await service.residentBytes().catch(() => 0)) || 0)
      await pause(500)
    }
  })()
  return {
    async stop() {
      isOver = true
      await watching
      return max
    },
  }
}

const backMiB = 64
const backMs = 60_000

/** Until it is back to what it was, nearly, or for a minute. */
async function memoryAfter(service: ServiceUnderTest, before: number): Promise<number> {
  const deadline = performance.now() + backMs
  let now = await service.residentBytes()
  while ((now - before) / mebibyte > backMiB && performance.now() < deadline) {
    await pause(1000)
    now = await service.residentBytes()
  }
  return now
}

function lineOf(disturbance: Disturbance, round: Round): string {
  const parts = kinds.map((kind) => {
    const { p99Ms, maxMs, errors, firstError } = round.beside[kind]
    const failed = errors > 0 ? `, ${errors} errors: ${firstError}` : ''
    return `${kind} p99 ${p99Ms.toFixed(0)} ms (alone ${round.alone[kind].p99Ms.toFixed(0)}), most ${maxMs.toFixed(0)}${failed}`
  })
  const cpu = `processor ${round.cpuAlone.toFixed(2)} → ${round.cpuBeside.toFixed(2)}`
  const memory = `memory +${round.grownMiB.toFixed(0)} MiB, kept ${round.keptMiB.toFixed(0)}`
  const load = `load average ${loadavg()[0]?.toFixed(1)}`
  return `${disturbance}: ${parts.join('; ')}; ${cpu}; ${memory}; ${load}; answered ${JSON.stringify(round.statuses)}`
}

function figuresOf(name: string, rounds: readonly Round[]): Figure[] {
  const errorsOf = (when: 'alone' | 'beside') =>
    rounds.reduce((sum, round) => sum + kinds.reduce((of, kind) => of + round[when][kind].errors, 0), 0)
  return [
    ...kinds.map((kind): Figure => {
      const value = median(rounds.map(({ beside }) => beside[kind].p99Ms))
      const floor = median(rounds.map(({ alone }) => alone[kind].p99Ms))
      const ratio = value / floor
      return {
        name: `${name}: p99 of ${kindNames[kind]}`,
        value,
        floor,
        ratio,
        unit: 'ms',
        target: { atMost: 3 },
      }
    }),
    {
      name: `${name}: errors of the neighbour`,
      value: errorsOf('beside'),
      floor: errorsOf('alone'),
      unit: '',
      target: { atMost: 0 },
    },
    {
      name: `${name}: memory at most`,
      value: median(rounds.map(({ grownMiB }) => grownMiB)),
      unit: 'MiB more',
      target: { atMost: 200 },
    },
    {
      name: `${name}: memory within a minute`,
      value: median(rounds.map(({ keptMiB }) => keptMiB)),
      unit: 'MiB more',
      target: { atMost: backMiB },
    },
  ]
}
