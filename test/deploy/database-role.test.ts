/**
 * The database role that docker-compose.yml gives the service: no superuser, and enough for migrations and work.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type EmbeddedPostgres, startPostgres } from '../../src/embedded/postgres.ts'
import { loadConfig } from '../../src/process/config.ts'
import { startService } from '../../src/service.ts'
import { testFolder, testNatsUrl } from '../servers.ts'

const test = suite('deploy/create-database-role.sql')
let cluster: EmbeddedPostgres

// A cluster of its own: in the one that tests share a superuser has made the roles already.
test.before(async () => {
  cluster = await startPostgres({ dataDir: join(testFolder(), 'role') })
})
test.after(() => cluster?.stop())

test('a service starts on a new database as a role without superuser, and works under row-level security', async () => {
  const password = 'pa55word-of-this-test'
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} })
  const statements = readFileSync('deploy/create-database-role.sql', 'utf8')
    .replace(/^\\getenv password TOLLGATE_DATABASE_PASSWORD$/m, '')
    .replace(":'password'", `'${password}'`)
    .replaceAll(/^--.*$/gm, '')
    .split(';')
    .filter((statement) => statement.trim() !== '')
  assert.is(statements.length, 2)
  for (const statement of statements) await admin.unsafe(statement)
  const [role] =
    await admin`select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = 'tollgate'`
  assert.equal({ ...role }, { rolsuper: false, rolbypassrls: false, rolcreatedb: false })
  await admin.end()

  const url = new URL(cluster.url)
  url.username = 'tollgate'
  url.password = password
  url.pathname = '/tollgate'
  const key = 'a-platform-key-for-this-test'
  const environment = {
    PORT: '0',
    DATA_DIR: testFolder(),
    BOOTSTRAP_API_KEY: key,
    NATS_URL: await testNatsUrl(),
  }
  const config = loadConfig({ ...environment, DATABASE_URL: url.href })
  // Twice: the second start finds what the first has made.
  for (const name of ['first', 'second']) {
    const running = startService(config, pino({ level: 'silent' }))
    const service = await running.ready
    const answer = await fetch(`${service.url}/v1/brands`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, currency: 'EUR', timeZone: 'Europe/Madrid' }),
    })
    assert.is(answer.status, 201, await answer.text())
    await running.close()
  }
})

test.run()
