/**
 * A SIP domain that passed from a client of one brand to a client of another, as engines of both go on using it.
 */
import { headers } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { type Answer, aService, aShop, type RunningService } from './a-service.ts'

const test = suite('names by time from outside')
let service: RunningService
let giver: Awaited<ReturnType<typeof aBrandWithKeys>>
let taker: Awaited<ReturnType<typeof aBrandWithKeys>>
/** Of an engine that serves all brands. */
let engineOfAll: string
const platform = undefined
const name = 'passed.example.com'
/** Before the name passed, and after. */
let before: number
let after: number
let made = 0

async function aBrandWithKeys() {
  const shop = await aShop(service)
  const keyOf = async (role: string): Promise<string> => {
    const body = { name: role, role, brandId: shop.brand.id }
    return (await service.must('POST', '/v1/api-keys', body)).key
  }
  const client = await shop.aClient({ maxCalls: 50 })
  return { ...shop, client, brandKey: await keyOf('brand'), engineKey: await keyOf('engine') }
}

test.before(async () => {
  service = await aService()
  giver = await aBrandWithKeys()
  taker = await aBrandWithKeys()
  engineOfAll = (await service.must('POST', '/v1/api-keys', { name: 'all', role: 'engine' })).key
  const rename = (id: string, sipDomain: string) => service.must('PATCH', `/v1/clients/${id}`, { sipDomain })
  await rename(giver.client.id, name)
  before = await anInstantBetween()
  await rename(giver.client.id, 'renamed.example.com')
  await rename(taker.client.id, name)
  after = await anInstantBetween()
})
test.after(() => service?.close())

/** An instant that is later than every change so far, and earlier than every one to come. */
async function anInstantBetween(): Promise<number> {
  const instant = Date.now() + 1
  await until('the clock has moved on', () => Date.now() > instant)
  return instant
}

const as = (key: string | undefined) => (key === undefined ? {} : { authorization: `Bearer ${key}` })
const text = (at: number) => new Date(at).toISOString()
const newCallId = () => `leg-${++made}`
/** Answered at its start and 30 s long: an end may lie 60 s ahead of the clock. */
const anEnd = (client: string, callId: string, startedAt: number, fields: object = {}) => ({
  kind: 'end',
  callId,
  client,
  to: '+34600111222',
  startedAt: text(startedAt),
  answeredAt: text(startedAt),
  endedAt: text(startedAt + 30_000),
  ...fields,
})
const settled = (client: string, callId: string, status = 'priced'): Promise<Answer['body']> =>
  until(`${callId} is ${status}`, async () => {
    const { body } = await service.send('GET', `/v1/calls/${client}/${callId}`)
    return body?.status === status ? body : undefined
  })
const publish = (subject: string, event: object, brandId?: string) => {
  const header = headers()
  if (brandId !== undefined) header.set('Tollgate-Brand', brandId)
  const { kind: _, ...facts } = event as { kind?: string }
  const body = JSON.stringify(facts)
  return service.broker.jetstream().publish(subject, body, brandId === undefined ? {} : { headers: header })
}

/** Whose an end under the name is, by key: of a start before and after it passed. */
const keys = (): [who: string, key: string | undefined, early: string | null, late: string | null][] => [
  ['an engine of the giver', giver.engineKey, giver.client.id, null],
  ['the brand of the giver', giver.brandKey, giver.client.id, null],
  // The taker never heard of the one before: its own client has the name now.
  ['an engine of the taker', taker.engineKey, taker.client.id, taker.client.id],
  ['the brand of the taker', taker.brandKey, taker.client.id, taker.client.id],
  ['the platform', platform, giver.client.id, taker.client.id],
  ['an engine of all brands', engineOfAll, giver.client.id, taker.client.id],
]
const spellings: [string, (events: object[], key: string | undefined) => Promise<Answer>][] = [
  ['singly', ([event], key) => service.send('POST', '/v1/call-events', event, as(key))],
  ['as an array', (events, key) => service.send('POST', '/v1/call-events', events, as(key))],
  [
    'as lines',
    (events, key) => {
      const lines = events.map((event) => JSON.stringify(event)).join('\n')
      return service.sendRaw('POST', '/v1/call-events', lines, 'application/x-ndjson', as(key))
    },
  ],
]
for (const [how, send] of spellings) {
  test(`an end sent ${how} is charged to the name's owner at its start, within the brand of the key`, async () => {
    for (const [who, key, early, late] of keys()) {
      for (const [owner, startedAt] of [
        [early, before],
        [late, after],
      ] as const) {
        const callId = newCallId()
        const answer = await send([anEnd(name, callId, startedAt)], key)
        if (owner !== null) await settled(owner, callId)
        else {
          assert.is(answer.status, 400, who)
          assert.match(answer.body.errors[0].detail, /^unknown_client: No client of this brand/)
        }
      }
    }
  })
}

test("another brand's id is unknown by every kind of event, and moves nothing", async () => {
  const { id } = giver.client
  const at = text(after)
  const callId = newCallId()
  const events = [
    { kind: 'start', callId, client: id, to: '+34600111222', startedAt: at },
    { kind: 'answer', callId, client: id, answeredAt: at },
    { kind: 'alive', callId, client: id, at },
    anEnd(id, callId, before),
  ]
  const own = newCallId()
  for (const key of [taker.engineKey, taker.brandKey]) {
    for (const event of events) {
      assert.is((await service.send('POST', '/v1/call-events', event, as(key))).status, 400)
    }
    const mixed = [...events, anEnd(taker.client.id, own, after)]
    const { body } = await service.send('POST', '/v1/call-events', mixed, as(key))
    assert.is(body.accepted, 1)
    assert.equal(
      body.rejected.map(({ index, code }: { index: number; code: string }) => [index, code]),
      [0, 1, 2, 3].map((index) => [index, 'unknown_client']),
    )
  }
  await settled(taker.client.id, own)
  assert.is((await service.send('GET', `/v1/calls/${id}/${callId}`)).status, 404)
})

test('a leg that goes on over the change is one call, under each of its names', async () => {
  const { id } = giver.client
  for (const client of [name, 'renamed.example.com', id]) {
    const callId = newCallId()
    const send = (event: object) =>
      service.must('POST', '/v1/call-events', event).then(({ accepted }) => assert.is(accepted, 1))
    await send({ kind: 'start', callId, client: id, to: '+34600111222', startedAt: text(before) })
    await settled(id, callId, 'started')
    await send({ kind: 'alive', callId, client, at: text(after) })
    await send({ kind: 'answer', callId, client, answeredAt: text(before), at: text(after) })
    await until('it is answered', async () => {
      const { body } = await service.send('GET', `/v1/calls/${id}/${callId}`)
      return body?.answeredAt === text(before)
    })
    await send(anEnd(client, callId, before, { answeredAt: undefined }))
    assert.equal((await settled(id, callId)).flags, [])
    assert.is((await service.send('GET', `/v1/calls/${taker.client.id}/${callId}`)).status, 404)
  }
})

test('over NATS a name means clients of any brand, with and without a client token', async () => {
  const { id } = giver.client
  const callIds = [newCallId(), newCallId(), newCallId(), newCallId()] as const
  await publish('calls.end', anEnd(name, callIds[0], before))
  await publish(`calls.end.${id}`, anEnd(name, callIds[1], before))
  await publish(`calls.end.${taker.client.id}`, anEnd(name, callIds[2], after))
  await publish(`calls.end.${taker.client.id}`, anEnd(name, callIds[3], before))
  await settled(id, callIds[0])
  await settled(id, callIds[1])
  await settled(taker.client.id, callIds[2])
  const letter = await letterOf(callIds[3])
  assert.is(letter.reason, 'wrong_subject')
  const started = newCallId()
  await publish('calls.start', {
    callId: started,
    client: name,
    to: '+34600111222',
    startedAt: text(before),
  })
  await settled(id, started, 'started')
  await publish(`calls.alive.${id}`, { callId: started, client: name, at: text(after) })
  await publish('calls.answer', { callId: started, client: name, answeredAt: text(after) })
  await publish(`calls.end.${id}`, anEnd('renamed.example.com', started, before, { answeredAt: text(after) }))
  assert.is((await settled(id, started)).answeredAt, text(after))
})

const letterOf = (callId: string, count = 1): Promise<Answer['body']> =>
  until(`${callId} is a dead letter`, async () => {
    const { data } = await service.must('GET', '/v1/dead-letters?limit=100')
    const letters = data.filter(({ body }: { body: string }) => body.includes(`"${callId}"`))
    return letters.length >= count ? letters[0] : undefined
  })

test('a dead letter that is sent again stays within its brand, whoever sends it', async () => {
  const callId = newCallId()
  const nobodys = 'nobodys.example.com'
  await publish('calls.end', anEnd(nobodys, callId, after), giver.brand.id)
  const letter = await letterOf(callId)
  assert.is(letter.reason, 'unknown_client')
  const other = await taker.aClient({ sipDomain: nobodys })
  const redrive = (id: string, key?: string) =>
    service.send('POST', `/v1/dead-letters/${id}/redrive`, undefined, key === undefined ? undefined : as(key))
  assert.is((await redrive(letter.id, taker.brandKey)).status, 404)
  assert.is((await redrive(letter.id, giver.brandKey)).status, 202)
  const again = await letterOf(callId, 2)
  assert.is((await redrive(again.id)).status, 202)
  const third = await letterOf(callId, 3)
  assert.is(third.detail, 'No client of this brand has this id or SIP domain.')
  assert.is((await service.send('GET', `/v1/calls/${other.id}/${callId}`)).status, 404)
  // When its own brand has the name it is settled there, also by the platform.
  await service.must('PATCH', `/v1/clients/${other.id}`, { sipDomain: 'elsewhere.example.com' })
  const own = await giver.aClient({ sipDomain: nobodys })
  assert.is((await redrive(third.id)).status, 202)
  await settled(own.id, callId)
})

test("a dead letter of no brand is the platform's alone, and is sent again for any", async () => {
  const callId = newCallId()
  await publish('calls.end', anEnd('later.example.com', callId, after))
  const { id } = await letterOf(callId)
  const path = `/v1/dead-letters/${id}`
  assert.is((await service.send('GET', path, undefined, as(giver.brandKey))).status, 404)
  assert.is((await service.send('POST', `${path}/redrive`, undefined, as(giver.brandKey))).status, 404)
  const client = await taker.aClient({ sipDomain: 'later.example.com' })
  assert.is((await service.send('POST', `${path}/redrive`)).status, 202)
  await settled(client.id, callId)
})

test('a brand in the header that is none is a dead letter', async () => {
  const callId = newCallId()
  await publish('calls.end', anEnd(name, callId, before), 'every brand')
  assert.is((await letterOf(callId)).reason, 'invalid_event')
})

test("an authorization is the owner's at its instant, over HTTP and NATS", async () => {
  const ask = async (at: number, key: string | undefined) => {
    const leg = { callId: newCallId(), client: name, to: '+34600111222', at: text(at) }
    const { status, body } = await service.send('POST', '/v1/authorizations', leg, as(key))
    assert.is(status, 200)
    return body.clientId
  }
  for (const [who, key, early, late] of keys()) {
    assert.equal([await ask(before, key), await ask(after, key)], [early, late], who)
  }
  for (const [at, owner] of [
    [before, giver.client.id],
    [after, taker.client.id],
  ]) {
    const leg = { callId: newCallId(), client: name, to: '+34600111222', at: text(at) }
    const answer = await service.broker.request('billing.authorize', JSON.stringify(leg), { timeout: 5000 })
    assert.is(answer.json<{ clientId: string }>().clientId, owner)
  }
})

test('a grant is handed back under the name that its client had', async () => {
  const { id } = giver.client
  const callId = newCallId()
  await service.must('POST', '/v1/authorizations', { callId, client: id, to: '+34600111222' })
  await service.must('DELETE', `/v1/authorizations/${name}/${callId}`)
  assert.is((await service.must('GET', `/v1/calls/${id}/${callId}`)).status, 'expired')
  const foreign = `/v1/authorizations/${id}/${callId}`
  assert.is((await service.send('DELETE', foreign, undefined, as(taker.brandKey))).status, 404)
})

test("an engine's list under a name that passed on keeps the legs of each owner", async () => {
  const [stands, gone] = [newCallId(), newCallId()]
  for (const callId of [stands, gone]) {
    const start = { kind: 'start', callId, client: giver.client.id, to: '+34600111222', engine: 'sbc9' }
    await service.must('POST', '/v1/call-events', { ...start, startedAt: text(before) })
    await settled(giver.client.id, callId, 'started')
  }
  const list = { at: text(Date.now()), calls: [{ client: name, callId: stands }] }
  const path = '/v1/engines/sbc9/active-calls'
  const ofTaker = await service.send('PUT', path, list, as(taker.engineKey))
  assert.equal(ofTaker.body, { active: 0, closed: 0 })
  const ofGiver = await service.send('PUT', path, list, as(giver.engineKey))
  assert.equal(ofGiver.body, { active: 1, closed: 1 })
  const ofAll = await service.send('PUT', path, list, as(engineOfAll))
  assert.equal(ofAll.body, { active: 1, closed: 0 })
  await settled(giver.client.id, gone, 'lost-end')
})

test('a client of another brand is never answered as a party, and decides nothing', async () => {
  const { id } = giver.client
  const foreign = taker.client.id
  for (const party of [foreign, name]) {
    const parties = { toClient: party, fromClient: party, direction: 'inbound' }
    const [asked, ended, overNats] = [newCallId(), newCallId(), newCallId()]
    const leg = { callId: asked, client: id, to: '+34600111222', ...parties }
    assert.is((await service.must('POST', '/v1/authorizations', leg)).internal, false)
    await service.must('POST', '/v1/call-events', anEnd(id, ended, after, parties))
    await publish('calls.end', anEnd(id, overNats, after, parties))
    for (const [callId, status] of [
      [asked, 'authorized'],
      [ended, 'unpriced'],
      [overNats, 'unpriced'],
    ] as const) {
      const call = await settled(id, callId, status)
      assert.equal([call.toClientId, call.fromClientId, call.internal], [null, null, false])
    }
  }
  const callId = newCallId()
  const inside = { fromClient: 'renamed.example.com', direction: 'inbound' }
  await service.must('POST', '/v1/call-events', anEnd(id, callId, after, inside))
  const call = await settled(id, callId, 'unpriced')
  assert.equal([call.fromClientId, call.internal], [id, true])
})

test.run()
