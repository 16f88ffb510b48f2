/**
 * One run: traffic, faults one after the other, quiet, and the checks.
 *
 * Behind each fault an event of its own is sent; until it is settled the fault is not over, and that is its recovery time.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { testFolder } from '../servers.ts'
import { until } from '../until.ts'
import type { ChaosServers } from './chaos-servers.ts'
import { type Checked, checkBooks, waitForQuiet } from './check-books.ts'
import { Journal } from './journal.ts'
import { openOffice } from './office.ts'
import { type PlannedCall, planCall, planProbe } from './plan-calls.ts'
import type { PlannedFault } from './plan-faults.ts'
import { raceForMoney } from './race-for-money.ts'
import { reachFailPoint } from './reach-fail-point.ts'
import { openShop } from './shop.ts'
import { type ChaosFigures, tellFigures, tellResult } from './tell-result.ts'
import { openTraffic } from './traffic.ts'
import { openWorld, type World } from './world.ts'

export interface ChaosOptions {
  /** Closed with the run. */
  servers: ChaosServers
  command: readonly string[]
  seed: number
  /** At least; they go on until the last fault is over. */
  calls: number
  perSecond: number
  clients: number
  replicas: number
  faults: readonly PlannedFault[]
  /** Milliseconds since 1970: what is planned and has not begun by then is left out, but for the first `minFaults`. */
  noFaultsAfter?: number
  minFaults?: number
  /** Nothing may wait any more after that. */
  quietTimeoutMs?: number
  leases: 'on' | 'off'
  say?: (line: string) => void
}

export interface ChaosResult {
  line: string
  figures: string
  checks: Checked[]
}

const recoveryTimeoutMs = 120_000
/** A fail point that was not reached is tried again at the end. */
const maxTries = 3
const callsPerInvoice = 100

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const folder = mkdtempSync(join(testFolder(), 'chaos-'))
  let world: World | undefined
  try {
    world = await openWorld({ ...options, folder })
    return await runIn(world, options, new Journal(join(folder, 'journal.ndjson')))
  } finally {
    await world?.close()
    await options.servers.close()
  }
}

async function runIn(world: World, options: ChaosOptions, journal: Journal): Promise<ChaosResult> {
  const { seed, servers, say = () => {}, minFaults = 0, noFaultsAfter = Number.POSITIVE_INFINITY } = options
  const { replicaUrls, complaints } = world
  await world.allThere()
  say('the servers are there')
  const { clients, invoiced, poor } = await openShop(replicaUrls()[0] ?? '', options.clients)
  const traffic = await openTraffic({
    ...{ natsUrl: servers.natsUrl, replicaUrls, clients: [...clients, poor], journal, beganAt: Date.now() },
  })
  const office = openOffice({ invoiced, replicaUrls, complaints })
  const calls: PlannedCall[] = []
  const issuing: Promise<void>[] = []
  const figures: ChaosFigures = { recoveryMs: [], counts: new Map(), missed: [] }
  const look = openLook(servers)
  let isStruck = false

  /** Resolves when an event that is sent now is settled. */
  async function recover(number: number): Promise<void> {
    const client = clients.length - 1
    const call = planProbe(`c${seed}-probe-${number}`, client)
    await traffic.place([call], 1000)
    await until(
      'an event is settled after a fault',
      () => look.isSettled(clients[client]?.id ?? '', call.callId),
      options.quietTimeoutMs ?? recoveryTimeoutMs,
    ).catch((error: Error) => complaints.push(error.message))
  }

  async function strike(fault: PlannedFault, number: number): Promise<'again' | undefined> {
    const { kind, failPoint, shape } = fault
    const name = `c${seed}-fault-${number}`
    say(`${kind} ${failPoint ? `${failPoint} ${shape}` : fault.target}`)
    const surroundings = {
      traffic,
      office,
      clients: clients.length,
      note: (more: readonly PlannedCall[]) => calls.push(...more),
    }
    const outcome = await world.fault(fault, {
      reach: (doomed) => reachFailPoint(doomed, { name, failPoint, shape }, surroundings),
      async orderMail() {
        const issued = office.issue()
        issuing.push(issued)
        await issued
      },
      replay: traffic.replay,
    })
    if (outcome === 'not reached') return 'again'
    if (outcome === 'not possible') {
      figures.missed.push(kind)
      return undefined
    }
    figures.counts.set(kind, (figures.counts.get(kind) ?? 0) + 1)
    const began = performance.now()
    await recover(number)
    figures.recoveryMs.push(performance.now() - began)
    return undefined
  }

  await recover(-1)
  const race = await raceForMoney({ traffic, client: clients.length, replicaUrls, seed })
  /** Until the last fault is over, and as many as were asked for. */
  function* callOn(): Generator<PlannedCall, void> {
    for (let number = 0; !isStruck || number < options.calls; number++) {
      const call = planCall(seed, number, clients.length)
      calls.push(call)
      if (number % callsPerInvoice === 0) issuing.push(office.issue())
      yield call
    }
  }
  const placing = traffic.place(callOn(), options.perSecond)
  const waiting = options.faults.map((fault) => ({ fault, tries: 1 }))
  for (const [number, { fault, tries }] of waiting.entries()) {
    if (number >= minFaults && Date.now() > noFaultsAfter) {
      figures.missed.push(
        ...waiting.slice(number).flatMap((left) => (left.tries > 1 ? left.fault.failPoint : [])),
      )
      break
    }
    if ((await strike(fault, number)) === 'again') {
      if (tries < maxTries) waiting.push({ fault, tries: tries + 1 })
      else figures.missed.push(fault.failPoint)
    }
    await sleep(200)
  }
  isStruck = true
  await placing
  await look.close()
  await Promise.all(issuing)
  await traffic.placeLate(calls)
  await world.allThere()
  say('quiet')
  const left = await waitForQuiet(servers, options.quietTimeoutMs)
  say(left.length === 0 ? 'checks' : left.join(', '))
  await world.close()
  const sql = postgres(servers.writableUrl(), { max: 2, onnotice: () => {} })
  const checks = await checkBooks({
    ...{
      sql,
      databaseUrl: servers.writableUrl(),
      natsUrl: servers.natsUrl,
      journal,
      waiting: left,
      complaints,
      race,
    },
    invoices: { clientId: invoiced.clientId, days: office.days, mails: servers.mail.sink.mails },
  })
  const [money] =
    await sql`select coalesce(-sum(amount), 0)::text as charged from movements where call_id is not null`
  await sql.end()
  await traffic.close()
  return {
    line: tellResult({ seed, copies: journal.copies, figures, checks }),
    figures: tellFigures({
      calls: calls.length,
      charged: String(money?.charged),
      unacked: journal.unacked,
      traffic,
      figures,
    }),
    checks,
  }
}

/** Asks over one connection for as long as PostgreSQL has that address: a new one for each look would be much of the load. */
function openLook(servers: ChaosServers) {
  const open = (url: string) =>
    postgres(url, { max: 1, connect_timeout: 2, backoff: () => 0.1, onnotice: () => {} })
  let url = servers.writableUrl()
  let sql = open(url)
  return {
    async isSettled(clientId: string, callId: string): Promise<boolean> {
      if (servers.writableUrl() !== url) {
        await sql.end({ timeout: 0 })
        url = servers.writableUrl()
        sql = open(url)
      }
      await sleep(20)
      const rows = await sql`
        select 1 from calls where client_id = ${clientId} and call_id = ${callId} and price is not null`.catch(
        () => [],
      )
      return rows.length > 0
    },
    close: () => sql.end({ timeout: 1 }),
  }
}
