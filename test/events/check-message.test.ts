import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkCallMessage } from '../../src/events/read-call-event.ts'

const test = suite('checkMessage')
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

test.run()
