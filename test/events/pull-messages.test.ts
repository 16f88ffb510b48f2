import { connect } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { MessagePuller } from '../../src/events/pull-messages.ts'
import { callsConsumer, callsStream, ensureStreams } from '../../src/events/streams.ts'
import { testNatsUrl } from '../servers.ts'
import { until } from './broker-door.ts'

const test = suite('MessagePuller')

test('a connection that closed for good is left alone until another one comes', async () => {
  const servers = await testNatsUrl()
  const first = await connect({ servers })
  await ensureStreams(await first.jetstreamManager(), { batchSize: 500 })
  const subjects: string[] = []
  const puller = new MessagePuller({
    ...{ connection: first, stream: callsStream, consumer: callsConsumer, capacity: 10 },
    isConnected: () => true,
    onMessage: ({ subject, ack }) => {
      subjects.push(subject)
      ack()
    },
  })
  // As nats.js does itself when the server refuses its password twice.
  await first.close()
  // What the silence of the server, and messages answered late, set off meanwhile.
  assert.not.throws(() => puller.restart())
  assert.not.throws(() => puller.release(0))

  const second = await connect({ servers })
  puller.restart(second)
  await second.jetstream().publish('calls.end', '{}')
  await until('its message has come', () => subjects.includes('calls.end'))
  await puller.stop()
  await second.close()
})

test.run()
