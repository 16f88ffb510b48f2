import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type NatsConnection } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CallBatch } from '../../src/calls/call-messages.ts'
import { isInfrastructureFailure } from '../../src/db/failures.ts'
import { type Broker, openBroker } from '../../src/events/broker.ts'
import { type CallConsumer, startCallConsumer } from '../../src/events/call-consumer.ts'
import { billingStream, callsConsumer, callsStream } from '../../src/events/streams.ts'
import type { Log, LogFields } from '../../src/logging/log.ts'
import { skipTest, startTestNats, testFolder } from '../servers.ts'
import { type BrokerDoor, openBrokerDoor, until } from './broker-door.ts'

interface World {
  door: BrokerDoor
  broker: Broker
  operator: NatsConnection
  consumer: CallConsumer
  settled: string[]
  batches: CallBatch[]
  lines: { event: string; details: object }[]
}

const test = suite<World>('watchStreams')
/** Noticed within 5 s; the rest is for a machine that is busy. */
const noticedMs = 15_000

test.before.each(async (world) => {
  world.door = await openBrokerDoor()
  await begin(world, world.door.url)
})
test.after.each(async (world) => {
  await end(world)
  await world.door.close()
})

async function begin(world: World, url: string): Promise<void> {
  world.lines = []
  world.settled = []
  world.batches = []
  const note = ({ event, ...details }: LogFields) => void world.lines.push({ event, details })
  const log: Log = { info: () => {}, warn: note, error: note }
  world.broker = await openBroker({ url, reconnectWaitMs: 50, log })
  world.operator = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 50 })
  world.consumer = startCallConsumer({
    broker: world.broker,
    async settle(batch) {
      world.batches.push(batch)
      world.settled.push(...batch.events.map(({ callId }) => callId))
    },
    isInfrastructureFailure,
    log,
    worker: 'test',
  })
  await until('the streams are watched', () => world.consumer.streams().jetStreamAnswers)
}

async function end(world: World): Promise<void> {
  await world.consumer.close()
  await world.operator.close()
  await world.broker.close()
}

function publish(world: World, callId: string): Promise<unknown> {
  const at = new Date().toISOString()
  const event = { callId, client: 'acme', to: '+34600111222', startedAt: at, answeredAt: at, endedAt: at }
  return world.operator.jetstream().publish('calls.end', JSON.stringify(event))
}

const told = (world: World, sentence: RegExp) => () =>
  world.broker.health().notices.some((notice) => sentence.test(notice)) &&
  world.lines.some(
    ({ event, details }) => event === 'broker_repaired' && sentence.test(JSON.stringify(details)),
  )

test('a consumer that was deleted is noticed, made anew and told', async (world) => {
  await publish(world, 'before')
  await until('it is settled', () => world.settled.includes('before'))
  const manager = await world.operator.jetstreamManager()
  await manager.consumers.delete(callsStream, callsConsumer)
  await until('it is told', told(world, /consumer tollgate was absent and has been made/), noticedMs)
  await publish(world, 'after')
  await until('new events are settled', () => world.settled.includes('after'))
  assert.is(world.consumer.streams().repairs, 1)
  assert.equal(world.broker.health().faults, [])
})

test('a stream that was deleted is made anew, and marks name the new one', async (world) => {
  await publish(world, 'before')
  await until('it is settled', () => world.settled.includes('before'))
  const manager = await world.operator.jetstreamManager()
  const { created } = await manager.streams.info(callsStream)
  await manager.streams.delete(callsStream)
  await until('it is told', told(world, /stream CALLS was absent and has been made/), noticedMs)
  await publish(world, 'after')
  await until('new events are settled', () => world.settled.includes('after'))
  const anew = await manager.streams.info(callsStream)
  assert.is.not(anew.created, created)
  assert.is(world.batches.at(-1)?.mark?.streamCreatedAt, anew.created)
})

test('a consumer that was changed is put right', async (world) => {
  const manager = await world.operator.jetstreamManager()
  const before = (await manager.consumers.info(callsStream, callsConsumer)).config
  await manager.consumers.update(callsStream, callsConsumer, { max_ack_pending: 3 })
  await until('it is told', told(world, /max_ack_pending is 3/), noticedMs)
  const { config } = await manager.consumers.info(callsStream, callsConsumer)
  assert.is(config.max_ack_pending, before.max_ack_pending)
})

test('a consumer put in its place that sees a part of the events is replaced by ours', async (world) => {
  const manager = await world.operator.jetstreamManager()
  const { config } = await manager.consumers.info(callsStream, callsConsumer)
  await manager.consumers.delete(callsStream, callsConsumer)
  await manager.consumers
    .add(callsStream, { ...config, filter_subject: 'calls.alive' })
    .catch(() => assert.unreachable('ours was faster'))
  await publish(world, 'unseen')
  await until('it is told', told(world, /filter_subject is .{1,2}calls.alive/), noticedMs)
  await until('the event is settled', () => world.settled.includes('unseen'))
})

test("a setting of a stream that is the operator's is named while it differs, and not put right", async (world) => {
  const manager = await world.operator.jetstreamManager()
  await manager.streams.update(billingStream, { max_age: 3_600_000_000_000 })
  const named = () =>
    world.broker.health().faults.some((fault) => /stream BILLING: max_age is 3600000000000/.test(fault))
  await until('it is named', named, noticedMs)
  assert.is(world.lines.filter(({ event }) => event === 'broker_fault').length, 1)
  await manager.streams.update(billingStream, { max_age: 7 * 86_400 * 1_000_000_000 })
  await until('it is no longer named', () => !named(), noticedMs)
})

test('a stream of an earlier release gets the subjects that it lacks', async (world) => {
  const manager = await world.operator.jetstreamManager()
  const { subjects } = (await manager.streams.info(billingStream)).config
  await manager.streams.update(billingStream, { subjects: subjects.slice(0, 4) })
  await until(
    'it is told',
    told(world, /did not take billing.allowances.>, billing.guards.> and now does/),
    noticedMs,
  )
  assert.equal((await manager.streams.info(billingStream)).config.subjects, subjects)
})

test('JetStream that is silent behind a connection that stands is told, and that it is back', async (world) => {
  world.door.pause()
  try {
    const silent = () => world.broker.health().faults.some((fault) => /JetStream does not answer/.test(fault))
    await until('it is told', silent, noticedMs)
    assert.is(world.broker.isConnected(), true)
    assert.is(world.consumer.streams().jetStreamAnswers, false)
  } finally {
    world.door.resume()
  }
  await until('it is back', () => world.broker.health().faults.length === 0, noticedMs)
  assert.is(world.consumer.streams().jetStreamAnswers, true)
})

test('what waits is counted, with the age of the oldest', async (world) => {
  await world.consumer.close()
  const before = Date.now()
  await publish(world, 'first')
  await publish(world, 'second')
  let isHeld = true
  const release: (() => void)[] = []
  world.consumer = startCallConsumer({
    broker: world.broker,
    settle: () => (isHeld ? new Promise<void>((resolve) => release.push(resolve)) : Promise.resolve()),
    isInfrastructureFailure,
    worker: 'test',
  })
  await until('two wait', () => world.consumer.streams().waiting === 2, noticedMs)
  const { oldestAt } = world.consumer.streams()
  assert.ok(oldestAt !== null && oldestAt >= before - 1000 && oldestAt <= Date.now(), `${oldestAt}`)
  isHeld = false
  for (const settle of release) settle()
  await until('none waits', () => world.consumer.streams().waiting === 0, noticedMs)
  assert.is(world.consumer.streams().oldestAt, null)
})

test.run()

const diskFull = suite<World>('a broker whose disk is full')
const name =
  'its publishes or its JetStream are told as failing, and that all is well when there is room again'
const small = smallDisk()

if (small === undefined) skipTest(diskFull, name, 'only root may mount a small disk')
else {
  diskFull(name, async (world) => {
    const nats = await startTestNats({ dataDir: small })
    try {
      await begin(world, nats.url)
      const payload = Buffer.alloc(60_000, 'x')
      const fill = async () => {
        await world.broker.publish('calls.end', payload, { timeoutMs: 500 }).catch(() => {})
        return world.broker.health().faults.length > 0
      }
      await until('the disk is full and told', fill, 60_000)
      assert.match(world.broker.health().faults.join(), /messages are not stored|JetStream does not answer/)
      await end(world)
    } finally {
      await nats.stop()
      execFileSync('umount', ['-l', small])
    }
  })
}

/** A file system of 24 MB of its own; undefined where none may be mounted. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(testFolder(), 'small-'))
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    return undefined
  }
}

diskFull.run()
