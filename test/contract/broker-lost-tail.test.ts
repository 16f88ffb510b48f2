/**
 * A broker that lost events which it had acknowledged and which were settled: all that comes afterwards is settled.
 */
import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { connect } from 'nats'
import pino from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type BrokerDoor, openBrokerDoor } from '../events/broker-door.ts'
import { testFolder } from '../servers.ts'
import { until } from '../until.ts'
import { aService, aShop, type RunningService } from './a-service.ts'

const test = suite('a broker that lost its tail')
const many = 200
const busyMs = 60_000
let door: BrokerDoor
let service: RunningService
let client: { id: string }
let log = ''

test.before(async () => {
  door = await openBrokerDoor()
  const write = (chunk: Buffer, _encoding: string, done: () => void) => {
    log += chunk.toString()
    done()
  }
  service = await aService({ natsUrl: door.url, log: pino({ level: 'warn' }, new Writable({ write })) })
  client = await (await aShop(service)).aClient()
})
test.after(async () => {
  await service?.close()
  await door?.close()
})

/** Ends of calls, each waited for until the broker has it. */
async function publishEnds(prefix: string, broker = service.broker): Promise<string[]> {
  const callIds = Array.from({ length: many }, (_, index) => `${prefix}-${index}`)
  const endedAt = Date.now()
  for (const callId of callIds) {
    const event = {
      callId,
      client: client.id,
      to: '+34600111222',
      startedAt: new Date(endedAt - 61_000).toISOString(),
      answeredAt: new Date(endedAt - 60_000).toISOString(),
      endedAt: new Date(endedAt).toISOString(),
    }
    const bytes = JSON.stringify(event)
    // A broker that has just come back may not answer the first.
    await until(`${callId} is stored`, () =>
      broker
        .jetstream()
        .publish('calls.end', bytes, { timeout: 2000 })
        .then(
          () => true,
          () => false,
        ),
    )
  }
  return callIds
}

async function isCharged(count: number): Promise<boolean> {
  const { balance } = await service.must('GET', `/v1/clients/${client.id}/balance`)
  // Each costs 0.01 and one minute at 0.06: written out, in cents.
  return balance === `-${(count * 7) / 100}`
}

const regressions = async () => {
  const text = (await service.send('GET', '/metrics')).text
  return Number(/^tollgate_broker_regressions_total (\d+)$/m.exec(text)?.[1])
}

test('the numbers fell below the old place of the consumer: alarm, a new consumer, each new event settled', async () => {
  await publishEnds('kept')
  await until('they are charged', () => isCharged(many), busyMs)
  await door.kill()
  const messages = join(door.store(), '$G/streams/CALLS/msgs')
  const copy = join(testFolder(), 'msgs')
  cpSync(messages, copy, { recursive: true })
  await door.start()
  await publishEnds('lost')
  await until('they are charged', () => isCharged(2 * many), busyMs)

  await door.kill()
  rmSync(messages, { recursive: true })
  cpSync(copy, messages, { recursive: true })
  await door.start()
  await publishEnds('new')
  await until('each new event is settled, none twice', () => isCharged(3 * many), busyMs)
  assert.is(await regressions(), 1)
  const alarm = log.split('\n').find((line) => line.includes('"event":"broker_regression"'))
  assert.ok(alarm, log)
  const { from, to, cause } = JSON.parse(alarm)
  assert.is(to, 2 * many, cause)
  // New events may have come before the first look.
  assert.ok(from <= to, `${cause} from ${from}`)
  const ready = await service.send('GET', '/readyz')
  assert.is(ready.status, 200, ready.text)
  assert.match(ready.body.notices.join(), /broker_regression: stream CALLS lost settled events \d+ to 400/)
})

test('a file cut short, and new events past the old place before anybody looks', async () => {
  const before = await regressions()
  await until(
    'nothing waits',
    async () => {
      const text = (await service.send('GET', '/metrics')).text
      return /^tollgate_call_events_waiting 0$/m.test(text)
    },
    busyMs,
  )
  await door.kill()
  const messages = join(door.store(), '$G/streams/CALLS/msgs')
  const block = readdirSync(messages)
    .filter((file) => file.endsWith('.blk'))
    .map((file) => join(messages, file))
    .at(-1)
  assert.ok(block)
  truncateSync(block, Math.floor(statSync(block).size * 0.6))
  door.shut()
  await door.start()
  const engine = await connect({ servers: door.serverUrl() })
  await publishEnds('later', engine)
  await publishEnds('latest', engine)
  const { last_seq } = (await (await engine.jetstreamManager()).streams.info('CALLS')).state
  await engine.close()
  assert.ok(last_seq > 3 * many, `${last_seq} is past the old place`)
  door.unshut()
  await until('each new event is settled, none twice', () => isCharged(5 * many), busyMs)
  assert.ok((await regressions()) > before, log)
  const alarm = log.split('\n').findLast((line) => line.includes('"event":"broker_regression"'))
  assert.is(JSON.parse(alarm ?? '{}').cause, 'event-replaced')
})

test.run()
