/**
 * The guards of all clients, as this replica sees their legs: asked before a leg is granted, told what becomes of it.
 *
 * Each replica counts the legs of all, by what the others tell it (`leg-news.ts`), and its slices by its own clock; at the start, and for a guard
 * that is new, by what the database knows (`load-guard-history.ts`). It holds no money: what is lost with a replica, or told late, lets a
 * leg pass and never moves a balance.
 */
import { type Leg, type LegKind, type MatchedRate, sliceSeconds } from '../../limits/authorize.ts'
import { type Brand, type Client, termsAt } from '../../limits/client.ts'
import { GuardedClient, type KnownCountries } from '../../limits/guarded-client.ts'
import type { CountedLeg, FindCost } from '../../limits/guarded-leg.ts'
import { guardsNumber, guardsOfClient, liftKey, type SpendGuard } from '../../limits/spend-guard.ts'
import { type Decimal, parseAmount } from '../../money.ts'
import { countryOfNumber } from '../../rating/country-of-number.ts'
import { isHighRiskNumber } from '../../rating/high-risk-number.ts'
import { RateTableNotLoaded } from '../../rating/tariff.ts'
import type { Configuration } from '../../tariffs/configuration.ts'
import { type Call, grantSeconds, isOpen } from '../call.ts'
import { findLegRate, priceLeg } from '../judge-leg.ts'
import type { LegNews } from './leg-news.ts'
import { TrippedGuards } from './tripped-guards.ts'

/** What guards ask of a leg that nothing else of its facts refuses. */
export interface AskedLeg {
  client: Client
  /** `from` as sent; null: not known. */
  request: { callId: string; from: string | null }
  leg: Pick<Leg, 'toNormalized' | 'at'>
  judgement: { kind: LegKind; rate: MatchedRate | null }
}

export interface GuardAnswer {
  refusedBy: SpendGuard | null
  /** It counts from now on. A repeat counts already. */
  isCounted: boolean
}

const passed: GuardAnswer = { refusedBy: null, isCounted: false }
const counted: GuardAnswer = { refusedBy: null, isCounted: true }

interface Guarded {
  client: Client
  brand: Brand
  guards: readonly SpendGuard[]
  asksRisk: boolean
  /** null: none of its legs has concerned a guard. */
  memory: GuardedClient | null
}

/**
 * What the first minute of legs at some terms costs, of those that begin in one minute of the clock. Where a window changes within it,
 * legs count what the first of them would cost: a settlement says what it was.
 */
interface FirstMinute {
  ratingPlanId: string
  minute: number
  firstIncrement: Decimal
  slice: Decimal
}

/** No leg stands longer than the longest that a client may have, and this. */
const overdueMs = 3_600_000

export class CallGuards {
  readonly tripped = new TrippedGuards()
  readonly #configuration: Configuration
  readonly #clock: () => number
  readonly #guarded = new Map<string, Guarded>()
  /** Clients of whom the database may know more. */
  readonly #withoutHistory = new Set<string>()
  /** For other replicas. */
  #news: LegNews[] = []
  /** By the terms of rates: thousands of numbers share them. */
  readonly #firstMinutes = new WeakMap<object, FirstMinute>()

  constructor({ configuration, clock }: { configuration: Configuration; clock: () => number }) {
    this.#configuration = configuration
    this.#clock = clock
  }

  /** May the leg begin, for all that guards know? */
  admit({ client, request: { callId, from }, leg, judgement: { kind, rate } }: AskedLeg): GuardAnswer {
    if (kind !== 'priced' && kind !== 'unbilled') return passed
    const guarded = this.#getGuarded(client)
    const to = leg.toNormalized
    if (guarded.guards.length === 0 || to === undefined) return passed
    const isHighRisk = guarded.asksRisk && (rate?.rate.highRisk ?? isHighRiskNumber(to))
    const at = this.#clock()
    const asked = { callId, to, isHighRisk, country: '', at }
    if (!guarded.guards.some((guard) => guardsNumber(guard, asked))) return passed
    asked.country = countryOfNumber(to) ?? ''
    const memory = this.#getMemory(guarded)
    const findCost = rate ? this.#makeRatedCost(client, { from, to, at: leg.at }, rate) : noCost
    const answer = memory.admit(asked, findCost)
    if (answer.outcome === 'repeat') return passed
    for (const trip of answer.trips) this.tripped.add(client, trip)
    if (answer.outcome === 'denied') return { refusedBy: answer.guard, isCounted: false }
    const isPriced = rate !== null
    const clientId = client.id
    this.#news.push({ what: 'granted', clientId, callId, from, to, isHighRisk, at, rateAt: leg.at, isPriced })
    return counted
  }

  /** A leg that passed here may be denied for another reason: then it was never asked for. */
  async withdrawUnlessGranted<Answer extends { allowed: boolean }>(
    clientId: string,
    callId: string,
    answered: Promise<Answer>,
  ): Promise<Answer> {
    let isGranted = false
    try {
      const answer = await answered
      isGranted = answer.allowed
      return answer
    } finally {
      if (!isGranted) this.#withdraw(clientId, callId)
    }
  }

  #withdraw(clientId: string, callId: string): void {
    const memory = this.#guarded.get(clientId)?.memory
    if (!memory?.has(callId)) return
    memory.withdraw(callId)
    this.#news.push({ what: 'withdrawn', clientId, callId })
  }

  /** A grant that holds nothing was handed back: nothing else tells of it. */
  release(clientId: string, callId: string): void {
    const memory = this.#guarded.get(clientId)?.memory
    if (!memory?.has(callId)) return
    memory.release(callId)
    this.#news.push({ what: 'released', clientId, callId })
  }

  /** After their transaction. `over`: those that it has settled. */
  noteCalls(changed: Iterable<Call>, over: ReadonlySet<Call>): void {
    for (const call of changed) {
      if (call.direction === 'outbound') this.#noteCall(call, over.has(call))
    }
  }

  #noteCall(call: Call, isSettled: boolean): void {
    const { clientId, callId, answeredAt } = call
    const isKnown = () => {
      const memory = this.#guarded.get(clientId)?.memory
      return memory?.has(callId) || memory?.isOver(callId)
    }
    if (!isKnown()) {
      // It was neither asked for nor seen to run, and costs something all the same.
      if (!isSettled || call.price === null || call.price.isZero() || answeredAt === null) return
      if (!this.#noteUnasked(call, answeredAt)) return
    }
    let news: LegNews | undefined
    if (isSettled) {
      const price = call.price?.toFixed() ?? null
      news = { what: 'settled', clientId, callId, price, answeredAt }
    } else if (call.status === 'expired') news = { what: 'released', clientId, callId }
    else if (call.status === 'started' && isOpen(call)) {
      news = { what: 'running', clientId, callId, answeredAt }
    }
    if (!news) return
    this.#apply(news)
    this.#news.push(news)
  }

  #noteUnasked({ clientId, callId, from, toNormalized: to }: Call, answeredAt: number): boolean {
    const client = this.#configuration.findClient(clientId, this.#clock())
    if (!client || to === null) return false
    if (this.#getGuarded(client).guards.length === 0) return false
    const isHighRisk = isHighRiskNumber(to)
    const leg = { clientId, callId, from, to, isHighRisk, at: answeredAt, rateAt: answeredAt, isPriced: true }
    const news: LegNews = { what: 'granted', ...leg }
    this.#apply(news)
    this.#news.push(news)
    return true
  }

  /** What other replicas have told. */
  hear(news: readonly LegNews[]): void {
    for (const one of news) this.#apply(one)
  }

  takeNews(): LegNews[] {
    const news = this.#news
    this.#news = []
    return news
  }

  #apply(news: LegNews): void {
    const { clientId, callId } = news
    if (news.what === 'granted') {
      const client = this.#configuration.findClient(clientId, this.#clock())
      if (!client) return
      const guarded = this.#getGuarded(client)
      const { from, to, isHighRisk, at, rateAt, isPriced } = news
      if (!guarded.guards.some((guard) => guardsNumber(guard, { to, isHighRisk }))) return
      const findCost = isPriced ? this.#makeCost(client, { from, to, at: rateAt }) : noCost
      const leg = { callId, to, isHighRisk, country: countryOfNumber(to) ?? '', at }
      this.#getMemory(guarded).note(leg, findCost)
      return
    }
    const memory = this.#guarded.get(clientId)?.memory
    if (!memory) return
    if (news.what === 'withdrawn') memory.withdraw(callId)
    else if (news.what === 'released') memory.release(callId)
    else if (news.what === 'running') memory.run(callId, news.answeredAt)
    else {
      const client = this.#configuration.findClient(clientId, this.#clock())
      const price = news.price === null || !client ? null : this.convert(client, parseAmount(news.price))
      memory.settle(callId, { price, answeredAt: news.answeredAt })
    }
  }

  /** Counts what has begun since; answers the legs that are to be hung up, with their guards. */
  advance(): { clientId: string; callId: string; guard: SpendGuard }[] {
    const now = this.#clock()
    const toEnd = []
    for (const [id, known] of this.#guarded) {
      if (!known.memory) continue
      const client = this.#configuration.findClient(id, now)
      // Its guards, or a lift, may have changed since its last leg.
      const memory = client && this.#getGuarded(client).memory
      if (!client || !memory) {
        if (!client) this.#guarded.delete(id)
        continue
      }
      const maxLegMs = client.maxCallSeconds * 1000 + overdueMs
      const trips = memory.advance(now, { grantMs: grantSeconds * 1000, maxLegMs })
      for (const trip of trips) this.tripped.add(client, trip)
      for (const { callId, guard } of memory.legsToEnd()) toEnd.push({ clientId: client.id, callId, guard })
    }
    return toEnd
  }

  /** Clients of whom the database is to be asked; named once. */
  takeClientsWithoutHistory(): string[] {
    const ids = [...this.#withoutHistory]
    this.#withoutHistory.clear()
    return ids
  }

  /** Takes over what the database knows of a client's legs, beside those that only memory knows. */
  loadHistory(client: Client, legs: readonly CountedLeg[], countries: KnownCountries): void {
    const guarded = this.#getGuarded(client)
    if (guarded.guards.length === 0) return
    const before = guarded.memory
    for (const [country, at] of before?.countries.answeredAt ?? []) {
      countries.answeredAt.set(country, Math.max(at, countries.answeredAt.get(country) ?? at))
      countries.hasAnswered = true
    }
    const memory = new GuardedClient(this.#findTimeZone(client), countries)
    guarded.memory = memory
    this.#watch(guarded)
    this.#withoutHistory.delete(client.id)
    const known = new Set(legs.map(({ callId }) => callId))
    memory.load([...legs, ...(before?.legs() ?? []).filter(({ callId }) => !known.has(callId))])
  }

  /** An amount of the client's in its brand's currency; at face value where no exchange rate is known. */
  convert({ brandId, currency }: Client, amount: Decimal): Decimal {
    const brand = this.#configuration.getBrand(brandId)
    if (currency === brand.currency) return amount
    const rates = this.#configuration.exchangeRatesOfBrand(brandId)
    return amount.times(rates.find(currency, brand.currency, this.#clock()) ?? 1)
  }

  hasMemory(clientId: string): boolean {
    return this.#guarded.get(clientId)?.memory != null
  }

  /** What its guards would count of a leg. */
  findCost(client: Client, leg: { from: string | null; to: string; at: number }): FindCost {
    return this.#makeCost(client, leg)
  }

  #getGuarded(client: Client): Guarded {
    const brand = this.#configuration.getBrand(client.brandId)
    const known = this.#guarded.get(client.id)
    if (known && known.client === client && known.brand === brand) return known
    const guards = guardsOfClient(brand.guards, client.id)
    const asksRisk = guards.some(({ highRisk }) => highRisk)
    const guarded: Guarded = { client, brand, guards, asksRisk, memory: known?.memory ?? null }
    this.#guarded.set(client.id, guarded)
    if (guards.length === 0) guarded.memory = null
    else if (guarded.memory) this.#watch(guarded)
    return guarded
  }

  #getMemory(guarded: Guarded): GuardedClient {
    if (guarded.memory) return guarded.memory
    guarded.memory = new GuardedClient(this.#findTimeZone(guarded.client))
    this.#watch(guarded)
    return guarded.memory
  }

  #watch({ client, brand, guards, memory }: Guarded): void {
    const { lifts } = brand.guards
    const isNew = memory?.watch(
      guards.map((guard) => ({ guard, liftedUntil: lifts.get(liftKey(guard.id, client.id)) ?? 0 })),
    )
    if (isNew) this.#withoutHistory.add(client.id)
  }

  #findTimeZone({ terms }: Client): string {
    return termsAt(terms, this.#clock()).timeZone
  }

  /**
   * Of a leg whose rate is known. What the first minute costs is remembered for as long as the minute lasts: fraud, and all that is busy, calls the
   * same destinations again and again.
   */
  #makeRatedCost(
    client: Client,
    leg: { from: string | null; to: string; at: number },
    { terms, ratingPlanId }: MatchedRate,
  ): FindCost {
    return () => {
      const minute = Math.floor(leg.at / 60_000)
      let known = this.#firstMinutes.get(terms)
      if (!known || known.minute !== minute || known.ratingPlanId !== ratingPlanId) {
        const cost = whereLoaded(() => priceLeg({ configuration: this.#configuration }, client, leg))
        if (!cost) return null
        const { firstIncrement } = cost
        const slice = whereLoaded(() => cost.priceFor(sliceSeconds)) ?? firstIncrement
        known = { ratingPlanId, minute, firstIncrement, slice }
        this.#firstMinutes.set(terms, known)
      }
      const slice = this.convert(client, known.slice)
      return {
        firstIncrement: this.convert(client, known.firstIncrement),
        priceFor: (seconds) =>
          seconds === sliceSeconds ? slice : (this.#makeCost(client, leg)()?.priceFor(seconds) ?? slice),
      }
    }
  }

  #makeCost(client: Client, leg: { from: string | null; to: string; at: number }): FindCost {
    return () => {
      const tariffed = { configuration: this.#configuration }
      // The leg of another replica, or an old one: what cannot be priced now counts with its settlement.
      if (!whereLoaded(() => findLegRate(tariffed, client, leg))?.priced) return null
      const { firstIncrement, priceFor } = priceLeg(tariffed, client, leg)
      return {
        firstIncrement: this.convert(client, firstIncrement),
        priceFor: (seconds) => this.convert(client, whereLoaded(() => priceFor(seconds)) ?? firstIncrement),
      }
    }
  }
}

/** undefined: a tariff that takes over within the slice is not in memory yet. */
function whereLoaded<Price>(price: () => Price): Price | undefined {
  try {
    return price()
  } catch (error) {
    if (error instanceof RateTableNotLoaded) return undefined
    throw error
  }
}

const noCost: FindCost = () => null
