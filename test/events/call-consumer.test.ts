import { randomUUID } from 'node:crypto'
import { AckPolicy, connect, type NatsConnection } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CallBatch } from '../../src/calls/call-messages.ts'
import { isInfrastructureFailure } from '../../src/db/failures.ts'
import { type Broker, messageIdHeader, openBroker } from '../../src/events/broker.ts'
import { type CallConsumer, startCallConsumer } from '../../src/events/call-consumer.ts'
import { callsConsumer, callsStream } from '../../src/events/streams.ts'
import { type BrokerDoor, openBrokerDoor, until } from './broker-door.ts'

/** Settles into memory; `fault` may throw before anything is kept, as a rolled back transaction would. */
class Books {
  batches: CallBatch[] = []
  fault: (batch: CallBatch) => void = () => {}
  settle = async (batch: CallBatch): Promise<void> => {
    this.fault(batch)
    this.batches.push(batch)
  }
  callIds(): string[] {
    return this.batches.flatMap(({ events }) => events.map(({ callId }) => callId))
  }
  dead(): string[] {
    return this.batches.flatMap(({ undeliverable }) => undeliverable.map(({ reason }) => reason))
  }
}

class DatabaseGone extends Error {
  code = '08006'
}

interface World {
  door: BrokerDoor
  broker: Broker
  engine: NatsConnection
  books: Books
  consumers: CallConsumer[]
}

const test = suite<World>('startCallConsumer')

test.before.each(async (world) => {
  world.door = await openBrokerDoor()
  world.broker = await openBroker({ url: world.door.url, reconnectWaitMs: 50 })
  world.engine = await connect({ servers: world.door.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 })
  world.books = new Books()
  world.consumers = []
})
test.after.each(async (world) => {
  for (const consumer of world.consumers) await consumer.close()
  await world.engine.close()
  await world.broker.close()
  await world.door.close()
})

function consume(world: World, options: Partial<Parameters<typeof startCallConsumer>[0]> = {}): CallConsumer {
  const consumer = startCallConsumer({
    broker: world.broker,
    settle: world.books.settle,
    isInfrastructureFailure,
    worker: 'test',
    retryMs: { first: 10, max: 100 },
    ...options,
  })
  world.consumers.push(consumer)
  return consumer
}

const anEnd = (callId: string) =>
  JSON.stringify({
    callId,
    client: 'acme.example.com',
    from: '+34911000111',
    to: '+34600111222',
    startedAt: '2026-01-02T10:00:00Z',
    answeredAt: '2026-01-02T10:00:05Z',
    endedAt: '2026-01-02T10:01:05.250Z',
    cause: 16,
  })

async function publish(world: World, body: string | Uint8Array, subject = 'calls.end'): Promise<void> {
  await world.engine.jetstream().publish(subject, body)
}

async function streamsReady(world: World): Promise<void> {
  const manager = await world.engine.jetstreamManager()
  await until('the consumer exists', () =>
    manager.consumers.info(callsStream, callsConsumer).then(
      () => true,
      () => false,
    ),
  )
}

async function openMessages(world: World): Promise<number> {
  const info = await (await world.engine.jetstreamManager()).consumers.info(callsStream, callsConsumer)
  return info.num_ack_pending + info.num_pending
}

test('an event is read, settled and acknowledged', async (world) => {
  consume(world)
  await streamsReady(world)
  const clientId = randomUUID()
  await publish(world, anEnd('one'), `calls.end.${clientId}`)
  await until('it is settled', () => world.books.batches.length === 1)
  const [batch] = world.books.batches
  const [event] = batch?.events ?? []
  assert.is(event?.kind, 'end')
  assert.is(event?.answeredAt, Date.UTC(2026, 0, 2, 10, 0, 5))
  assert.is(event?.endedAt, Date.UTC(2026, 0, 2, 10, 1, 5, 250))
  assert.is(event?.delivery.subjectClient, clientId)
  assert.is(event?.delivery.body, anEnd('one'))
  assert.is(event?.delivery.deliveries, 1)
  assert.is(batch?.mark?.stream, 'CALLS')
  assert.is(batch?.mark?.highSeq, 1)
  assert.match(batch?.mark?.highEventDigest ?? '', /^[0-9a-f]{64}$/)
  assert.match(batch?.mark?.streamCreatedAt ?? '', /^\d{4}-/)
  await until('nothing is open', async () => (await openMessages(world)) === 0)
})

test('a backlog is settled in batches, and each event once', async (world) => {
  const first = consume(world)
  await streamsReady(world)
  await first.close()
  const js = world.engine.jetstream()
  const published = Array.from({ length: 1200 }, (_, i) => js.publish('calls.end', anEnd(`call-${i}`)))
  await Promise.all(published)
  consume(world)
  await until('all are settled', () => world.books.callIds().length >= 1200)
  assert.is(new Set(world.books.callIds()).size, 1200)
  assert.is(world.books.callIds().length, 1200)
  assert.ok(world.books.batches.every(({ events }) => events.length <= 500))
  assert.ok(world.books.batches.length < 100)
  await until('nothing is open', async () => (await openMessages(world)) === 0)
})

test('never more than two batches are held, however slow the database', async (world) => {
  let release = () => {}
  const slow = new Promise<void>((resolve) => {
    release = resolve
  })
  const consumer = consume(world, { batchSize: 10, settle: () => slow })
  await streamsReady(world)
  await Promise.all(Array.from({ length: 100 }, (_, i) => publish(world, anEnd(`call-${i}`))))
  await until('two batches are held', () => consumer.state().held === 20)
  await world.engine.flush()
  assert.is(consumer.state().held, 20)
  const info = await (await world.engine.jetstreamManager()).consumers.info(callsStream, callsConsumer)
  assert.is(info.num_ack_pending, 20)
  release()
  await until('all are settled', () => consumer.state().settled === 100)
})

test('what can never be an event becomes a dead letter, and its neighbours settle with it', async (world) => {
  consume(world)
  await streamsReady(world)
  const poison = new Map<string, [subject: string, body: string | Uint8Array]>([
    ['invalid_json', ['calls.end', '{"callId":']],
    ['not UTF-8', ['calls.end', Uint8Array.of(0x7b, 0xff, 0x7d)]],
    ['NUL', ['calls.end', '{"callId":"a\u0000"}']],
    ['unknown field', ['calls.end', anEnd('x').replace('answeredAt', 'answerdAt')]],
    ['prototype', ['calls.end', `{"__proto__":{"polluted":1},${anEnd('x').slice(1)}`]],
    ['30 February', ['calls.end', anEnd('x').replace('2026-01-02T10:01', '2026-02-30T10:01')]],
    ["24 o'clock", ['calls.end', anEnd('x').replace('T10:01', 'T24:00')]],
    // Its local day may lie before all that PostgreSQL calls a date.
    ['the year 1', ['calls.end', anEnd('x').replace(/"startedAt":"2026/, '"startedAt":"0001')]],
    ['no such kind', ['calls.finish', anEnd('x')]],
    ['an array', ['calls.end', '[]']],
    ['deep', ['calls.end', `{"callId":${'['.repeat(20_000)}${']'.repeat(20_000)}}`]],
    ['half a surrogate pair', ['calls.end', anEnd('x').replace('"cause":16', '"labels":{"a":"\\ud800"}')]],
  ])
  let i = 0
  for (const [subject, body] of poison.values()) {
    await publish(world, anEnd(`good-${i++}`))
    await publish(world, body, subject)
  }
  await until('all are settled', () => world.books.callIds().length + world.books.dead().length >= 24)
  assert.equal(world.books.dead().sort(), [
    ...Array(9).fill('invalid_event'),
    ...Array(3).fill('invalid_json'),
  ])
  assert.is(world.books.callIds().length, 12)
  assert.is(({} as { polluted?: number }).polluted, undefined)
  const kept = world.books.batches.flatMap(({ undeliverable }) => undeliverable)
  assert.is(kept.find(({ delivery }) => delivery.body.startsWith('base64:'))?.delivery.body, 'base64:e/99')
  assert.ok(kept.every(({ detail }) => detail.length > 0 && !detail.includes('\u0000')))
  await until('nothing is open', async () => (await openMessages(world)) === 0)
})

test('one event among a hundred that nobody can settle is tried eight times alone, then buried', async (world) => {
  let tries = 0
  world.books.fault = ({ events }) => {
    if (!events.some(({ callId }) => callId === 'call-37')) return
    tries += 1
    throw new Error('division by zero')
  }
  const consumer = consume(world)
  await streamsReady(world)
  await Promise.all(Array.from({ length: 100 }, (_, i) => publish(world, anEnd(`call-${i}`))))
  await until('it is buried', () => world.books.dead().length === 1)
  assert.equal(world.books.dead(), ['handler_error'])
  assert.is(world.books.callIds().length, 99)
  assert.is(new Set(world.books.callIds()).size, 99)
  // Once in its batch, then alone.
  assert.is(tries, 9)
  const [letter] = world.books.batches.flatMap(({ undeliverable }) => undeliverable)
  assert.is(letter?.detail, 'division by zero')
  assert.is(letter?.delivery.body, anEnd('call-37'))
  assert.is(consumer.state().handlerErrors, 1)
  await until('nothing is open', async () => (await openMessages(world)) === 0)
})

test('while the database is away nothing is acknowledged or buried, and all settles when it is back', async (world) => {
  let away = true
  let refused = 0
  world.books.fault = () => {
    if (!away) return
    refused += 1
    throw new DatabaseGone('the connection is gone')
  }
  const lines: object[] = []
  const write = (fields: object) => void lines.push(fields)
  const consumer = consume(world, { log: { info: write, warn: write, error: write } })
  await streamsReady(world)
  await Promise.all(Array.from({ length: 50 }, (_, i) => publish(world, anEnd(`call-${i}`))))
  await until('it was refused ten times', () => refused >= 10)
  assert.is(await openMessages(world), 50)
  away = false
  await until('all are settled', () => world.books.callIds().length >= 50)
  assert.is(new Set(world.books.callIds()).size, 50)
  assert.equal(world.books.dead(), [])
  assert.ok(consumer.state().failures >= 10)
  // One cause: told when it begins, and with its count when it is over.
  const told = lines.map((line) => line as { event: string; count: number })
  assert.equal(
    told.map(({ event }) => event),
    ['batch_returned', 'batch_returned_over'],
  )
  assert.is(told[1]?.count, consumer.state().failures)
  await until('nothing is open', async () => (await openMessages(world)) === 0)
})

test('tries of an event are not counted while the database is away', async (world) => {
  let calls = 0
  world.books.fault = ({ events }) => {
    if (!events.some(({ callId }) => callId === 'poison')) return
    calls += 1
    // Every third failure is the database's.
    throw calls % 3 === 0 ? new DatabaseGone('gone') : new Error('boom')
  }
  consume(world)
  await streamsReady(world)
  await publish(world, anEnd('poison'))
  await until('it is buried', () => world.books.dead().length === 1)
  // Once in its batch, eight times alone, and each third time for another reason.
  assert.is(calls, 13)
})

/** What a replica leaves behind that is killed between commit and ack: messages taken and never answered. */
async function takeAndDie(world: World): Promise<number | undefined> {
  const dying = await connect({ servers: world.door.url })
  const taken = await (await dying.jetstream().consumers.get(callsStream, callsConsumer)).next()
  await dying.close()
  return taken?.seq
}

/** Shorter than the 30 s that earlier releases waited, longer than the 4 s of this one. */
const ackWaitOverMs = 15_000

test('what a killed replica held is settled by another after seconds', async (world) => {
  const first = consume(world)
  await streamsReady(world)
  await first.close()
  await publish(world, anEnd('one'))
  assert.is(await takeAndDie(world), 1)
  consume(world)
  await until('it is settled', () => world.books.callIds().length === 1, ackWaitOverMs)
  assert.is(world.books.batches[0]?.events[0]?.delivery.deliveries, 2)
})

test('what is held for long is given to nobody else', async (world) => {
  let release = () => {}
  const slow = new Promise<void>((resolve) => {
    release = resolve
  })
  const deliveries: (number | undefined)[] = []
  const settle = async ({ events }: CallBatch) => {
    deliveries.push(...events.map(({ delivery }) => delivery.deliveries))
    await slow
  }
  consume(world, { settle, worker: 'slow' })
  consume(world, { settle, worker: 'other' })
  await streamsReady(world)
  await publish(world, anEnd('held'))
  await until('it is held', () => deliveries.length > 0)
  // The broker's own clock: a consumer that waits a little longer, and whose message nobody answers for.
  const { consumers } = await world.engine.jetstreamManager()
  const clock = { durable_name: 'clock', ack_policy: AckPolicy.Explicit, ack_wait: 6e9 }
  await consumers.add(callsStream, clock)
  const reader = await world.engine.jetstream().consumers.get(callsStream, 'clock')
  await reader.next()
  await until(
    'the unanswered one is back',
    async () => (await reader.next())?.info.redelivered,
    ackWaitOverMs,
  )
  assert.equal(deliveries, [1])
  release()
  await until('nothing is open', async () => (await openMessages(world)) === 0)
})

test('a consumer that waits longer for acks, as earlier releases made it, is put right', async (world) => {
  const first = consume(world)
  await streamsReady(world)
  await first.close()
  const { consumers } = await world.engine.jetstreamManager()
  await consumers.update(callsStream, callsConsumer, { ack_wait: 30 * 1e9 })
  consume(world)
  await until(
    'it is shortened',
    async () => (await consumers.info(callsStream, callsConsumer)).config.ack_wait === 4e9,
  )
  assert.equal(world.broker.health().faults, [])
})

test('a broker that is killed and comes back goes on where it was', async (world) => {
  consume(world)
  await streamsReady(world)
  await publish(world, anEnd('before'))
  await until('the first is settled', () => world.books.callIds().length === 1)
  await world.door.kill()
  await until('the loss is known', () => !world.broker.isConnected())
  await world.door.start()
  await until('it is back', () => world.broker.isConnected() && !world.engine.isClosed())
  await until('the event is stored', () =>
    publish(world, anEnd('after')).then(
      () => true,
      () => false,
    ),
  )
  await until('the second is settled', () => world.books.callIds().includes('after'))
})

test('a broker that comes back without its store gets its streams again', async (world) => {
  consume(world)
  await streamsReady(world)
  await world.door.kill()
  await world.door.start('empty')
  await until('the event is stored', () =>
    publish(world, anEnd('after')).then(
      () => true,
      () => false,
    ),
  )
  await until('it is settled', () => world.books.callIds().includes('after'))
})

test('connections that are cut lose nothing', async (world) => {
  consume(world, { batchSize: 50 })
  await streamsReady(world)
  for (let i = 0; i < 400; i++) {
    if (i % 100 === 50) world.door.cut()
    await until('it is stored', () =>
      world.engine
        .jetstream()
        .publish('calls.end', anEnd(`call-${i}`), { headers: messageIdHeader(`m${i}`), timeout: 500 })
        .then(
          () => true,
          () => false,
        ),
    )
  }
  await until('all are settled', () => new Set(world.books.callIds()).size === 400, 45_000)
})

test('closing finishes the open batch and gives the rest back at once', async (world) => {
  let release = () => {}
  const slow = new Promise<void>((resolve) => {
    release = resolve
  })
  let opened = 0
  const settle = async (batch: CallBatch) => {
    // Full, or what had come within the time that a batch collects.
    opened = batch.events.length
    await slow
    await world.books.settle(batch)
  }
  await consume(world)
    .close()
    .then(() => streamsReady(world))
  await Promise.all(Array.from({ length: 40 }, (_, i) => publish(world, anEnd(`call-${i}`))))
  const consumer = consume(world, { batchSize: 10, concurrency: 1, settle })
  await until('two batches are held', () => consumer.state().held === 20)
  const closed = consumer.close()
  release()
  await closed
  assert.ok(opened > 0)
  assert.is(world.books.callIds().length, opened)
  // Another replica has the rest before the 4 s after which an unanswered message returns.
  consume(world, { batchSize: 10 })
  await until('the rest is settled', () => world.books.callIds().length === 40, 3500)
  assert.is(new Set(world.books.callIds()).size, 40)
})

test('two replicas share the events', async (world) => {
  const both = [
    consume(world, { batchSize: 20, worker: 'a' }),
    consume(world, { batchSize: 20, worker: 'b' }),
  ]
  await streamsReady(world)
  await Promise.all(Array.from({ length: 500 }, (_, i) => publish(world, anEnd(`call-${i}`))))
  await until('all are settled', () => world.books.callIds().length === 500)
  assert.ok(both.every((consumer) => consumer.state().settled > 0))
})

test.run()
