import { connect, type NatsConnection } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { AuthorizationRequest } from '../../src/calls/call-messages.ts'
import { CallIdReused } from '../../src/errors.ts'
import {
  type AuthorizationResponder,
  authorizeSubject,
  startAuthorizationResponder,
} from '../../src/events/authorization-responder.ts'
import { type Broker, openBroker } from '../../src/events/broker.ts'
import { type BrokerDoor, openBrokerDoor, until } from './broker-door.ts'

type Authorize = Parameters<typeof startAuthorizationResponder>[0]['authorizer']['authorize']

interface World {
  door: BrokerDoor
  broker: Broker
  engine: NatsConnection
  asked: { request: AuthorizationRequest; scope: { brandId: string | null; deadlineAt: number } }[]
  decide: Authorize
  responder: AuthorizationResponder
}

const test = suite<World>('startAuthorizationResponder')

test.before.each(async (world) => {
  world.door = await openBrokerDoor()
  world.broker = await openBroker({ url: world.door.url, reconnectWaitMs: 50 })
  world.engine = await connect({ servers: world.door.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 })
  world.asked = []
  world.decide = async ({ callId }) => ({ callId, allowed: true })
  const authorize: Authorize = (request, scope) => {
    world.asked.push({ request, scope })
    return world.decide(request, scope)
  }
  world.responder = startAuthorizationResponder({ broker: world.broker, authorizer: { authorize } })
  await world.engine.flush()
  await until('somebody answers', () =>
    ask(world, aRequest()).then(
      () => true,
      () => false,
    ),
  )
  world.asked = []
})
test.after.each(async ({ responder, engine, broker, door }) => {
  await responder.close()
  await engine.close()
  await broker.close()
  await door.close()
})

const aRequest = (with_: object = {}) => ({
  callId: 'a84b4c76e66710@pbx;1928301774;out',
  client: 'acme.example.com',
  from: '+34911000111',
  to: '+34600111222',
  sourceIp: '203.0.113.7',
  toClient: null,
  ...with_,
})

async function ask(world: World, request: object | string | Uint8Array) {
  const body =
    typeof request === 'string' || request instanceof Uint8Array ? request : JSON.stringify(request)
  const answer = await world.engine.request(authorizeSubject, body, { timeout: 3000 })
  return { status: answer.headers?.get('Status'), body: JSON.parse(answer.string()) }
}

test('a request is answered with what the authorizer says, and no header', async (world) => {
  const before = Date.now()
  const answer = await ask(world, aRequest())
  assert.equal(answer.body, { callId: 'a84b4c76e66710@pbx;1928301774;out', allowed: true })
  assert.is(answer.status || undefined, undefined)
  const [asked] = world.asked
  assert.is(asked?.request.direction, 'outbound')
  assert.is(asked?.request.client, 'acme.example.com')
  assert.is(asked?.scope.brandId, null)
  const deadlineAt = asked?.scope.deadlineAt ?? 0
  assert.ok(deadlineAt >= before + 2000 && deadlineAt <= Date.now() + 2000)
})

test('a bad request is answered by the problem document with its status, and nobody is asked', async (world) => {
  const bad: [what: string, body: object | string | Uint8Array][] = [
    ['no JSON', '{"callId":'],
    ['nothing', ''],
    ['an array', []],
    ['no callId', aRequest({ callId: undefined })],
    ['a long callId', aRequest({ callId: 'x'.repeat(256) })],
    ['an unknown field', aRequest({ too: '+34' })],
    ['a number for text', aRequest({ to: 34600111222 })],
    ['another direction', aRequest({ direction: 'sideways' })],
    ['no instant', aRequest({ at: '2026-02-30T10:00:00Z' })],
    ['no address', aRequest({ sourceIp: 'pbx.example.com' })],
    ['an address with a port', aRequest({ sourceIp: '203.0.113.7:5060' })],
    ['an empty address', aRequest({ sourceIp: '' })],
    ['a prototype', `{"__proto__":{"polluted":1},${JSON.stringify(aRequest()).slice(1)}`],
    ['no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['too long', aRequest({ engineRef: 'x'.repeat(70_000) })],
  ]
  for (const [what, body] of bad) {
    const answer = await ask(world, body)
    assert.is(answer.status, '400', what)
    assert.is(answer.body.code, 'invalid_request', what)
    assert.is(answer.body.type, 'urn:tollgate:problem:invalid_request', what)
    assert.is(answer.body.status, 400, what)
  }
  assert.is(world.asked.length, 0)
  assert.is(world.responder.state().bad, bad.length)
})

test('the places at fault are named', async (world) => {
  const { body } = await ask(world, aRequest({ to: 5, callid: 'x' }))
  assert.equal(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(), ['/callid', '/to'])
})

test('a source that is no address is named, also where it decides nothing', async (world) => {
  const { body } = await ask(world, aRequest({ sourceIp: 'any', direction: 'inbound', to: '112' }))
  assert.equal(
    body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/sourceIp'],
  )
  for (const sourceIp of ['203.0.113.7', '::ffff:203.0.113.7', '2001:db8::9', null]) {
    assert.is((await ask(world, aRequest({ sourceIp }))).body.allowed, true, String(sourceIp))
  }
})

test('a callId used for another leg is 409', async (world) => {
  world.decide = async ({ callId }) => {
    throw new CallIdReused(callId, 'it goes to another number')
  }
  const answer = await ask(world, aRequest())
  assert.is(answer.status, '409')
  assert.is(answer.body.code, 'call_id_reused')
})

test('what nobody foresaw is 500 without its words', async (world) => {
  world.decide = async () => {
    throw new Error('password is hunter2')
  }
  const answer = await ask(world, aRequest())
  assert.is(answer.status, '500')
  assert.not.match(JSON.stringify(answer.body), 'hunter2')
})

test('two responders share the requests, and each gets one answer', async (world) => {
  const second: string[] = []
  const other = startAuthorizationResponder({
    broker: world.broker,
    authorizer: {
      authorize: async ({ callId }) => {
        second.push(callId)
        return { callId, allowed: true }
      },
    },
  })
  let asked = 0
  await until('both have answered', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => ask(world, aRequest({ callId: `call-${i}` }))))
    asked += 20
    return second.length > 0 && world.asked.length > 0
  })
  assert.is(world.asked.length + second.length, asked)
  await other.close()
})

test('closing answers what was taken', async (world) => {
  let decide = () => {}
  world.decide = ({ callId }) =>
    new Promise((resolve) => {
      decide = () => resolve({ callId, allowed: true })
    })
  const answer = ask(world, aRequest())
  await until('it is taken', () => world.responder.state().waiting === 1)
  const closed = world.responder.close()
  decide()
  await closed
  assert.is((await answer).body.allowed, true)
})

test('after the broker died and came back requests are answered again', async (world) => {
  await world.door.kill()
  await world.door.start()
  await until('it is answered', () =>
    ask(world, aRequest()).then(
      () => true,
      () => false,
    ),
  )
})

test('a reply subject that is no inbox is refused: nothing is decided and nothing published there', async (world) => {
  const heard: string[] = []
  const spy = await connect({ servers: world.door.url })
  for (const subject of ['calls.>', '$JS.API.>', 'billing.>', 'engines.>', 'INBOX.>']) {
    spy.subscribe(subject, {
      callback: (_error, msg) => {
        if (msg.subject !== authorizeSubject) heard.push(msg.subject)
      },
    })
  }
  await spy.flush()
  const bad = () => world.responder.state().bad
  const before = bad()
  const replies = [
    'calls.end',
    '$JS.API.STREAM.PURGE.CALLS',
    'billing.calls.hangup.x',
    'engines.a.hangup',
    'INBOX.x',
  ]
  for (const reply of replies) {
    world.engine.publish(authorizeSubject, JSON.stringify(aRequest()), { reply })
    world.engine.publish(authorizeSubject, 'no JSON', { reply })
  }
  await until('all are refused', () => bad() === before + 2 * replies.length)
  assert.equal(world.asked, [])
  // What was published before this answer would have been heard before it.
  await ask(world, aRequest())
  await spy.flush()
  assert.equal(heard, [])
  await spy.close()
})

test.run()
