/**
 * What lies in the folder of an embedded PostgreSQL: nothing yet, a cluster that can be started, or something
 * that cannot; who owns it, and with which password one enters.
 *
 * A cluster is made beside its place and moved there whole, so an interrupted start leaves nothing half made.
 * Throws `ServerStartFailed`, one sentence with the remedy.
 */
import { execFile, type SpawnOptions, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { ServerStartFailed, systemErrorCode } from './server-start-failed.ts'
import { chooseServerUser, firstClosedFolder, type ServerUser } from './server-user.ts'

export interface Cluster {
  /** Absolute path of the folder; its password lies beside it in `DIR-password`. */
  dir: string
  binaries: PostgresBinaries
  /** null: the server runs as we do. */
  user: ServerUser | null
}

/** Root runs an existing cluster as the user it belongs to, so a start as root does not lock that user out. */
export function chooseClusterUser(dir: string): ServerUser | null {
  const user = chooseServerUser()
  const found = statSync(dir, { throwIfNoEntry: false })
  if (!found) return user
  if (user) return found.uid === 0 ? user : { name: `user ${found.uid}`, uid: found.uid, gid: found.gid }
  if (process.getuid && found.uid !== process.getuid()) {
    throw new ServerStartFailed(
      `${dir} belongs to user ${found.uid}, not to you: start Tollgate as that user or as root, or set DATA_DIR to another folder.`,
    )
  }
  return null
}

/**
 * How PostgreSQL's programs are started on a cluster. Where its user may not enter a folder above it (below
 * `/root`, or what `mktemp -d` made) Linux lets us stand in the folder before we become that user: the path
 * is then "where I stand" and no folder above it is asked.
 */
export function runOn(cluster: Cluster, dir = cluster.dir): { dirArgument: string; options: SpawnOptions } {
  const { user } = cluster
  // Windows cannot do without its environment; elsewhere a stray PGPORT or locale must not reach the server.
  const base: SpawnOptions = process.platform === 'win32' ? {} : { env: { LC_ALL: 'C' } }
  if (!user) return { dirArgument: dir, options: { ...base, cwd: '/' } }
  const asUser = { ...base, uid: user.uid, gid: user.gid }
  const closed = firstClosedFolder(dir, user)
  if (closed === undefined) return { dirArgument: dir, options: { ...asUser, cwd: '/' } }
  if (process.platform === 'linux') return { dirArgument: '/proc/self/cwd', options: { ...asUser, cwd: dir } }
  throw new ServerStartFailed(
    `PostgreSQL runs as "${user.name}", who may not enter ${closed}: allow it with "chmod o+x ${closed}", set DATA_DIR to another folder, or start Tollgate as an ordinary user.`,
  )
}

/** The password of the cluster, which is made when there is none. */
export async function openCluster(cluster: Cluster, log: (line: string) => void): Promise<string> {
  const { dir, binaries } = cluster
  if (!existsSync(dir) || readdirSync(dir).length === 0) {
    log(`making a PostgreSQL ${binaries.majorVersion} cluster in ${dir}`)
    return createCluster(cluster)
  }
  const version = readIfThere(`${dir}/PG_VERSION`)?.trim() ?? ''
  if (!/^\d+$/.test(version) || !existsSync(`${dir}/global/pg_control`)) {
    throw new ServerStartFailed(
      `${dir} is not a complete PostgreSQL cluster: restore it from a backup, or move it away to begin with an empty one.`,
    )
  }
  if (version !== binaries.majorVersion) {
    throw new ServerStartFailed(
      `${dir} was made by PostgreSQL ${version}, this is ${binaries.majorVersion}: dump it with ${version} and restore it here, or move it away to begin with an empty one.`,
    )
  }
  const password = readIfThere(`${dir}-password`)?.trim()
  if (!password) {
    throw new ServerStartFailed(
      `The password of ${dir} is missing: restore the file ${dir}-password, or move the folder away to begin with an empty one.`,
    )
  }
  return password
}

async function createCluster(cluster: Cluster): Promise<string> {
  const { dir, binaries, user } = cluster
  const draft = `${dir}.new`
  const passwordFile = `${dir}-password`
  const password = randomBytes(24).toString('hex')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  chmodSync(passwordFile, 0o600)
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid)

  const { dirArgument, options } = runOn(cluster, draft)
  const descriptor = openSync(passwordFile, 'r')
  const initdb = spawn(
    binaries.initdb,
    [
      ...['-D', dirArgument, '-U', 'postgres', '-A', 'scram-sha-256', '--encoding=UTF8', '--locale=C'],
      `--pwfile=${dirArgument === draft ? passwordFile : '/proc/self/fd/3'}`,
    ],
    { ...options, stdio: ['ignore', 'ignore', 'pipe', descriptor] },
  )
  const ended = new Promise<string>((resolve) => {
    initdb.once('error', (error) => resolve(error.message))
    initdb.once('close', (code) => resolve(code === 0 ? '' : `exit code ${code}`))
  })
  const complaint = initdb.stderr ? await text(initdb.stderr) : ''
  const failure = await ended
  closeSync(descriptor)
  if (failure !== '') {
    rmSync(draft, { recursive: true, force: true })
    throw new ServerStartFailed(
      `No PostgreSQL cluster could be made in ${dir} (${failure}: ${complaint.trim().replaceAll('\n', ' | ')}): mend that, or set DATABASE_URL.`,
    )
  }
  renameSync(draft, dir)
  return password
}

/** Stops whatever server runs on the cluster and waits until it has. */
export async function stopCluster(cluster: Cluster): Promise<void> {
  const { dirArgument, options } = runOn(cluster)
  const stop = (mode: string) => {
    const { cwd, env, uid, gid } = options
    return promisify(execFile)(
      cluster.binaries.pgCtl,
      ['stop', '-D', dirArgument, '-m', mode, '-w', '-t', '60'],
      {
        ...(cwd !== undefined && { cwd }),
        ...(env !== undefined && { env }),
        ...(uid !== undefined && { uid }),
        ...(gid !== undefined && { gid }),
      },
    )
  }
  // A fast stop waits for nobody but its checkpoint; what hangs even so is recovered at the next start.
  await stop('fast').catch(() => stop('immediate'))
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
