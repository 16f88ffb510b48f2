import { DrizzleQueryError } from 'drizzle-orm/errors'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openLog } from '../../src/logging/open-log.ts'

const test = suite('openLog')

/** The line that this failure becomes. */
function written(error: unknown): { event: string; error: string } {
  let line = ''
  openLog('info', { write: (text) => (line = text) }).error({ event: 'tried', error }, 'in vain')
  return JSON.parse(line)
}

test('a failed query is told by what the database said, never by its values', () => {
  const refusal = Object.assign(new Error('too many connections'), { code: '53300' })
  const { event, error } = written(new DrizzleQueryError('select $1', ['+34600111222'], refusal))
  assert.equal([event, error], ['tried', 'Error: too many connections (53300)'])
})

test('a fault of the code brings its stack', () => {
  assert.match(
    written(new TypeError('x is undefined')).error,
    /TypeError: x is undefined\n +at .*open-log\.test/,
  )
})

test('the chain of causes is told, each link with its own words', () => {
  const gone = Object.assign(new Error('timeout'), { name: 'NatsError', code: 'TIMEOUT' })
  const failure = new RangeError('not stored', { cause: gone })
  assert.match(
    written(failure).error,
    /^RangeError: not stored\n +at [\s\S]*\nbecause of NatsError: timeout \(TIMEOUT\)$/,
  )
})

test('what tried several addresses tells each of them', () => {
  const tries = [new Error('connect ECONNREFUSED ::1:5432'), new Error('connect ECONNREFUSED 127.0.0.1:5432')]
  const error = Object.assign(new AggregateError(tries), { code: 'ECONNREFUSED' })
  assert.is(
    written(error).error,
    'AggregateError: connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432 (ECONNREFUSED)',
  )
})

test('a chain that bites its tail ends', () => {
  const one = Object.assign(new Error('one'), { code: 'E' })
  one.cause = one
  assert.is(written(one).error, 'Error: one (E)')
})

test('a failure is told under any name, in lists and objects, and alone', () => {
  const lines: string[] = []
  const log = openLog('info', { write: (text) => void lines.push(text) })
  const fault = new TypeError('x is undefined')
  log.error({ event: 'tried', reason: fault, tries: [{ cause: fault }], at: new Date(0) }, 'in vain')
  log.error(fault)
  const query = new DrizzleQueryError('select $1', ['+34600111222'], fault)
  log.error({ event: 'tried', err: query })
  assert.is(lines.join('').match(/TypeError: x is undefined\\n/g)?.length, 4)
  assert.match(lines[0] ?? '', '1970-01-01')
  assert.not.match(lines.join(''), '+34600111222')
})

test('a line of a library has an event too', () => {
  const lines: string[] = []
  const log = openLog('info', { write: (text) => void lines.push(text) })
  log.info('Server listening at %s', 'http://127.0.0.1:1')
  log.warn({ reqId: 'one' })
  assert.equal(
    lines.map((line) => JSON.parse(line)).map(({ event, msg, reqId }) => [event, msg, reqId]),
    [
      ['library', 'Server listening at http://127.0.0.1:1', undefined],
      ['library', 'library', 'one'],
    ],
  )
})

test('a text stays as it is', () => {
  assert.is(written('no answer').error, 'no answer')
})

test.run()
