/**
 * What do minute bundles and carriers' cost add to a call? End events of clients with two bundles each, and of calls that a
 * carrier took on, are settled beside those of clients with neither; authorizations that a bundle pays beside those that
 * hold money. By processor time of service and PostgreSQL, rounds interleaved.
 */
import { connect } from 'nats'
import { closeDatabase, openDatabase } from '../src/db/connection.ts'
import { natsOptions } from '../src/events/nats-url.ts'
import { addDays, localDay } from '../src/rating/local-day.ts'
import type { LoadResult } from './authorize-load.ts'
import { type BenchServers, openBenchServers, type ServiceUnderTest } from './bench-servers.ts'
import { startChild } from './child.ts'
import { type Figure, median } from './figures.ts'
import { measureProcessorTimes } from './processor-time.ts'
import { insertCarriers } from './seed-carriers.ts'
import { publishBacklog, settleBacklog } from './settle-backlog.ts'

export interface BundlesOptions {
  rounds: number
  events: number
  requests: number
  clients: number
}

type Kind = 'plain' | 'bundles' | 'carrier'
const kinds: readonly Kind[] = ['plain', 'bundles', 'carrier']
/** Fewer than `authorize` has: what is answered too late on a busy machine is denied. */
const inFlight = 16
/** More than anybody talks here. */
const seconds = 1_000_000_000
/** Of the clients of the books. */
const timeZone = 'Europe/Madrid'

interface Measured {
  servers: BenchServers
  rounds: number
  /** The first half of the clients has bundles. */
  half: number
}

export async function benchBundles({ rounds, events, requests, clients }: BundlesOptions): Promise<Figure[]> {
  const servers = await openBenchServers({ clients, deckSize: 8000 })
  const measured = { servers, rounds, half: Math.floor(clients / 2) }
  try {
    const { brandId } = servers.books
    // All prefixes that the numbers begin with, long and short.
    await insertCarriers(servers.databaseUrl, { brandId, carriers: 1, prefixes: 150_000 })
    const service = await servers.startService()
    await giveBundles(measured, service)
    const grants = await measureGrants(measured, service, requests)
    await service.stop()
    const settled = await measureSettling(measured, events)
    return [
      beside('settling with two bundles, beside none', settled.bundles, settled.plain, 0.85),
      beside("settling with a carrier's cost, beside none", settled.carrier, settled.plain, 0.85),
      beside('a grant that a bundle pays, beside one of money', grants.bundle, grants.money, 0.9),
    ]
  } finally {
    await servers.close()
  }
}

/** Asked is how fast it is; a processor takes the inverse. */
function beside(name: string, value: number, floor: number, atLeast: number): Figure {
  return {
    ...{ name: `processor time of ${name}`, value, unit: 'µs', floor, ratio: value / floor },
    target: { atMost: Math.round(100 / atLeast) / 100 },
  }
}

/** Two each to those who pay later, of numbers in Europe and of all; one of all to those who pay before. */
async function giveBundles({ servers, half }: Measured, service: ServiceUnderTest): Promise<void> {
  const { brandId, unlimitedIds, prepaidIds } = servers.books
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }
  const makePlan = (name: string, prefixes: string[]) =>
    post('/v1/allowance-plans', {
      ...{ brandId, name, currency: 'EUR', period: 'month', fee: '0' },
      items: [{ name, prefixes, unit: 'seconds', amount: seconds }],
    })
  const everywhere = await makePlan('Everywhere', ['*'])
  const europe = await makePlan('Europe', ['3', '4'])
  const today = localDay(Date.now(), timeZone)
  const give = (clientId: string, allowancePlanId: string, from: string) =>
    post(`/v1/clients/${clientId}/allowances`, { allowancePlanId, from, prorate: false })
  for (const clientId of unlimitedIds.slice(0, half)) {
    // Calls of the backlog may have been answered yesterday.
    await give(clientId, europe.id, addDays(today, -1))
    await give(clientId, everywhere.id, addDays(today, -1))
  }
  for (const clientId of prepaidIds.slice(0, half)) await give(clientId, everywhere.id, today)
}

async function measureGrants(
  { servers, rounds, half }: Measured,
  { pid }: ServiceUnderTest,
  requests: number,
): Promise<{ bundle: number; money: number }> {
  const { natsUrl, pids, books } = servers
  const load = startChild('./authorize-load.ts')
  const ask = async (run: string, clients: string[]) => {
    const order = { natsUrl, subject: 'billing.authorize', requests, inFlight, run, clients }
    const work = () => load.ask<LoadResult>({ ...order, numbers: books.numbers })
    const { micros, result } = await measureProcessorTimes(
      { service: pid, postgres: pids.postgres },
      requests,
      work,
    )
    // Before anything is warm a busy machine may answer too late.
    if (result.denied > 0 && !run.endsWith('-0')) {
      throw new Error(
        `${run}: ${result.denied} were denied, the first: ${JSON.stringify(result.firstDenied)}`,
      )
    }
    return micros.service + micros.postgres
  }
  const taken = { bundle: [] as number[], money: [] as number[] }
  try {
    for (let round = 0; round <= rounds; round++) {
      const bundle = await ask(`bundle-${round}`, books.prepaid.slice(0, half))
      const money = await ask(`money-${round}`, books.prepaid.slice(half))
      if (round === 0) continue
      taken.bundle.push(bundle)
      taken.money.push(money)
    }
  } finally {
    await load.stop()
  }
  return { bundle: median(taken.bundle), money: median(taken.money) }
}

async function measureSettling(
  { servers, rounds, half }: Measured,
  events: number,
): Promise<Record<Kind, number>> {
  const { natsUrl, books } = servers
  const broker = await connect(natsOptions(natsUrl))
  const taken: Record<Kind, number[]> = { plain: [], bundles: [], carrier: [] }
  try {
    // The first round warms PostgreSQL up and is not counted; who comes first changes.
    for (let round = 0; round <= rounds; round++) {
      for (const kind of round % 2 === 0 ? kinds : [...kinds].reverse()) {
        const clientIds =
          kind === 'bundles' ? books.unlimitedIds.slice(0, half) : books.unlimitedIds.slice(half)
        const run = `${kind}-${round}`
        await publishBacklog(broker, servers, {
          ...{ events, clientIds, run },
          ...(kind === 'carrier' && { carrier: 'carrier-0' }),
        })
        const { micros } = await settleBacklog(servers, { mode: 'product', events })
        if (round > 0) taken[kind].push(micros.service + micros.postgres)
      }
    }
    await checkSettled(servers.databaseUrl, (rounds + 1) * events)
  } finally {
    await broker.close()
  }
  return { plain: median(taken.plain), bundles: median(taken.bundles), carrier: median(taken.carrier) }
}

/** Each call that should have drawn, or cost something, did. */
async function checkSettled(databaseUrl: string, events: number): Promise<void> {
  const db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 1 })
  try {
    const [row] = await db.$client`
      select count(*) filter (where covered_seconds > 0)::integer as drawn,
             count(*) filter (where cost is not null)::integer as bought
      from calls`
    if (row?.drawn < events || row?.bought < events) {
      throw new Error(`of ${events} each ${row?.drawn} calls have drawn, ${row?.bought} have a cost`)
    }
  } finally {
    await closeDatabase(db)
  }
}
