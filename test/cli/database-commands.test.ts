import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { openApiKeyCache } from '../../src/identities/api-key-cache.ts'
import { testDatabaseUrl } from '../servers.ts'
import { tollgate } from './run.ts'

const test = suite('commands on the database')
let database: string
let root: postgres.Sql

test.before(async () => {
  database = await testDatabaseUrl()
  root = postgres(database, { max: 1, onnotice: () => {} })
})
test.after(() => root.end())

test('a database that is up to date stays as it is', async () => {
  const { code, out } = await tollgate('migrate', '--database', database)
  assert.is(code, 0)
  assert.is(out, 'The database has the schema of this release.\n')
})

test('a key made on the database opens the API, and is listed without its secret', async () => {
  const made = await tollgate('--json', 'keys', 'create', 'ops', '--role', 'platform', '--database', database)
  assert.is(made.code, 0)
  const { key, id } = JSON.parse(made.out)
  const db = openDatabase(database, { role: 'tollgate_api', connections: 1 })
  const apiKeyCache = openApiKeyCache({ db, bootstrapKey: null })
  assert.is((await apiKeyCache.recognize(key))?.role, 'platform')
  const listed = await tollgate('keys', 'list', '--database', database)
  assert.match(listed.out, /ops/)
  assert.not.match(listed.out, key)
  assert.is((await tollgate('keys', 'revoke', id, '--database', database)).code, 0)
  apiKeyCache.forget((await root`select digest from api_keys where id = ${id}`)[0]?.digest)
  assert.is(await apiKeyCache.recognize(key), undefined)
  assert.not.match((await tollgate('keys', 'list', '--database', database)).out, /ops/)
  assert.match((await tollgate('keys', 'list', '--all', '--database', database)).out, /ops .* revoked /)
  await apiKeyCache.close()
  await closeDatabase(db)
})

test('a key for nobody is refused as a wrong call', async () => {
  const { code, error } = await tollgate('keys', 'create', 'x', '--role', 'brand', '--database', database)
  assert.is(code, 2)
  assert.is(error, 'The role brand needs a --brand.\n')
})

test('books that hold are told check by check, and end with 0', async () => {
  const { code, out } = await tollgate('verify', '--all', '--database', database)
  assert.is(code, 0)
  assert.match(out, /^ok {3}I3 /m)
  assert.match(out, /Everything adds up\.\n$/)
})

test('a difference ends with 1 and stands in the JSON answer', async () => {
  const [brand] = await root`
    insert into brands (id, name, currency, time_zone, language)
    values (gen_random_uuid(), 'Brand', 'EUR', 'UTC', 'en') returning id`
  await root`update brand_counters set running_calls = 2 where brand_id = ${brand?.id}`
  const { code, out } = await tollgate('--json', 'verify', '--only', 'I7', '--database', database)
  assert.is(code, 1)
  const answer = JSON.parse(out)
  assert.is(answer.ok, false)
  assert.equal(
    answer.differences.map((difference: { name: string; where: object }) => [
      difference.name,
      difference.where,
    ]),
    [['brand-slots', { brandId: brand?.id }]],
  )
})

test('a check that does not exist is a wrong call', async () => {
  const { code, error } = await tollgate('verify', '--only', 'I99', '--database', database)
  assert.is(code, 2)
  assert.match(error, /I3 balances/)
})

test('a database that does not answer ends with 3 and a sentence', async () => {
  const { code, error } = await tollgate('verify', '--database', 'postgres://nobody@127.0.0.1:1/none')
  assert.is(code, 3)
  assert.match(error, /^PostgreSQL cannot be used \(.*\): start it, or correct its URL\.\n$/)
})

test('the program itself shows its help and ends with 0, and with 2 on what it does not know', async () => {
  const program = fileURLToPath(new URL('../../bin/tollgate.js', import.meta.url))
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [program, '--help'])
  for (const word of [
    'migrate',
    'check',
    'keys',
    'verify',
    'invoice',
    'import',
    'price',
    'redrive',
    'export',
    'Exit codes',
  ]) {
    assert.match(stdout, word)
  }
  const failed = await run(process.execPath, [program, 'verfy']).catch((error) => error)
  assert.is(failed.code, 2)
  assert.match(failed.stderr, /Did you mean verify\?/)
})

test('a URL that is none is a wrong call, and says what one looks like', async () => {
  for (const url of ['nonsense', 'http://127.0.0.1/x', 'postgres://[']) {
    const { code, error } = await tollgate('verify', '--database', url)
    assert.equal([code, error], [2, '--database is a URL such as postgres://user@host:5432/tollgate.\n'])
  }
  for (const url of ['nonsense', 'ftp://127.0.0.1', 'http://']) {
    const { code, error } = await tollgate('redrive', '--url', url, '--key', 'x')
    assert.equal([code, error], [2, '--url is one such as http://127.0.0.1:8080.\n'])
  }
})

test.run()
