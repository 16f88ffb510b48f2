/**
 * The replicas of a run on their servers, and what can be done to all of them.
 */

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { type Replica, startReplica } from './a-replica.ts'
import type { ChaosServers } from './chaos-servers.ts'
import type { PlannedFault } from './plan.ts'

export const key = 'a-key-for-the-chaos'

export interface World {
  servers: ChaosServers
  /** Those that answer, or are about to. */
  replicaUrls(): string[]
  /** What replicas complained of, and ends that nobody ordered. */
  complaints: string[]
  fault(fault: PlannedFault): Promise<'done' | 'not reached'>
  close(): Promise<void>
}

export interface WorldOptions {
  servers: ChaosServers
  folder: string
  command: readonly string[]
  replicas: number
  leases: 'on' | 'off'
}

const failPointTimeoutMs = 20_000

export async function openWorld(options: WorldOptions): Promise<World> {
  const { servers, folder, command, replicas: count, leases } = options
  const complaints: string[] = []

  const start = (index: number, failPoint?: string) =>
    startReplica(
      {
        NODE_ENV: 'test',
        WEB: 'off',
        DATABASE_URL: servers.databaseUrl,
        NATS_URL: servers.natsUrl,
        BOOTSTRAP_API_KEY: key,
        LEASES: leases,
        DATA_DIR: join(folder, `replica-${index}`),
        ...(failPoint === undefined ? {} : { FAILPOINT: failPoint }),
      },
      command,
    )

  const replicas: Replica[] = await Promise.all(Array.from({ length: count }, (_, index) => start(index)))

  async function kill(index: number): Promise<void> {
    const replica = replicas[index]
    if (!replica) return
    if (replica.exitCode() !== undefined) complaints.push(`replica ${index} had ended: ${replica.exitCode()}`)
    replica.signal('SIGKILL')
    await replica.ended
    complaints.push(...replica.complaints)
  }

  const all: Record<PlannedFault['kind'], (fault: PlannedFault) => Promise<unknown>> = {
    async 'kill replica'({ target }) {
      const index = target % count
      await kill(index)
      replicas[index] = await start(index)
    },
    async 'fail point'({ target, failPoint }) {
      const index = target % count
      await kill(index)
      const doomed = await start(index, failPoint)
      replicas[index] = doomed
      const exit = await Promise.race([doomed.ended, sleep(failPointTimeoutMs, 'not reached')])
      if (exit !== 'SIGKILL') await kill(index)
      replicas[index] = await start(index)
      return exit === 'SIGKILL' ? 'done' : 'not reached'
    },
    async 'restart in turn'() {
      for (const [index, replica] of replicas.entries()) {
        const exit = await replica.stop()
        if (exit !== 0) complaints.push(`replica ${index} ended with ${exit} when told to stop`)
        complaints.push(...replica.complaints)
        replicas[index] = await start(index)
      }
    },
    async 'pause replica'({ target, ms }) {
      const replica = replicas[target % count]
      replica?.signal('SIGSTOP')
      await sleep(1000 + 2 * ms)
      replica?.signal('SIGCONT')
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
    async 'fail over'() {
      await servers.failOver()
    },
    async 'cut a commit'({ target }) {
      servers.cutCommit(target === 0 ? 'close' : 'reset', target)
      await sleep(500)
    },
  }
  return {
    servers,
    complaints,
    replicaUrls: () => replicas.filter(({ exitCode }) => exitCode() === undefined).map(({ url }) => url),
    fault: async (fault) => ((await all[fault.kind](fault)) === 'not reached' ? 'not reached' : 'done'),
    async close() {
      for (const [index, replica] of replicas.entries()) {
        const exit = await replica.stop()
        if (exit !== 0) complaints.push(`replica ${index} ended with ${exit} at the end`)
        complaints.push(...replica.complaints)
      }
      await servers.close()
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
