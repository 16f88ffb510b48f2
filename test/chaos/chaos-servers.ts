/**
 * What the replicas of a run stand on: servers as in production, or one of each for a short run.
 */
import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { openDatabaseDoor } from '../db/database-door.ts'
import { type BrokerDoor, openBrokerDoor } from '../events/broker-door.ts'
import { openSmtpSink, type SmtpSink } from '../notifications/smtp-sink.ts'
import { testDatabaseUrl } from '../servers.ts'
import { openPrimaryAndStandby } from '../standby/a-standby.ts'
import { type NetworkPath, openNetworkPath } from './network-path.ts'
import { openThreeNats } from './three-nats.ts'

export interface ChaosServers {
  /** As replicas are told. */
  databaseUrl: string
  natsUrl: string
  mail: MailServer
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
  /** undefined: there is no disk so small that it could be filled. */
  natsDisks: { fill(index: number): void; free(index: number): void } | undefined
  /** Stops the nats-server, takes the last of the events from its disk, and starts it. */
  loseLastEvents(): Promise<void>
  close(): Promise<void>
}

export interface MailServer {
  /** As replicas are told. */
  url: string
  sink: SmtpSink
  path: NetworkPath
}

/** Three nats-servers with streams of three copies, a PostgreSQL primary with a synchronous standby. */
export async function openProductionServers(folder: string): Promise<ChaosServers> {
  const [databases, nats] = await Promise.all([
    openPrimaryAndStandby({ synchronous: true }),
    openThreeNats(folder),
  ])
  const mail = await openMailServer()
  const door = () => databases.doors[databases.writable()]
  return {
    databaseUrl: databases.url,
    natsUrl: nats.url,
    mail,
    writableUrl: () => databases[databases.writable()].url,
    cut: (fault) => door().cutAll(fault),
    cutCommit: (fault, skip) => door().faultOn('commit', fault, 'after', skip),
    crashPostgres: databases.crash,
    failOver: databases.failOver,
    killNats: nats.kill,
    startNats: async (index) => nats.start(index),
    pauseNats: (index) => nats.signal(index, 'SIGSTOP'),
    resumeNats: (index) => nats.signal(index, 'SIGCONT'),
    natsDisks: nats.disks,
    loseLastEvents: () => Promise.reject(new Error('three servers have copies of what one loses')),
    async close() {
      await closeMailServer(mail)
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
  const mail = await openMailServer()
  return {
    databaseUrl: door.url,
    natsUrl: broker.url,
    mail,
    writableUrl: () => url,
    cut: (fault) => door.cutAll(fault),
    cutCommit: (fault, skip) => door.faultOn('commit', fault, 'after', skip),
    crashPostgres: () => Promise.reject(new Error('others use this PostgreSQL, too')),
    failOver: () => Promise.reject(new Error('there is no standby')),
    killNats: broker.kill,
    startNats: () => broker.start(),
    pauseNats: broker.pause,
    resumeNats: broker.resume,
    natsDisks: undefined,
    async loseLastEvents() {
      await broker.kill()
      cutLastBlock(broker)
      await broker.start()
    },
    async close() {
      await closeMailServer(mail)
      await door.close()
      await broker.close()
    },
  }
}

async function openMailServer(): Promise<MailServer> {
  const sink = await openSmtpSink()
  const path = await openNetworkPath(Number(new URL(sink.url).port))
  return { url: `smtp://127.0.0.1:${path.port}`, sink, path }
}

async function closeMailServer({ sink, path }: MailServer): Promise<void> {
  await path.close()
  await sink.close()
}

/** Two fifths of the last file of the stream. */
function cutLastBlock(broker: BrokerDoor): void {
  const folder = join(broker.store(), '$G/streams/CALLS/msgs')
  const blocks = readdirSync(folder).filter((name) => name.endsWith('.blk'))
  const last = blocks.sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10)).at(-1)
  if (last === undefined) throw new Error('the stream has no block')
  truncateSync(join(folder, last), Math.floor(statSync(join(folder, last)).size * 0.6))
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  if (statements.length === 0) return
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  for (const statement of statements) await sql.unsafe(statement)
  await sql.end()
}
