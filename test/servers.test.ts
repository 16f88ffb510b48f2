import { connect } from 'nats'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { testDatabaseUrl, testNatsUrl } from './servers.ts'

const test = suite('servers')
const [one, other] = await Promise.all([testDatabaseUrl(), testDatabaseUrl()])
const [sql, otherSql] = [postgres(one), postgres(other)]

test.after(async () => {
  await sql.end()
  await otherSql.end()
})

test('a test database has the schema of this release', async () => {
  const rows = await sql`select count(*)::int as clients from clients`
  assert.is(rows[0]?.clients, 0)
})

test('what one database holds is not in another', async () => {
  await sql`create table seen_here_only (id int)`
  const rows = await otherSql`select to_regclass('seen_here_only') as found`
  assert.is(rows[0]?.found, null)
})

test('a test broker keeps streams and begins without any', async () => {
  const broker = await connect({ servers: await testNatsUrl() })
  const { streams } = await broker.jetstreamManager()
  assert.equal(await streams.list().next(), [])
  await streams.add({ name: 'TRIAL', subjects: ['trial.>'] })
  const { seq } = await broker.jetstream().publish('trial.one')
  assert.is(seq, 1)
  await broker.close()
})

test.run()
