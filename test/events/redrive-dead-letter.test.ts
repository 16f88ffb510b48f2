import { randomUUID } from 'node:crypto'
import { connect, type NatsConnection } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { appendDeadLetters } from '../../src/db/calls/dead-letters.ts'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import { asTenant, platformTenant } from '../../src/db/tenant.ts'
import { NotFound, ServiceUnavailable } from '../../src/errors.ts'
import { type Broker, openBroker } from '../../src/events/broker.ts'
import { redriveDeadLetter } from '../../src/events/redrive-dead-letter.ts'
import { callsStream, ensureStreams } from '../../src/events/streams.ts'
import { newId } from '../../src/uuid.ts'
import { testDatabaseUrl } from '../servers.ts'
import { type BrokerDoor, openBrokerDoor, until } from './broker-door.ts'

interface World {
  worker: Db
  api: Db
  door: BrokerDoor
  broker: Broker
  nats: NatsConnection
}

const test = suite<World>('redriveDeadLetter')
const databaseUrl = await testDatabaseUrl()
const brandId = randomUUID()

test.before.each(async (world) => {
  world.worker = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 2 })
  world.api = openDatabase(databaseUrl, { role: 'tollgate_api', connections: 2 })
  world.door = await openBrokerDoor()
  world.broker = await openBroker({ url: world.door.url, reconnectWaitMs: 50 })
  world.nats = await connect({ servers: world.door.url })
  await ensureStreams(await world.nats.jetstreamManager(), { batchSize: 500 })
})
test.after.each(async ({ worker, api, door, broker, nats }) => {
  await nats.close()
  await broker.close()
  await door.close()
  await closeDatabase(api)
  await closeDatabase(worker)
})

async function aDeadLetter(world: World, body: string): Promise<string> {
  const id = newId()
  const delivery = {
    subject: 'calls.end',
    body,
    subjectClient: null,
    brandId: null,
    receivedAt: Date.now(),
    deliveries: 1,
  }
  await appendDeadLetters(world.worker.$client, [
    { id, brandId, clientId: null, delivery, reason: 'unknown_client', detail: 'there is no such client' },
  ])
  return id
}

const redrive = (world: World, id: string, tenant = platformTenant) =>
  asTenant(world.api, tenant, (tx) => redriveDeadLetter({ tx, broker: world.broker, now: Date.now() }, id))

async function redrivenAt(world: World, id: string): Promise<string | null | undefined> {
  const [row] = await world.worker.$client<{ redriven_at: string | null }[]>`
    select redriven_at from dead_letters where id = ${id}`
  return row?.redriven_at
}

test("the same bytes are published again for the letter's brand under a new id, and the letter is marked", async (world) => {
  const text = await aDeadLetter(world, '{"callId":"ñ"}')
  const raw = await aDeadLetter(world, `base64:${Buffer.of(0x7b, 0xff).toString('base64')}`)
  await redrive(world, text)
  await redrive(world, raw)
  await redrive(world, text)
  const manager = await world.nats.jetstreamManager()
  const first = await manager.streams.getMessage(callsStream, { seq: 1 })
  assert.is(first.subject, 'calls.end')
  assert.is(first.string(), '{"callId":"ñ"}')
  assert.is(first.header.get('Tollgate-Brand'), brandId)
  assert.equal([...(await manager.streams.getMessage(callsStream, { seq: 2 })).data], [0x7b, 0xff])
  const again = await manager.streams.getMessage(callsStream, { seq: 3 })
  assert.is.not(again.header.get('Nats-Msg-Id'), first.header.get('Nats-Msg-Id'))
  assert.ok(await redrivenAt(world, text))
})

test("another brand's letter is not there", async (world) => {
  const id = await aDeadLetter(world, '{}')
  const other = { role: 'brand' as const, brandId: randomUUID(), clientId: null }
  await redrive(world, id, other).then(
    () => assert.unreachable('it was published'),
    (error: unknown) => assert.instance(error, NotFound),
  )
  await redrive(world, id, { ...other, brandId })
  assert.ok(await redrivenAt(world, id))
})

test('without the broker the letter stays unmarked', async (world) => {
  const id = await aDeadLetter(world, '{}')
  await world.door.kill()
  await until('the loss is known', () => !world.broker.isConnected())
  await redrive(world, id).then(
    () => assert.unreachable('it was marked'),
    (error: unknown) => assert.instance(error, ServiceUnavailable),
  )
  assert.is(await redrivenAt(world, id), null)
  await world.door.start()
})

test.run()
