import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { instantText, parseInstant, shownInstant } from '../../src/db/columns.ts'

const test = suite('columns')

/** As PostgreSQL writes a timestamptz(3) on a connection in UTC: without zeros at the end of a second. */
const written = (at: number) =>
  instantText(at)
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '+00')

test('an instant is shown as if it had been read and written', () => {
  const years = { min: Date.parse('1970-01-01'), max: Date.parse('2199-12-31') }
  fc.assert(
    fc.property(fc.integer(years), (at) => {
      assert.is(shownInstant(written(at)), instantText(at))
      assert.is(parseInstant(written(at)), at)
    }),
  )
  for (const [text, shown] of [
    ['2026-01-05 23:30:00+00', '2026-01-05T23:30:00.000Z'],
    ['2026-01-05 23:30:10+00', '2026-01-05T23:30:10.000Z'],
    ['2026-01-05 23:30:00.5+00', '2026-01-05T23:30:00.500Z'],
    ['2026-01-05 23:30:00.012345+00', '2026-01-05T23:30:00.012Z'],
    [null, null],
  ]) {
    assert.is(shownInstant(text ?? null), shown)
  }
})

test('an instant of another zone is refused, not shown as if it were UTC', () => {
  assert.throws(() => shownInstant('2026-01-05 23:30:00+01'), /is not a timestamp of a connection in UTC/)
})

test.run()
