/**
 * How fast is an authorization, beside an echo that decides nothing? Over NATS with 64 requests in flight and over
 * HTTP on 64 connections, against many clients and against one; rounds interleaved, medians shown. And what takes how much
 * processor time: of the service, PostgreSQL, nats-server and whoever asks.
 */
import type { LoadResult } from './authorize-load.ts'
import { type BenchServers, openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import { type Child, startChild } from './child.ts'
import { type Figure, median } from './figures.ts'
import { measureProcessorTimes, type ProcessorTimes } from './processor-time.ts'

export interface AuthorizeOptions {
  rounds: number
  requests: number
  clients: number
}

interface Asker {
  ask: (run: string, requests: number) => Promise<LoadResult>
  /** What answers, and whoever asks. */
  pids: Record<ProcessName, number>
}

type ProcessName = 'service' | 'postgres' | 'nats' | 'requester'
type Result = LoadResult & { micros: ProcessorTimes<ProcessName> }

const inFlight = 64
/** A pace at which nothing is saturated. */
const pacePerSecond = 200

export async function benchAuthorize(options: AuthorizeOptions): Promise<Figure[]> {
  const servers = await openBenchServers({ clients: options.clients, deckSize: 20_000 })
  const children = [startChild('./authorize-load.ts'), startChild('./http-load.ts')]
  try {
    const service = await servers.startService()
    const [natsLoad, httpLoad] = children as [Child, Child]
    const overNats = await natsAsks(servers, service, natsLoad, children)
    const overHttp = await httpAsks(servers, service, httpLoad, children)
    const results = await interleave({ ...overNats, ...overHttp }, options)
    return figuresOf(results, options.clients)
  } finally {
    for (const child of children) await child.stop()
    await servers.close()
  }
}

async function natsAsks(
  { natsUrl, books, pids }: BenchServers,
  service: ServiceUnderTest,
  load: Child,
  children: Child[],
) {
  const asker = (
    subject: string,
    clients: string[],
    { answering = service.pid, perSecond = null }: { answering?: number; perSecond?: number | null } = {},
  ): Asker => ({
    ask: (run, requests) =>
      load.ask<LoadResult>({
        ...{ natsUrl, subject, inFlight, clients, numbers: books.numbers, run, perSecond },
        // Four seconds of it.
        requests: perSecond === null ? requests : Math.min(requests, perSecond * 4),
      }),
    pids: { ...pids, service: answering, requester: load.pid },
  })
  const { sample } = await asker('billing.authorize', books.unlimited).ask('sample', 1)
  const echo = startChild('./echo-responder.ts')
  children.push(echo)
  await echo.ask({ natsUrl, subject: 'bench.echo', answer: sample })
  const ofEcho = { answering: echo.pid }
  const paced = { perSecond: pacePerSecond }
  return {
    'nats echo': asker('bench.echo', books.unlimited, ofEcho),
    'nats nothing many': asker('billing.authorize', books.unlimited),
    'nats nothing one': asker('billing.authorize', books.unlimited.slice(0, 1)),
    'nats reserve many': asker('billing.authorize', books.prepaid),
    'nats reserve one': asker('billing.authorize', books.prepaid.slice(0, 1)),
    'nats paced echo': asker('bench.echo', books.unlimited, { ...ofEcho, ...paced }),
    // As many clients as ask often enough to be leased at this pace.
    'nats paced reserve': asker('billing.authorize', books.prepaid.slice(0, pacePerSecond / 2), paced),
  }
}

async function httpAsks(
  { books, pids }: BenchServers,
  service: ServiceUnderTest,
  load: Child,
  children: Child[],
) {
  const asker = (url: string, clients: string[], answering = service.pid): Asker => ({
    ask: (run, requests) =>
      load.ask<LoadResult>({
        ...{ url, key: service.key, requests, connections: inFlight, clients, numbers: books.numbers, run },
      }),
    pids: { ...pids, service: answering, requester: load.pid },
  })
  const { sample } = await asker(service.url, books.unlimited).ask('http-sample', 1)
  const bare = startChild('./bare-http.ts')
  children.push(bare)
  const { url: bareUrl } = await bare.ask<{ url: string }>({ answer: sample })
  return {
    'http bare': asker(bareUrl, books.unlimited, bare.pid),
    'http nothing many': asker(service.url, books.unlimited),
    'http nothing one': asker(service.url, books.unlimited.slice(0, 1)),
    'http reserve many': asker(service.url, books.prepaid),
    'http reserve one': asker(service.url, books.prepaid.slice(0, 1)),
  }
}

/** One round asks all of them in turn, so that what slows the machine slows all. The first is not counted. */
async function interleave(
  asks: Record<string, Asker>,
  { rounds, requests }: AuthorizeOptions,
): Promise<Map<string, Result[]>> {
  const results = new Map<string, Result[]>(Object.keys(asks).map((name) => [name, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, { ask, pids }] of Object.entries(asks)) {
      const run = `${name.replaceAll(' ', '-')}-${round}`
      // A client that has just begun to ask has no lease: what is measured is one that goes on.
      await ask(`${run}-warm`, Math.ceil(requests / 3))
      const { result, micros } = await measureProcessorTimes(pids, requests, () => ask(run, requests))
      if (result.denied > 0 && !name.endsWith('echo'))
        throw new Error(`${name}: ${result.denied} were denied`)
      if (round > 0) results.get(name)?.push({ ...result, micros })
    }
  }
  return results
}

function figuresOf(results: Map<string, Result[]>, clients: number): Figure[] {
  const of = (name: string, field: 'perSecond' | 'p50Ms' | 'p99Ms') =>
    median((results.get(name) ?? []).map((result) => result[field]))
  const speed = (name: string, of1: string, floorName: string, atLeast: number): Figure => {
    const value = of(of1, 'perSecond')
    const floor = of(floorName, 'perSecond')
    return { name, value, unit: '/s', floor, ratio: value / floor, target: { atLeast } }
  }
  const delay = (name: string, of1: string, floorName: string, atMost: number): Figure => {
    const value = of(of1, 'p99Ms')
    const floor = of(floorName, 'p99Ms')
    return { name, value, unit: 'ms', floor, ratio: value / floor, target: { atMost } }
  }
  const micros = (of1: string, ...names: ProcessName[]) =>
    median(
      (results.get(of1) ?? []).map((result) => names.reduce((sum, name) => sum + result.micros[name], 0)),
    )
  const processorTime = (name: string, of1: string, target?: Figure['target']): Figure => ({
    name: `${name}, service and PostgreSQL`,
    value: micros(of1, 'service', 'postgres'),
    unit: 'µs',
    ...(target && { target }),
  })
  const many = `${clients} clients`
  const p50 = (name: string, of1: string): Figure => ({
    name,
    value: of(of1, 'p50Ms'),
    unit: 'ms',
    floor: of('nats echo', 'p50Ms'),
  })
  const processes: ProcessName[] = ['service', 'postgres', 'nats', 'requester']
  const ofEachProcess = ['nats echo', 'nats nothing many', 'nats reserve many', 'nats reserve one'].flatMap(
    (of1) =>
      processes.map((name): Figure => ({ name: `${of1}: ${name}`, value: micros(of1, name), unit: 'µs' })),
  )
  const ofHttp = ['http bare', 'http nothing many', 'http reserve many'].flatMap((of1) =>
    processes
      .filter((name) => name !== 'nats')
      .map((name): Figure => ({ name: `${of1}: ${name}`, value: micros(of1, name), unit: 'µs' })),
  )
  return [
    speed(`authorize over NATS, holds nothing, ${many}`, 'nats nothing many', 'nats echo', 0.7),
    speed('authorize over NATS, holds nothing, one client', 'nats nothing one', 'nats echo', 0.7),
    speed(`authorize over NATS, reserves, ${many}`, 'nats reserve many', 'nats echo', 0.6),
    speed('authorize over NATS, reserves, one client', 'nats reserve one', 'nats echo', 0.65),
    p50(`p50 over NATS, holds nothing, ${many}`, 'nats nothing many'),
    p50(`p50 over NATS, reserves, ${many}`, 'nats reserve many'),
    delay(`p99 over NATS, holds nothing, ${many}`, 'nats nothing many', 'nats echo', 2.2),
    delay(`p99 over NATS, reserves, ${many}`, 'nats reserve many', 'nats echo', 2.2),
    delay('p99 over NATS, reserves, one client', 'nats reserve one', 'nats echo', 2.2),
    delay(`p99 at ${pacePerSecond}/s over NATS, reserves`, 'nats paced reserve', 'nats paced echo', 1.5),
    speed(`authorize over HTTP, holds nothing, ${many}`, 'http nothing many', 'http bare', 0.7),
    speed('authorize over HTTP, holds nothing, one client', 'http nothing one', 'http bare', 0.7),
    speed(`authorize over HTTP, reserves, ${many}`, 'http reserve many', 'http bare', 0.55),
    speed('authorize over HTTP, reserves, one client', 'http reserve one', 'http bare', 0.55),
    processorTime(`processor time, reserves, ${many}`, 'nats reserve many', { atMost: 50 }),
    processorTime('processor time, reserves, one client', 'nats reserve one', { atMost: 41 }),
    ...ofEachProcess,
    ...ofHttp,
  ]
}
