import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkCallMessage } from '../../src/events/read-call-event.ts'

const test = suite('checkMessage')
const noTokens = ['', 'sbc.1', 'sbc 1', 'sbc*', '>', 'é', 'a/b', 'a\u0000b', 'x'.repeat(65)]
const end = {
  callId: 'a',
  client: 'acme.example.com',
  to: '+34600111222',
  startedAt: '2026-01-02T10:00:00Z',
  endedAt: '2026-01-02T10:01:00Z',
}

test('a wrong value of a choice gets one complaint, which says what may stand there', () => {
  const cases: [object, object[]][] = [
    [{ direction: 'sideways' }, [{ pointer: '/direction', detail: 'must be one of "outbound", "inbound"' }]],
    [{ answeredAt: 5 }, [{ pointer: '/answeredAt', detail: 'must be string or null' }]],
    [{ toClient: {} }, [{ pointer: '/toClient', detail: 'must be string or null' }]],
    [{ endedBy: 'nobody' }, [{ pointer: '/endedBy', detail: 'must be one of "caller", "callee", "engine"' }]],
    [{ answerdAt: null }, [{ pointer: '/answerdAt', detail: 'is not a known field' }]],
    [{ endedAt: undefined }, [{ pointer: '/endedAt', detail: 'is required' }]],
  ]
  for (const [fault, expected] of cases) {
    const checked = checkCallMessage.end(JSON.parse(JSON.stringify({ ...end, ...fault })))
    assert.equal(checked.valid ? [] : checked.faults, expected)
  }
})

test('what may be null may be left out or null or given', () => {
  for (const answeredAt of [null, '2026-01-02T10:00:05Z', undefined]) {
    const message = answeredAt === undefined ? end : { ...end, answeredAt }
    assert.is(checkCallMessage.end(message).valid, true)
  }
})

test('the name of an engine is one token of a NATS subject, in every event', () => {
  const leg = { callId: 'a', client: 'acme.example.com' }
  const at = end.startedAt
  const bodies = {
    start: { ...leg, to: end.to, startedAt: at },
    answer: { ...leg, answeredAt: at },
    alive: { ...leg, at },
    end,
    blind: { ...leg, to: end.to, at },
  } as const
  for (const kind of ['start', 'answer', 'alive', 'end', 'blind'] as const) {
    for (const engine of ['sbc-1_b', 'A', 'x'.repeat(64)]) {
      assert.is(checkCallMessage[kind]({ ...bodies[kind], engine }).valid, true, `${kind} ${engine}`)
    }
    for (const engine of noTokens) {
      const checked = checkCallMessage[kind]({ ...bodies[kind], engine })
      assert.equal(checked.valid ? [] : checked.faults.map(({ pointer }) => pointer), ['/engine'], engine)
    }
  }
})

test.run()
