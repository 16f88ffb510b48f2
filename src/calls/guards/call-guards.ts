/**
 * Spend guards of all clients, as this replica sees their legs: asked before a leg is granted, told what becomes of it.
 *
 * Each replica counts the legs of all, by what the others tell it (`leg-news.ts`), and its slices by its own clock; at the start, and for a guard
 * that is new, by what the database knows (`load-guard-history.ts`). It holds no money: what is lost with a replica, or told late, lets a
 * leg pass and never moves a balance.
 */
import type { Leg, LegKind, MatchedRate } from '../../limits/authorize.ts'
import type { Client } from '../../limits/client.ts'
import type { KnownCountries } from '../../limits/guarded-client.ts'
import { type CountedLeg, type GuardedLeg, noCosts } from '../../limits/guarded-leg.ts'
import type { SpendGuard } from '../../limits/spend-guard.ts'
import { parseAmount } from '../../money.ts'
import { isHighRiskNumber } from '../../rating/high-risk-number.ts'
import type { Configuration } from '../../tariffs/configuration.ts'
import { type Call, grantSeconds, isOpen } from '../call.ts'
import { concernsGuard, GuardedClients } from './guarded-clients.ts'
import type { ClientLegCosts } from './leg-costs.ts'
import type { GrantedNews, LegNews } from './leg-news.ts'
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

/** No leg stands longer than the longest that a client may have, and this. */
const overdueMs = 3_600_000

export class CallGuards {
  readonly tripped = new TrippedGuards()
  readonly #configuration: Configuration
  readonly #clock: () => number
  readonly #clients: GuardedClients
  /** For other replicas, while there are any. */
  #news: LegNews[] | null = null

  constructor(context: { configuration: Configuration; clock: () => number }) {
    this.#configuration = context.configuration
    this.#clock = context.clock
    this.#clients = new GuardedClients(context)
  }

  /** May the leg begin, for all that guards know? */
  admit({ client, request: { callId, from }, leg, judgement: { kind, rate } }: AskedLeg): GuardAnswer {
    if (kind !== 'priced' && kind !== 'unbilled') return passed
    const guarded = this.#clients.get(client)
    const to = leg.toNormalized
    if (guarded.guards.length === 0 || to === undefined) return passed
    const isHighRisk = guarded.asksRisk && (rate?.rate.highRisk ?? isHighRiskNumber(to))
    if (!concernsGuard(guarded, { to, isHighRisk })) return passed
    const asked = { callId, from, to, isHighRisk, at: this.#clock(), rateAt: leg.at, rate }
    const memory = guarded.memory ?? this.#clients.getMemory(client)
    const answer = memory.admit(asked, rate ? guarded.costs : noCosts)
    if (answer.outcome === 'repeat') return passed
    for (const trip of answer.trips) this.tripped.add(client, trip)
    if (answer.outcome === 'denied') return { refusedBy: answer.guard, isCounted: false }
    this.#news?.push(grantedNews(client.id, asked, rate !== null))
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
      if (!isGranted) this.#tellOpen({ what: 'withdrawn', clientId, callId })
    }
  }

  /** A grant that holds nothing was handed back: nothing else tells of it. */
  release(clientId: string, callId: string): void {
    this.#tellOpen({ what: 'released', clientId, callId })
  }

  /** Of an open leg, here and to the others; nothing of one that nobody counts. */
  #tellOpen(news: LegNews): void {
    if (!this.#clients.findMemory(news.clientId)?.has(news.callId)) return
    this.#tell(news)
  }

  #tell(news: LegNews): void {
    this.#apply(news)
    this.#news?.push(news)
  }

  /** After their transaction. `over`: those that it has settled. */
  noteCalls(changed: Iterable<Call>, over: ReadonlySet<Call>): void {
    for (const call of changed) {
      if (call.direction === 'outbound') this.#noteCall(call, over.has(call))
    }
  }

  #noteCall(call: Call, isSettled: boolean): void {
    const { clientId, callId } = call
    // One that was neither asked for nor seen to run counts where it has cost something.
    if (!this.#knows(clientId, callId) && !(isSettled && this.#noteUnasked(call))) return
    const news = findNews(call, isSettled)
    if (news) this.#tell(news)
  }

  #knows(clientId: string, callId: string): boolean {
    const memory = this.#clients.findMemory(clientId)
    return memory !== undefined && (memory.has(callId) || memory.isOver(callId))
  }

  /** Answers whether guards count it. */
  #noteUnasked({ clientId, callId, from, toNormalized: to, price, answeredAt }: Call): boolean {
    if (price === null || price.isZero() || answeredAt === null || to === null) return false
    const client = this.#configuration.findClient(clientId, this.#clock())
    if (!client || this.#clients.get(client).guards.length === 0) return false
    const times = { at: answeredAt, rateAt: answeredAt }
    const leg = { clientId, callId, from, to, isHighRisk: isHighRiskNumber(to), ...times, isPriced: true }
    this.#tell({ what: 'granted', ...leg })
    return true
  }

  /** What other replicas have told. */
  hear(news: readonly LegNews[]): void {
    for (const one of news) this.#apply(one)
  }

  /** To a replica that has appeared: the legs that stand, since not each has a row, and what comes. */
  startTelling(): void {
    const news = this.#news ?? []
    for (const { client, memory } of this.#clients.listRemembered()) {
      for (const leg of memory.openLegs()) {
        const { callId, answeredAt } = leg
        news.push(grantedNews(client.id, leg, leg.costs !== noCosts))
        if (leg.state === 'running') news.push({ what: 'running', clientId: client.id, callId, answeredAt })
      }
    }
    this.#news = news
  }

  stopTelling(): void {
    this.#news = null
  }

  /** The oldest that other replicas have not been told. */
  takeNews(most: number): LegNews[] {
    return this.#news?.splice(0, most) ?? []
  }

  #apply(news: LegNews): void {
    if (news.what === 'granted') {
      this.#noteGranted(news)
      return
    }
    const { clientId, callId } = news
    const memory = this.#clients.findMemory(clientId)
    if (!memory) return
    if (news.what === 'withdrawn') memory.withdraw(callId)
    else if (news.what === 'released') memory.release(callId)
    else if (news.what === 'running') memory.run(callId, news.answeredAt)
    else {
      const client = this.#configuration.findClient(clientId, this.#clock())
      const price =
        news.price === null || !client ? null : this.getCosts(client).convert(parseAmount(news.price))
      memory.settle(callId, { price, answeredAt: news.answeredAt })
    }
  }

  #noteGranted({ clientId, isPriced, ...leg }: GrantedNews): void {
    const client = this.#configuration.findClient(clientId, this.#clock())
    if (!client) return
    const guarded = this.#clients.get(client)
    if (!concernsGuard(guarded, leg)) return
    this.#clients.getMemory(client).note(leg, isPriced ? guarded.costs : noCosts)
  }

  /** Counts what has begun since; answers the legs that are to be hung up, with their guards. */
  advance(): { clientId: string; callId: string; guard: SpendGuard }[] {
    const now = this.#clock()
    const toEnd = []
    for (const { client, memory } of this.#clients.listRemembered()) {
      const maxLegMs = client.maxCallSeconds * 1000 + overdueMs
      const trips = memory.advance(now, { grantMs: grantSeconds * 1000, maxLegMs })
      for (const trip of trips) this.tripped.add(client, trip)
      for (const { callId, guard } of memory.legsToEnd()) toEnd.push({ clientId: client.id, callId, guard })
    }
    return toEnd
  }

  /** Clients of whom the database is to be asked; named once. */
  takeClientsWithoutHistory(): string[] {
    return this.#clients.takeWithoutHistory()
  }

  /** Takes over what the database knows of a client's legs, beside those that only memory knows. */
  loadHistory(client: Client, legs: readonly CountedLeg[], countries: KnownCountries): void {
    this.#clients.loadHistory(client, legs, countries)
  }

  hasMemory(clientId: string): boolean {
    return this.#clients.findMemory(clientId) !== undefined
  }

  /** What its legs cost, in the currency of its guards. */
  getCosts(client: Client): ClientLegCosts {
    return this.#clients.getCosts(client)
  }
}

function grantedNews(
  clientId: string,
  { callId, from, to, isHighRisk, at, rateAt }: GuardedLeg,
  isPriced: boolean,
): GrantedNews {
  return { what: 'granted', clientId, callId, from, to, isHighRisk, at, rateAt, isPriced }
}

/** What a known leg's call tells guards; undefined: nothing. */
function findNews(call: Call, isSettled: boolean): LegNews | undefined {
  const { clientId, callId, answeredAt, status, price } = call
  if (isSettled) return { what: 'settled', clientId, callId, price: price?.toFixed() ?? null, answeredAt }
  if (status === 'expired') return { what: 'released', clientId, callId }
  if (status === 'started' && isOpen(call)) return { what: 'running', clientId, callId, answeredAt }
  return undefined
}
