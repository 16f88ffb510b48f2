/**
 * Spend guards once more, in the plainest way: every guard for itself, all that was ever counted in lists, and sums made anew
 * for each question. Slow, and easy to believe.
 */
import {
  type GuardLimit,
  guardsInstant,
  guardsNumber,
  isSeverer,
  type SpendGuard,
} from '../../src/limits/spend-guard.ts'
import { Decimal } from '../../src/money.ts'

export interface NaiveLeg {
  callId: string
  to: string
  isHighRisk: boolean
  at: number
  firstIncrement: Decimal
  /** Of each minute. */
  slice: Decimal
}

interface OpenLeg extends NaiveLeg {
  answeredAt: number | null
  isGranted: boolean
  slices: Amount[]
  /** What its call counts, of each guard. */
  calls: Amount[]
  numbers: { number: string; leavesAt: number; isGone: boolean }[]
}

interface Amount {
  amount: Decimal
}

/** What came within a 3,600th of the window leaves together. */
class NaiveSum {
  readonly #windowMs: number
  readonly #entries: { firstAt: number; lastAt: number; amounts: Amount[] }[] = []

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  add(at: number, amount: Amount): void {
    const last = this.#entries.at(-1)
    if (last && at < last.firstAt + this.#windowMs / 3600) {
      last.lastAt = Math.max(last.lastAt, at)
      last.amounts.push(amount)
    } else this.#entries.push({ firstAt: at, lastAt: at, amounts: [amount] })
  }

  totalAt(now: number): Decimal {
    return this.#entries
      .filter(({ lastAt }) => lastAt + this.#windowMs > now)
      .flatMap(({ amounts }) => amounts)
      .reduce((sum, { amount }) => sum.plus(amount), new Decimal(0))
  }
}

export interface NaiveTrip {
  guard: SpendGuard
  limit: GuardLimit
  spent: string | null
}

class NaiveGuard {
  guard: SpendGuard
  liftedUntil = 0
  readonly #hour = new NaiveSum(3_600_000)
  readonly #day = new NaiveSum(86_400_000)
  readonly #calls = new NaiveSum(60_000)
  readonly #numbers: OpenLeg['numbers'] = []

  constructor(guard: SpendGuard) {
    this.guard = guard
  }

  asks(leg: NaiveLeg, at: number): boolean {
    return guardsNumber(this.guard, leg) && guardsInstant(this.guard, at, 'Europe/Madrid')
  }

  begin(leg: OpenLeg): void {
    if (!this.asks(leg, leg.at)) return
    const call = { amount: new Decimal(1) }
    leg.calls.push(call)
    this.#calls.add(leg.at, call)
    const leavesAt = Math.max(leg.at + 3_600_000, this.#numbers.at(-1)?.leavesAt ?? 0)
    const number = { number: leg.to, leavesAt, isGone: false }
    leg.numbers.push(number)
    this.#numbers.push(number)
  }

  count(leg: OpenLeg, at: number, slice: Amount): void {
    if (!this.asks(leg, at)) return
    this.#hour.add(at, slice)
    this.#day.add(at, slice)
  }

  moneyTrips(leg: NaiveLeg, at: number, amount: Decimal): NaiveTrip[] {
    if (!this.asks(leg, at) || this.liftedUntil > at || amount.isZero()) return []
    const { spendPerHour, spendPerDay } = this.guard.limits
    const trips: NaiveTrip[] = []
    const hour = this.#hour.totalAt(at)
    const day = this.#day.totalAt(at)
    if (spendPerHour && hour.plus(amount).gt(spendPerHour)) trips.push(this.#trip('spendPerHour', hour))
    if (spendPerDay && day.plus(amount).gt(spendPerDay)) trips.push(this.#trip('spendPerDay', day))
    return trips
  }

  trips(leg: NaiveLeg, open: Iterable<OpenLeg>): NaiveTrip[] {
    const { at, to } = leg
    if (!this.asks(leg, at) || this.liftedUntil > at) return []
    const trips = this.moneyTrips(leg, at, leg.firstIncrement)
    const { callsPerMinute, runningCalls, distinctNumbersPerHour } = this.guard.limits
    if (callsPerMinute !== undefined && this.#calls.totalAt(at).gte(callsPerMinute)) {
      trips.push(this.#trip('callsPerMinute'))
    }
    const running = [...open].filter((other) => guardsNumber(this.guard, other)).length
    if (runningCalls !== undefined && running >= runningCalls) trips.push(this.#trip('runningCalls'))
    const called = this.#numbers.filter(({ leavesAt, isGone }) => leavesAt > at && !isGone)
    const numbers = new Set(called.map(({ number }) => number))
    if (distinctNumbersPerHour !== undefined && numbers.size >= distinctNumbersPerHour && !numbers.has(to)) {
      trips.push(this.#trip('distinctNumbersPerHour'))
    }
    return trips
  }

  #trip(limit: GuardLimit, spent?: Decimal): NaiveTrip {
    return { guard: this.guard, limit, spent: spent?.toFixed() ?? null }
  }
}

export class NaiveGuards {
  readonly #guards: NaiveGuard[]
  readonly #open = new Map<string, OpenLeg>()
  readonly #over = new Map<string, OpenLeg>()

  constructor(guards: readonly SpendGuard[]) {
    this.#guards = guards.map((guard) => new NaiveGuard(guard))
  }

  change(guards: readonly { guard: SpendGuard; liftedUntil: number }[]): void {
    for (const [place, changed] of guards.entries()) Object.assign(this.#guards[place] as NaiveGuard, changed)
  }

  admit(leg: NaiveLeg): { deniedBy: string | null; trips: NaiveTrip[] } {
    const trips = this.#guards.flatMap((guard) => guard.trips(leg, this.#open.values()))
    let named: NaiveTrip | undefined
    for (const trip of trips) {
      if (!named || isSeverer(trip.guard.action, named.guard.action)) named = trip
    }
    if (named && named.guard.action !== 'alert') return { deniedBy: named.guard.id, trips }
    this.note(leg)
    return { deniedBy: null, trips }
  }

  note(given: NaiveLeg): void {
    const leg: OpenLeg = { ...given, answeredAt: null, isGranted: true, slices: [], calls: [], numbers: [] }
    this.#open.set(leg.callId, leg)
    for (const guard of this.#guards) guard.begin(leg)
    this.#countSlice(leg, leg.at)
  }

  #countSlice(leg: OpenLeg, at: number): void {
    const slice = { amount: leg.slice }
    leg.slices.push(slice)
    for (const guard of this.#guards) guard.count(leg, at, slice)
  }

  withdraw(callId: string): void {
    const leg = this.#open.get(callId)
    this.#open.delete(callId)
    for (const amount of [...(leg?.slices ?? []), ...(leg?.calls ?? [])]) amount.amount = new Decimal(0)
    for (const number of leg?.numbers ?? []) number.isGone = true
  }

  release(callId: string): void {
    const leg = this.#open.get(callId)
    if (!leg?.isGranted) return
    this.#open.delete(callId)
    for (const slice of leg.slices) slice.amount = new Decimal(0)
  }

  run(callId: string, answeredAt: number): void {
    const leg = this.#open.get(callId)
    if (leg) Object.assign(leg, { answeredAt, isGranted: false })
  }

  settle(callId: string, price: Decimal): void {
    const leg = this.#open.get(callId) ?? this.#over.get(callId)
    if (!leg) return
    this.#open.delete(callId)
    this.#over.set(callId, leg)
    let rest = price
    for (const [place, slice] of leg.slices.entries()) {
      slice.amount = place === leg.slices.length - 1 ? rest : Decimal.min(slice.amount, rest)
      rest = rest.minus(slice.amount)
    }
  }

  advance(now: number, grantMs: number): NaiveTrip[] {
    const trips: NaiveTrip[] = []
    for (;;) {
      const due = [...this.#open.values()]
        .map((leg) => ({ leg, at: dueAt(leg, grantMs) }))
        .filter(({ at }) => at <= now)
        .sort((one, other) => one.at - other.at || Number(other.leg.isGranted) - Number(one.leg.isGranted))[0]
      if (!due) return trips
      const { leg, at } = due
      if (leg.isGranted) {
        this.release(leg.callId)
        continue
      }
      for (const guard of this.#guards) trips.push(...guard.moneyTrips(leg, at, leg.slice))
      this.#countSlice(leg, at)
    }
  }
}

/** When its grant runs out, or its next minute begins. */
function dueAt({ isGranted, at, answeredAt, slices }: OpenLeg, grantMs: number): number {
  if (isGranted) return at + grantMs
  return answeredAt === null ? Number.POSITIVE_INFINITY : answeredAt + slices.length * 60_000
}
