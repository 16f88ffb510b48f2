/**
 * The guards of one client, and whether they let another leg pass. They count what they have seen of its legs.
 *
 * A leg that was released stays an attempt: of its calls and numbers, not of money. A leg that was denied counts nothing,
 * nor does a repeat.
 * Time and prices are arguments. Instants are milliseconds since 1970.
 */
import type { Decimal } from '../money.ts'
import { countryOfNumber } from '../rating/country-of-number.ts'
import { type FixedAmount, fixAmount, fixedZero } from './fixed-amount.ts'
import { type AskedOfLeg, dayMs, type GuardScope, hourMs } from './guard-scope.ts'
import { GuardScopes } from './guard-scopes.ts'
import { GuardWatch, type Trip } from './guard-watch.ts'
import { type AskedLeg, type CountedLeg, type GuardedLeg, type LegCosts, WatchedLeg } from './guarded-leg.ts'
import { OpenLegs } from './open-legs.ts'
import { isSeverer, type SpendGuard } from './spend-guard.ts'

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

const repeat: Admission = { outcome: 'repeat' }
const counted: Admission = { outcome: 'counted', trips: [] }

export class GuardedClient {
  /** The oldest guard first. */
  #watches: readonly GuardWatch[] = []
  readonly #scopes: GuardScopes
  #asksCountries = false
  /** Granted and running ones. */
  readonly #open = new OpenLegs()
  readonly #over = new Map<string, WatchedLeg>()
  readonly #countries: KnownCountries
  /** Legs that are to be hung up, with their guard. */
  readonly #toEnd = new Map<string, SpendGuard>()

  constructor(timeZone: string, countries: KnownCountries = { answeredAt: new Map(), hasAnswered: false }) {
    this.#scopes = new GuardScopes(timeZone)
    this.#countries = countries
  }

  /** What was counted under the same conditions stays. Answers whether there is a limit that knows nothing yet. */
  watch(guards: readonly { guard: SpendGuard; liftedUntil: number }[]): boolean {
    const before = this.#watches
    const isNew = this.#scopes.watch(guards.map(({ guard }) => guard))
    this.#asksCountries = guards.some(({ guard }) => guard.limits.newCountries !== undefined)
    this.#watches = guards.map(({ guard, liftedUntil }) => {
      const scope = this.#scopes.get(guard)
      const known = before.find((watch) => watch.guard.id === guard.id && watch.scope === scope)
      return new GuardWatch(guard, { scope, liftedUntil, endedAt: known?.endedAt })
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
          leg = this.#begin(given, this.#scopes.list(given), given.costs)
          this.#restore(leg, given)
        },
      })
      for (const { at, amount } of given.slices) {
        steps.push({ at, take: () => leg?.countSlice(at, amount) })
      }
    }
    // Sorting is stable: a leg begins before its first slice.
    for (const { take } of steps.sort((a, b) => a.at - b.at)) take()
  }

  #restore(leg: WatchedLeg, { answeredAt, state }: CountedLeg): void {
    leg.answeredAt = answeredAt
    leg.state = state
    if (state === 'over' || state === 'attempt') this.#close(leg, state)
    // When its next slice begins is known when it is looked at for the first time.
    else if (state === 'running') this.#open.schedule(leg, leg.at)
  }

  /** What `load` of another memory takes. */
  legs(): CountedLeg[] {
    return [...this.#over.values(), ...this.#open.values()]
  }

  /** Granted and running ones. */
  openLegs(): Iterable<CountedLeg> {
    return this.#open.values()
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
  admit(leg: AskedLeg, costs: LegCosts): Admission {
    if (this.#open.has(leg.callId)) return repeat
    const scopes = this.#scopes.list(leg)
    const isMoneyLimited = limitsMoney(scopes)
    const first = isMoneyLimited ? costs.findFirstMinute(leg) : null
    const trips = this.#findTrips(leg, scopes, first?.firstIncrement ?? fixedZero)
    if (trips) {
      const named = findSeverest(trips)
      if (named.action !== 'alert') {
        this.#deny(leg, named, trips)
        return { outcome: 'denied', guard: named.guard, trips }
      }
    }
    const watched = this.#begin(leg, scopes, costs)
    if (isMoneyLimited) watched.countSlice(leg.at, first?.slice ?? fixedZero)
    return trips ? { outcome: 'counted', trips } : counted
  }

  /** The limits that the leg would break, of the oldest guard first; null: none. */
  #findTrips(leg: GuardedLeg, scopes: readonly GuardScope[], first: FixedAmount): Trip[] | null {
    const asked = { first, isNewCountry: this.#asksCountries && this.#isNewCountry(leg) }
    if (!isNearLimit(scopes, leg, asked)) return null
    let trips: Trip[] | null = null
    for (const watch of this.#watches) {
      if (!scopes.includes(watch.scope) || !watch.scope.countsAt(leg.at)) continue
      const broken = watch.findTrips(leg, asked)
      if (broken) trips = trips ? [...trips, ...broken] : broken
    }
    return trips
  }

  #deny(leg: GuardedLeg, named: Trip, trips: readonly Trip[]): void {
    named.isRefusal = true
    for (const { action, guard } of trips) {
      if (action === 'deny-and-hang-up') this.#endLegs(guard, leg.at)
    }
  }

  /** A leg that was not asked for here: another replica has granted it, or it came unasked. */
  note(leg: GuardedLeg, costs: LegCosts): void {
    if (this.#open.has(leg.callId) || this.#over.has(leg.callId)) return
    const scopes = this.#scopes.list(leg)
    const watched = this.#begin(leg, scopes, costs)
    if (limitsMoney(scopes)) watched.countSlice(leg.at, costs.findFirstMinute(leg)?.slice ?? fixedZero)
    for (const { scope, endedAt, guard } of this.#watches) {
      if (!scopes.includes(scope)) continue
      if (leg.at <= endedAt + lateMs && leg.at > endedAt - hourMs) this.#toEnd.set(leg.callId, guard)
    }
  }

  /** It was denied after all: as if it had never been asked for. */
  withdraw(callId: string): void {
    this.#open.find(callId)?.withdraw()
    this.#open.remove(callId)
  }

  /** The grant was handed back, or has run out. */
  release(callId: string): void {
    const leg = this.#open.find(callId)
    if (leg?.state === 'granted') this.#close(leg, 'attempt')
  }

  /** Its start has come; with its answer where it is known. */
  run(callId: string, answeredAt: number | null): void {
    const leg = this.#open.find(callId)
    if (!leg) return
    leg.state = 'running'
    if (answeredAt === null) return
    leg.answeredAt = answeredAt
    this.#knowCountry(leg.to, answeredAt)
    this.#open.schedule(leg, answeredAt)
  }

  /** It is over. `price` in the guard's currency; null: none. Also for one that was settled before. */
  settle(callId: string, { price, answeredAt }: { price: Decimal | null; answeredAt: number | null }): void {
    const open = this.#open.find(callId)
    const leg = open ?? this.#over.get(callId)
    if (!leg) return
    if (answeredAt !== null) this.#knowCountry(leg.to, answeredAt)
    leg.answeredAt = answeredAt
    if (open) this.#close(leg, 'over')
    leg.price(price ? fixAmount(price) : fixedZero)
  }

  /** Counts the slices that have begun, each at its instant, and forgets legs that have stood for too long. */
  advance(now: number, terms: LegTerms): Trip[] {
    const trips: Trip[] = []
    for (;;) {
      const leg = this.#open.takeDue(now, terms.grantMs)
      if (!leg) return trips
      this.#advanceLeg(leg, terms, trips)
    }
  }

  /** Open legs that are to be hung up, each with its guard; told until they are over. */
  legsToEnd(): readonly { callId: string; guard: SpendGuard }[] {
    for (const callId of this.#toEnd.keys()) if (!this.#open.has(callId)) this.#toEnd.delete(callId)
    return [...this.#toEnd].map(([callId, guard]) => ({ callId, guard }))
  }

  #advanceLeg(leg: WatchedLeg, { grantMs, maxLegMs }: LegTerms, trips: Trip[]): void {
    const { at, answeredAt, state, dueAt } = leg
    const goneAt =
      answeredAt !== null ? answeredAt + maxLegMs : at + (state === 'granted' ? grantMs : maxLegMs)
    if (goneAt <= dueAt) {
      this.#close(leg, answeredAt === null ? 'attempt' : 'over')
      return
    }
    // Slices of all legs are taken in the order in which they begin: one that is not due yet waits for its turn.
    if (leg.nextSliceAt() <= dueAt) this.#takeSlice(leg, dueAt, trips)
    this.#open.schedule(leg, Math.min(goneAt, leg.nextSliceAt()))
  }

  #takeSlice(leg: WatchedLeg, at: number, trips: Trip[]): void {
    const amount = leg.nextSlicePrice()
    for (const watch of this.#watches) {
      if (!leg.scopes.includes(watch.scope) || !watch.scope.countsAt(at)) continue
      for (const trip of watch.findMoneyTrips(at, amount) ?? []) {
        trips.push(trip)
        if (trip.action === 'deny-and-hang-up') this.#endLegs(trip.guard, at)
      }
    }
    leg.countSlice(at, amount)
  }

  #isNewCountry({ to, at }: GuardedLeg): boolean {
    const { answeredAt, hasAnswered } = this.#countries
    if (!hasAnswered) return false
    const last = answeredAt.get(countryOf(to))
    return last === undefined || last + newCountryMs <= at
  }

  #knowCountry(to: string, at: number): void {
    const { answeredAt } = this.#countries
    const country = countryOf(to)
    this.#countries.hasAnswered = true
    answeredAt.set(country, Math.max(at, answeredAt.get(country) ?? at))
  }

  #begin(given: GuardedLeg, scopes: readonly GuardScope[], costs: LegCosts): WatchedLeg {
    const leg = new WatchedLeg(given, scopes, costs)
    this.#open.add(leg)
    return leg
  }

  #close(leg: WatchedLeg, state: 'over' | 'attempt'): void {
    leg.stop()
    leg.state = state
    this.#open.remove(leg.callId)
    if (state === 'attempt') {
      leg.price(fixedZero)
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
      if (leg.scopes.includes(watch.scope)) this.#toEnd.set(leg.callId, guard)
    }
  }
}

/** ISO 3166-1 alpha-2; empty: no country's. */
function countryOf(to: string): string {
  return countryOfNumber(to) ?? ''
}

/** Nearly no leg is: then no guard is asked. */
function isNearLimit(scopes: readonly GuardScope[], leg: GuardedLeg, asked: AskedOfLeg): boolean {
  for (const scope of scopes) if (scope.isNearLimit(leg, asked)) return true
  return false
}

function limitsMoney(scopes: readonly GuardScope[]): boolean {
  return scopes.some((scope) => scope.limitsMoney)
}

/** The first of the severest. */
function findSeverest(trips: readonly Trip[]): Trip {
  return trips.reduce((named, trip) => (isSeverer(trip.action, named.action) ? trip : named))
}
