/**
 * A brand that sends a thousand events a minute that cannot be applied is refused, and it alone. The letters are written
 * as the settlement writes them.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { appendDeadLetters } from '../../src/db/calls/dead-letters.ts'
import { newId } from '../../src/uuid.ts'
import { until } from '../until.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('dead letters of a brand')
let api: TestApi

test.before(async () => {
  api = await openTestApi()
})
test.after(() => api.close())

const event = (client: string) => ({ kind: 'alive', client, callId: 'one', at: new Date().toISOString() })
const send = (tenant: { clientId: string }, key: string) =>
  api.send('POST', '/v1/call-events', { key, body: event(tenant.clientId) })

async function letters(tenant: { brandId: string; clientId: string }, number: number): Promise<string[]> {
  // Each is another event: one that comes again makes no other letter.
  const deliveryOf = (id: string) => ({
    subject: 'calls.end',
    body: JSON.stringify({ callId: id }),
    subjectClient: null,
    brandId: null,
    receivedAt: Date.now(),
    deliveries: 1,
  })
  const { brandId, clientId } = tenant
  const rows = Array.from({ length: number }, newId).map((id) => ({
    ...{ id, brandId, clientId, delivery: deliveryOf(id) },
    reason: 'future_time' as const,
    detail: 'ends tomorrow',
  }))
  await api.context.worker.$client.begin((tx) => appendDeadLetters(tx as never, rows))
  return rows.map(({ id }) => id)
}

test('beyond a thousand in a minute a brand is refused, others are not, and a minute later it is not', async () => {
  const [one, other] = [await makeTenant(api), await makeTenant(api)]
  const allBrands = { body: { name: 'own switch', role: 'engine' } }
  const platformEngine = (await must(api.send('POST', '/v1/api-keys', allBrands))).key as string
  const [id = ''] = await letters(one, 999)
  assert.is((await send(one, one.engineKey)).status, 202)
  await letters(one, 1)
  const refused = await until('the brand is refused', async () => {
    const answer = await send(one, one.engineKey)
    return answer.status === 429 && answer
  })
  assert.is(refused.body.code, 'too_many_dead_letters')
  assert.is(refused.headers['retry-after'], '30')
  const redrive = await api.send('POST', `/v1/dead-letters/${id}/redrive`, { key: one.brandKey })
  assert.is(redrive.status, 429, 'sent again they would be letters again')
  assert.is((await send(other, other.engineKey)).status, 202)
  assert.is((await send(one, platformEngine)).status, 202)
  assert.is((await api.send('GET', '/v1/dead-letters', { key: one.brandKey })).status, 200)

  await api.context.worker.$client`update dead_letters set received_at = now() - interval '61 seconds'`
  await until('the brand is heard again', async () => (await send(one, one.engineKey)).status === 202)
})

test.run()
