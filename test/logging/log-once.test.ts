import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { logOnce } from '../../src/logging/log-once.ts'

const test = suite('logOnce')
const aMinute = 60_000

interface Line {
  level: string
  event: string
  count: number
  [field: string]: unknown
}

function aLog() {
  const lines: Line[] = []
  const write = (level: string) => (fields: object) => void lines.push({ level, ...fields } as Line)
  let now = 0
  return {
    lines,
    told: () => lines.map(({ event, count }) => `${event} ${count}`),
    failures: logOnce({ info: write('info'), warn: write('warn'), error: write('error') }, 'pass_failed', {
      clock: () => now,
      quietMs: 10 * aMinute,
    }),
    moveClock: (ms: number) => {
      now += ms
    },
  }
}

const refused = () =>
  Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })

test('one cause is told at once, then each 30 s with its count, and once when it is over', () => {
  const { failures, told, lines, moveClock } = aLog()
  for (let second = 0; second < 70; second++) {
    failures.failed(refused(), { tick: 'meter' })
    moveClock(1000)
  }
  assert.equal(told(), ['pass_failed 1', 'pass_failed 31', 'pass_failed 61'])
  failures.over()
  failures.over()
  assert.is(lines.length, 4)
  const { level, event, count, seconds, tick } = lines[3] as Line
  assert.equal([level, event, count, seconds, tick], ['info', 'pass_failed_over', 70, 69, 'meter'])
})

test('another cause is told at once; numbers, ids and wrappers make no other cause', () => {
  const { failures, told } = aLog()
  failures.failed(refused())
  failures.failed(new Error('a query failed', { cause: refused() }))
  failures.failed(new Error('call 1 of 9fe0b0c4-0b7c-4a53-8b1c-2f0d3a7d9b11 is gone'))
  failures.failed(new Error('call 2 of 11111111-0b7c-4a53-8b1c-2f0d3a7d9b11 is gone'))
  failures.failed('no answer')
  assert.equal(told(), ['pass_failed 1', 'pass_failed 1', 'pass_failed 1'])
})

test('after it was over the same cause is told anew', () => {
  const { failures, told } = aLog()
  failures.failed(refused())
  failures.over()
  failures.failed(refused())
  assert.equal(told(), ['pass_failed 1', 'pass_failed_over 1', 'pass_failed 1'])
})

test('a thousand causes are told as twenty and one', () => {
  const { failures, lines } = aLog()
  for (let n = 0; n < 1000; n++) failures.failed(new Error(`no ${String.fromCharCode(0x4e00 + n)}`))
  assert.is(lines.length, 21)
  failures.over()
  assert.is(lines.length, 42)
  assert.is(
    lines.filter(({ event }) => event === 'pass_failed_over').reduce((sum, { count }) => sum + count, 0),
    1000,
  )
})

test('a cause that does not come again is over by itself', async () => {
  let resolve: (line: object) => void = () => {}
  const promise = new Promise<object>((done) => {
    resolve = done
  })
  const ignore = () => {}
  const failures = logOnce({ info: (line) => resolve(line), warn: ignore, error: ignore }, 'fact_refused', {
    quietMs: 20,
  })
  // The timer of a log keeps no process alive; this one does until it has come.
  const alive = setInterval(ignore, 1000)
  failures.failed(new Error('too large'), { id: 'one' })
  const { event, count, id } = (await promise) as Line
  clearInterval(alive)
  assert.equal([event, count, id], ['fact_refused_over', 1, 'one'])
})

test.run()
