import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { type Answer, aService, aShop, type RunningService } from './a-service.ts'

const test = suite('calls from outside')
let service: RunningService
let shop: Awaited<ReturnType<typeof aShop>>

test.before(async () => {
  service = await aService()
  shop = await aShop(service)
})
test.after(() => service?.close())

const atTheMinute = (minute: number) => `2026-05-05T10:${String(minute).padStart(2, '0')}:00Z`
/** Answered at 10:00, ended at 10:01: 0.07. */
const anEnd = (callId: string, client: string, fields: object = {}) => ({
  callId,
  client,
  from: '+34911000111',
  to: '+34600111222',
  startedAt: atTheMinute(0),
  answeredAt: atTheMinute(0),
  endedAt: atTheMinute(1),
  ...fields,
})
const publish = (subject: string, event: object | string) =>
  service.broker.jetstream().publish(subject, typeof event === 'string' ? event : JSON.stringify(event))
const settled = (client: string, callId: string, status: string): Promise<Answer['body']> =>
  until(`${callId} is ${status}`, async () => {
    const { body } = await service.send('GET', `/v1/calls/${client}/${callId}`)
    return body?.status === status ? body : undefined
  })

test('what a call is worth follows from who called whom, not from the hang-up cause', async () => {
  const { id, sipDomain } = await shop.aClient()
  const bare = (await shop.aClient({}, 'without')).id
  const cases: [
    fields: object,
    client: string,
    status: string,
    price: string | null,
    reason: string | null,
  ][] = [
    [{ cause: 38 }, id, 'priced', '0.07', null],
    [{ answeredAt: null, cause: 16 }, id, 'unanswered', '0', null],
    // 61 s begun: end − answer is rounded up.
    [
      { answeredAt: '2026-05-05T10:00:00.900Z', endedAt: '2026-05-05T10:01:01Z' },
      id,
      'priced',
      '0.071',
      null,
    ],
    [{ direction: 'inbound', to: 'alice' }, id, 'unpriced', null, null],
    [{ toClient: sipDomain }, id, 'unpriced', null, null],
    [{ to: '112' }, id, 'unpriced', null, null],
    [{ to: '+4915112345' }, id, 'rejected', null, 'destination_not_priced'],
    [{ to: '+34906123' }, id, 'rejected', null, 'destination_blocked'],
    [{}, bare, 'rejected', null, 'no_rating_profile'],
    // Nothing was talked: priced 0, and no reason to reject.
    [{ answeredAt: atTheMinute(1) }, bare, 'priced', '0', null],
  ]
  for (const [i, [fields, client]] of cases.entries())
    await publish('calls.end', anEnd(`worth-${i}`, client, fields))
  for (const [i, [, client, status, price, reason]] of cases.entries()) {
    const call = await settled(client, `worth-${i}`, status)
    assert.equal([call.price, call.reason], [price, reason], `worth-${i}`)
  }
})

test('an end without an answer waits for it, and one that says unanswered does not', async () => {
  const { id } = await shop.aClient()
  await publish('calls.end', anEnd('waits', id, { answeredAt: undefined }))
  await settled(id, 'waits', 'started')
  await publish(`calls.answer.${id}`, { callId: 'waits', client: id, answeredAt: atTheMinute(0) })
  assert.is((await settled(id, 'waits', 'priced')).price, '0.07')
})

test('what cannot be a call becomes a dead letter by its reason', async () => {
  const { id } = await shop.aClient()
  const ahead = new Date(Date.now() + 120_000).toISOString()
  await publish('calls.end', anEnd('taken', id))
  // Two batches may settle side by side: who comes first is only known once the one is settled.
  await settled(id, 'taken', 'priced')
  const cases: [reason: string, subject: string, event: object | string][] = [
    ['invalid_json', 'calls.end', '{"callId":"dead-0"'],
    ['invalid_event', 'calls.end', anEnd('dead-1', id, { answerdAt: atTheMinute(0) })],
    ['invalid_event', 'calls.end', anEnd('dead-2', id, { startedAt: '0001-01-01T00:00:00Z' })],
    ['unknown_client', 'calls.end', anEnd('dead-3', 'nobody.example.com')],
    ['invalid_number', 'calls.end', anEnd('dead-4', id, { to: '' })],
    ['bad_duration', 'calls.end', anEnd('dead-5', id, { answeredAt: atTheMinute(2) })],
    ['bad_duration', 'calls.end', anEnd('dead-6', id, { startedAt: atTheMinute(1) })],
    [
      'bad_duration',
      'calls.end',
      anEnd('dead-7', id, { startedAt: '2026-04-01T00:00:00Z', answeredAt: '2026-04-01T00:00:00Z' }),
    ],
    ['future_time', 'calls.end', anEnd('dead-8', id, { endedAt: ahead })],
    ['wrong_subject', `calls.end.${shop.brand.id}`, anEnd('dead-9', id)],
    ['call_id_reused', 'calls.end', anEnd('taken', id, { direction: 'inbound', from: 'dead-10' })],
  ]
  for (const [, subject, event] of cases) await publish(subject, event)
  const letters = await until('all are dead', async () => {
    const { data } = await service.must('GET', '/v1/dead-letters?limit=100')
    return data.length >= cases.length ? data : undefined
  })
  for (const [i, [reason, subject]] of cases.entries()) {
    const letter = letters.find(({ body }: { body: string }) => body.includes(`"dead-${i}"`))
    assert.equal([letter?.reason, letter?.subject], [reason, subject], `dead-${i}`)
  }
  const { balance } = await service.must('GET', `/v1/clients/${id}/balance`)
  assert.is(balance, '-0.07')
})

test('call events over HTTP are taken one by one: the good ones go on, the bad ones are named', async () => {
  const { id } = await shop.aClient()
  const good = (callId: string) => ({ kind: 'end', ...anEnd(callId, id) })
  const batch = [
    good('http-1'),
    { ...good('x'), kind: 'fax' },
    { ...good('x'), zzz: 1 },
    null,
    good('http-2'),
  ]
  const mixed = await service.send('POST', '/v1/call-events', batch)
  assert.equal([mixed.status, mixed.body.accepted], [202, 2])
  assert.equal(
    mixed.body.rejected.map(({ index }: { index: number }) => index),
    [1, 2, 3],
  )
  const lines = `${JSON.stringify(good('http-3'))}\r\n\n{bad\n`
  const ndjson = await service.sendRaw('POST', '/v1/call-events', lines, 'application/x-ndjson')
  assert.equal([ndjson.status, ndjson.body.accepted, ndjson.body.rejected[0]?.code], [202, 1, 'invalid_json'])
  for (const body of [[], {}, [null], Array.from({ length: 1001 }, () => good('many'))]) {
    assert.is((await service.send('POST', '/v1/call-events', body)).status, 400)
  }
  for (const callId of ['http-1', 'http-2', 'http-3']) await settled(id, callId, 'priced')
})

test('a call beyond the balance is charged to its end and overrun beyond it', async () => {
  const { id } = await shop.aClient({ billingMethod: 'prepaid' })
  const path = `/v1/clients/${id}/balance-movements`
  await service.must('POST', path, { amount: '0.07', kind: 'top-up' })
  await publish('calls.end', anEnd('long', id, { endedAt: atTheMinute(10) }))
  await settled(id, 'long', 'priced')
  const { data } = await service.must('GET', path)
  assert.equal(
    data.map(({ kind, amount }: { kind: string; amount: string }) => [kind, amount]),
    [
      ['overrun', '-0.54'],
      ['charge', '-0.07'],
      ['top-up', '0.07'],
    ],
  )
})

test('usage counts on the local day of the answer, also when that day has 23 hours', async () => {
  const { id } = await shop.aClient()
  const before = {
    startedAt: '2026-03-28T22:59:00Z',
    answeredAt: '2026-03-28T22:59:59.999Z',
    endedAt: '2026-03-28T23:00:59Z',
  }
  const after = {
    startedAt: '2026-03-28T22:59:00Z',
    answeredAt: '2026-03-28T23:00:00Z',
    endedAt: '2026-03-28T23:02:00Z',
  }
  await publish('calls.end', anEnd('before', id, before))
  await publish('calls.end', anEnd('after', id, after))
  assert.is((await settled(id, 'before', 'priced')).usageDay, '2026-03-28')
  assert.is((await settled(id, 'after', 'priced')).usageDay, '2026-03-29')
  const usage = await service.must('GET', `/v1/clients/${id}/daily-usage?day=2026-03-29`)
  assert.equal([usage.amount, usage.resetsAt], ['0.13', '2026-03-29T22:00:00.000Z'])
})

test.run()
