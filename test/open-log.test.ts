import { DrizzleQueryError } from 'drizzle-orm/errors'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openLog } from '../src/open-log.ts'

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

test('a text stays as it is', () => {
  assert.is(written('no answer').error, 'no answer')
})

test.run()
