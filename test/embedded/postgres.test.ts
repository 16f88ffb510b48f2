import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startPostgres } from '../../src/embedded/postgres.ts'
import { isAlive } from '../../src/embedded/processes.ts'
import { firstClosedFolder } from '../../src/embedded/server-user.ts'
import { skipTest, testFolder } from '../servers.ts'
import { processGroupOf, spawnOwner } from './spawn-owner.ts'

const test = suite('startPostgres')

/** The folder of a cluster that the tests below use one after another. */
const dataDir = join(testFolder(), 'data')
const nobody = 65_534

async function query(url: string, text: string): Promise<postgres.Row[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await sql.unsafe(text)
  } finally {
    await sql.end()
  }
}

/** The sentence with which a start on this folder is refused. */
async function refusal(folder: string): Promise<string> {
  try {
    const server = await startPostgres({ dataDir: folder })
    await server.stop()
    return 'not refused'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

test('the first start makes a cluster that only the password opens, on loopback', async () => {
  const server = await startPostgres({ dataDir })
  assert.match(server.url, /^postgres:\/\/postgres:[0-9a-f]{48}@127\.0\.0\.1:\d+\/postgres$/)
  await query(server.url, 'create table kept (id int); insert into kept values (42)')
  const [row] = await query(server.url, `select current_setting('listen_addresses') as addresses`)
  assert.is(row?.addresses, '127.0.0.1')
  const stranger = server.url.replace(/postgres:[0-9a-f]+@/, 'postgres:wrong@')
  assert.match(await query(stranger, 'select 1').then(String, String), /password authentication failed/)
  assert.is(statSync(join(dataDir, 'postgres-password')).mode & 0o777, 0o600)
  await server.stop()
})

test('stop ends the server, and may be called twice', async () => {
  const server = await startPostgres({ dataDir })
  await server.stop()
  await server.stop()
  assert.not.ok(isAlive(server.pid))
  assert.is(await server.ended, 'ended with 0')
})

test('a later start finds what an earlier one kept', async () => {
  const server = await startPostgres({ dataDir })
  assert.equal([...(await query(server.url, 'select id from kept'))], [{ id: 42 }])
  await server.stop()
})

test('a second start on the same folder is refused while the first lives', async () => {
  const server = await startPostgres({ dataDir })
  assert.match(
    await refusal(dataDir),
    /^Another Tollgate \(process \d+\) already uses .*DATA_DIR of its own\.$/,
  )
  const other = await spawnOwner('postgres', { dataDir })
  assert.match(other.refused ?? '', new RegExp(`^Another Tollgate \\(process ${process.pid}\\)`))
  assert.equal([...(await query(server.url, 'select id from kept'))], [{ id: 42 }])
  await server.stop()
})

test('a server whose Tollgate was killed is ended, and its data kept', async () => {
  const killed = await spawnOwner('postgres', { dataDir })
  await query(killed.url, 'update kept set id = 43')
  await killed.signal('SIGKILL')
  assert.ok(isAlive(killed.pid), 'the server outlives its parent')
  const server = await startPostgres({ dataDir })
  assert.not.ok(isAlive(killed.pid))
  assert.equal([...(await query(server.url, 'select id from kept'))], [{ id: 43 }])
  await server.stop()
})

test('SIGINT lets Tollgate stop its server in order', async () => {
  const owner = await spawnOwner('postgres', { dataDir })
  await owner.signal('SIGINT')
  assert.equal(owner.lines.slice(1), ['ended with 0'])
  assert.not.ok(isAlive(owner.pid))
})

const ownGroup = 'Ctrl-C in a terminal does not reach the server: it leads a process group of its own'
if (process.platform === 'linux') {
  test(ownGroup, async () => {
    const owner = await spawnOwner('postgres', { dataDir })
    const group = processGroupOf(owner.pid)
    await owner.signal('SIGINT')
    assert.is(group, owner.pid)
  })
} else {
  skipTest(test, ownGroup, 'only Linux tells it in a file')
}

test('a pid that now belongs to somebody else does not prevent a start', async () => {
  writeFileSync(join(dataDir, 'postgres/postmaster.pid'), `${process.pid}\n${dataDir}\n`)
  writeFileSync(join(dataDir, 'postgres.owner'), `${process.pid} 1@another-boot\n`)
  const server = await startPostgres({ dataDir })
  await server.stop()
})

test('an interrupted first start leaves nothing half made', async () => {
  const folder = join(testFolder(), 'interrupted')
  mkdirSync(join(folder, 'postgres.new'), { recursive: true })
  writeFileSync(join(folder, 'postgres.new/PG_VERSION'), '18\n')
  const server = await startPostgres({ dataDir: folder })
  await server.stop()
  assert.not.ok(existsSync(join(folder, 'postgres.new')))
})

test('a folder that cannot be made is named with the remedy', async () => {
  const file = join(testFolder(), 'a-file')
  writeFileSync(file, '')
  assert.match(
    await refusal(join(file, 'data')),
    /^The data folder .*a-file\/data cannot be written to .*DATA_DIR/,
  )
})

test('a missing password file is named with the remedy', async () => {
  const folder = join(testFolder(), 'interrupted')
  rmSync(join(folder, 'postgres-password'))
  assert.match(await refusal(folder), /^The password of .* is missing: restore the file .*-password, or move/)
})

test('a cluster of another PostgreSQL is named with both versions', async () => {
  const folder = join(testFolder(), 'interrupted')
  writeFileSync(join(folder, 'postgres/PG_VERSION'), '15\n')
  assert.match(await refusal(folder), /was made by PostgreSQL 15, this is 18: dump it with 15/)
})

test('a damaged cluster is named with the remedy and the server is not left running', async () => {
  writeFileSync(join(dataDir, 'postgres/global/pg_control'), 'no control file')
  assert.match(
    await refusal(dataDir),
    /^PostgreSQL does not start on .*pg_control.* from a backup or move it away/,
  )
})

test('a folder that holds something else is not touched', async () => {
  rmSync(join(dataDir, 'postgres/PG_VERSION'))
  assert.match(
    await refusal(dataDir),
    /is not a complete PostgreSQL cluster: restore it from a backup, or move it away/,
  )
  assert.ok(existsSync(join(dataDir, 'postgres/base')))
})

const repository = fileURLToPath(new URL('../..', import.meta.url))
const asNobody = { name: 'nobody', uid: nobody, gid: nobody }
const bothUsers = 'root and an ordinary user start the same folder in turn'
if (process.getuid?.() !== 0) {
  skipTest(test, bothUsers, 'only root can become another user')
} else if (firstClosedFolder(repository, asNobody) !== undefined) {
  skipTest(test, bothUsers, `an ordinary user may not enter ${repository}`)
} else {
  test(bothUsers, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-nobody-'))
    chmodSync(folder, 0o755)
    chownSync(folder, nobody, nobody)
    try {
      for (const user of [{ uid: nobody }, {}, { uid: nobody }]) {
        const owner = await spawnOwner('postgres', { dataDir: folder, ...user })
        assert.is(owner.refused, undefined)
        assert.is((await query(owner.url, 'select 1 as one'))[0]?.one, 1)
        await owner.signal('SIGINT')
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

test.run()
