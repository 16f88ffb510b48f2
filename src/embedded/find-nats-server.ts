/**
 * Which nats-server do we run? In this order: the one the operator names; one on PATH or in `/usr/sbin`,
 * where Debian puts it; the one an earlier start kept in `DATA_DIR/bin`; a new one for that folder, from
 * Debian's or Ubuntu's archive, else from the project's releases. The system itself is not changed.
 * Throws `ServerStartFailed` with what was tried and what to do.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { installFromApt } from './install-nats-from-apt.ts'
import { installFromRelease } from './install-nats-from-release.ts'
import { ServerStartFailed, systemErrorCode } from './server-start-failed.ts'

const run = promisify(execFile)

export interface FindNatsServerOptions {
  /** NATS_SERVER_BIN, a path or a name on PATH: this one or none. */
  bin?: string | null
  /** Where an installed one is kept: `DATA_DIR/bin`. */
  cacheDir: string
  log?: (line: string) => void
  /** Names or paths looked at before the cache. */
  installed?: readonly string[]
  /** Ways to get one, each throwing why it could not. */
  sources?: readonly NatsServerSource[]
}

export interface NatsServerSource {
  name: string
  /** Puts an executable at `target`, whole or not at all. */
  install(target: string): Promise<void>
}

const defaultSources: readonly NatsServerSource[] = [
  { name: 'apt-get download nats-server', install: installFromApt },
  { name: 'the release archive', install: installFromRelease },
]

/** What starts the server: an absolute path, or a name on PATH. */
export async function findNatsServer({
  bin = null,
  cacheDir,
  log = () => {},
  installed = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server'],
  sources = defaultSources,
}: FindNatsServerOptions): Promise<string> {
  if (bin !== null) {
    // It is started in another folder, where a path from this one would lead nowhere.
    const program = /[\\/]/.test(bin) ? resolve(bin) : bin
    const fault = await findFault(program)
    if (fault === undefined) return program
    throw new ServerStartFailed(
      `NATS_SERVER_BIN is "${bin}", which does not run (${fault}): name a nats-server program, or leave it out.`,
    )
  }
  const cached = join(resolve(cacheDir), process.platform === 'win32' ? 'nats-server.exe' : 'nats-server')
  for (const candidate of [...installed, cached]) {
    if ((await findFault(candidate)) === undefined) return candidate
  }
  const tried = [...installed, cached].map((place) => `${place}: not there`)
  mkdirSync(cacheDir, { recursive: true })
  for (const source of sources) {
    log(`no nats-server here: fetching one with ${source.name}`)
    const fault = await source.install(cached).then(
      () => findFault(cached),
      (error: unknown) => firstLine(error),
    )
    if (fault === undefined) return cached
    tried.push(`${source.name}: ${fault}`)
  }
  throw new ServerStartFailed(
    `No nats-server was found (${tried.join('; ')}): install one ("apt-get install nats-server", "brew install nats-server" or from github.com/nats-io/nats-server/releases), name it in NATS_SERVER_BIN, or set NATS_URL to a running one.`,
  )
}

/** Why this is no nats-server that runs here; undefined when it is one. */
async function findFault(program: string): Promise<string | undefined> {
  if (program.includes('/') && !existsSync(program)) return 'not there'
  try {
    const { stdout } = await run(program, ['--version'], { timeout: 10_000 })
    return stdout.startsWith('nats-server:')
      ? undefined
      : `says "${stdout.trim().slice(0, 60)}" when asked for its version`
  } catch (error) {
    return systemErrorCode(error) ?? firstLine(error)
  }
}

/** What a command wrote last tells more than "Command failed". */
function firstLine(error: unknown): string {
  const words =
    error instanceof Error &&
    'stderr' in error &&
    typeof error.stderr === 'string' &&
    error.stderr.trim() !== ''
      ? error.stderr.trim().split('\n').at(-1)
      : error instanceof Error
        ? error.message.split('\n')[0]
        : String(error)
  return words ?? ''
}
