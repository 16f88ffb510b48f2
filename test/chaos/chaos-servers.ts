/**
 * What the replicas of a run stand on: servers as in production, or one of each for a short run.
 */
import postgres from 'postgres'
import { openDatabaseDoor } from '../db/database-door.ts'
import { openBrokerDoor } from '../events/broker-door.ts'
import { testDatabaseUrl } from '../servers.ts'
import { openPrimaryAndStandby } from '../standby/a-standby.ts'
import { openThreeNats } from './three-nats.ts'

export interface ChaosServers {
  /** As replicas are told. */
  databaseUrl: string
  natsUrl: string
  /** The PostgreSQL that takes writes, past its door. */
  writableUrl(): string
  cut(fault: 'reset' | 'silence'): void
  cutCommit(fault: 'reset' | 'close', skip: number): void
  crashPostgres(awayMs: number): Promise<void>
  failOver(): Promise<void>
  killNats(index: number): Promise<void>
  startNats(index: number): Promise<void>
  pauseNats(index: number): void
  resumeNats(index: number): void
  close(): Promise<void>
}

/** Three nats-servers with streams of three copies, a PostgreSQL primary with a synchronous standby. */
export async function openProductionServers(folder: string): Promise<ChaosServers> {
  const [databases, nats] = await Promise.all([
    openPrimaryAndStandby({ synchronous: true }),
    openThreeNats(folder),
  ])
  const door = () => databases.doors[databases.writable()]
  return {
    databaseUrl: databases.url,
    natsUrl: nats.url,
    writableUrl: () => databases[databases.writable()].url,
    cut: (fault) => door().cutAll(fault),
    cutCommit: (fault, skip) => door().faultOn('commit', fault, 'after', skip),
    crashPostgres: databases.crash,
    failOver: databases.failOver,
    killNats: nats.kill,
    startNats: async (index) => nats.start(index),
    pauseNats: (index) => nats.signal(index, 'SIGSTOP'),
    resumeNats: (index) => nats.signal(index, 'SIGCONT'),
    async close() {
      await nats.close()
      await databases.close()
    },
  }
}

/** One of each; `statements` are run on the new database first. */
export async function openOneOfEach(statements: readonly string[] = []): Promise<ChaosServers> {
  const url = await testDatabaseUrl()
  await run(url, statements)
  const door = await openDatabaseDoor(url)
  const broker = await openBrokerDoor()
  return {
    databaseUrl: door.url,
    natsUrl: broker.url,
    writableUrl: () => url,
    cut: (fault) => door.cutAll(fault),
    cutCommit: (fault, skip) => door.faultOn('commit', fault, 'after', skip),
    crashPostgres: () => Promise.reject(new Error('others use this PostgreSQL, too')),
    failOver: () => Promise.reject(new Error('there is no standby')),
    killNats: broker.kill,
    startNats: () => broker.start(),
    pauseNats: broker.pause,
    resumeNats: broker.resume,
    async close() {
      await door.close()
      await broker.close()
    },
  }
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  if (statements.length === 0) return
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  for (const statement of statements) await sql.unsafe(statement)
  await sql.end()
}
