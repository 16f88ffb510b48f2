import { connect, type NatsConnection } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findParties } from '../../src/calls/settle/find-parties.ts'
import { ServiceUnavailable } from '../../src/errors.ts'
import { type Broker, openBroker } from '../../src/events/broker.ts'
import { publishCallEvents } from '../../src/events/publish-call-events.ts'
import { callsStream, ensureStreams } from '../../src/events/streams.ts'
import { type CallDesk, openCallDesk } from '../calls/a-call-desk.ts'
import { type BrokerDoor, openBrokerDoor, until } from './broker-door.ts'

interface World {
  door: BrokerDoor
  broker: Broker
  nats: NatsConnection
}

const test = suite<World>('publishCallEvents')
let desk: CallDesk
let clientId: string
let brandId: string

test.before(async () => {
  desk = await openCallDesk()
  ;({ clientId, brandId } = await desk.aCaller({ sipDomain: 'acme.example.com' }))
})
test.after(() => desk.close())

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

const publish = ({ broker }: World, messages: readonly unknown[], of: string | null = null) =>
  publishCallEvents(
    { broker, findParties: (events) => findParties(desk.context, events, desk.now()) },
    messages,
    { brandId: of },
  )
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
      brandId: header?.get('Tollgate-Brand'),
      body: JSON.parse(Buffer.from(data).toString()),
    })
  }
  return messages
}

test('events are stored under their kind and the id of their half', async (world) => {
  const outcome = await publish(world, [aStart(), anAlive])
  assert.equal(outcome, { accepted: 2, rejected: [] })
  const { kind: _, ...start } = aStart({ client: clientId })
  const messages = await stored(world)
  const msgId = `${clientId}:leg-1:start`
  assert.equal(messages[0], { subject: 'calls.start', msgId, brandId, body: start })
  assert.equal([messages[1]?.subject, messages[1]?.brandId], ['calls.alive', brandId])
  assert.is(messages[1]?.body.client, clientId)
  assert.not.ok(messages[1]?.msgId)
})

test('a repeat is accepted and stored once, however its client is spelled', async (world) => {
  assert.is((await publish(world, [aStart()])).accepted, 1)
  assert.is((await publish(world, [aStart({ client: clientId.toUpperCase() })])).accepted, 1)
  assert.is((await publish(world, [aStart({ client: 'ACME.example.com' })])).accepted, 1)
  assert.is((await stored(world)).length, 1)
})

test('a start that completes an earlier one is not taken for its repeat', async (world) => {
  const complete = aStart({ answeredAt: '2026-01-02T10:00:05Z' })
  await publish(world, [aStart()])
  await publish(world, [complete])
  await publish(world, [complete])
  const messages = await stored(world)
  assert.is(messages.length, 2)
  assert.is(messages[1]?.body.answeredAt, '2026-01-02T10:00:05Z')
})

test('bad events are refused with their place, and the others accepted', async (world) => {
  const outcome = await publish(world, [
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

test('what names no client of the brand is refused, and its parties are those of the brand', async (world) => {
  const own = await desk.aClient(brandId, { sipDomain: 'sister.example.com' })
  const foreign = await desk.aCaller({ sipDomain: 'foreign.example.com' })
  const outcome = await publish(
    world,
    [
      aStart({ client: 'a\r\nNats-Rollup: all' }),
      aStart({ client: foreign.clientId }),
      aStart({ client: 'foreign.example.com' }),
      aStart({ callId: 'own', toClient: 'sister.example.com', fromClient: own }),
      aStart({ callId: 'foreign', toClient: 'foreign.example.com', fromClient: foreign.clientId }),
    ],
    brandId,
  )
  assert.equal(
    outcome.rejected.map(({ index, code, detail }) => [index, code, detail]),
    [0, 1, 2].map((index) => [index, 'unknown_client', 'No client of this brand has this id or SIP domain.']),
  )
  const [first, second] = (await stored(world)).map(({ body }) => body)
  assert.equal([first.toClient, first.fromClient], [own, own])
  assert.equal([second.toClient, second.fromClient], [undefined, undefined])
})

test('without the broker nothing is accepted', async (world) => {
  await world.door.kill()
  await until('the loss is known', () => !world.broker.isConnected())
  await publish(world, [aStart()]).then(
    () => assert.unreachable('it was accepted'),
    (error: unknown) => assert.instance(error, ServiceUnavailable),
  )
  await world.door.start()
})

test.run()
