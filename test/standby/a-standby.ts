/**
 * A PostgreSQL primary and a standby that streams from it, both the embedded one, each behind a door with a fixed port.
 *
 * The embedded PostgreSQL brings no pg_basebackup: the standby begins as a copy of the primary's stopped folder.
 */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { migrate } from '../../src/db/migrate.ts'
import { type EmbeddedPostgres, startPostgres } from '../../src/embedded/postgres.ts'
import { type DatabaseDoor, openDatabaseDoor } from '../db/database-door.ts'
import { testFolder } from '../servers.ts'
import { until } from '../until.ts'

export interface PrimaryAndStandby {
  primary: EmbeddedPostgres
  standby: EmbeddedPostgres
  /** Which of them takes writes. */
  writable(): 'primary' | 'standby'
  /** kill -9 of the one that takes writes, and its start on the same folder and port. */
  crash(awayMs: number): Promise<void>
  doors: { primary: DatabaseDoor; standby: DatabaseDoor }
  /** Both doors in one URL. */
  url: string
  /** Kills the primary as a machine that is gone, and promotes the standby, which is the only server from then on. */
  failOver(): Promise<void>
  close(): Promise<void>
}

const settings = { max_connections: '200', full_page_writes: 'off' }
const standbyName = 'second'

/** `synchronous`: a commit waits for the standby, so that a fail-over loses nothing that was acknowledged. */
export async function openPrimaryAndStandby({ synchronous = false } = {}): Promise<PrimaryAndStandby> {
  const folders = { primary: join(mkdtempSync(join(testFolder(), 'pair-')), 'one'), standby: '' }
  folders.standby = join(folders.primary, '../two')
  const empty = await startPostgres({ dataDir: folders.primary, settings: { ...settings, fsync: 'off' } })
  await migrate(empty.url)
  await empty.stop()
  copyAsStandby(folders.primary, folders.standby)

  let primary = await startPostgres({ dataDir: folders.primary, settings })
  const { port, password } = new URL(primary.url)
  const conninfo = `host=127.0.0.1 port=${port} user=postgres password=${password} application_name=${standbyName}`
  const standbySettings = { ...settings, primary_conninfo: conninfo }
  let standby = await startPostgres({ dataDir: folders.standby, settings: standbySettings })
  const standbyPort = new URL(standby.url).port
  let writable: 'primary' | 'standby' = 'primary'
  const onPrimary = postgres(primary.url, { max: 1, onnotice: () => {} })
  await until('the standby streams', async () => {
    const found = await onPrimary`select 1 from pg_stat_replication where state = 'streaming'`
    return found.length > 0
  })
  if (synchronous) {
    await onPrimary.unsafe(`alter system set synchronous_standby_names = '${standbyName}'`)
    await onPrimary`select pg_reload_conf()`
    await until('commits wait for the standby', async () => {
      const found = await onPrimary`select 1 from pg_stat_replication where sync_state = 'sync'`
      return found.length > 0
    })
  }
  await onPrimary.end()
  const doors = { primary: await openDatabaseDoor(primary.url), standby: await openDatabaseDoor(standby.url) }
  const { host: standbyHost } = new URL(doors.standby.url)
  return {
    get primary() {
      return primary
    },
    get standby() {
      return standby
    },
    writable: () => writable,
    async crash(awayMs) {
      const server = writable === 'primary' ? primary : standby
      process.kill(server.pid, 'SIGKILL')
      await server.ended
      await server.stop()
      await sleep(awayMs)
      // The last setting counts: what streams from it, or goes to it, finds it again.
      if (writable === 'primary') primary = await startAt(port, folders.primary, settings)
      else standby = await startAt(standbyPort, folders.standby, standbySettings)
    },
    doors,
    url: doors.primary.url.replace(/@([^/]+)\//, `@$1,${standbyHost}/`),
    async failOver() {
      process.kill(primary.pid, 'SIGKILL')
      doors.primary.refuse(true)
      doors.primary.cutAll('reset')
      await primary.ended
      const promoting = postgres(standby.url, { max: 1, onnotice: () => {} })
      await promoting`select pg_promote()`
      await promoting.end()
      writable = 'standby'
    },
    async close() {
      await doors.primary.close()
      await doors.standby.close()
      await standby.stop()
      await primary.stop()
    },
  }
}

/** On the port that it had before. */
async function startAt(
  port: string,
  dataDir: string,
  ofServer: Record<string, string>,
): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir, settings: { ...ofServer, port } })
  const url = new URL(server.url)
  url.port = port
  return { ...server, url: url.href }
}

function copyAsStandby(from: string, to: string): void {
  // Node's own copy keeps no owner, and PostgreSQL starts on nobody else's folder.
  execFileSync('cp', ['-a', from, to])
  rmSync(join(to, 'postgres.owner'), { force: true })
  const signal = join(to, 'postgres', 'standby.signal')
  writeFileSync(signal, '', { mode: 0o600 })
  const { uid, gid } = statSync(join(to, 'postgres'))
  chownSync(signal, uid, gid)
}
