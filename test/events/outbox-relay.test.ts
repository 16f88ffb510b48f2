import { connect, type NatsConnection } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import { type Broker, openBroker } from '../../src/events/broker.ts'
import { type OutboxRelay, startOutboxRelay } from '../../src/events/outbox-relay.ts'
import { billingStream, ensureStreams } from '../../src/events/streams.ts'
import type { Fact } from '../../src/ledger/fact.ts'
import { appendFacts } from '../../src/ledger/store/append-facts.ts'
import { newId } from '../../src/uuid.ts'
import { testDatabaseUrl } from '../servers.ts'
import { type BrokerDoor, openBrokerDoor, until } from './broker-door.ts'

interface World {
  db: Db
  door: BrokerDoor
  broker: Broker
  consumer: NatsConnection
  relays: OutboxRelay[]
}

const test = suite<World>('startOutboxRelay')
const databaseUrl = await testDatabaseUrl()

test.before.each(async (world) => {
  world.db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 4 })
  await world.db.$client`delete from outbox`
  world.door = await openBrokerDoor()
  world.broker = await openBroker({ url: world.door.url, reconnectWaitMs: 50 })
  world.consumer = await connect({ servers: world.door.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 })
  await ensureStreams(await world.consumer.jetstreamManager(), { batchSize: 500 })
  world.relays = []
})
test.after.each(async ({ db, door, broker, consumer, relays }) => {
  for (const relay of relays) await relay.close()
  await consumer.close()
  await broker.close()
  await door.close()
  await closeDatabase(db)
})

function relay(world: World): OutboxRelay {
  const started = startOutboxRelay({
    db: world.db,
    broker: world.broker,
    batchSize: 50,
    pollMs: 20,
    retryMs: { first: 10, max: 100 },
  })
  world.relays.push(started)
  return started
}

const client = '018f0000-0000-7000-8000-000000000001'
const aFact = (with_: Partial<Fact> = {}): Fact => {
  const id = newId()
  return {
    id,
    type: 'billing.calls.priced',
    clientId: client,
    body: JSON.stringify({ specversion: '1.0', id, type: 'billing.calls.priced' }),
    alsoTo: null,
    createdAt: Date.now(),
    ...with_,
  }
}

/** An id as a process made it then; `newId` never goes back in time. */
function idOf(at: number, count: number): string {
  const time = at.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(count).padStart(12, '0')}`
}

async function waiting(world: World): Promise<number> {
  const [row] = await world.db.$client<
    { n: string }[]
  >`select count(*) as n from outbox where published_at is null`
  return Number(row?.n)
}

async function storedIds(world: World): Promise<string[]> {
  // The reader's own connection may have been lost with the broker; a flush under way then fails.
  await until('the reader is connected', () =>
    world.consumer.flush().then(
      () => true,
      () => false,
    ),
  )
  const manager = await world.consumer.jetstreamManager()
  const { state } = await manager.streams.info(billingStream)
  const ids: string[] = []
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const message = await manager.streams.getMessage(billingStream, { seq })
    ids.push(message.header.get('Nats-Msg-Id'))
  }
  return ids
}

test('a fact is published under its id and marked', async (world) => {
  const fact = aFact()
  await appendFacts(world.db.$client, [fact])
  relay(world)
  await until('nothing waits', async () => (await waiting(world)) === 0)
  assert.equal(await storedIds(world), [fact.id])
  const stored = await (await world.consumer.jetstreamManager()).streams.getMessage(billingStream, { seq: 1 })
  assert.is(stored.subject, `billing.calls.priced.${client}`)
  assert.is(stored.string(), fact.body)
})

test('a transaction that is rolled back publishes nothing', async (world) => {
  const rolledBack = world.db.$client.begin(async (tx) => {
    await tx`insert into outbox (id, subject, body, created_at) values (${newId()}, 'billing.calls.x', '{}', now())`
    throw new Error('no')
  })
  await rolledBack.catch(() => {})
  const fact = aFact()
  await appendFacts(world.db.$client, [fact])
  relay(world)
  await until('nothing waits', async () => (await waiting(world)) === 0)
  assert.equal(await storedIds(world), [fact.id])
})

test('what was published and not marked is published again and stored once', async (world) => {
  const facts = Array.from({ length: 20 }, () => aFact())
  for (const fact of facts.slice(0, 10)) {
    await world.broker.publish(`${fact.type}.${fact.clientId}`, Buffer.from(fact.body), { msgId: fact.id })
  }
  await appendFacts(world.db.$client, facts)
  relay(world)
  await until('nothing waits', async () => (await waiting(world)) === 0)
  assert.equal((await storedIds(world)).sort(), facts.map(({ id }) => id).sort())
})

test('two relays publish each fact once', async (world) => {
  const facts = Array.from({ length: 300 }, () => aFact())
  await appendFacts(world.db.$client, facts)
  const both = [relay(world), relay(world)]
  await until('nothing waits', async () => (await waiting(world)) === 0)
  assert.is((await storedIds(world)).length, 300)
  await until('both know', () => both.reduce((sum, { state }) => sum + state().published, 0) === 300)
})

test('facts written while the broker is away leave when it is back, each stored once', async (world) => {
  const started = relay(world)
  await world.door.kill()
  await until('the loss is known', () => !world.broker.isConnected())
  const facts = Array.from({ length: 120 }, () => aFact())
  await appendFacts(world.db.$client, facts)
  started.wake()
  await world.door.start()
  await until('nothing waits', async () => (await waiting(world)) === 0)
  assert.equal((await storedIds(world)).sort(), facts.map(({ id }) => id).sort())
})

test('a paused broker gets the same ids again', async (world) => {
  const started = relay(world)
  world.door.pause()
  const facts = Array.from({ length: 60 }, () => aFact())
  await appendFacts(world.db.$client, facts)
  started.wake()
  await until('a pass has failed', () => started.state().failures > 0)
  assert.is(await waiting(world), 60)
  world.door.resume()
  await until('nothing waits', async () => (await waiting(world)) === 0)
  assert.equal((await storedIds(world)).sort(), facts.map(({ id }) => id).sort())
})

/** To a subject that no stream takes. */
async function misdirect(world: World, fact: Fact): Promise<void> {
  await world.db.$client`update outbox set subject = 'nowhere.at.all' where id = ${fact.id}`
}

test('a fact that the broker refuses stays and holds no other up', async (world) => {
  const strange = aFact()
  const facts = Array.from({ length: 120 }, () => aFact())
  await appendFacts(world.db.$client, [strange, ...facts])
  await misdirect(world, strange)
  const started = relay(world)
  await until('the others have left', async () => (await waiting(world)) === 1)
  assert.ok(started.state().failures > 0)
  const later = aFact()
  await appendFacts(world.db.$client, [later])
  started.wake()
  await until('a later one has left', async () => (await storedIds(world)).includes(later.id))
  assert.is(await waiting(world), 1)
})

test('a hang-up also reaches its engine directly', async (world) => {
  const heard: string[] = []
  world.consumer.subscribe('engines.sbc1.hangup', { callback: (_, msg) => heard.push(msg.string()) })
  await world.consumer.flush()
  const fact = aFact({ type: 'billing.calls.hangup', alsoTo: 'engines.sbc1.hangup' })
  await appendFacts(world.db.$client, [fact])
  relay(world)
  await until('the engine hears', () => heard.length === 1)
  assert.equal(heard, [fact.body])
})

test('facts published over a week ago are removed, waiting ones never', async (world) => {
  const longAgo = Date.now() - 8 * 24 * 60 * 60 * 1000
  const old = { ...aFact(), id: idOf(longAgo, 1) }
  const waitingLong = { ...aFact(), id: idOf(longAgo, 2) }
  const fresh = aFact()
  await appendFacts(world.db.$client, [old, waitingLong, fresh])
  await misdirect(world, waitingLong)
  await world.db.$client`update outbox set published_at = now() - interval '8 days' where id = ${old.id}`
  relay(world)
  await until('the old one is gone', async () => {
    const rows = await world.db.$client`select 1 from outbox where id = ${old.id}`
    return rows.length === 0
  })
  await until('the fresh one has left', async () => (await waiting(world)) === 1)
  const left = await world.db.$client<{ id: string }[]>`select id from outbox order by id`
  assert.equal(
    left.map(({ id }) => id),
    [waitingLong.id, fresh.id],
  )
})

test.run()
