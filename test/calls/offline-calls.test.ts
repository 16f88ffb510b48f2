import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Denial, Grant } from '../../src/calls/authorize/authorization-answer.ts'
import { Authorizer } from '../../src/calls/authorize/authorize-calls.ts'
import type { AuthorizationRequest } from '../../src/calls/call-messages.ts'
import type { CallsContext } from '../../src/calls/calls-context.ts'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { isUndeliverable, readCallEvent } from '../../src/events/read-call-event.ts'
import { anEvent, type CallDesk, noLegFacts, openCallDesk } from './a-call-desk.ts'

const test = suite('while PostgreSQL does not answer')
/** Nothing listens there. */
const nowhere = 'postgres://nobody@127.0.0.1:9/none'

let desk: CallDesk
let authorizer: Authorizer
const gone = openDatabase(nowhere, { role: 'tollgate_worker', connections: 2 })

test.before(async () => {
  desk = await openCallDesk()
  const context: CallsContext = { ...desk.context, db: gone, authorizationSql: gone.$client }
  authorizer = new Authorizer(context)
})
test.after(async () => {
  await authorizer.close()
  await closeDatabase(gone)
  await desk.close()
})

function authorize(request: Partial<AuthorizationRequest> & { client: string; callId: string }) {
  const now = desk.now()
  return authorizer.authorize(
    {
      direction: 'outbound',
      from: null,
      to: '+34600111222',
      sourceIp: null,
      toClient: null,
      fromClient: null,
      at: now,
      ...noLegFacts,
      ...request,
    },
    { brandId: null, deadlineAt: now + 2000 },
  )
}

/** The recorded call as the consumer reads it from the stream. */
function eventOf(clientId: string) {
  const call = desk.offlineCalls.find(({ client }) => client === clientId)
  assert.ok(call)
  const data = Buffer.from(JSON.stringify(call))
  const subject = `calls.blind.${clientId}`
  const read = readCallEvent({ subject, data, brandId: null, deliveries: 1, receivedAt: desk.now() })
  if (isUndeliverable(read)) throw new Error(read.detail)
  return read
}

test('who may have no offline grant is denied service_unavailable, and holds nothing', async () => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '1' })
  const answer = (await authorize({ client: clientId, callId: 'denied' })) as Denial
  assert.equal([answer.reason, answer.sip.code, answer.q850], ['service_unavailable', 503, 41])
})

test('emergency numbers go through, also for a suspended client that denies on failure', async () => {
  const { clientId } = await desk.aCaller({ suspended: true })
  const answer = (await authorize({ client: clientId, callId: 'help', to: '112' })) as Grant
  assert.equal([answer.allowed, answer.special], [true, true])
})

test('what depends on no running total is granted from memory', async () => {
  const { clientId } = await desk.aCaller()
  assert.is((await authorize({ client: clientId, callId: 'postpaid' })).allowed, true)
})

test('failure policy allow: an offline leg of at most 600 s, recorded, booked and settled later', async () => {
  const settings = { billingMethod: 'prepaid', balance: '1', maxCalls: 1, failurePolicy: 'allow' } as const
  const { clientId } = await desk.aCaller(settings)
  const grant = (await authorize({ client: clientId, callId: 'blind' })) as Grant
  assert.equal([grant.allowed, grant.maxDurationSeconds], [true, 600])
  const event = eventOf(clientId)
  await desk.settle(event, event)
  assert.equal(await desk.call(clientId, 'blind').then((call) => [call?.status, call?.flags]), [
    'authorized',
    ['blind'],
  ])
  assert.equal(await desk.account(clientId), { balance: '1', reserved: '0.06', running_calls: 1 })
  const startedAt = desk.now() - 60_000
  const times = { startedAt, answeredAt: startedAt, endedAt: startedAt + 60_000 }
  await desk.settle(anEvent({ kind: 'end', client: clientId, callId: 'blind', ...times }))
  assert.equal(await desk.account(clientId), { balance: '0.94', reserved: '0', running_calls: 0 })
  await desk.settle(event)
  assert.equal((await desk.call(clientId, 'blind'))?.flags, ['blind', 'no_start'])
})

test('an offline leg is recorded with ids of its brand, whoever has the names when it is booked', async () => {
  const settings = { maxCalls: 9, failurePolicy: 'allow' } as const
  const { clientId, brandId } = await desk.aCaller({ ...settings, sipDomain: 'blind.example.com' })
  const other = await desk.aClient(brandId, { sipDomain: 'blind-other.example.com' })
  const foreign = await desk.aCaller({ sipDomain: 'blind-foreign.example.com' })
  await desk.refresh()
  const leg = { client: 'blind.example.com', callId: 'names', direction: 'inbound' as const }
  await authorize({ ...leg, toClient: 'blind.example.com', fromClient: 'blind-foreign.example.com' })
  await authorize({
    ...leg,
    callId: 'ids',
    toClient: foreign.clientId,
    fromClient: 'blind-other.example.com',
  })
  const recorded = desk.offlineCalls.filter(({ client }) => client === clientId)
  assert.equal(
    recorded.map(({ callId, toClient, fromClient }) => [callId, toClient, fromClient]),
    // With a client of its own brand that is of no corporation the leg is not internal.
    [
      ['names', clientId, undefined],
      ['ids', undefined, other],
    ],
  )
})

test('an offline leg that comes to the books after its end is flagged and moves nothing', async () => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '1', failurePolicy: 'allow' })
  await authorize({ client: clientId, callId: 'late' })
  const startedAt = desk.now() - 60_000
  const times = { startedAt, answeredAt: startedAt, endedAt: startedAt + 60_000 }
  await desk.settle(anEvent({ kind: 'end', client: clientId, callId: 'late', ...times }))
  await desk.settle(eventOf(clientId))
  assert.equal(await desk.account(clientId), { balance: '0.94', reserved: '0', running_calls: 0 })
  assert.equal((await desk.call(clientId, 'late'))?.flags, ['blind', 'no_start'])
})

test('an offline leg that nobody starts is expired like any grant', async () => {
  const own = await openCallDesk()
  try {
    const { clientId: client } = await own.aCaller({ billingMethod: 'prepaid', balance: '1' })
    await own.settle(anEvent({ kind: 'blind', client, callId: 'idle', to: '+34600111222', at: own.now() }))
    own.moveClock(180)
    assert.is(await expireCalls(own.context), 1)
    assert.equal(await own.account(client), { balance: '1', reserved: '0', running_calls: 0 })
  } finally {
    await own.close()
  }
})

test('a running offline leg is hung up after 600 s at the latest', async () => {
  const own = await openCallDesk()
  try {
    const { clientId: client } = await own.aCaller({ billingMethod: 'prepaid', balance: '100' })
    const at = own.now()
    await own.settle(anEvent({ kind: 'blind', client, callId: 'long', to: '+34600111222', at }))
    await own.settle(anEvent({ kind: 'start', client, callId: 'long', startedAt: at, answeredAt: at }))
    for (let i = 0; i < 12; i++) {
      own.moveClock(50)
      await own.meter()
    }
    const [hangup] = (await own.facts(client)).filter(({ type }) => type === 'billing.calls.hangup')
    assert.is(hangup?.data.reason, 'maximum_duration_reached')
  } finally {
    await own.close()
  }
})

test.run()
