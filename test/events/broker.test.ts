import { connect } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ServiceUnavailable } from '../../src/errors.ts'
import { openBroker } from '../../src/events/broker.ts'
import { natsOptions } from '../../src/events/nats-url.ts'
import { billingStream, callsStream, ensureStreams } from '../../src/events/streams.ts'
import { testNatsUrl } from '../servers.ts'
import { openBrokerDoor, until } from './broker-door.ts'

const broker = suite('openBroker')

broker('a service that starts before its broker connects when the broker comes', async () => {
  const door = await openBrokerDoor()
  await door.kill()
  const early = await openBroker({ url: door.url, firstConnectMs: 50, reconnectWaitMs: 20 })
  assert.is(early.isConnected(), false)
  let connections = 0
  early.onConnect(async () => {
    connections += 1
  })
  await early.publish('calls.end', Buffer.from('{}')).then(
    () => assert.unreachable('it was stored'),
    (error: unknown) => assert.instance(error, ServiceUnavailable),
  )
  await door.start()
  await until('it is connected', () => early.isConnected())
  assert.is(connections, 1)
  door.cut()
  await until('it is connected again', () => connections === 2)
  await early.close()
  await door.close()
})

broker('work that fails on connecting is tried again', async () => {
  const one = await openBroker({ url: await testNatsUrl() })
  let tries = 0
  one.onConnect(async () => {
    tries += 1
    if (tries === 1) throw new Error('JetStream is not up yet')
  })
  await until('it was tried again', () => tries === 2)
  await one.close()
})

broker('a message on a subject that no stream has is refused, not lost in silence', async () => {
  const one = await openBroker({ url: await testNatsUrl() })
  await one.publish('nowhere.at.all', Buffer.from('{}')).then(
    () => assert.unreachable('it was stored'),
    (error: unknown) => assert.instance(error, ServiceUnavailable),
  )
  await one.close()
})

broker.run()

const streams = suite('ensureStreams')

streams('the streams have the settings that lose nothing, and a second start changes nothing', async () => {
  const nats = await connect({ servers: await testNatsUrl() })
  const manager = await nats.jetstreamManager()
  assert.equal(await ensureStreams(manager, { batchSize: 500 }), [])
  assert.equal(await ensureStreams(manager, { batchSize: 500 }), [])
  const calls = (await manager.streams.info(callsStream)).config
  assert.equal(calls.subjects, ['calls.>'])
  assert.is(calls.discard, 'new')
  assert.is(calls.deny_delete, true)
  assert.is(calls.deny_purge, true)
  assert.is(calls.max_msg_size, 65_536)
  assert.is(calls.duplicate_window, 30 * 60 * 1_000_000_000)
  assert.is(calls.max_age, 7 * 86_400 * 1_000_000_000)
  const billing = (await manager.streams.info(billingStream)).config
  assert.equal(billing.subjects, [
    'billing.calls.>',
    'billing.usage.>',
    'billing.balance.>',
    'billing.invoices.>',
    'billing.allowances.>',
    'billing.guards.>',
  ])
  const consumer = (await manager.consumers.info(callsStream, 'tollgate')).config
  assert.is(consumer.max_deliver, -1)
  assert.is(consumer.ack_wait, 4_000_000_000)
  assert.is(consumer.max_ack_pending, 8000)
  await nats.close()
})

streams('requests on billing.authorize are never captured', async () => {
  const nats = await connect({ servers: await testNatsUrl() })
  const manager = await nats.jetstreamManager()
  await ensureStreams(manager, { batchSize: 500 })
  nats.publish('billing.authorize', '{}')
  await nats.flush()
  assert.is((await manager.streams.info(billingStream)).state.messages, 0)
  await nats.close()
})

streams('two replicas that start together make them once', async () => {
  const url = await testNatsUrl()
  const both = await Promise.all([connect({ servers: url }), connect({ servers: url })])
  const faults = await Promise.all(
    both.map(async (nats) => ensureStreams(await nats.jetstreamManager(), { batchSize: 500 })),
  )
  assert.equal(faults, [[], []])
  for (const nats of both) await nats.close()
})

streams("an operator's other setting is told and left alone", async () => {
  const nats = await connect({ servers: await testNatsUrl() })
  const manager = await nats.jetstreamManager()
  await manager.streams.add({ name: callsStream, subjects: ['calls.>'] })
  const faults = await ensureStreams(manager, { batchSize: 500 })
  assert.ok(faults.some((fault) => fault === 'stream CALLS: discard is "old", Tollgate expects "new"'))
  assert.is((await manager.streams.info(callsStream)).config.discard, 'old')
  await nats.close()
})

streams.run()

const urls = suite('natsOptions')

urls('names and passwords are taken out of the addresses', () => {
  assert.equal(natsOptions('nats://127.0.0.1:4222'), { servers: ['127.0.0.1:4222'] })
  assert.equal(natsOptions('a:4222, b:4223'), { servers: ['a:4222', 'b:4223'] })
  assert.equal(natsOptions('tls://billing:s%40crt@nats.example.com:4222'), {
    servers: ['nats.example.com:4222'],
    user: 'billing',
    pass: 's@crt',
    inboxPrefix: '_INBOX.billing',
    tls: {},
  })
  assert.equal(natsOptions('tls://a:4222', { caFile: '/ca.pem' }), {
    servers: ['a:4222'],
    tls: { caFile: '/ca.pem' },
  })
  assert.equal(natsOptions('nats://t0ken@[::1]:4222'), { servers: ['[::1]:4222'], token: 't0ken' })
})

urls('another scheme is refused without showing the password', () => {
  assert.throws(() => natsOptions('http://u:geheim@a'), /"http:\/\/" is not supported/)
  assert.throws(
    () => natsOptions('nats://u:geheim@a:port'),
    (error: Error) => !error.message.includes('geheim'),
  )
})

urls.run()
