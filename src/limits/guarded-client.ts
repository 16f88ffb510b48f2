/**
 * The guards of one client, and whether they let another leg pass. They count what they have seen of its legs.
 *
 * A leg that was released stays an attempt: of its calls and numbers, not of money. A leg that was denied counts nothing,
 * nor does a repeat.
 * Time and prices are arguments. Instants are milliseconds since 1970.
 */
import TinyQueue from 'tinyqueue'
import { type Decimal, zero } from '../money.ts'
import { sliceSeconds } from './authorize.ts'
import { dayMs, GuardWatch, hourMs, type Trip } from './guard-watch.ts'
import { type CountedLeg, type FindCost, type GuardedLeg, WatchedLeg } from './guarded-leg.ts'
import { countsTheSame, isSeverer, type SpendGuard } from './spend-guard.ts'

export type Admission =
  | { outcome: 'repeat' }
  | { outcome: 'counted'; trips: readonly Trip[] }
  | { outcome: 'denied'; guard: SpendGuard; trips: readonly Trip[] }

export interface KnownCountries {
  /** Country → the last call to it that was answered. */
  answeredAt: Map<string, number>
  /** Whether any call of the client was ever answered: until then all countries may be called. */
  hasAnswered: boolean
}

/** How long legs stand of which nothing more is heard. */
export interface LegTerms {
  /** A grant that nobody uses. */
  grantMs: number
  /** Any leg. */
  maxLegMs: number
}

/** A country is new where no call to it was answered for so long. */
export const newCountryMs = 90 * dayMs
/** Legs that are over are known for corrections of their price: the last ones. */
const maxLegsOver = 2000
/** A trip concerns legs that are noted a little later, too: those that other replicas have granted meanwhile. */
const lateMs = 3000

/** An entry is void where the leg has been closed, or is due at another instant by now. */
interface Due {
  at: number
  leg: WatchedLeg
}

export class GuardedClient {
  readonly timeZone: string
  #watches: GuardWatch[] = []
  /** Granted and running ones, by callId. */
  readonly #open = new Map<string, WatchedLeg>()
  readonly #over = new Map<string, WatchedLeg>()
  /** Open legs by what is due next: most legs are not looked at in most passes. */
  readonly #due = new TinyQueue<Due>([], (one, other) => one.at - other.at)
  readonly #countries: KnownCountries
  /** Legs that are to be hung up, with their guard. */
  readonly #toEnd = new Map<string, SpendGuard>()

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
      return new GuardWatch(guard, { liftedUntil, timeZone: this.timeZone })
    })
    return isNew
  }

  /** Takes over what is known of legs, each slice at its instant. */
  load(legs: readonly CountedLeg[]): void {
    const steps: { at: number; take: () => void }[] = []
    for (const given of legs) {
      let leg: WatchedLeg | undefined
      steps.push({
        at: given.at,
        take: () => {
          leg = this.#begin(given, this.#findWatches(given), given.findCost)
          Object.assign(leg, { answeredAt: given.answeredAt, state: given.state })
          if (given.state === 'over' || given.state === 'attempt') this.#close(leg, given.state)
        },
      })
      for (const { at, amount } of given.slices) {
        steps.push({ at, take: () => leg?.countSlice(at, amount) })
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
    const cost = watches.some(({ limitsMoney }) => limitsMoney) ? findCost() : null
    const trips: Trip[] = []
    const asked = { first: cost?.firstIncrement ?? zero, isNewCountry: this.#isNewCountry(leg) }
    for (const watch of watches) if (watch.isActiveAt(leg.at)) watch.addTrips(leg, asked, trips)
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
    this.#count(leg, watches, remembered(findCost))
    for (const watch of watches) {
      if (leg.at <= watch.endedAt + lateMs && leg.at > watch.endedAt - hourMs) {
        this.#toEnd.set(leg.callId, watch.guard)
      }
    }
  }

  /** It was denied after all: as if it had never been asked for. */
  withdraw(callId: string): void {
    this.#open.get(callId)?.withdraw()
    this.#open.delete(callId)
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
    this.#schedule(leg, answeredAt)
  }

  /** It is over. `price` in the guard's currency; null: none. Also for one that was settled before. */
  settle(callId: string, { price, answeredAt }: { price: Decimal | null; answeredAt: number | null }): void {
    const leg = this.#open.get(callId) ?? this.#over.get(callId)
    if (!leg) return
    if (answeredAt !== null) this.#knowCountry(leg.country, answeredAt)
    leg.answeredAt = answeredAt
    if (this.#open.has(callId)) this.#close(leg, 'over')
    leg.price(price ?? zero)
  }

  /** Counts the slices that have begun, each at its instant, and forgets legs that have stood for too long. */
  advance(now: number, terms: LegTerms): Trip[] {
    const trips: Trip[] = []
    for (let next = this.#due.peek(); next && next.at <= now; next = this.#due.peek()) {
      this.#due.pop()
      const { at, leg } = next
      if (leg.dueAt === at && this.#open.get(leg.callId) === leg) this.#advanceLeg(leg, now, terms, trips)
    }
    return trips
  }

  /** Open legs that are to be hung up, each with its guard; told until they are over. */
  legsToEnd(): readonly { callId: string; guard: SpendGuard }[] {
    for (const callId of this.#toEnd.keys()) if (!this.#open.has(callId)) this.#toEnd.delete(callId)
    return [...this.#toEnd].map(([callId, guard]) => ({ callId, guard }))
  }

  #advanceLeg(leg: WatchedLeg, now: number, { grantMs, maxLegMs }: LegTerms, trips: Trip[]): void {
    const { at, answeredAt, state } = leg
    const goneAt =
      answeredAt !== null ? answeredAt + maxLegMs : at + (state === 'granted' ? grantMs : maxLegMs)
    if (goneAt <= now) {
      this.#close(leg, answeredAt === null ? 'attempt' : 'over')
      return
    }
    const sliceAt = leg.nextSliceAt()
    if (sliceAt <= now) this.#takeSlice(leg, sliceAt, trips)
    this.#schedule(leg, Math.min(goneAt, leg.nextSliceAt()))
  }

  #takeSlice(leg: WatchedLeg, at: number, trips: Trip[]): void {
    const amount = leg.nextSlicePrice()
    const broken: Trip[] = []
    for (const watch of leg.watches) if (watch.isActiveAt(at)) watch.addMoneyTrips(at, amount, broken)
    for (const trip of broken) {
      trips.push(trip)
      if (trip.action === 'deny-and-hang-up') this.#endLegs(trip.guard, at)
    }
    leg.countSlice(at, amount)
  }

  #schedule(leg: WatchedLeg, at: number): void {
    leg.dueAt = at
    this.#due.push({ at, leg })
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

  #findWatches(leg: GuardedLeg): GuardWatch[] {
    return this.#watches.filter((watch) => watch.watches(leg))
  }

  #count(given: GuardedLeg, watches: readonly GuardWatch[], findCost: FindCost): void {
    const leg = this.#begin(given, watches, findCost)
    if (watches.some(({ limitsMoney }) => limitsMoney)) {
      leg.countSlice(given.at, findCost()?.priceFor(sliceSeconds) ?? zero)
    }
  }

  #begin(given: GuardedLeg, watches: readonly GuardWatch[], findCost: FindCost): WatchedLeg {
    const leg = new WatchedLeg(given, watches, findCost)
    this.#open.set(leg.callId, leg)
    // How long it may stand is known when it is looked at for the first time.
    this.#schedule(leg, leg.at)
    return leg
  }

  #close(leg: WatchedLeg, state: 'over' | 'attempt'): void {
    leg.stop()
    leg.state = state
    this.#open.delete(leg.callId)
    if (state === 'attempt') {
      leg.price(zero)
      return
    }
    this.#over.set(leg.callId, leg)
    const oldest = this.#over.size > maxLegsOver ? this.#over.keys().next().value : undefined
    if (oldest !== undefined) this.#over.delete(oldest)
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

function remembered(find: FindCost): FindCost {
  let found: ReturnType<FindCost> | undefined
  return () => {
    if (found === undefined) found = find()
    return found
  }
}
