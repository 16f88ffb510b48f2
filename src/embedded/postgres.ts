/**
 * A PostgreSQL of our own for a start without DATABASE_URL: on a free loopback port, its data in
 * `DATA_DIR/postgres`, its words in `DATA_DIR/postgres.log`, its password beside it, readable to us alone.
 *
 * The first start makes the cluster (about a second), later ones take a tenth of that. A server that a killed
 * Tollgate left behind is stopped first; one whose Tollgate lives is left alone and this start refused.
 * Throws `ServerStartFailed`: one sentence with the remedy.
 */
import { closeSync, fchownSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makeDataFolder, privateFile } from './data-folder.ts'
import { takeOwnership } from './ownership.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { type Cluster, chooseClusterUser, openCluster, runOn, stopCluster } from './postgres-cluster.ts'
import { hasEnded, isAlive, lastLines, spawnServer, worksIn } from './processes.ts'
import { ServerStartFailed } from './server-start-failed.ts'

export interface EmbeddedPostgres {
  /** `postgres://postgres:<password>@127.0.0.1:<port>/postgres` */
  url: string
  pid: number
  /** Why the server ended, whether by `stop` or not; pending while it runs. */
  ended: Promise<string>
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** DATA_DIR, made when absent. */
  dataDir: string
  log?: (line: string) => void
  /** Server settings on top of ours, such as `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>
}

/** Crash recovery of a large cluster takes minutes; a server that fails ends long before. */
const readyTimeoutMs = 300_000
const logLimitBytes = 8 * 1024 * 1024

export async function startPostgres({ dataDir, log = () => {}, settings = {} }: PostgresOptions) {
  const folder = makeDataFolder(dataDir)
  const dir = join(folder, 'postgres')
  const releaseOwnership = takeOwnership(`${dir}.owner`)
  try {
    const user = chooseClusterUser(dir)
    const binaries = findPostgresBinaries({ user, copyDirs: [join(folder, 'bin'), '/var/tmp'] })
    const cluster = { dir, binaries, user }
    await endOrphan(cluster, log)
    const password = await openCluster(cluster, log)
    return await startServer({ cluster, password, settings, releaseOwnership })
  } catch (error) {
    releaseOwnership()
    throw error
  }
}

interface Start {
  cluster: Cluster
  password: string
  settings: Record<string, string>
  releaseOwnership: () => void
}

async function startServer({
  cluster,
  password,
  settings,
  releaseOwnership,
}: Start): Promise<EmbeddedPostgres> {
  const logFile = `${cluster.dir}.log`
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort()
    const { child, ended } = spawnPostgres(cluster, { port, logFile, settings })
    await untilReady(cluster.dir, child)
    if (child.pid !== undefined && !hasEnded(child)) {
      const stop = async () => {
        child.ref()
        if (!hasEnded(child)) await stopCluster(cluster)
        await ended
        releaseOwnership()
      }
      return {
        url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
        pid: child.pid,
        ended,
        stop,
      }
    }
    const words = lastLines(logFile)
    // Somebody took the port between our look and its bind, or the last server's children are still leaving.
    if (attempt < 5 && /Address already in use|shared memory block/.test(words)) {
      await wait(200)
      continue
    }
    throw new ServerStartFailed(
      `PostgreSQL does not start on ${cluster.dir} (${words || (await ended)}): if the folder is damaged restore it from a backup or move it away to begin with an empty one; ${logFile} tells more.`,
    )
  }
}

function spawnPostgres(
  cluster: Cluster,
  { port, logFile, settings }: { port: number; logFile: string; settings: Record<string, string> },
) {
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes)
    renameSync(logFile, `${logFile}.1`)
  const output = openSync(logFile, 'a', privateFile)
  // So that a start by root does not lock out the user whose cluster it is.
  if (cluster.user) fchownSync(output, cluster.user.uid, cluster.user.gid)
  const { dirArgument, options } = runOn(cluster)
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings }
  const server = spawnServer(
    cluster.binaries.postgres,
    [
      ...['-D', dirArgument, '-p', String(port)],
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...options, stdio: ['ignore', output, output] },
  )
  closeSync(output)
  return server
}

/** Returns when the server says in `postmaster.pid` that it is ready, or has ended. */
async function untilReady(dir: string, child: ReturnType<typeof spawnServer>['child']): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs
  while (!hasEnded(child)) {
    const lines = readPostmaster(dir)
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return
    if (Date.now() > deadline) child.kill('SIGQUIT')
    await wait(10)
  }
}

async function endOrphan(cluster: Cluster, log: (line: string) => void): Promise<void> {
  const pid = Number(readPostmaster(cluster.dir)[0])
  if (!(pid > 0) || !isAlive(pid)) return
  if (worksIn(pid, cluster.dir)) {
    log(`stopping the PostgreSQL (process ${pid}) that a killed Tollgate left behind`)
    await stopCluster(cluster)
  } else {
    // The pid now belongs to somebody else; PostgreSQL would take that one for a running server.
    rmSync(join(cluster.dir, 'postmaster.pid'))
  }
}

function readPostmaster(dir: string): string[] {
  try {
    return readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address && typeof address === 'object') resolve(address.port)
        else reject(new Error('a listening socket has no port'))
      })
    })
  })
}
