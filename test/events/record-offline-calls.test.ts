import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { connect, StringCodec } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openBroker } from '../../src/events/broker.ts'
import { openOfflineCallRecord } from '../../src/events/record-offline-calls.ts'
import { ensureStreams } from '../../src/events/streams.ts'
import { startTestNats, testFolder } from '../servers.ts'

const test = suite('openOfflineCallRecord')
const client = '01946000-0000-7000-8000-000000000001'
const aCall = (callId: string) => ({ callId, client, to: '+34600111222', at: '2026-01-14T10:00:00.000Z' })

async function stored(url: string): Promise<string[]> {
  const connection = await connect({ servers: url })
  const manager = await connection.jetstreamManager()
  const { state } = await manager.streams.info('CALLS')
  const bodies: string[] = []
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage('CALLS', { seq })
    bodies.push(`${message.subject} ${JSON.parse(StringCodec().decode(message.data)).callId}`)
  }
  await connection.close()
  return bodies
}

test('on the stream while the broker is there; in a file while it is away, and then on the stream', async () => {
  const nats = await startTestNats()
  const connection = await connect({ servers: nats.url })
  await ensureStreams(await connection.jetstreamManager(), { batchSize: 10 })
  await connection.close()
  const broker = await openBroker({ url: nats.url })
  const file = join(testFolder(), 'blind.ndjson')
  const record = openOfflineCallRecord({ broker, file })
  await record.record(aCall('one'))
  await record.record(aCall('one'))
  assert.equal(await stored(nats.url), [`calls.blind.${client} one`])
  assert.is(existsSync(file), false)

  const away = await openBroker({ url: 'nats://127.0.0.1:9', firstConnectMs: 1 })
  const alone = openOfflineCallRecord({ broker: away, file })
  await alone.record(aCall('two'))
  // A crash in the middle of a line.
  appendFileSync(file, '{"callId":"cut')
  await alone.record(aCall('three'))
  assert.is(existsSync(file), true)
  assert.is(await alone.resend(), 0)
  await away.close()

  assert.is(await record.resend(), 2)
  assert.is(existsSync(file), false)
  assert.is(await record.resend(), 0)
  assert.equal(
    await stored(nats.url),
    ['one', 'two', 'three'].map((callId) => `calls.blind.${client} ${callId}`),
  )
  await broker.close()
})

test.run()
