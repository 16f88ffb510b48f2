/**
 * PostgreSQL and nats-server of the bench's own, in a temporary folder, with the settings of a normal start: every
 * commit of the settlement is waited to disk. The service under test is a process of its own, compiled as in the image.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrate } from '../src/db/migrate.ts'
import { findNatsServer } from '../src/embedded/find-nats-server.ts'
import { startNatsServer } from '../src/embedded/nats-server.ts'
import { startPostgres } from '../src/embedded/postgres.ts'
import { type Books, seedBooks } from './seed-books.ts'

export interface BenchServers {
  databaseUrl: string
  natsUrl: string
  pids: { postgres: number; nats: number }
  books: Books
  /** Starts the service, waits until it is ready. */
  startService(options?: { nodeOptions?: string[] }): Promise<ServiceUnderTest>
  close(): Promise<void>
}

export interface ServiceUnderTest {
  url: string
  key: string
  pid: number
  /** Resident bytes, from its own metrics. */
  residentBytes(): Promise<number>
  /** Processor time it has taken, from the same. */
  cpuSeconds(): Promise<number>
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const key = 'bench-key-of-one-run'
/** Not `dist`: the command line would run what is there. */
const buildFolder = '.bench-build'

export async function openBenchServers(size: { clients: number; deckSize: number }): Promise<BenchServers> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
  // The user that PostgreSQL runs as where we are root must be able to enter.
  chmodSync(dataDir, 0o755)
  const bin = await findNatsServer({
    bin: process.env.NATS_SERVER_BIN ?? null,
    cacheDir: resolve(root, 'data/bin'),
  })
  const postgres = await startPostgres({ dataDir })
  const nats = await startNatsServer({ dataDir, bin })
  // The loads ask, publish, listen and look after streams in one: as the operator, with a password as in a normal start.
  const natsUrl = nats.users?.operator ?? nats.url
  await migrate(postgres.url)
  const books = await seedBooks(postgres.url, size)
  const services: ServiceUnderTest[] = []
  return {
    databaseUrl: postgres.url,
    natsUrl,
    pids: { postgres: postgres.pid, nats: nats.pid },
    books,
    async startService({ nodeOptions = [] } = {}) {
      const service = await spawnService({
        databaseUrl: postgres.url,
        natsUrl,
        dataDir,
        nodeOptions,
      })
      services.push(service)
      return service
    },
    async close() {
      for (const service of services) await service.stop()
      await nats.stop()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function spawnService(of: {
  databaseUrl: string
  natsUrl: string
  dataDir: string
  nodeOptions: string[]
}): Promise<ServiceUnderTest> {
  build()
  const child = spawn(
    process.execPath,
    [...of.nodeOptions, '--enable-source-maps', `${buildFolder}/main.js`],
    {
      cwd: root,
      env: {
        ...process.env,
        DATABASE_URL: of.databaseUrl,
        NATS_URL: of.natsUrl,
        DATA_DIR: of.dataDir,
        PORT: '0',
        BOOTSTRAP_API_KEY: key,
        LOG_LEVEL: 'info',
        // What is seeded stays where it is.
        CALLS_HOT_MONTHS: '1200',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const url = await readyUrl(child)
  return {
    url,
    key,
    pid: child.pid ?? 0,
    residentBytes: () => readMetric(url, 'process_resident_memory_bytes'),
    cpuSeconds: () => readMetric(url, 'process_cpu_seconds_total'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    },
  }
}

let isBuilt = false

/** Once a run. */
function build(): void {
  if (isBuilt) return
  // Without the pages, which nothing here asks for.
  const order = ['tsc', '-p', 'tsconfig.build.json', '--outDir', buildFolder]
  execFileSync('npx', order, { cwd: root, stdio: 'inherit' })
  isBuilt = true
}

async function readMetric(url: string, name: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
  const line = (await answer.text()).split('\n').find((line) => line.startsWith(`${name} `))
  return Number(line?.split(' ')[1] ?? Number.NaN)
}

/** The address stands in its log line `ready`. */
function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((done, reject) => {
    let log = ''
    child.once('exit', () => reject(new Error(`the service has ended:\n${log}`)))
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      // Once ready its words are of no interest, but must be read.
      if (log.length < 100_000) log += text
      const url = /"event":"ready","url":"([^"]+)"/.exec(log)?.[1]
      if (url !== undefined) done(url)
    })
  })
}
