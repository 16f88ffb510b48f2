import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readDays, writeDays } from '../../web/console/calendar-days.ts'

const test = suite('days of a calendar as lines')

test('each form is read as it is written', () => {
  const days = ['2026-12-25', { month: 1, day: 6 }, { easter: -2 }, { easter: 1 }, { easter: 0 }]
  const text = '2026-12-25\n01-06\neaster-2\neaster+1\neaster+0'
  assert.is(writeDays(days), text)
  assert.equal(readDays(text), days)
})

test('commas, blanks and capitals are no matter, and what is no day is left for the API to name', () => {
  assert.equal(readDays(' 2026-12-25, 1-6 ;\n\nEaster - 2\neaster\nsoon'), [
    '2026-12-25',
    { month: 1, day: 6 },
    { easter: -2 },
    { easter: 0 },
    'soon',
  ])
})

test.run()
