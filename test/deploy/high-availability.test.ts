/**
 * `deploy/ha/start.sh`: PostgreSQL under Patroni, and three nats-servers. The primary is killed with its Patroni while rows are
 * written: writing goes on at the other one by the same URL, and no acknowledged row is lost.
 *
 * Needs Debian's patroni and etcd-server, and is left out where they are not installed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { migrate } from '../../src/db/migrate.ts'
import { findProgram } from '../../src/find-program.ts'
import { findTestNatsServer, skipTest } from '../servers.ts'
import { until } from '../until.ts'

const test = suite('deploy/ha')
const name = 'a PostgreSQL that is killed with its Patroni is replaced, and no acknowledged row is lost'
const missing = ['patroni', 'etcd'].filter((program) => findProgram(program, process.env.PATH) === undefined)
if (process.env.HA_TESTS !== '1' || missing.length > 0) {
  const reason =
    missing.length > 0 ? `${missing.join(' and ')} not installed` : 'takes a minute: set HA_TESTS=1'
  skipTest(test, name, reason)
} else test(name, failOver)

async function failOver(): Promise<void> {
  // PostgreSQL's user has to reach it.
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-ha-'))
  chmodSync(folder, 0o755)
  const script = spawn('deploy/ha/start.sh', [folder], {
    env: { ...process.env, NATS_SERVER_BIN: await findTestNatsServer() },
    stdio: 'ignore',
  })
  try {
    await until('all parts run', () => existsSync(join(folder, 'environment')), 110_000)
    const [, url = ''] = /^DATABASE_URL=(.*)$/m.exec(readFileSync(join(folder, 'environment'), 'utf8')) ?? []
    await migrate(url)
    await writeThroughFailOver(url, folder)
  } finally {
    await stop(script)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeThroughFailOver(url: string, folder: string): Promise<void> {
  const db = openDatabase(url, { role: 'tollgate_worker', connections: 4 })
  const findLeader = async () => {
    const [row] = await db.$client`select inet_server_port() as port`
    return Number(row?.port) % 10
  }
  const acknowledged: number[] = []
  const write = (n: number) =>
    db.$client`
      insert into outbox (id, subject, body, created_at)
      values (gen_random_uuid(), 'test', ${String(n)}, now())`.then(
      () => acknowledged.push(n),
      () => 0,
    )
  const killed = await findLeader()
  for (let n = 0; n < 200; n++) await write(n)
  const writing = (async () => {
    for (let n = 200; n < 400; n++) await write(n)
  })()
  killPatroni(folder, killed)
  await writing
  await until('the other one takes writes', async () => (await write(1000)) > 0, 100_000)
  assert.is.not(await findLeader(), killed)
  const rows = await db.$client<{ body: string }[]>`select body from outbox where subject = 'test'`
  const kept = new Set(rows.map(({ body }) => Number(body)))
  assert.equal(
    acknowledged.filter((n) => !kept.has(n)),
    [],
  )
  assert.ok(acknowledged.length > 200)
  await closeDatabase(db)
}

/** As a machine that is gone: Patroni cannot start its PostgreSQL again. */
function killPatroni(folder: string, n: number): void {
  const [postmaster = ''] = readFileSync(join(folder, `postgres-${n}`, 'postmaster.pid'), 'utf8').split('\n')
  process.kill(Number(readFileSync(join(folder, `patroni-${n}.pid`), 'utf8')), 'SIGKILL')
  process.kill(Number(postmaster), 'SIGKILL')
}

async function stop(script: ChildProcess): Promise<void> {
  const ended = once(script, 'exit')
  script.kill('SIGTERM')
  await ended
}

test.run()
