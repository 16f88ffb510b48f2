import type { ConsumerMessages, Subscription } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { type Answer, aService, aShop, type RunningService } from './a-service.ts'

const test = suite('hang-ups from outside')
let service: RunningService
let shop: Awaited<ReturnType<typeof aShop>>
const closing: (() => Promise<unknown>)[] = []

test.before(async () => {
  service = await aService()
  shop = await aShop(service)
})
test.after(async () => {
  for (const close of closing) await close()
  await service?.close()
})

type Command = Answer['body']

/** Commands as they come in, whichever way they take. */
async function listen(engine: string, clientId: string) {
  const core: Command[] = []
  const stream: Command[] = []
  const subscription: Subscription = service.broker.subscribe(`engines.${engine}.hangup`, {
    callback: (_, message) => core.push(message.json()),
  })
  const consumer = await service.broker
    .jetstream()
    .consumers.get('BILLING', { filterSubjects: `billing.calls.hangup.${clientId}` })
  const messages: ConsumerMessages = await consumer.consume({
    callback: (message) =>
      stream.push({ ...message.json<object>(), id: message.headers?.get('Nats-Msg-Id') }),
  })
  closing.push(async () => {
    subscription.unsubscribe()
    await messages.close()
  })
  return { core, stream }
}

/** Authorized and started over NATS, answered so many seconds ago. */
async function aRunningCall(leg: { client: string; callId: string; engine: string }, secondsAgo: number) {
  const about = { ...leg, from: '+34911000111', to: '+34600111222', engineRef: 'dialog 7;from=a;to=b' }
  const reply = await service.broker.request('billing.authorize', JSON.stringify(about), { timeout: 5000 })
  assert.is(reply.json<Command>().allowed, true)
  const answeredAt = new Date(Date.now() - secondsAgo * 1000).toISOString()
  const start = { ...about, startedAt: answeredAt, answeredAt }
  await service.broker.jetstream().publish('calls.start', JSON.stringify(start))
  return { ...about, answeredAt, startedAt: answeredAt }
}

/** The first slice of 60 s costs 0.07 with fee, each second after it 0.001. */
async function aPoorClient(amount: string): Promise<string> {
  const { id } = await shop.aClient({ billingMethod: 'prepaid' })
  await service.must('POST', `/v1/clients/${id}/balance-movements`, { kind: 'top-up', amount })
  return id
}

const hangupsOf = async (engine: string): Promise<Command[]> =>
  (await service.must('GET', `/v1/engines/${engine}/hangups?wait=5`)).data
const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000

test('when the money runs out the engine is told on its subject, on the stream and by long poll', async () => {
  const client = await aPoorClient('0.07')
  const heard = await listen('sbc1', client)
  const polled = hangupsOf('sbc1')
  const call = await aRunningCall({ client, callId: 'runs dry', engine: 'sbc1' }, 51)
  const command = await until('a command on the core subject', () => heard.core[0])
  const { at, endBy, ...rest } = command.data
  assert.equal(rest, {
    callId: 'runs dry',
    clientId: client,
    engine: 'sbc1',
    engineRef: 'dialog 7;from=a;to=b',
    reason: 'insufficient_balance',
    sip: { code: 402, phrase: 'Payment Required' },
    q850: 21,
    announcement: null,
  })
  assert.is(seconds(call.answeredAt, endBy), 60)
  assert.ok(seconds(at, endBy) >= 5, `told at ${at} for ${endBy}`)
  assert.equal([command.type, command.subject], ['billing.calls.hangup', client])
  const kept = await until('the same command on the stream', () => heard.stream[0])
  assert.equal(kept, command)
  const [answered] = await polled
  assert.equal([answered?.callId, answered?.endBy], ['runs dry', endBy])

  await until('a repeat while no end comes', () => heard.core.length > 1)
  const end = { ...call, endedAt: endBy, cause: 16 }
  await service.must('POST', '/v1/call-events', { kind: 'end', ...end })
  await until('the call is charged', async () => {
    const { body } = await service.send('GET', `/v1/calls/${client}/runs%20dry`)
    return body.status === 'priced'
  })
  assert.equal((await service.must('GET', '/v1/engines/sbc1/hangups')).data, [])
  assert.is((await service.must('GET', `/v1/clients/${client}/balance`)).balance, '0')
  const ids = heard.core.map(({ id }) => id)
  assert.is(new Set(ids).size, ids.length, 'each turn is a message of its own')
})

test('a top-up takes the command back and the call runs on', async () => {
  const client = await aPoorClient('0.07')
  await aRunningCall({ client, callId: 'saved', engine: 'sbc2' }, 51)
  const [told] = await hangupsOf('sbc2')
  assert.equal([told?.callId, told?.reason], ['saved', 'insufficient_balance'])
  await service.must('POST', `/v1/clients/${client}/balance-movements`, { kind: 'top-up', amount: '1' })
  await until('the command is taken back', async () => {
    const { data } = await service.must('GET', '/v1/engines/sbc2/hangups')
    return data.length === 0
  })
  const { reserved } = await service.must('GET', `/v1/clients/${client}/balance`)
  assert.ok(Number(reserved) > 0.07, `${reserved} is reserved`)
})

test('an operator’s hang-up takes the same three ways', async () => {
  const { id } = await shop.aClient()
  const heard = await listen('sbc3', id)
  await aRunningCall({ client: id, callId: 'one leg', engine: 'sbc3' }, 10)
  const path = `/v1/calls/${id}/one%20leg`
  await until('it runs', async () => (await service.send('GET', path)).body?.status === 'started')
  const told = await service.must('POST', `${path}/hangup`)
  assert.is(told.reason, 'by_operator')
  assert.ok(seconds(told.at, told.endBy) >= 5)
  const command = await until('on the core subject', () => heard.core[0])
  assert.equal(command.data, told)
  assert.equal(await until('on the stream', () => heard.stream[0]), command)
  assert.is((await hangupsOf('sbc3'))[0]?.callId, 'one leg')
})

test.run()
