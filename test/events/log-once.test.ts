import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { BrokerLog } from '../../src/events/broker.ts'
import { logOncePerCause } from '../../src/events/log-once.ts'

const test = suite('logOncePerCause')

function aLog() {
  const lines: string[] = []
  const write = (level: string) => (details: object, event: string) =>
    void lines.push(`${level} ${event} ${JSON.stringify(details)}`)
  const log: BrokerLog = { info: write('info'), warn: write('warn'), error: write('error') }
  return { lines, once: logOncePerCause(log, 1_000_000) }
}

test('seventeen thousand failures of one cause are one line, then one with their number', () => {
  const { lines, once } = aLog()
  for (let count = 0; count < 17_000; count += 1) {
    const clientId = `0190a1b2-0000-7000-8000-${String(count).padStart(12, '0')}`
    once.warn({ error: `not stored on billing.calls.priced.${clientId}` }, 'outbox_pass_failed')
  }
  assert.is(lines.length, 1)
  once.flush()
  assert.is(lines.length, 2)
  assert.match(lines[1] ?? '', /"repeated":16999/)
  once.close()
})

test('another cause, another event and what is no failure pass at once', () => {
  const { lines, once } = aLog()
  once.warn({ error: 'no space' }, 'outbox_pass_failed')
  once.warn({ error: 'no answer' }, 'outbox_pass_failed')
  once.error({ error: new Error('no space') }, 'fact_refused')
  for (const from of [1, 2]) once.error({ from }, 'broker_regression')
  for (const from of [1, 2]) once.info({ from }, 'broker_connected')
  assert.is(lines.length, 7)
  once.close()
})

test('a cause that was silent for an interval is news again', () => {
  const { lines, once } = aLog()
  once.warn({ error: 'no space' }, 'outbox_pass_failed')
  once.flush()
  once.warn({ error: 'no space' }, 'outbox_pass_failed')
  assert.is(lines.length, 2)
  once.close()
})

test.run()
