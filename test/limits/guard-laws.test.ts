/**
 * Guards decide as the naive ones do (`naive-guards.ts`), whatever happens to legs in whatever order. GUARD_RUNS: of how many
 * random nights (60).
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seededRandom } from '../../demo/seeded-random.ts'
import { fixAmount, fixedZero, partsPerWhole, unfixAmount } from '../../src/limits/fixed-amount.ts'
import type { Trip } from '../../src/limits/guard-watch.ts'
import { GuardedClient } from '../../src/limits/guarded-client.ts'
import { SlidingNumbers } from '../../src/limits/sliding-numbers.ts'
import { SlidingSum } from '../../src/limits/sliding-sum.ts'
import { type GuardLimits, limitsOf, type SpendGuard } from '../../src/limits/spend-guard.ts'
import { Decimal } from '../../src/money.ts'
import { compileWindows } from '../../src/rating/windows.ts'
import { NaiveGuards, type NaiveTrip } from './naive-guards.ts'

const test = suite('laws of spend guards')

type Random = ReturnType<typeof seededRandom>

const runs = Number(process.env.GUARD_RUNS ?? 60)
const start = Date.parse('2026-03-28T20:00:00Z')
const grantMs = 180_000
const terms = { grantMs, maxLegMs: 400 * 86_400_000 }
const numbers = ['34600111222', '34600111333', '34911000111', '5355512345', '881600000001', '881600000002']
const nights = compileWindows([{ days: null, from: '22:00', to: '06:00' }]).windows

function aMoney(random: Random, most: number): Decimal {
  return new Decimal(random.between(0, most * 1_000_000)).div(1_000_000)
}

function someLimits(random: Random): GuardLimits {
  const limits: GuardLimits = {
    ...(random.isOneIn(2) && { spendPerHour: aMoney(random, 12) }),
    ...(random.isOneIn(3) && { spendPerDay: aMoney(random, 30) }),
    ...(random.isOneIn(3) && { callsPerMinute: random.between(0, 6) }),
    ...(random.isOneIn(3) && { runningCalls: random.between(0, 8) }),
    ...(random.isOneIn(3) && { distinctNumbersPerHour: random.between(0, 5) }),
  }
  return Object.keys(limits).length > 0 ? limits : { spendPerHour: aMoney(random, 12) }
}

function someGuards(random: Random): SpendGuard[] {
  return Array.from({ length: random.between(1, 5) }, (_, place) => ({
    id: `guard-${place}`,
    name: `Guard ${place}`,
    when: random.isOneIn(5) ? { window: random.pick(nights), timeZone: null } : null,
    prefixes: random.isOneIn(5) ? random.pick([['881'], ['34', '53'], ['346001112']]) : null,
    highRisk: random.isOneIn(5) ? true : null,
    limits: someLimits(random),
    action: random.pick(['alert', 'alert', 'deny', 'deny-and-hang-up'] as const),
    currency: 'EUR',
    email: null,
    createdAt: place,
  }))
}

/** The same limits with other amounts and names: what was counted stays. */
function changed(random: Random, guard: SpendGuard): SpendGuard {
  const others = { ...guard.limits }
  for (const limit of limitsOf(guard)) {
    if (limit === 'spendPerHour' || limit === 'spendPerDay') others[limit] = aMoney(random, 20)
  }
  return { ...guard, name: `${guard.name}, changed`, limits: others }
}

const plain = (trips: readonly (Trip | NaiveTrip)[]) =>
  trips.map(({ guard, limit, spent }) => [
    guard.id,
    limit,
    typeof spent === 'string' ? spent : (spent?.toFixed() ?? null),
  ])

function compareOnce(seed: number): void {
  const random = seededRandom(seed)
  const guards = someGuards(random)
  const naive = new NaiveGuards(guards)
  const memory = new GuardedClient('Europe/Madrid')
  memory.watch(guards.map((guard) => ({ guard, liftedUntil: 0 })))
  const known: string[] = []
  // Minutes of two legs never begin at one instant, of which either may come first.
  const begun = new Set<number>()
  let now = start
  for (let step = 0; step < 120; step++) {
    now += random.pick([0, 3, 700, 5000, 5000, 61_000, 1_900_000])
    assert.equal(plain(memory.advance(now, terms)), plain(naive.advance(now, grantMs)))
    const callId = known.length > 0 ? random.pick(known) : ''
    const act = random.between(0, 11)
    // Another replica tells of its legs a little late.
    const at = act === 4 && random.isOneIn(3) ? now - random.between(1, 900) : now
    if (act <= 4 && !begun.has(at % 60_000)) {
      begun.add(at % 60_000)
      const leg = {
        ...{ callId: `leg-${step}`, to: random.pick(numbers), isHighRisk: random.isOneIn(3), at },
        ...{ firstIncrement: aMoney(random, 1), slice: aMoney(random, 4) },
      }
      const asked = { ...leg, from: null, rateAt: at, rate: null }
      const slice = fixAmount(leg.slice)
      const costs = {
        findFirstMinute: () => ({ firstIncrement: fixAmount(leg.firstIncrement), slice }),
        priceOfSlice: () => slice,
      }
      known.push(leg.callId)
      if (act === 4) {
        memory.note(asked, costs)
        naive.note(leg)
        continue
      }
      const answer = memory.admit(asked, costs)
      const expected = naive.admit(leg)
      assert.is(answer.outcome === 'denied' ? answer.guard.id : null, expected.deniedBy)
      assert.equal(answer.outcome === 'repeat' ? null : plain(answer.trips), plain(expected.trips))
    } else if (act <= 6 && !begun.has(now % 60_000)) {
      begun.add(now % 60_000)
      memory.run(callId, now)
      naive.run(callId, now)
    } else if (act <= 8) {
      const price = aMoney(random, 9)
      memory.settle(callId, { price, answeredAt: now })
      naive.settle(callId, price)
    } else if (act === 9) {
      memory.withdraw(callId)
      naive.withdraw(callId)
    } else if (act === 10) {
      memory.release(callId)
      naive.release(callId)
    } else {
      const watched = guards.map((guard) => ({
        guard: changed(random, guard),
        liftedUntil: random.isOneIn(5) ? now + random.between(0, 600_000) : 0,
      }))
      assert.is(memory.watch(watched), false)
      naive.change(watched)
    }
  }
}

test('guards that share what they count decide as if each counted for itself', () => {
  for (let seed = 1; seed <= runs; seed++) {
    compareOnce(seed)
  }
})

test('many parts of one moment make whole units, and leave nothing behind', () => {
  const sum = new SlidingSum(3_600_000)
  const amount = fixAmount(new Decimal('0.999999999999999'))
  const entries = Array.from({ length: 5000 }, (_, place) => sum.add(start + place / 10, amount))
  assert.is(new Set(entries).size, 1)
  assert.is(unfixAmount(sum.totalAt(start)).toFixed(), '4999.999999999995')
  for (const entry of entries.slice(0, 4000)) sum.replace(entry, amount, fixedZero)
  assert.is(unfixAmount(sum.totalAt(start)).toFixed(), '999.999999999999')
  assert.equal(sum.totalAt(start + 3_600_000 + 500), fixedZero)
})

function countNumbers(numbers: SlidingNumbers, now: number): number {
  let count = 0
  while (numbers.isOneTooMany('a number that nobody calls', now, count + 1)) count++
  return count
}

test('different numbers are the same whether they are worked out early or late', () => {
  const random = seededRandom(7)
  const [early, late] = [new SlidingNumbers(60_000), new SlidingNumbers(60_000)]
  const calls: [number, number][] = []
  let now = start
  for (let step = 0; step < 2000; step++) {
    now += random.pick([0, 5, 900, 4000])
    const number = random.pick(numbers)
    if (random.isOneIn(6) && calls.length > 0) {
      const [inEarly, inLate] = random.pick(calls)
      early.takeBack(inEarly)
      late.takeBack(inLate)
    } else calls.push([early.add(number, now), late.add(number, now)])
    early.isOneTooMany(number, now, 0)
    if (random.isOneIn(50)) assert.is(countNumbers(late, now), countNumbers(early, now))
    // Empty, they begin anew.
    if (random.isOneIn(100)) now += 100_000
  }
})

test('what comes after it has left counts nothing, however much came meanwhile', () => {
  const sum = new SlidingSum(60_000)
  const numbers = new SlidingNumbers(60_000)
  const one = fixAmount(new Decimal(1))
  sum.add(start, one)
  numbers.add('34600111222', start)
  const [late, lateNumber] = [sum.add(start - 60_000, one), numbers.add('34911000111', start - 60_000)]
  const counted = () => [sum.countAt(start), countNumbers(numbers, start)]
  assert.equal(counted(), [1, 1])
  sum.replace(late, one, fixedZero)
  numbers.takeBack(lateNumber)
  assert.equal(counted(), [1, 1])
  // A moment later it would still have been there.
  sum.add(start - 59_999, one)
  numbers.add('34911000111', start - 59_999)
  assert.equal(counted(), [2, 2])
})

test('an amount of up to fifteen decimals is the same after it was fixed, below zero too', () => {
  const random = seededRandom(7)
  for (let i = 0; i < 5000; i++) {
    const decimals = random.between(0, 15)
    const digits = `${random.between(0, 999_999_999)}${random.between(0, 999_999_999)}`.slice(0, decimals + 9)
    const amount = new Decimal(digits).div(new Decimal(10).pow(decimals)).times(random.pick([1, -1]))
    const fixed = fixAmount(amount)
    assert.ok(Number.isSafeInteger(fixed.whole) && Number.isInteger(fixed.parts))
    assert.ok(fixed.parts >= 0 && fixed.parts < partsPerWhole)
    assert.is(unfixAmount(fixed).toFixed(), amount.toFixed())
  }
  assert.equal(fixAmount(new Decimal('0.9999999999999999')), { whole: 1, parts: 0 })
})

test.run()
