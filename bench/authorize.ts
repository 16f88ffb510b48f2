/**
 * How fast is an authorization, beside an echo that decides nothing? Over NATS with 64 requests in flight and over
 * HTTP on 64 connections, against many clients and against one; rounds interleaved, medians shown.
 */
import type { LoadResult } from './authorize-load.ts'
import { type BenchServers, openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import { type Child, startChild } from './child.ts'
import { type Figure, median } from './figures.ts'

export interface AuthorizeOptions {
  rounds: number
  requests: number
  clients: number
}

type Ask = (run: string, requests: number) => Promise<LoadResult>
const inFlight = 64

export async function benchAuthorize(options: AuthorizeOptions): Promise<Figure[]> {
  const servers = await openBenchServers({ clients: options.clients, deckSize: 20_000 })
  const children = [startChild('./authorize-load.ts'), startChild('./http-load.ts')]
  try {
    const service = await servers.startService()
    const [natsLoad, httpLoad] = children as [Child, Child]
    const overNats = await natsAsks(servers, natsLoad, children)
    const overHttp = await httpAsks(servers, service, httpLoad, children)
    const results = await interleave({ ...overNats, ...overHttp }, options)
    return figuresOf(results, options.clients)
  } finally {
    for (const child of children) await child.stop()
    await servers.close()
  }
}

async function natsAsks({ natsUrl, books }: BenchServers, load: Child, children: Child[]) {
  const ask =
    (subject: string, clients: string[]): Ask =>
    (run, requests) =>
      load.ask<LoadResult>({ natsUrl, subject, requests, inFlight, clients, numbers: books.numbers, run })
  const { sample } = await ask('billing.authorize', books.unlimited)('sample', 1)
  const echo = startChild('./echo-responder.ts')
  children.push(echo)
  await echo.ask({ natsUrl, subject: 'bench.echo', answer: sample })
  return {
    'nats echo': ask('bench.echo', books.unlimited),
    'nats nothing many': ask('billing.authorize', books.unlimited),
    'nats nothing one': ask('billing.authorize', books.unlimited.slice(0, 1)),
    'nats reserve many': ask('billing.authorize', books.prepaid),
    'nats reserve one': ask('billing.authorize', books.prepaid.slice(0, 1)),
  }
}

async function httpAsks(
  { books }: BenchServers,
  { url, key }: ServiceUnderTest,
  load: Child,
  children: Child[],
) {
  const ask =
    (at: string, clients: string[]): Ask =>
    (run, requests) =>
      load.ask<LoadResult>({
        url: at,
        key,
        requests,
        connections: inFlight,
        clients,
        numbers: books.numbers,
        run,
      })
  const { sample } = await ask(url, books.unlimited)('http-sample', 1)
  const bare = startChild('./bare-http.ts')
  children.push(bare)
  const { url: bareUrl } = await bare.ask<{ url: string }>({ answer: sample })
  return {
    'http bare': ask(bareUrl, books.unlimited),
    'http nothing many': ask(url, books.unlimited),
    'http nothing one': ask(url, books.unlimited.slice(0, 1)),
  }
}

/** One round asks all of them in turn, so that what slows the machine slows all. The first is not counted. */
async function interleave(
  asks: Record<string, Ask>,
  { rounds, requests }: AuthorizeOptions,
): Promise<Map<string, LoadResult[]>> {
  const results = new Map<string, LoadResult[]>(Object.keys(asks).map((name) => [name, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, ask] of Object.entries(asks)) {
      const result = await ask(`${name.replaceAll(' ', '-')}-${round}`, requests)
      if (result.denied > 0 && !name.endsWith('echo'))
        throw new Error(`${name}: ${result.denied} were denied`)
      if (round > 0) results.get(name)?.push(result)
    }
  }
  return results
}

function figuresOf(results: Map<string, LoadResult[]>, clients: number): Figure[] {
  const of = (name: string, field: 'perSecond' | 'p50Ms' | 'p99Ms') =>
    median((results.get(name) ?? []).map((result) => result[field]))
  const speed = (name: string, of1: string, floorName: string, atLeast: number): Figure => {
    const value = of(of1, 'perSecond')
    const floor = of(floorName, 'perSecond')
    return { name, value, unit: '/s', floor, ratio: value / floor, target: { atLeast } }
  }
  const delay = (name: string, of1: string, floorName: string): Figure => {
    const value = of(of1, 'p99Ms')
    const floor = of(floorName, 'p99Ms')
    return { name, value, unit: 'ms', floor, ratio: value / floor, target: { atMost: 2.5 } }
  }
  const many = `${clients} clients`
  const p50 = (name: string, of1: string): Figure => ({
    name,
    value: of(of1, 'p50Ms'),
    unit: 'ms',
    floor: of('nats echo', 'p50Ms'),
  })
  return [
    speed(`authorize over NATS, holds nothing, ${many}`, 'nats nothing many', 'nats echo', 0.7),
    speed('authorize over NATS, holds nothing, one client', 'nats nothing one', 'nats echo', 0.7),
    speed(`authorize over NATS, reserves, ${many}`, 'nats reserve many', 'nats echo', 0.45),
    speed('authorize over NATS, reserves, one client', 'nats reserve one', 'nats echo', 0.45),
    p50(`p50 over NATS, holds nothing, ${many}`, 'nats nothing many'),
    p50(`p50 over NATS, reserves, ${many}`, 'nats reserve many'),
    delay(`p99 over NATS, holds nothing, ${many}`, 'nats nothing many', 'nats echo'),
    delay(`p99 over NATS, reserves, ${many}`, 'nats reserve many', 'nats echo'),
    delay('p99 over NATS, reserves, one client', 'nats reserve one', 'nats echo'),
    speed(`authorize over HTTP, ${many}`, 'http nothing many', 'http bare', 0.7),
    speed('authorize over HTTP, one client', 'http nothing one', 'http bare', 0.7),
  ]
}
