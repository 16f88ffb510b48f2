import { connect } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { callsConsumer, callsStream } from '../../src/events/streams.ts'
import { startTestNats, testDatabaseUrl, testNatsUrl } from '../servers.ts'
import { until } from '../until.ts'
import { aDoor, behind, processKey, startProcess, type TestProcess } from './a-process.ts'

const test = suite('stopping the service')
let databaseUrl: string

test.before(async () => {
  databaseUrl = await testDatabaseUrl()
})

async function authorize({ port }: TestProcess): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/authorizations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${processKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ callId: 'one', client: 'nobody.example.com', to: '+34600111222' }),
  })
  return response.status
}

// Exit code 0 says that it was within the promised 15 s: later it would be 1.
test('SIGTERM ends it with 0 while the broker is silent', async () => {
  const nats = await startTestNats()
  const service = await startProcess({ DATABASE_URL: databaseUrl, NATS_URL: nats.url })
  await service.tells('ready')
  process.kill(nats.pid, 'SIGSTOP')
  try {
    assert.is(await authorize(service), 200)
    service.signal('SIGTERM')
    assert.is(await service.ended, 0)
  } finally {
    process.kill(nats.pid, 'SIGCONT')
  }
  assert.equal(service.told('stop_failed'), [])
})

test('and while the connections to broker and database are half open', async () => {
  const natsUrl = await testNatsUrl()
  const toNats = await aDoor(Number(new URL(natsUrl).port))
  const toPostgres = await aDoor(Number(new URL(databaseUrl).port))
  await toNats.open()
  await toPostgres.open()
  const service = await startProcess({
    DATABASE_URL: behind(databaseUrl, toPostgres.port),
    NATS_URL: behind(natsUrl, toNats.port),
  })
  await service.tells('ready')
  const publisher = await connect({ servers: natsUrl })
  const { consumers } = await publisher.jetstreamManager()
  toPostgres.swallow()
  await publisher.jetstream().publish('calls.end', JSON.stringify({ callId: 'held' }))
  await until('an event is held', async () => {
    return (await consumers.info(callsStream, callsConsumer)).num_ack_pending === 1
  })
  toNats.swallow()
  service.signal('SIGTERM')
  assert.is(await service.ended, 0)
  assert.equal(service.told('stop_failed'), [])
  await publisher.close()
  await toNats.close()
  await toPostgres.close()
})

test('a signal that comes twice, to the group and on by npm, stops it in order', async () => {
  const service = await startProcess({ DATABASE_URL: databaseUrl, NATS_URL: await testNatsUrl() })
  await service.tells('ready')
  service.signal('SIGTERM')
  await service.tells('stopping')
  service.signal('SIGTERM')
  assert.is(await service.ended, 0)
  assert.equal([service.told('stopping').length, service.told('stop_failed')], [1, []])
})

test('another one later ends it at once', async () => {
  const nats = await startTestNats()
  const service = await startProcess({ DATABASE_URL: databaseUrl, NATS_URL: nats.url })
  await service.tells('ready')
  process.kill(nats.pid, 'SIGSTOP')
  try {
    service.signal('SIGTERM')
    await service.tells('stopping')
    const again = setInterval(() => service.signal('SIGTERM'), 500)
    assert.is(await service.ended, 1)
    clearInterval(again)
  } finally {
    process.kill(nats.pid, 'SIGCONT')
  }
  assert.is(service.told('stop_failed').length, 1)
})

test('SIGTERM to npm start ends npm, shell and service', async () => {
  const service = await startProcess({ DATABASE_URL: databaseUrl, NATS_URL: await testNatsUrl() }, [
    'npm',
    '--silent',
    'start',
  ])
  await service.tells('ready')
  service.signal('SIGTERM')
  assert.is(await service.ended, 0)
  assert.is(service.told('stopping').length, 1)
  assert.is(await service.get('/livez'), undefined)
})

test.run()
