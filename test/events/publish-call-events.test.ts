import { connect, type NatsConnection } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ServiceUnavailable } from '../../src/errors.ts'
import { type Broker, openBroker } from '../../src/events/broker.ts'
import { publishCallEvents } from '../../src/events/publish-call-events.ts'
import { callsStream, ensureStreams } from '../../src/events/streams.ts'
import { type BrokerDoor, openBrokerDoor, until } from './broker-door.ts'

interface World {
  door: BrokerDoor
  broker: Broker
  nats: NatsConnection
}

const test = suite<World>('publishCallEvents')

test.before.each(async (world) => {
  world.door = await openBrokerDoor()
  world.broker = await openBroker({ url: world.door.url, reconnectWaitMs: 50 })
  world.nats = await connect({ servers: world.door.url })
  await ensureStreams(await world.nats.jetstreamManager(), { batchSize: 500 })
})
test.after.each(async ({ door, broker, nats }) => {
  await nats.close()
  await broker.close()
  await door.close()
})

const aStart = (with_: object = {}) => ({
  kind: 'start',
  callId: 'leg-1',
  client: 'acme.example.com',
  to: '+34600111222',
  startedAt: '2026-01-02T10:00:00Z',
  ...with_,
})
const anAlive = { kind: 'alive', callId: 'leg-1', client: 'acme.example.com', at: '2026-01-02T10:00:30Z' }

async function stored(world: World) {
  const manager = await world.nats.jetstreamManager()
  const { state } = await manager.streams.info(callsStream)
  const messages = []
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const { subject, header, data } = await manager.streams.getMessage(callsStream, { seq })
    messages.push({
      subject,
      msgId: header?.get('Nats-Msg-Id'),
      body: JSON.parse(Buffer.from(data).toString()),
    })
  }
  return messages
}

test('events are stored under their kind and the id of their half', async (world) => {
  const outcome = await publishCallEvents(world, [aStart(), anAlive])
  assert.equal(outcome, { accepted: 2, rejected: [] })
  const { kind: _, ...start } = aStart()
  const messages = await stored(world)
  assert.equal(messages[0], { subject: 'calls.start', msgId: 'acme.example.com:leg-1:start', body: start })
  assert.is(messages[1]?.subject, 'calls.alive')
  assert.not.ok(messages[1]?.msgId)
})

test('a repeat is accepted and stored once', async (world) => {
  assert.is((await publishCallEvents(world, [aStart()])).accepted, 1)
  assert.is((await publishCallEvents(world, [aStart()])).accepted, 1)
  assert.is((await stored(world)).length, 1)
})

test('a start that completes an earlier one is not taken for its repeat', async (world) => {
  const complete = aStart({ answeredAt: '2026-01-02T10:00:05Z' })
  await publishCallEvents(world, [aStart()])
  await publishCallEvents(world, [complete])
  await publishCallEvents(world, [complete])
  const messages = await stored(world)
  assert.is(messages.length, 2)
  assert.is(messages[1]?.body.answeredAt, '2026-01-02T10:00:05Z')
})

test('bad events are refused with their place, and the others accepted', async (world) => {
  const outcome = await publishCallEvents(world, [
    aStart({ answerdAt: '2026-01-02T10:00:05Z' }),
    aStart(),
    aStart({ kind: 'finish' }),
    'start',
    aStart({ callId: 'leg-2', startedAt: '2026-02-30T10:00:00Z' }),
    aStart({ callId: 'leg-3', labels: { trunk: '\ud800' } }),
    aStart({ callId: 'leg-4', from: 'x'.repeat(256) }),
  ])
  assert.is(outcome.accepted, 1)
  assert.equal(
    outcome.rejected.map(({ index, code }) => [index, code]),
    [0, 2, 3, 4, 5, 6].map((index) => [index, 'invalid_event']),
  )
  assert.is((await stored(world)).length, 1)
})

test('line breaks in a client cannot forge a header', async (world) => {
  await publishCallEvents(world, [aStart({ client: 'a\r\nNats-Rollup: all' })])
  const [message] = await stored(world)
  assert.is(message?.msgId, 'a%0D%0ANats-Rollup%3A%20all:leg-1:start')
})

test('without the broker nothing is accepted', async (world) => {
  await world.door.kill()
  await until('the loss is known', () => !world.broker.isConnected())
  await publishCallEvents(world, [aStart()]).then(
    () => assert.unreachable('it was accepted'),
    (error: unknown) => assert.instance(error, ServiceUnavailable),
  )
  await world.door.start()
})

test.run()
