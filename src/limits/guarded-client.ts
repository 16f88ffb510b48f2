/**
 * What the guards of one client have seen of its legs, and whether they let another one pass.
 *
 * Under a limit of money a leg counts slice by slice: the first, with fee, when it is granted, each next one at the instant
 * it begins. The settled price takes the place of the slices, each where it was counted. A leg that was released stays an
 * attempt: of its calls and numbers, not of money. A leg that was denied counts nothing, nor does a repeat.
 * Time and prices are arguments. Instants are milliseconds since 1970.
 */
import { Decimal, zero } from '../money.ts'
import { type LegPrices, sliceSeconds } from './authorize.ts'
import { type Counted, SlidingNumbers, SlidingSum } from './sliding-sum.ts'
import {
  countsTheSame,
  type GuardAction,
  type GuardedNumber,
  type GuardLimit,
  guardsInstant,
  guardsNumber,
  isSeverer,
  type SpendGuard,
} from './spend-guard.ts'

export interface GuardedLeg extends GuardedNumber {
  callId: string
  /** ISO 3166-1 alpha-2; empty: no country's. */
  country: string
  /** When it was granted, or began. */
  at: number
}

/** null: it costs nothing. Asked only where a guard limits money. */
export type FindCost = () => Pick<LegPrices, 'firstIncrement' | 'priceFor'> | null

/** A limit that is reached. */
export interface Trip {
  guard: SpendGuard
  limit: GuardLimit
  action: GuardAction
  at: number
  /** What counted when it tripped; null: no limit of money. */
  spent: Decimal | null
  /** A leg was refused for it. */
  isRefusal: boolean
}

export type Admission =
  | { outcome: 'repeat' }
  | { outcome: 'counted'; trips: readonly Trip[] }
  | { outcome: 'denied'; guard: SpendGuard; trips: readonly Trip[] }

/** Of a leg that was counted before: by another memory, or by the database. */
export interface CountedLeg extends GuardedLeg {
  answeredAt: number | null
  /** `attempt`: granted and not placed. */
  state: 'granted' | 'running' | 'over' | 'attempt'
  slices: readonly { at: number; amount: Decimal }[]
  findCost: FindCost
}

export interface KnownCountries {
  /** Country → the last call to it that was answered. */
  answeredAt: Map<string, number>
  /** Whether any call of the client was ever answered: until then all countries may be called. */
  hasAnswered: boolean
}

const hourMs = 3_600_000
const dayMs = 86_400_000
const sliceMs = sliceSeconds * 1000
/** A country is new where no call to it was answered for so long. */
export const newCountryMs = 90 * dayMs
/** Legs that are over are known for corrections of their price: the last ones. */
const maxLegsOver = 2000
/** A trip concerns legs that are noted a little later, too: those that other replicas have granted meanwhile. */
const lateMs = 3000

/** One guard, with what it has counted. */
interface Watch {
  guard: SpendGuard
  liftedUntil: number
  hour: SlidingSum | null
  day: SlidingSum | null
  calls: SlidingSum | null
  numbers: SlidingNumbers | null
  running: number
  /** When it last tripped with legs to be ended; −∞: never. */
  endedAt: number
}

interface Slice {
  at: number
  amount: Decimal
  counted: Counted[]
}

interface Leg extends Omit<CountedLeg, 'slices'> {
  watches: readonly Watch[]
  slices: Slice[]
  calls: Counted[]
  /** Watches for which its number was another one. */
  newNumberOf: Watch[]
  isRunning: boolean
}

const one = new Decimal(1)

export class GuardedClient {
  readonly timeZone: string
  #watches: Watch[] = []
  /** Granted and running ones, by callId. */
  readonly #open = new Map<string, Leg>()
  readonly #over = new Map<string, Leg>()
  #countries: KnownCountries
  /** Legs that are to be hung up, with their guard. */
  #toEnd = new Map<string, SpendGuard>()

  constructor(timeZone: string, countries: KnownCountries = { answeredAt: new Map(), hasAnswered: false }) {
    this.timeZone = timeZone
    this.#countries = countries
  }

  get guards(): readonly SpendGuard[] {
    return this.#watches.map(({ guard }) => guard)
  }

  /** Of those that count the same legs what was counted stays. Answers whether there is one that knows nothing yet. */
  watch(guards: readonly { guard: SpendGuard; liftedUntil: number }[]): boolean {
    const before = this.#watches
    let isNew = false
    this.#watches = guards.map(({ guard, liftedUntil }) => {
      const known = before.find((watch) => watch.guard.id === guard.id && countsTheSame(watch.guard, guard))
      if (known) return Object.assign(known, { guard, liftedUntil })
      isNew = true
      return newWatch(guard, liftedUntil)
    })
    return isNew
  }

  /** Takes over what is known of legs, each slice at its instant. */
  load(legs: readonly CountedLeg[]): void {
    const steps: { at: number; take: () => void }[] = []
    for (const given of legs) {
      let leg: Leg | undefined
      steps.push({
        at: given.at,
        take: () => {
          leg = this.#begin(given)
          Object.assign(leg, { answeredAt: given.answeredAt, state: given.state })
          if (given.state === 'over' || given.state === 'attempt') this.#close(leg, given.state)
        },
      })
      for (const { at, amount } of given.slices) {
        steps.push({
          at,
          take: () => {
            if (leg) this.#countSlice(leg, at, amount)
          },
        })
      }
    }
    // Sorting is stable: a leg begins before its first slice.
    for (const { take } of steps.sort((a, b) => a.at - b.at)) take()
  }

  /** What `load` of another memory takes. */
  legs(): CountedLeg[] {
    return [...this.#over.values(), ...this.#open.values()]
  }

  get countries(): KnownCountries {
    return this.#countries
  }

  has(callId: string): boolean {
    return this.#open.has(callId)
  }

  isOver(callId: string): boolean {
    return this.#over.has(callId)
  }

  /** May the leg begin? It counts at once where it may. */
  admit(leg: GuardedLeg, findCost: FindCost): Admission {
    if (this.#open.has(leg.callId)) return { outcome: 'repeat' }
    const watches = this.#findWatches(leg)
    const trips: Trip[] = []
    const cost = watches.some(limitsMoney) ? findCost() : null
    for (const watch of watches) {
      if (watch.liftedUntil > leg.at || !guardsInstant(watch.guard, leg.at, this.timeZone)) continue
      trips.push(...this.#findTrips(watch, leg, cost?.firstIncrement ?? zero))
    }
    let named: Trip | undefined
    for (const trip of trips) if (!named || isSeverer(trip.action, named.action)) named = trip
    if (named && named.action !== 'alert') {
      for (const trip of trips) {
        trip.isRefusal = trip.guard.id === named.guard.id && trip.limit === named.limit
        if (trip.action === 'deny-and-hang-up') this.#endLegs(trip.guard, leg.at)
      }
      return { outcome: 'denied', guard: named.guard, trips }
    }
    this.#count(leg, watches, () => cost)
    return { outcome: 'counted', trips }
  }

  /** A leg that was not asked for here: another replica has granted it, or it came unasked. */
  note(leg: GuardedLeg, findCost: FindCost): void {
    if (this.#open.has(leg.callId) || this.#over.has(leg.callId)) return
    const watches = this.#findWatches(leg)
    this.#count(leg, watches, watches.some(limitsMoney) ? remembered(findCost) : findCost)
    for (const watch of watches) {
      if (leg.at <= watch.endedAt + lateMs && leg.at > watch.endedAt - hourMs) {
        this.#toEnd.set(leg.callId, watch.guard)
      }
    }
  }

  /** It was denied after all: as if it had never been asked for. */
  withdraw(callId: string): void {
    const leg = this.#open.get(callId)
    if (!leg) return
    this.#stop(leg)
    this.#open.delete(callId)
    this.#price(leg, zero)
    for (const counted of leg.calls) counted.sum.change(counted, one.negated())
    for (const { numbers } of leg.newNumberOf) numbers?.remove(leg.to)
  }

  /** The grant was handed back, or has run out. */
  release(callId: string): void {
    const leg = this.#open.get(callId)
    if (leg?.state === 'granted') this.#close(leg, 'attempt')
  }

  /** Its start has come; with its answer where it is known. */
  run(callId: string, answeredAt: number | null): void {
    const leg = this.#open.get(callId)
    if (!leg) return
    leg.state = 'running'
    if (answeredAt === null) return
    leg.answeredAt = answeredAt
    this.#knowCountry(leg.country, answeredAt)
  }

  /** It is over. `price` in the guard's currency; null: none. Also for one that was settled before. */
  settle(callId: string, { price, answeredAt }: { price: Decimal | null; answeredAt: number | null }): void {
    const leg = this.#open.get(callId) ?? this.#over.get(callId)
    if (!leg) return
    if (answeredAt !== null) this.#knowCountry(leg.country, answeredAt)
    leg.answeredAt = answeredAt
    if (this.#open.has(callId)) this.#close(leg, 'over')
    this.#price(leg, price ?? zero)
  }

  /** Counts the slices that have begun, and forgets grants that nobody used. `maxLegMs`: longer no leg stands. */
  advance(now: number, { grantMs, maxLegMs }: { grantMs: number; maxLegMs: number }): Trip[] {
    const trips: Trip[] = []
    for (const leg of this.#open.values()) {
      if (leg.state === 'granted' && leg.answeredAt === null) {
        if (leg.at + grantMs <= now) this.#close(leg, 'attempt')
        continue
      }
      if (leg.answeredAt === null) {
        if (leg.at + maxLegMs <= now) this.#close(leg, 'attempt')
        continue
      }
      if (leg.answeredAt + maxLegMs <= now) {
        this.#close(leg, 'over')
        continue
      }
      this.#countSlices(leg, now, trips)
    }
    return trips
  }

  /** Open legs that are to be hung up, each with its guard; told until they are over. */
  legsToEnd(): readonly { callId: string; guard: SpendGuard }[] {
    for (const callId of this.#toEnd.keys()) if (!this.#open.has(callId)) this.#toEnd.delete(callId)
    return [...this.#toEnd].map(([callId, guard]) => ({ callId, guard }))
  }

  #countSlices(leg: Leg, now: number, trips: Trip[]): void {
    const { answeredAt } = leg
    if (answeredAt === null || leg.slices.length === 0) return
    for (;;) {
      const count = leg.slices.length
      const at = answeredAt + count * sliceMs
      if (at > now) return
      const cost = leg.findCost()
      const amount = cost
        ? cost.priceFor((count + 1) * sliceSeconds).minus(cost.priceFor(count * sliceSeconds))
        : zero
      for (const watch of leg.watches) {
        if (watch.liftedUntil > at || !guardsInstant(watch.guard, at, this.timeZone)) continue
        for (const limit of moneyLimits) {
          const spent = exceeded(watch, limit, at, amount)
          if (!spent) continue
          const { guard } = watch
          trips.push({ guard, limit, action: guard.action, at, spent, isRefusal: false })
          if (guard.action === 'deny-and-hang-up') this.#endLegs(guard, at)
        }
      }
      this.#countSlice(leg, at, amount)
    }
  }

  #findTrips(watch: Watch, leg: GuardedLeg, first: Decimal): Trip[] {
    const { guard } = watch
    const { limits, action } = guard
    const trips: Trip[] = []
    const trip = (limit: GuardLimit, spent: Decimal | null, by: GuardAction = action) =>
      trips.push({ guard, limit, action: by, at: leg.at, spent, isRefusal: false })
    for (const limit of moneyLimits) {
      const spent = exceeded(watch, limit, leg.at, first)
      if (spent) trip(limit, spent)
    }
    const { callsPerMinute, runningCalls, distinctNumbersPerHour, newCountries } = limits
    if (callsPerMinute !== undefined && watch.calls?.totalAt(leg.at).gte(callsPerMinute)) {
      trip('callsPerMinute', null)
    }
    if (runningCalls !== undefined && watch.running >= runningCalls) trip('runningCalls', null)
    if (distinctNumbersPerHour !== undefined && watch.numbers) {
      const numbers = watch.numbers.countAt(leg.at)
      if (numbers >= distinctNumbersPerHour && !watch.numbers.has(leg.to)) {
        trip('distinctNumbersPerHour', null)
      }
    }
    if (newCountries !== undefined && this.#isNewCountry(leg)) trip('newCountries', null, newCountries)
    return trips
  }

  #isNewCountry({ country, at }: GuardedLeg): boolean {
    const { answeredAt, hasAnswered } = this.#countries
    if (!hasAnswered) return false
    const last = answeredAt.get(country)
    return last === undefined || last + newCountryMs <= at
  }

  #knowCountry(country: string, at: number): void {
    const { answeredAt } = this.#countries
    this.#countries.hasAnswered = true
    answeredAt.set(country, Math.max(at, answeredAt.get(country) ?? at))
  }

  #findWatches(leg: GuardedNumber): Watch[] {
    return this.#watches.filter(({ guard }) => guardsNumber(guard, leg))
  }

  #count(given: GuardedLeg, watches: readonly Watch[], findCost: FindCost): Leg {
    const leg = this.#begin({ ...given, answeredAt: null, state: 'granted', findCost }, watches)
    if (watches.some(limitsMoney)) {
      this.#countSlice(leg, given.at, findCost()?.priceFor(sliceSeconds) ?? zero)
    }
    return leg
  }

  #begin(given: Omit<CountedLeg, 'slices'>, watches: readonly Watch[] = this.#findWatches(given)): Leg {
    const { callId, to, isHighRisk, country, at, answeredAt, state, findCost } = given
    const leg: Leg = {
      ...{ callId, to, isHighRisk, country, at, answeredAt, state, findCost },
      watches,
      slices: [],
      calls: [],
      newNumberOf: [],
      isRunning: true,
    }
    for (const watch of watches) {
      watch.running++
      if (!guardsInstant(watch.guard, at, this.timeZone)) continue
      if (watch.calls) leg.calls.push(watch.calls.add(at, one))
      if (watch.numbers?.add(to, at)) leg.newNumberOf.push(watch)
    }
    this.#open.set(callId, leg)
    return leg
  }

  #countSlice(leg: Leg, at: number, amount: Decimal): void {
    const counted: Counted[] = []
    for (const { guard, hour, day } of leg.watches) {
      if (!hour && !day) continue
      if (!guardsInstant(guard, at, this.timeZone)) continue
      if (hour) counted.push(hour.add(at, amount))
      if (day) counted.push(day.add(at, amount))
    }
    leg.slices.push({ at, amount, counted })
  }

  /** Puts the price in the place of the slices: the first ones keep their amounts as far as it goes, the last takes the rest. */
  #price(leg: Leg, price: Decimal): void {
    let rest = price
    for (const [place, slice] of leg.slices.entries()) {
      const isLast = place === leg.slices.length - 1
      const amount = isLast || slice.amount.gt(rest) ? rest : slice.amount
      rest = rest.minus(amount)
      const by = amount.minus(slice.amount)
      if (by.isZero()) continue
      slice.amount = amount
      for (const counted of slice.counted) counted.sum.change(counted, by)
    }
  }

  #close(leg: Leg, state: 'over' | 'attempt'): void {
    this.#stop(leg)
    leg.state = state
    this.#open.delete(leg.callId)
    if (state === 'attempt') {
      this.#price(leg, zero)
      return
    }
    this.#over.set(leg.callId, leg)
    const oldest = this.#over.size > maxLegsOver ? this.#over.keys().next().value : undefined
    if (oldest !== undefined) this.#over.delete(oldest)
  }

  #stop(leg: Leg): void {
    if (!leg.isRunning) return
    leg.isRunning = false
    for (const watch of leg.watches) watch.running--
  }

  #endLegs(guard: SpendGuard, at: number): void {
    const watch = this.#watches.find((one) => one.guard.id === guard.id)
    if (!watch) return
    watch.endedAt = at
    for (const leg of this.#open.values()) {
      if (leg.watches.includes(watch)) this.#toEnd.set(leg.callId, guard)
    }
  }
}

const moneyLimits = ['spendPerHour', 'spendPerDay'] as const

/** What has been spent where the amount does not fit beside it. What costs nothing always fits. */
function exceeded(
  { guard, hour, day }: Watch,
  limit: (typeof moneyLimits)[number],
  at: number,
  amount: Decimal,
): Decimal | undefined {
  const most = guard.limits[limit]
  if (most === undefined || amount.isZero()) return undefined
  const spent = (limit === 'spendPerHour' ? hour : day)?.totalAt(at) ?? zero
  return spent.plus(amount).gt(most) ? spent : undefined
}

function limitsMoney({ hour, day }: Watch): boolean {
  return hour !== null || day !== null
}

function newWatch(guard: SpendGuard, liftedUntil: number): Watch {
  const { limits } = guard
  return {
    guard,
    liftedUntil,
    hour: limits.spendPerHour === undefined ? null : new SlidingSum(hourMs),
    day: limits.spendPerDay === undefined ? null : new SlidingSum(dayMs),
    calls: limits.callsPerMinute === undefined ? null : new SlidingSum(60_000),
    numbers: limits.distinctNumbersPerHour === undefined ? null : new SlidingNumbers(hourMs),
    running: 0,
    endedAt: Number.NEGATIVE_INFINITY,
  }
}

function remembered(find: FindCost): FindCost {
  let found: ReturnType<FindCost> | undefined
  return () => {
    if (found === undefined) found = find()
    return found
  }
}
