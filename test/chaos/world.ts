/**
 * The replicas of a run on their servers, and what can be done to all of them.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { launchReplica, type Replica, startReplica } from './a-replica.ts'
import { key } from './ask.ts'
import type { ChaosServers } from './chaos-servers.ts'
import { type NetworkPath, openPaths } from './network-path.ts'
import type { PlannedFault } from './plan-faults.ts'

export interface World {
  servers: ChaosServers
  /** Those that answer. */
  replicaUrls(): string[]
  /** What replicas complained of, and ends that nobody ordered. */
  complaints: string[]
  /** All that were ordered are ready. */
  allThere(): Promise<void>
  fault(fault: PlannedFault, during: During): Promise<FaultOutcome>
  close(): Promise<void>
}

export type FaultOutcome = 'done' | 'not reached' | 'not possible'

/** What is to be done while the fault lasts. */
export interface During {
  /** Makes a replica pass a fail point, on which it dies. */
  reach(doomed: Replica): Promise<'reached' | 'not reached'>
  orderMail(): Promise<void>
  /** All that engines have sent, once more. */
  replay(): Promise<void>
}

export interface WorldOptions {
  servers: ChaosServers
  folder: string
  command: readonly string[]
  replicas: number
  leases: 'on' | 'off'
}

/** A replica, and the network between it and the servers. */
interface Place {
  env: Record<string, string>
  toPostgres: NetworkPath[]
  toNats: NetworkPath[]
  replica: Replica | undefined
  starting: Promise<void>
}

export async function openWorld(options: WorldOptions): Promise<World> {
  const { servers, folder, command, replicas: count, leases } = options
  const complaints: string[] = []
  let doomed: Replica | undefined
  let doomedCount = 0

  const environment = (name: string, databaseUrl: string, natsUrl: string): Record<string, string> => ({
    NODE_ENV: 'test',
    WEB: 'off',
    DATABASE_URL: databaseUrl,
    NATS_URL: natsUrl,
    SMTP_URL: servers.mail.url,
    BOOTSTRAP_API_KEY: key,
    LEASES: leases,
    DATA_DIR: join(folder, name),
  })

  async function openPlace(index: number): Promise<Place> {
    const database = await openPaths(servers.databaseUrl)
    const nats = await openPaths(servers.natsUrl)
    return {
      env: environment(`replica-${index}`, database.url, nats.url),
      toPostgres: database.paths,
      toNats: nats.paths,
      replica: undefined,
      starting: Promise.resolve(),
    }
  }

  const places = await Promise.all(Array.from({ length: count }, (_, index) => openPlace(index)))

  function start(place: Place): Promise<void> {
    place.starting = startReplica(place.env, command).then(
      (replica) => {
        place.replica = replica
      },
      (error: Error) => void complaints.push(error.message),
    )
    return place.starting
  }

  const allThere = async () => {
    await Promise.all(places.map(({ starting }) => starting))
  }

  async function kill(place: Place): Promise<void> {
    const { replica } = place
    if (!replica) return
    if (replica.exitCode() !== undefined) complaints.push(`a replica had ended: ${replica.exitCode()}`)
    replica.signal('SIGKILL')
    await replica.ended
    complaints.push(...replica.complaints)
  }

  async function stop(place: Place, when: string): Promise<void> {
    const exit = await place.replica?.stop()
    if (exit !== 0) complaints.push(`a replica ended with ${exit} ${when}`)
    complaints.push(...(place.replica?.complaints ?? []))
  }

  async function hold(paths: readonly NetworkPath[], ms: number): Promise<void> {
    for (const path of paths) path.hold()
    await sleep(1000 + ms)
    for (const path of paths) path.release(ms % 2 === 0 ? 'pass' : 'reset')
  }

  const refusals = [{ greeting: 421 }, { data: 451 }, { dieAfterData: true }]
  const at = (target: number) => places[target % count] as Place

  const all: Record<PlannedFault['kind'], (fault: PlannedFault, during: During) => Promise<unknown>> = {
    async 'kill replica'({ target }) {
      await allThere()
      await kill(at(target))
      // The others are under the next fault meanwhile.
      void start(at(target))
    },
    async 'fail point'({ failPoint }, { reach }) {
      // It is one more, so that none has to be started in its place.
      const env = environment(`doomed-${doomedCount++}`, servers.databaseUrl, servers.natsUrl)
      doomed = launchReplica({ ...env, FAILPOINT: failPoint }, command)
      const outcome = await reach(doomed)
      doomed.signal('SIGKILL')
      await doomed.ended
      complaints.push(...doomed.complaints)
      doomed = undefined
      return outcome
    },
    async 'restart in turn'() {
      await allThere()
      for (const place of places) {
        await stop(place, 'when told to stop')
        await start(place)
      }
    },
    async 'pause replica'({ target, ms }) {
      await allThere()
      at(target).replica?.signal('SIGSTOP')
      await sleep(1000 + 2 * ms)
      at(target).replica?.signal('SIGCONT')
    },
    async 'kill nats-server'({ target, ms }) {
      await servers.killNats(target)
      await sleep(ms)
      await servers.startNats(target)
    },
    async 'pause nats-server'({ target, ms }) {
      servers.pauseNats(target)
      await sleep(1000 + ms)
      servers.resumeNats(target)
    },
    async 'fill disks of NATS'({ target, ms }) {
      const disks = servers.natsDisks
      if (!disks) return 'not possible'
      const full = target === 0 ? [0, 1, 2] : [target]
      for (const index of full) disks.fill(index)
      await sleep(1000 + ms)
      for (const index of full) disks.free(index)
      // A server that could not write has given JetStream up until it is started again.
      for (const index of full) {
        await servers.killNats(index)
        await servers.startNats(index)
      }
    },
    async 'lose the last events'(_fault, { replay }) {
      await servers.loseLastEvents()
      await replay()
    },
    async 'stop PostgreSQL'({ ms }) {
      await servers.crashPostgres(ms / 4)
    },
    async 'end connections'() {
      for (let round = 0; round < 5; round++) {
        await endConnections(servers.writableUrl())
        await sleep(200)
      }
    },
    async 'cut connections'({ target }) {
      servers.cut(target === 0 ? 'silence' : 'reset')
    },
    async 'cut a commit'({ target }) {
      servers.cutCommit(target === 0 ? 'close' : 'reset', target)
      await sleep(500)
    },
    async 'cut off from PostgreSQL'({ target, ms }) {
      await hold(at(target).toPostgres, ms)
    },
    async 'cut off from NATS'({ target, ms }) {
      await hold(at(target).toNats, ms)
    },
    async 'mail server away'({ ms }, { orderMail }) {
      servers.mail.path.hold()
      await orderMail()
      await sleep(ms)
      servers.mail.path.release('reset')
    },
    async 'mail server refuses'({ target, ms }, { orderMail }) {
      servers.mail.sink.behaviour = refusals[target] ?? {}
      await orderMail()
      await sleep(ms)
      servers.mail.sink.behaviour = {}
    },
    async 'fail over'() {
      await servers.failOver()
    },
  }
  await Promise.all(places.map(start))
  return {
    servers,
    complaints,
    replicaUrls: () =>
      [...places.map(({ replica }) => replica), doomed].flatMap((replica) =>
        replica?.url && replica.exitCode() === undefined ? replica.url : [],
      ),
    allThere,
    async fault(fault, during) {
      const outcome = await all[fault.kind](fault, during)
      return outcome === 'not reached' || outcome === 'not possible' ? outcome : 'done'
    },
    async close() {
      await allThere()
      await Promise.all(places.map((place) => stop(place, 'at the end')))
      for (const path of places.flatMap(({ toPostgres, toNats }) => [...toPostgres, ...toNats]))
        await path.close()
    },
  }
}

async function endConnections(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 3, onnotice: () => {} })
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'tollgate' and pid <> pg_backend_pid()`.catch(() => {})
  await sql.end({ timeout: 1 })
}
