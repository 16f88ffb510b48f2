/**
 * What a test file asks for when it needs real servers. All of it belongs to the file alone and goes away
 * with it; nothing has to be stopped by hand.
 *
 *     const databaseUrl = await testDatabaseUrl()  // migrated, empty
 *     const natsUrl = await testNatsUrl()          // JetStream without streams
 *
 * In a run of `test/run.ts` PostgreSQL is started once for all files; a file run alone starts its own. Call
 * them at the top of the file or in `before`, and end your pools and connections in `after`, or the process
 * stays until the time limit.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from 'nats'
import { findNatsServer } from '../src/embedded/find-nats-server.ts'
import { type EmbeddedNatsServer, startNatsServer } from '../src/embedded/nats-server.ts'
import {
  copyTemplate,
  dropDatabases,
  makeTemplate,
  openTestCluster,
  type TestCluster,
} from './test-cluster.ts'

/** Where an installed nats-server is kept: the default DATA_DIR, so that it is fetched once per clone. */
const natsCacheDir = fileURLToPath(new URL('../data/bin', import.meta.url))

let folder: string | undefined
let cluster: Promise<TestCluster> | undefined
let template: Promise<string> | undefined
const databases: string[] = []
let madeDatabases = 0
const natsServers: EmbeddedNatsServer[] = []

/** URL of a new database with the schema of this release; each call makes another. */
export async function testDatabaseUrl(): Promise<string> {
  cluster ??= openTestCluster()
  const { url } = await cluster
  template ??= process.env.TEST_TEMPLATE ? Promise.resolve(process.env.TEST_TEMPLATE) : makeTemplate(url)
  const subject = basename(process.argv[1] ?? 'x').replace(/\W.*$/, '')
  madeDatabases++
  const name = `tollgate_test_${subject.slice(0, 20)}_${process.pid}_${madeDatabases}`
  databases.push(name)
  return copyTemplate(url, { template: await template, name })
}

/**
 * URL of a nats-server of this file's own, with JetStream and no streams. With TEST_NATS_URL it is that one,
 * and **every stream on it is deleted first**.
 */
export async function testNatsUrl(): Promise<string> {
  const given = process.env.TEST_NATS_URL
  if (!given) return (await startTestNats()).url
  const broker = await connect({ servers: given.split(',') })
  const streams = await broker.jetstreamManager()
  for await (const name of streams.streams.names()) await streams.streams.delete(name)
  await broker.close()
  return given
}

/**
 * A nats-server that the test itself may stop, and start again on the same store with `dataDir`. Anybody may do
 * everything on it, unless the test asks for the users of a normal start.
 */
export async function startTestNats({
  dataDir = mkdtempSync(join(testFolder(), 'nats-')),
  access = 'anybody' as 'users' | 'anybody',
} = {}): Promise<EmbeddedNatsServer & { dataDir: string }> {
  const server = await startNatsServer({ dataDir, bin: await findTestNatsServer(), access })
  natsServers.push(server)
  return { ...server, dataDir }
}

export function findTestNatsServer(): Promise<string> {
  return findNatsServer({ bin: process.env.NATS_SERVER_BIN ?? null, cacheDir: natsCacheDir })
}

/** The command that starts a program, by its source: its bundle where `run.ts` has made one, which starts sooner. */
export function program(source: 'src/main.ts' | 'src/cli/main.ts'): string[] {
  const bundles: Record<string, string> = JSON.parse(process.env.TEST_PROGRAMS ?? '{}')
  const bundle = bundles[source]
  return [process.execPath, ...(bundle ? [bundle] : ['--import', 'tsx', source])]
}

/** A folder of this file's own, removed with everything in it when the process ends. */
export function testFolder(): string {
  folder ??= mkdtempSync(join(process.env.TEST_FOLDER ?? tmpdir(), 'tollgate-file-'))
  return folder
}

/** Leaves a test out and says why: the runner shows it and fails a file that leaves one out in silence. */
export function skipTest(suite: { skip(name: string): void }, name: string, reason: string): void {
  console.log(`skipped: ${name}: ${reason}`)
  suite.skip(name)
}

/** Stops and removes what was asked for so far. */
export async function releaseServers(): Promise<void> {
  await Promise.allSettled(natsServers.splice(0).map((server) => server.stop()))
  if (!cluster) return
  const { url } = await cluster
  for (const name of databases.splice(0)) await dropDatabases(url, name.replaceAll('_', '\\_'))
}

/** The tests are over when nothing is left to wait for: uvu ends no process by itself. */
process.once('beforeExit', async () => {
  await releaseServers()
  await (await cluster)?.close()
})

process.on('exit', () => {
  if (folder) rmSync(folder, { recursive: true, force: true })
})

// The servers are told to go when we exit; a signal alone would leave them behind.
process.once('SIGTERM', () => process.exit(143))
process.once('SIGINT', () => process.exit(130))
