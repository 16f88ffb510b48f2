import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startTestNats } from '../servers.ts'
import { until } from '../until.ts'
import { aService, aShop, type RunningService } from './a-service.ts'

const test = suite('a stopped nats-server')
let service: RunningService

test.after(() => service?.close())

test('authorizations over HTTP go on, held to the balance, and readiness tells the roles apart', async () => {
  const nats = await startTestNats()
  service = await aService({ natsUrl: nats.url })
  const { send, must } = service
  const shop = await aShop(service)
  const client = await shop.aClient({ billingMethod: 'prepaid' })
  await must('POST', `/v1/clients/${client.id}/balance-movements`, { kind: 'top-up', amount: '0.20' })
  await nats.stop()
  const isReady = async (role: string) => (await send('GET', `/readyz?role=${role}`)).status === 200
  await until('the events are red', async () => !(await isReady('events')))
  assert.is(await isReady('authorize'), true)

  const ask = (callId: string) =>
    must('POST', '/v1/authorizations', { callId, client: client.id, to: '+34600111222' })
  const answers = [await ask('one'), await ask('two'), await ask('three')]
  assert.equal(
    answers.map(({ allowed, reason }) => (allowed ? 'granted' : reason)),
    ['granted', 'granted', 'insufficient_balance'],
  )
  assert.equal(await ask('one'), answers[0])
  const { reserved } = await must('GET', `/v1/clients/${client.id}/balance`)
  assert.is(reserved, '0.14')
  const at = new Date().toISOString()
  const event = { kind: 'alive', callId: 'one', client: client.id, at }
  assert.is((await send('POST', '/v1/call-events', event)).status, 503)
})

test.run()
