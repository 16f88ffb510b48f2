/**
 * A nats-server of our own for a start without NATS_URL: JetStream on a free loopback port, its store in
 * `DATA_DIR/nats`, its words in `DATA_DIR/nats.log`, its users with their passwords in `DATA_DIR/nats-users.json`
 * (mode 0600): other people of the machine reach the port too, and may do nothing there.
 *
 * A server that a killed Tollgate left behind is ended first; one whose Tollgate lives is left alone and this
 * start refused. For trying out and for tests: it syncs its store every two minutes, so what it acknowledged
 * is not yet on disk. Production names a cluster in NATS_URL.
 * Throws `ServerStartFailed`: one sentence with the remedy.
 */
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makeDataFolder, privateFile } from './data-folder.ts'
import { findNatsServer } from './find-nats-server.ts'
import { findOrMakePasswords, type NatsUserUrls, writePrivately, writeUserUrls } from './nats-passwords.ts'
import { natsUsersText } from './nats-users.ts'
import { takeOwnership } from './ownership.ts'
import { endProcess, hasEnded, isAlive, lastLines, spawnServer, worksIn } from './processes.ts'
import { ServerStartFailed } from './server-start-failed.ts'

export interface EmbeddedNatsServer {
  /** `nats://tollgate:<password>@127.0.0.1:<port>`, the service's; without users no name and password. */
  url: string
  /** One URL per user; null where anybody may come in. */
  users: NatsUserUrls | null
  /** Where they stand. */
  usersFile: string
  /** Were they made by this start? */
  areUsersNew: boolean
  pid: number
  /** Why the server ended, whether by `stop` or not; pending while it runs. */
  ended: Promise<string>
  stop(): Promise<void>
}

export interface NatsServerOptions {
  /** DATA_DIR, made when absent. */
  dataDir: string
  /** NATS_SERVER_BIN; null or absent: found or installed below `DATA_DIR/bin`. */
  bin?: string | null
  log?: (line: string) => void
  /** Who may come in: users with their own rights each, or, on a server for tests, anybody. */
  access?: 'users' | 'anybody'
}

const readyTimeoutMs = 30_000
/** A large store takes a while to close; what is cut off then is recovered at the next start. */
const stopTimeoutMs = 10_000

export async function startNatsServer({
  dataDir,
  bin = null,
  log = () => {},
  access = 'users',
}: NatsServerOptions): Promise<EmbeddedNatsServer> {
  const folder = makeDataFolder(dataDir)
  const store = join(folder, 'nats')
  const releaseOwnership = takeOwnership(`${store}.owner`)
  try {
    const program = await findNatsServer({ bin, cacheDir: join(folder, 'bin'), log })
    makeDataFolder(store)
    await endOrphanNatsServer(dataDir, log)
    return await startServer({ program, store, releaseOwnership, access })
  } catch (error) {
    releaseOwnership()
    throw error
  }
}

/** Ends the server that a killed parent left on this data folder, if there is one. */
async function endOrphanNatsServer(dataDir: string, log: (line: string) => void = () => {}): Promise<void> {
  const store = join(makeDataFolder(dataDir), 'nats')
  for (const file of portsFiles(store)) {
    const pid = Number(/_(\d+)\.ports$/.exec(file)?.[1])
    if (isAlive(pid) && worksIn(pid, store)) {
      log(`stopping the nats-server (process ${pid}) that a killed Tollgate left behind`)
      if (!(await endProcess(pid, { politeMs: stopTimeoutMs }))) {
        throw new ServerStartFailed(
          `The nats-server (process ${pid}) on ${store} does not end: end it by hand, then start again.`,
        )
      }
    }
    rmSync(join(store, file), { force: true })
  }
}

async function startServer({
  program,
  store,
  releaseOwnership,
  access,
}: {
  program: string
  store: string
  releaseOwnership: () => void
  access: 'users' | 'anybody'
}): Promise<EmbeddedNatsServer> {
  const usersFile = `${store}-users.json`
  const { passwords, isNew } =
    access === 'users' ? findOrMakePasswords(usersFile) : { passwords: null, isNew: false }
  const configuration = `${store}.conf`
  if (passwords) {
    const { tollgate, engine, facts, operator } = passwords
    writePrivately(
      configuration,
      natsUsersText({
        service: `"${tollgate}"`,
        engines: [{ name: 'engine', password: `"${engine}"` }],
        facts: `"${facts}"`,
        operator: `"${operator}"`,
      }),
    )
  }
  const logFile = `${store}.log`
  const output = openSync(logFile, 'w', privateFile)
  // It writes its store by the mask that it begins with: for us alone. Nothing else runs in between.
  const mask = process.umask(0o077)
  const { child, ended } = spawnServer(
    program,
    [
      ...(passwords ? ['-c', configuration] : []),
      ...['-a', '127.0.0.1', '-p', '-1', '--ports_file_dir', store, '-js', '-sd', store],
    ],
    { cwd: store, stdio: ['ignore', output, output] },
  )
  process.umask(mask)
  closeSync(output)
  const server = await untilReady(store, child)
  if (server === undefined || child.pid === undefined) {
    const why = hasEnded(child) ? await ended : 'not ready in 30 s'
    child.kill('SIGKILL')
    throw new ServerStartFailed(
      `nats-server (${program}) does not start on ${store} (${lastLines(logFile) || why}): if the folder is damaged move it away, or set NATS_URL; ${logFile} tells more.`,
    )
  }
  const { pid } = child
  const stop = async () => {
    child.ref()
    if (!hasEnded(child)) await endProcess(pid, { politeMs: stopTimeoutMs })
    await ended
    releaseOwnership()
  }
  const users = passwords && writeUserUrls(usersFile, passwords, server)
  return { url: users?.tollgate ?? server, users, usersFile, areUsersNew: isNew, pid, ended, stop }
}

/** The client address from the ports file; undefined when the server ends or takes too long. */
async function untilReady(
  store: string,
  child: ReturnType<typeof spawnServer>['child'],
): Promise<string | undefined> {
  const deadline = Date.now() + readyTimeoutMs
  while (!hasEnded(child) && Date.now() < deadline) {
    const file = portsFiles(store).find((name) => name.endsWith(`_${child.pid}.ports`))
    const url = file && readClientUrl(join(store, file))
    if (url) return url
    await wait(5)
  }
  return undefined
}

function readClientUrl(file: string): string | undefined {
  try {
    const { nats }: { nats?: string[] } = JSON.parse(readFileSync(file, 'utf8'))
    return nats?.[0]
  } catch {
    // Being written: read again in a moment.
    return undefined
  }
}

function portsFiles(store: string): string[] {
  try {
    return readdirSync(store).filter((name) => name.endsWith('.ports'))
  } catch {
    return []
  }
}
