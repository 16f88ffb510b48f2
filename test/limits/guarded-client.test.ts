import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fixAmount } from '../../src/limits/fixed-amount.ts'
import { GuardedClient } from '../../src/limits/guarded-client.ts'
import type { CountedLeg, LegCosts } from '../../src/limits/guarded-leg.ts'
import type { GuardLimits, SpendGuard } from '../../src/limits/spend-guard.ts'
import { Decimal } from '../../src/money.ts'
import { compileWindows } from '../../src/rating/windows.ts'

const test = suite('GuardedClient')

const start = Date.parse('2026-01-14T10:00:00Z')
const at = (seconds: number) => start + seconds * 1000
const terms = { grantMs: 180_000, maxLegMs: 86_400_000 }

let guards = 0
function aGuard(
  limits: { [Name in keyof GuardLimits]: GuardLimits[Name] | string },
  guard: Partial<SpendGuard> = {},
): SpendGuard {
  const { spendPerHour, spendPerDay, ...counts } = limits
  guards++
  return {
    id: `guard-${guards}`,
    name: `Guard ${guards}`,
    when: null,
    prefixes: null,
    highRisk: null,
    limits: {
      ...counts,
      ...(spendPerHour !== undefined && { spendPerHour: new Decimal(spendPerHour) }),
      ...(spendPerDay !== undefined && { spendPerDay: new Decimal(spendPerDay) }),
    } as GuardLimits,
    action: 'deny',
    currency: 'EUR',
    email: null,
    createdAt: guards,
    ...guard,
  }
}

/** By the second, at `perMinute`, with an increment of a second. */
const cost = (perMinute: string): LegCosts => {
  const slice = fixAmount(new Decimal(perMinute))
  return {
    findFirstMinute: () => ({ firstIncrement: fixAmount(new Decimal(perMinute).div(60)), slice }),
    priceOfSlice: () => slice,
  }
}

/** What a switch need not say, and memory does not look up. */
const unknown = { from: null, rate: null }

function aClient(...watched: SpendGuard[]) {
  const memory = new GuardedClient('Europe/Madrid')
  memory.watch(watched.map((guard) => ({ guard, liftedUntil: 0 })))
  let legs = 0
  return {
    memory,
    /** `ok`, or the name of the guard that refuses. */
    ask(
      seconds: number,
      leg: { callId?: string; to?: string; isHighRisk?: boolean; perMinute?: string } = {},
    ): string {
      legs++
      const { callId = `leg-${legs}`, to = '34600111222', perMinute = '6' } = leg
      const times = { at: at(seconds), rateAt: at(seconds) }
      const asked = { callId, to, isHighRisk: leg.isHighRisk ?? false, ...times, ...unknown }
      const answer = memory.admit(asked, cost(perMinute))
      return answer.outcome === 'denied' ? answer.guard.name : answer.outcome === 'repeat' ? 'repeat' : 'ok'
    },
  }
}

test('a leg counts its first minute when it is granted, and the next one is refused that does not fit', () => {
  const guard = aGuard({ spendPerHour: '10' })
  const { ask } = aClient(guard)
  // 6, then 4 are left: the first second of 0.10 fits, its minute of 6 counts: 12.
  assert.is(ask(0), 'ok')
  assert.is(ask(1), 'ok')
  assert.is(ask(2), guard.name)
})

test('an hour slides: what was counted leaves at its own instant', () => {
  const guard = aGuard({ spendPerHour: '6' })
  const { memory, ask } = aClient(guard)
  assert.is(ask(0, { callId: 'one' }), 'ok')
  memory.run('one', at(5))
  memory.settle('one', { price: new Decimal('6'), answeredAt: at(5) })
  assert.is(ask(3599), guard.name)
  assert.is(ask(3600), 'ok')
})

test('a day is 24 hours, not a day of the calendar', () => {
  const guard = aGuard({ spendPerDay: '6' })
  const { memory, ask } = aClient(guard)
  ask(0, { callId: 'one' })
  memory.settle('one', { price: new Decimal('6'), answeredAt: at(0) })
  // 16 h later it is another day in every zone.
  assert.is(ask(16 * 3600), guard.name)
  assert.is(ask(86_400), 'ok')
})

test('a running leg counts each minute when it begins', () => {
  const { memory, ask } = aClient(aGuard({ spendPerHour: '18' }))
  ask(0, { callId: 'one' })
  memory.run('one', at(10))
  assert.equal(memory.advance(at(69), terms), [])
  // 12 are counted from second 70 on, 18 from 130 on.
  assert.equal(memory.advance(at(130), terms), [])
  assert.is(ask(131), 'Guard 4')
  const [trip] = memory.advance(at(190), terms)
  assert.is(trip?.limit, 'spendPerHour')
  assert.is(trip?.spent?.toFixed(), '18')
  assert.is(trip?.at, at(190))
})

test('minutes that began since the last look are counted in the order of time over all legs', () => {
  const guard = aGuard({ spendPerHour: '100' }, { action: 'alert' })
  const { memory, ask } = aClient(guard)
  for (const [callId, answeredAt, perMinute] of [
    ['one', 0, '30'],
    ['other', 20, '40'],
  ] as const) {
    ask(answeredAt, { callId, perMinute })
    memory.run(callId, at(answeredAt))
  }
  // 70 by the grants; 60: one, 100. 80: other, 140. 120: one, 170. 140: other, 210.
  assert.equal(
    memory.advance(at(150), terms).map((trip) => [trip.at, trip.spent?.toFixed()]),
    [
      [at(80), '100'],
      [at(120), '140'],
      [at(140), '170'],
    ],
  )
  assert.equal(memory.advance(at(150), terms), [])
})

test('the settled price takes the place of the slices, each where it was counted', () => {
  const guard = aGuard({ spendPerHour: '12' })
  const { memory, ask } = aClient(guard)
  ask(0, { callId: 'one' })
  memory.run('one', at(0))
  memory.advance(at(61), terms)
  // 12 are counted: 6 at second 0, 6 at second 60. It lasted 65 s and cost 6.50.
  memory.settle('one', { price: new Decimal('6.5'), answeredAt: at(0) })
  // 5.50 are left.
  assert.is(ask(70, { perMinute: '5.5' }), 'ok')
  assert.is(ask(71), guard.name)
  // At second 3600 the 6 have left, the 0.50 of second 60 and the 5.50 are still there: 6.
  assert.is(ask(3600, { perMinute: '360.6' }), guard.name)
  assert.is(ask(3600, { perMinute: '360' }), 'ok')
})

test('a price that is told once more moves the difference alone', () => {
  const guard = aGuard({ spendPerHour: '10' })
  const { memory, ask } = aClient(guard)
  ask(0, { callId: 'one' })
  memory.settle('one', { price: new Decimal('2'), answeredAt: at(0) })
  memory.settle('one', { price: new Decimal('9.95'), answeredAt: at(0) })
  assert.is(ask(10), guard.name)
  memory.settle('one', { price: new Decimal('2'), answeredAt: at(0) })
  assert.is(ask(11), 'ok')
})

test('what costs nothing passes, also with nothing left', () => {
  const guard = aGuard({ spendPerHour: '0' })
  const { ask } = aClient(guard)
  assert.is(ask(0), guard.name)
  assert.is(ask(0, { perMinute: '0' }), 'ok')
})

test('a repeat of a grant counts nothing', () => {
  const guard = aGuard({ callsPerMinute: 2, spendPerHour: '12' })
  const { ask } = aClient(guard)
  ask(0, { callId: 'one' })
  for (let i = 0; i < 5; i++) assert.is(ask(1, { callId: 'one' }), 'repeat')
  assert.is(ask(2), 'ok')
  assert.is(ask(3), guard.name)
})

test('what was denied counts nothing, for whatever reason', () => {
  const guard = aGuard({ callsPerMinute: 1 })
  const { memory, ask } = aClient(guard)
  ask(0, { callId: 'one' })
  memory.withdraw('one')
  assert.is(ask(1, { callId: 'two' }), 'ok')
  for (let second = 2; second < 60; second++) assert.is(ask(second), guard.name)
  assert.is(ask(61), 'ok')
})

test('a released grant stays an attempt, and is no longer running and no money', () => {
  const calls = aGuard({ callsPerMinute: 1 })
  const money = aGuard({ spendPerHour: '6', runningCalls: 1 })
  const { memory, ask } = aClient(calls, money)
  ask(0, { callId: 'one' })
  memory.release('one')
  assert.is(ask(1), calls.name)
  assert.is(ask(60), 'ok')
})

test('a grant that no start follows is given back after 180 s', () => {
  const guard = aGuard({ runningCalls: 1 })
  const { memory, ask } = aClient(guard)
  ask(0)
  memory.advance(at(179), terms)
  assert.is(ask(179), guard.name)
  memory.advance(at(180), terms)
  assert.is(ask(180), 'ok')
})

test('distinct numbers are counted once each, and one called before may be called again', () => {
  const guard = aGuard({ distinctNumbersPerHour: 2 })
  const { ask } = aClient(guard)
  assert.is(ask(0, { to: '881600000001' }), 'ok')
  assert.is(ask(1, { to: '881600000001' }), 'ok')
  assert.is(ask(2, { to: '881600000002' }), 'ok')
  assert.is(ask(3, { to: '881600000003' }), guard.name)
  assert.is(ask(4, { to: '881600000002' }), 'ok')
  // The first was last called at second 1.
  assert.is(ask(3601, { to: '881600000003' }), 'ok')
})

test('a country is new that no answered call has reached in 90 days; who never had one is learning', () => {
  const guard = aGuard({ newCountries: 'deny' }, { action: 'alert' })
  const { memory, ask } = aClient(guard)
  assert.is(ask(0, { callId: 'one', to: '34600111222' }), 'ok')
  assert.is(ask(1, { callId: 'two', to: '5355512345' }), 'ok')
  memory.run('one', at(5))
  assert.is(ask(6, { to: '37120111222' }), guard.name)
  assert.is(ask(7, { to: '34600111222' }), 'ok')
  assert.is(ask(90 * 86_400 + 4, { to: '34600111222' }), 'ok')
  assert.is(ask(90 * 86_400 + 5, { to: '34600111222' }), guard.name)
})

test('new countries decide for their limit alone, whatever the action of the guard', () => {
  const guard = aGuard({ newCountries: 'alert', callsPerMinute: 2 }, { action: 'deny' })
  const { memory, ask } = aClient(guard)
  ask(0, { callId: 'one', to: '34600111222' })
  memory.run('one', at(1))
  assert.is(ask(2, { to: '5355512345' }), 'ok')
  assert.is(ask(3, { to: '5355512345' }), guard.name)
})

test('conditions are joined by and', () => {
  const guard = aGuard({ callsPerMinute: 0 }, { prefixes: ['53', '881'], highRisk: true })
  const { ask } = aClient(guard)
  assert.is(ask(0, { to: '5355512345', isHighRisk: false }), 'ok')
  assert.is(ask(0, { to: '870600000001', isHighRisk: true }), 'ok')
  assert.is(ask(0, { to: '881600000001', isHighRisk: true }), guard.name)
})

test('a guard of the night counts and stops at night, by the clock of the client', () => {
  const times = { days: null, from: '22:00', to: '06:00' }
  const [window] = compileWindows([times]).windows
  if (!window) throw new Error('no window')
  const guard = aGuard({ callsPerMinute: 0 }, { when: { window, timeZone: null } })
  const { ask } = aClient(guard)
  // 10:00 in UTC is 11:00 in Madrid; it is 22:00 there at 21:00 in UTC.
  assert.is(ask(0), 'ok')
  assert.is(ask(11 * 3600 - 1), 'ok')
  assert.is(ask(11 * 3600), guard.name)
  assert.is(ask(19 * 3600 - 1), guard.name)
  assert.is(ask(19 * 3600), 'ok')
})

test('of several guards the severest action is named, then the oldest', () => {
  const tells = aGuard({ callsPerMinute: 0 }, { action: 'alert' })
  const denies = aGuard({ callsPerMinute: 0 })
  const later = aGuard({ callsPerMinute: 0 })
  const hangsUp = aGuard({ callsPerMinute: 0 }, { action: 'deny-and-hang-up' })
  assert.is(aClient(tells, denies, later).ask(0), denies.name)
  assert.is(aClient(tells, denies, later, hangsUp).ask(0), hangsUp.name)
  assert.is(aClient(tells).ask(0), 'ok')
})

test('a lifted guard lets pass and counts on', () => {
  const guard = aGuard({ callsPerMinute: 1 })
  const { memory, ask } = aClient(guard)
  ask(0)
  assert.is(ask(1), guard.name)
  memory.watch([{ guard, liftedUntil: at(30) }])
  assert.is(ask(29), 'ok')
  assert.is(ask(30), guard.name)
  assert.is(ask(60), guard.name)
  assert.is(ask(89), 'ok')
})

test('a guard that hangs up ends the running legs that it concerns, and those that were granted elsewhere meanwhile', () => {
  const guard = aGuard({ spendPerHour: '6' }, { action: 'deny-and-hang-up', prefixes: ['881'] })
  const { memory, ask } = aClient(guard)
  ask(0, { callId: 'home' })
  ask(0, { callId: 'one', to: '881600000001' })
  memory.run('one', at(3))
  assert.equal(memory.legsToEnd(), [])
  assert.is(ask(10, { to: '881600000002' }), guard.name)
  const elsewhere = { from: null, to: '881600000003', isHighRisk: true }
  memory.note({ callId: 'elsewhere', ...elsewhere, at: at(9.5), rateAt: at(9.5) }, cost('6'))
  memory.note({ callId: 'much later', ...elsewhere, at: at(60), rateAt: at(60) }, cost('6'))
  assert.equal(
    memory.legsToEnd().map(({ callId }) => callId),
    ['one', 'elsewhere'],
  )
  memory.settle('one', { price: new Decimal('1'), answeredAt: at(3) })
  assert.equal(
    memory.legsToEnd().map(({ callId }) => callId),
    ['elsewhere'],
  )
})

test('a new name or limit keeps what was counted, another condition begins anew and says so', () => {
  const guard = aGuard({ callsPerMinute: 1 })
  const { memory, ask } = aClient(guard)
  ask(0)
  assert.is(
    memory.watch([{ guard: { ...guard, name: 'Renamed', limits: { callsPerMinute: 2 } }, liftedUntil: 0 }]),
    false,
  )
  assert.is(ask(1), 'ok')
  assert.is(ask(2), 'Renamed')
  assert.is(memory.watch([{ guard: { ...guard, prefixes: ['34'] }, liftedUntil: 0 }]), true)
  assert.is(ask(3), 'ok')
})

test('what one memory knows of its legs another one takes over', () => {
  const guard = aGuard({ spendPerHour: '12', runningCalls: 5, callsPerMinute: 3 })
  const { memory, ask } = aClient(guard)
  ask(0, { callId: 'one' })
  memory.run('one', at(0))
  memory.advance(at(30), terms)
  const other = aClient(guard)
  const calls: CountedLeg = {
    ...{
      callId: 'older',
      from: null,
      to: '34600111222',
      isHighRisk: false,
      at: at(-10),
      rateAt: at(-10),
      answeredAt: at(-10),
    },
    state: 'over',
    slices: [{ at: at(-10), amount: fixAmount(new Decimal('5.95')) }],
    costs: cost('6'),
  }
  other.memory.load([calls, ...memory.legs()])
  assert.is(other.memory.has('one'), true)
  // 11.95 of 12 are spent: a first second of 0.10 does not fit, one of 0.05 does.
  assert.is(other.ask(40), guard.name)
  assert.is(other.ask(40, { perMinute: '3' }), 'ok')
})

test.run()
