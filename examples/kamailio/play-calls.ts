/**
 * Real calls through a real Kamailio against a running service: placed by SIPp, asked for, told, priced, and two of
 * them ended by the service. Then the service goes away and comes back, and nothing is lost.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { openServiceApi, type ServiceApi } from '../../demo/service-api.ts'
import type { Config } from '../../src/process/config.ts'
import { startService } from '../../src/service.ts'
import { freeUdpPorts } from './free-ports.ts'
import { type PlacedCall, placeCall, startCarrier } from './place-call.ts'
import { type Call, calls } from './planned-calls.ts'
import { type Clients, setUpClients } from './set-up-clients.ts'
import type { SipPrograms } from './sip-programs.ts'
import { startKamailio } from './start-kamailio.ts'

export interface ShownCall {
  callId: string
  from: string
  status: string
  price: string | null
  durationSeconds: number | null
  billedSeconds: number | null
}

export interface Movement {
  amount: string
  kind: string
  callId: string | null
}

export interface PlayedCall {
  planned: Call
  placed: PlacedCall
  /** What the service has of it. */
  shown: ShownCall | null
  movement: Movement | null
}

export interface Played {
  calls: PlayedCall[]
  /** Of each client: top-ups less what was charged. */
  balances: Record<keyof Clients, string>
  /** `tollgate verify --all` */
  verified: { ok: boolean; output: string }
  kamailioLog: string
}

export interface Options {
  /** With a port: the service comes back where it was. */
  config: Config
  key: string
  log: Logger
  programs: SipPrograms
  withHttpAsyncClient: boolean
  say: (line: string) => void
}

const engine = 'kamailio-1'
const settleLimitMs = 30_000

export async function playCalls(options: Options): Promise<Played> {
  const { config, log, programs, say } = options
  mkdirSync(config.dataDir, { recursive: true })
  const folder = mkdtempSync(join(config.dataDir, 'kamailio-'))
  const planned = Object.values<Call>(calls)
  const [proxyPort = 0, carrierPort = 0, ...callerPorts] = await freeUdpPorts(planned.length + 2)
  const place = (call: Call) =>
    placeCall(programs, call, { port: callerPorts[planned.indexOf(call)] ?? 0, proxyPort, folder })

  let running = startService(config, log)
  const carrier = startCarrier(programs, { port: carrierPort, folder })
  let kamailio: Awaited<ReturnType<typeof startKamailio>> | undefined
  try {
    let service = await running.ready
    const { url } = service
    const api = openServiceApi(url, options.key)
    const { clients, engineKey } = await setUpClients(api)
    const { withHttpAsyncClient } = options
    kamailio = await startKamailio(programs, {
      port: proxyPort,
      url,
      key: engineKey,
      engine,
      carrierPort,
      folder,
      withHttpAsyncClient,
    })
    const proxyLog = kamailio.log

    say('Calls while the service answers.')
    const placed = new Map<Call, PlacedCall>()
    const run = async (call: Call) => {
      placed.set(call, await place(call))
    }
    const { outOfMoney, noMoney, ended, secondLine, endedRinging, blind, denied, blindEmergency } = calls
    const alone = [calls.spain, calls.britain, calls.france, calls.emergency, calls.busy, calls.givenUp]
    await Promise.all([
      ...[...alone, calls.unknown].map(run),
      run(outOfMoney)
        .then(() => untilShown(api, clients, outOfMoney, isSettled))
        .then(() => run(noMoney)),
      Promise.all([
        run(ended),
        untilShown(api, clients, ended, (shown) => shown.answeredAt !== null)
          .then(() => run(secondLine))
          .then(() => hangUp(api, clients, ended)),
      ]),
      Promise.all([
        run(endedRinging),
        untilShown(api, clients, endedRinging, ({ status }) => status === 'started').then(() =>
          hangUp(api, clients, endedRinging),
        ),
      ]),
    ])

    say('The service goes away; calls go on by the policy of their client.')
    await running.close()
    await Promise.all([blind, denied, blindEmergency].map(run))
    say('It comes back, and hears what it has missed.')
    running = startService(config, log)
    service = await running.ready

    for (const call of planned)
      if (call.expected.status !== null) await untilShown(api, clients, call, isSettled)
    const played = await Promise.all(
      planned.map(async (call): Promise<PlayedCall> => {
        const answer = placed.get(call)
        if (answer === undefined) throw new Error(`the call "${call.name}" was not placed`)
        const shown = (await findCall(api, clients, call)) ?? null
        const movements = await api.list<Movement>(`/v1/clients/${clients[call.client]}/balance-movements`)
        const movement = movements.find(({ callId }) => shown !== null && callId === shown.callId) ?? null
        return { planned: call, placed: answer, shown, movement }
      }),
    )
    const balance = async (client: keyof Clients) =>
      (await api.get<{ balance: string }>(`/v1/clients/${clients[client]}/balance`)).balance
    const balances = {
      acme: await balance('acme'),
      coins: await balance('coins'),
      oneLine: await balance('oneLine'),
      trusting: await balance('trusting'),
    }
    const verified = await verify(service.databaseUrl)
    await kamailio.stop()
    return { calls: played, balances, verified, kamailioLog: proxyLog() }
  } finally {
    await kamailio?.stop()
    await carrier.stop()
    await running.close()
  }
}

type RunningCall = ShownCall & { answeredAt: string | null }

const isSettled = ({ status }: ShownCall) => !['authorized', 'started'].includes(status)

async function findCall(api: ServiceApi, clients: Clients, { client, from }: Call) {
  const shown = await api.list<RunningCall>(`/v1/clients/${clients[client]}/calls`)
  return shown.find((one) => one.from === from)
}

async function untilShown(
  api: ServiceApi,
  clients: Clients,
  call: Call,
  holds: (shown: RunningCall) => boolean,
): Promise<RunningCall> {
  const deadline = Date.now() + settleLimitMs
  for (;;) {
    const shown = await findCall(api, clients, call)
    if (shown && holds(shown)) return shown
    if (Date.now() > deadline) throw new Error(`"${call.name}" stays ${shown?.status ?? 'unknown'}`)
    await wait(100)
  }
}

async function hangUp(api: ServiceApi, clients: Clients, call: Call): Promise<void> {
  const shown = await findCall(api, clients, call)
  if (!shown) throw new Error(`"${call.name}" does not run`)
  await api.post(`/v1/calls/${clients[call.client]}/${encodeURIComponent(shown.callId)}/hangup`, {})
}

function verify(databaseUrl: string): Promise<{ ok: boolean; output: string }> {
  const program = fileURLToPath(new URL('../../bin/tollgate.js', import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [program, 'verify', '--all', '--database', databaseUrl], (error, out, words) =>
      resolve({ ok: error === null, output: out + words }),
    )
  })
}
