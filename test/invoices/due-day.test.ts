import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { instantText } from '../../src/db/columns.ts'
import { dueDates, issueDates } from '../../src/invoices/due-day.ts'

const test = suite('due days')

const due = (issueDay: string, dueDays: number, brandTimeZone: string, timeZone: string) => {
  const { dueDay, dueAt } = dueDates(issueDay, { dueDays, brandTimeZone, timeZone })
  return [dueDay, instantText(dueAt)]
}

test('an invoice is overdue when its due day has ended both for the brand and for the client', () => {
  const cases: [number, string, string, ...string[]][] = [
    // Days, brand, client, due day, and when it has ended: at the later of two midnights.
    [0, 'Europe/Madrid', 'Europe/Madrid', '2026-02-03', '2026-02-03T23:00:00.000Z'],
    [30, 'Europe/Madrid', 'Europe/Madrid', '2026-03-05', '2026-03-05T23:00:00.000Z'],
    [30, 'Europe/Madrid', 'America/New_York', '2026-03-05', '2026-03-06T05:00:00.000Z'],
    [30, 'America/New_York', 'Europe/Madrid', '2026-03-05', '2026-03-06T05:00:00.000Z'],
    [30, 'Pacific/Auckland', 'Pacific/Honolulu', '2026-03-05', '2026-03-06T10:00:00.000Z'],
    [30, 'Pacific/Honolulu', 'Pacific/Auckland', '2026-03-05', '2026-03-06T10:00:00.000Z'],
    // The clocks of Madrid go forward on 29 March.
    [60, 'Europe/Madrid', 'UTC', '2026-04-04', '2026-04-05T00:00:00.000Z'],
    [60, 'Europe/Madrid', 'Europe/Madrid', '2026-04-04', '2026-04-04T22:00:00.000Z'],
  ]
  for (const [dueDays, brand, client, dueDay, dueAt] of cases) {
    assert.equal(due('2026-02-03', dueDays, brand, client), [dueDay, dueAt], `${dueDays} ${brand} ${client}`)
  }
})

test('a month and a year end in a due day as in a calendar', () => {
  assert.equal(due('2027-12-31', 1, 'UTC', 'UTC'), ['2028-01-01', '2028-01-02T00:00:00.000Z'])
  assert.equal(due('2028-02-28', 1, 'UTC', 'UTC'), ['2028-02-29', '2028-03-01T00:00:00.000Z'])
})

test('the day of issue is the one of the brand, and never before that of the last number', () => {
  const at = Date.parse('2026-12-31T23:30:00Z')
  const issued = (brandTimeZone: string, last: { at: number | null; day: string | null }) =>
    issueDates(at, { brandTimeZone, last })
  const none = { at: null, day: null }
  assert.equal(issued('Europe/Madrid', none), { issuedAt: at, issueDay: '2027-01-01' })
  assert.equal(issued('America/New_York', none), { issuedAt: at, issueDay: '2026-12-31' })
  // Another replica, whose clock is ahead, has given a number.
  const ahead = at + 90_000
  assert.equal(issued('Europe/London', { at: ahead, day: '2026-12-31' }), {
    issuedAt: ahead,
    issueDay: '2026-12-31',
  })
  const nextYear = Date.parse('2027-01-01T00:00:10Z')
  assert.equal(issued('Europe/London', { at: nextYear, day: '2027-01-01' }), {
    issuedAt: nextYear,
    issueDay: '2027-01-01',
  })
  // The brand has moved west since.
  assert.equal(issued('America/New_York', { at: at - 1000, day: '2027-01-01' }), {
    issuedAt: at,
    issueDay: '2027-01-01',
  })
})

test.run()
