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
import { type FaultKind, type PlannedCall, type PlannedFault, planCall } from './plan.ts'
import { openShop } from './shop.ts'
import { openTraffic } from './traffic.ts'
import { key, openWorld } from './world.ts'

export interface ChaosOptions {
  servers: ChaosServers
  command: readonly string[]
  seed: number
  /** At least; they go on until the last fault is over. */
  calls: number
  perSecond: number
  clients: number
  replicas: number
  faults: readonly PlannedFault[]
  /** Nothing may wait any more after that. */
  quietTimeoutMs?: number
  leases: 'on' | 'off'
  say?: (line: string) => void
}

export interface ChaosResult {
  line: string
  figures: string
  checks: Checked[]
  journal: Journal
  calls: readonly PlannedCall[]
}

const recoveryTimeoutMs = 120_000

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, faults, servers, say = () => {} } = options
  const folder = mkdtempSync(join(testFolder(), 'chaos-'))
  const world = await openWorld({ ...options, folder })
  say('the servers are there')
  const clients = await openShop(world.replicaUrls()[0] ?? '', key, options.clients)
  const journal = new Journal(join(folder, 'journal.ndjson'))
  const calls: PlannedCall[] = []
  let isStruck = false
  const { replicaUrls } = world
  const traffic = await openTraffic({
    natsUrl: servers.natsUrl,
    replicaUrls,
    clients,
    journal,
    key,
    beganAt: Date.now(),
  })
  const probe = clients.length - 1
  const recoveryMs: number[] = []
  const counts = new Map<FaultKind, number>()
  const missed: string[] = []
  let probes = 0

  /** Resolves when an event that is sent now is settled. */
  async function recover(): Promise<void> {
    const began = performance.now()
    const call = planProbe(`c${seed}-probe-${probes++}`, probe)
    await traffic.place([call], 1000)
    await until(
      'an event is settled after a fault',
      () => isSettled(servers.writableUrl(), clients[probe]?.id ?? '', call.callId),
      options.quietTimeoutMs ?? recoveryTimeoutMs,
    ).catch((error: Error) => world.complaints.push(error.message))
    recoveryMs.push(performance.now() - began)
  }

  async function strike(fault: PlannedFault): Promise<void> {
    say(`${fault.kind} ${fault.failPoint || fault.target}`)
    if ((await world.fault(fault)) === 'not reached') missed.push(fault.failPoint)
    counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1)
    await recover()
  }

  await recover()
  recoveryMs.length = 0
  /** Until the last fault is over, and as many as were asked for. */
  function* callOn(): Generator<PlannedCall, void> {
    while (!isStruck || calls.length < options.calls) {
      const call = planCall(seed, calls.length, clients.length)
      calls.push(call)
      yield call
    }
  }
  const placing = traffic.place(callOn(), options.perSecond)
  for (const fault of faults) {
    await strike(fault)
    await sleep(200)
  }
  isStruck = true
  await placing
  await traffic.placeLate(calls)
  say('quiet')
  const waiting = await waitForQuiet(servers, options.quietTimeoutMs)
  const sql = postgres(servers.writableUrl(), { max: 2, onnotice: () => {} })
  const checks = await checkBooks({
    sql,
    databaseUrl: servers.writableUrl(),
    natsUrl: servers.natsUrl,
    journal,
    waiting,
    complaints: world.complaints,
  })
  const [money] =
    await sql`select coalesce(-sum(amount), 0)::text as charged from movements where call_id is not null`
  await sql.end()
  await traffic.close()
  await world.close()
  const last = checks.find(({ id }) => id === 'I13')
  last?.faults.push(...world.complaints.filter((one) => !last.faults.includes(one)))
  return {
    ...tell({
      options,
      calls,
      journal,
      counts,
      missed,
      recoveryMs,
      checks,
      traffic,
      charged: String(money?.charged),
    }),
    checks,
    journal,
    calls,
  }
}

function planProbe(callId: string, client: number): PlannedCall {
  const end = { kind: 'end' as const, seconds: 1, isPoison: false, copies: 1, isLate: false }
  return { callId, client, seconds: 1, isAuthorized: false, events: [end] }
}

async function isSettled(url: string, clientId: string, callId: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} })
  try {
    const rows =
      await sql`select 1 from calls where client_id = ${clientId} and call_id = ${callId} and price is not null`
    return rows.length > 0
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 1 })
    await sleep(20)
  }
}

function tell({
  options,
  calls,
  journal,
  counts,
  missed,
  recoveryMs,
  checks,
  traffic,
  charged,
}: {
  options: ChaosOptions
  calls: readonly PlannedCall[]
  journal: Journal
  counts: ReadonlyMap<string, number>
  missed: readonly string[]
  recoveryMs: number[]
  checks: readonly Checked[]
  traffic: { answers: { granted: number; denied: number; none: number }; authorizeMs: number[] }
  charged: string
}): { line: string; figures: string } {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const points = (counts.get('fail point') ?? 0) - missed.length
  const seen = total - missed.length
  const faults = checks.flatMap((check) => check.faults)
  const lost = faults.filter((fault) => fault.startsWith('LOST')).length
  const doubled = faults.filter((fault) => fault.startsWith('DOUBLED')).length
  const held = checks.filter((check) => check.faults.length === 0).length
  const { granted, denied, none } = traffic.answers
  return {
    line:
      `seed ${options.seed}: ${journal.copies} events, ${seen} faults (${seen - points} random + ${points} fail points): ` +
      `${lost} lost, ${doubled} doubled, ${faults.length - lost - doubled} unexplained; ${held}/${checks.length} checks hold`,
    figures: [
      `${calls.length} calls, ${charged} charged; ${journal.unacked} publishes without an acknowledgement`,
      `recovery p50 ${at(recoveryMs, 0.5)} ms, max ${at(recoveryMs, 1)} ms`,
      `authorizations granted ${granted}, denied ${denied}, unanswered within 500 ms ${none}; p50 ${at(traffic.authorizeMs, 0.5)}, p99 ${at(traffic.authorizeMs, 0.99)} ms`,
      `faults: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
      ...(missed.length > 0 ? [`not reached: ${missed.join(' ')}`] : []),
      `0 failures in ${seen} faults would say with 95 % that less than ${((1 - 0.05 ** (1 / Math.max(1, seen))) * 100).toFixed(1)} % of such faults fail`,
    ].join('\n'),
  }
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
}
