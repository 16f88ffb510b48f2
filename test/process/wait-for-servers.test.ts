import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabaseDoor } from '../db/database-door.ts'
import { testDatabaseUrl, testNatsUrl } from '../servers.ts'
import { until } from '../until.ts'
import { aDoor, behind, freePort, startProcess } from './a-process.ts'

const test = suite('starting before PostgreSQL or NATS')
let databaseUrl: string
let natsUrl: string

test.before(async () => {
  databaseUrl = await testDatabaseUrl()
  natsUrl = await testNatsUrl()
})

test('it waits for a PostgreSQL that comes later, says so, and answers for its health meanwhile', async () => {
  const door = await aDoor(Number(new URL(databaseUrl).port))
  const service = await startProcess({ DATABASE_URL: behind(databaseUrl, door.port), NATS_URL: natsUrl })
  await service.tells('waiting_for_postgres')
  const live = await until('it answers', () => service.get('/livez'))
  assert.is(live.status, 200)
  const ready = await service.get('/readyz')
  assert.is(ready?.status, 503)
  assert.match(JSON.stringify(ready?.body.checks), /"postgres":"not reachable: .*ECONNREFUSED/)
  assert.is((await service.get('/v1/clients'))?.status, 503)
  assert.is(service.told('ready').length, 0)

  await door.open()
  await service.tells('ready')
  assert.is(service.told('waiting_for_postgres').length, 1)
  assert.is(service.told('waiting_for_postgres_over').length, 1)
  await until('it is ready', async () => (await service.get('/readyz'))?.status === 200)
  service.signal('SIGTERM')
  assert.is(await service.ended, 0)
  await door.close()
})

const steps = [
  ['the configuration', 'listen "configuration"'],
  ['imports that another run has left', 'select id from imports where status in'],
] as const
for (const [what, text] of steps) {
  test(`a PostgreSQL that is lost while ${what} are read is waited for, too`, async () => {
    const door = await openDatabaseDoor(databaseUrl)
    door.faultOn(text, 'reset', 'before')
    const service = await startProcess({ DATABASE_URL: door.url, NATS_URL: natsUrl })
    await service.tells('ready')
    assert.is(service.told('waiting_for_postgres').length, 1)
    assert.is(service.told('waiting_for_postgres_over').length, 1)
    await until('it is ready', async () => (await service.get('/readyz'))?.status === 200)
    service.signal('SIGTERM')
    assert.is(await service.ended, 0)
    await door.close()
  })
}

test('a NATS that comes later holds nothing up but events', async () => {
  const door = await aDoor(Number(new URL(natsUrl).port))
  const service = await startProcess({ DATABASE_URL: databaseUrl, NATS_URL: behind(natsUrl, door.port) })
  await service.tells('waiting_for_nats')
  await service.tells('ready')
  assert.is((await service.get('/readyz?role=authorize'))?.status, 200)
  assert.is((await service.get('/readyz?role=events'))?.status, 503)
  await door.open()
  await service.tells('waiting_for_nats_over')
  await until('events are ready', async () => (await service.get('/readyz?role=events'))?.status === 200)
  assert.is(service.told('waiting_for_nats').length, 1)
  service.signal('SIGTERM')
  assert.is(await service.ended, 0)
  await door.close()
})

test('told to stop while it waits it ends with 0', async () => {
  const service = await startProcess({
    DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/none`,
    NATS_URL: natsUrl,
  })
  await service.tells('waiting_for_postgres')
  service.signal('SIGTERM')
  assert.is(await service.ended, 0)
  assert.not.match(service.output(), 'cannot start')
})

test.run()
