/**
 * May this leg be placed? Answered from memory where no running total can change the answer, else with a batch.
 *
 * Requests that depend on a running total wait for the open batch (`authorization-queue.ts`). A grant that holds nothing
 * touches no database. When PostgreSQL does not answer in time, the client's failure policy does.
 */

import type { LeaseGrant } from '../../db/calls/lease-grants.ts'
import { CallIdReused, InvalidRequest } from '../../errors.ts'
import { type Leg, type LegPrices, type MatchedRate, unlimitedDuration } from '../../limits/authorize.ts'
import { type Client, payerFor } from '../../limits/client.ts'
import type { DenialReason } from '../../limits/reasons.ts'
import type { SpendGuard } from '../../limits/spend-guard.ts'
import { logOnce, type RepeatedErrors } from '../../logging/log-once.ts'
import type { CarrierOffer } from '../../rating/least-cost.ts'
import { RateTableNotLoaded } from '../../rating/tariff.ts'
import { withinTime } from '../../within-time.ts'
import { grantSeconds } from '../call.ts'
import type { AuthorizationRequest } from '../call-messages.ts'
import type { AuthorizationPath } from '../call-metrics.ts'
import type { CallsContext } from '../calls-context.ts'
import { hangsUp, holdsNothing, type JudgedLeg, judge, priceFoundLeg } from '../judge-leg.ts'
import type { LeasedGrant } from '../leases/leases.ts'
import { type AuthorizationAnswer, makeDenial, makeGrant } from './authorization-answer.ts'
import { AuthorizationQueue } from './authorization-queue.ts'
import type { AskedLeg, BatchDecision, WaitingLeg } from './authorize-batch.ts'
import { listCarriersByCost } from './carriers-by-cost.ts'
import { DenialCounter } from './count-denials.ts'
import { GrantCounter } from './count-grants.ts'
import { grantOffline } from './grant-offline.ts'
import { type RecentLeg, RecentLegs } from './recent-legs.ts'
import { releaseGrant } from './release-grant.ts'
import { resolveClient } from './resolve-client.ts'

export interface AuthorizationScope {
  /** The brand of the key; null: all brands. */
  brandId: string | null
  /** Later than this nothing is reserved. */
  deadlineAt: number
  /** Told what decided, where that was not memory. */
  onDecided?: ((path: AuthorizationPath) => void) | undefined
}

/** An account from which leases do not come back is not denied, and not asked for ever. */
const maxCallBacks = 3
/** Longest wait for a comparison of the configuration before a refusal. */
const comparisonTimeoutMs = 400
const twoDaysMs = 48 * 3_600_000
/** Reasons that a configuration newer than ours might lift. */
const deniedBecauseMissing: ReadonlySet<DenialReason> = new Set([
  'unknown_client',
  'no_rating_profile',
  'destination_not_priced',
])

const isDeniedForLack = ({ judgement }: JudgedRequest) =>
  judgement.outcome === 'denied' && deniedBecauseMissing.has(judgement.reason)

interface JudgedRequest extends JudgedLeg {
  client: Client | undefined
  /** Of outbound legs of brands that want them named. */
  carriers: CarrierOffer[] | undefined
}

export class Authorizer {
  readonly #context: CallsContext
  readonly #denials = new DenialCounter()
  readonly #grants = new GrantCounter()
  readonly #recent = new RecentLegs()
  readonly #queue: AuthorizationQueue
  readonly #notCompared: RepeatedErrors
  readonly #notWritten: RepeatedErrors
  readonly #flushTimer: NodeJS.Timeout

  constructor(context: CallsContext) {
    this.#context = context
    const { log } = context
    this.#notCompared = logOnce(log, 'configuration_not_compared', { message: 'refused unchecked' })
    this.#notWritten = logOnce(log, 'denials_not_written', { message: 'counted on' })
    this.#queue = new AuthorizationQueue(context, {
      onDecided: (leg, decision) => this.#answer(leg, decision),
      onTimeout: (leg) => this.#answerByPolicy(leg),
      onLateGrant: ({ client, request }) => this.releaseGrant(client.id, request.callId, { brandId: null }),
    })
    this.#flushTimer = setInterval(() => this.#flushCounts(), 1000)
    this.#flushTimer.unref()
  }

  /**
   * Answers at once where memory knows the answer, which is nearly always. Throws, or rejects with, `InvalidRequest` for an
   * `at` too far away and `CallIdReused`; a refusal is an answer.
   */
  authorize(
    request: AuthorizationRequest,
    scope: AuthorizationScope,
  ): AuthorizationAnswer | Promise<AuthorizationAnswer> {
    const now = this.#context.clock()
    if (Math.abs(request.at - now) > twoDaysMs) {
      throw new InvalidRequest('at must lie within 48 hours of now.', [
        { pointer: '/at', detail: 'more than 48 hours before or after now' },
      ])
    }
    const judged = this.#judge(request, scope)
    if (judged instanceof Promise || isDeniedForLack(judged)) return this.#decideLater(request, scope, judged)
    return this.#decide(request, scope, judged)
  }

  async #decideLater(
    request: AuthorizationRequest,
    scope: AuthorizationScope,
    first: JudgedRequest | Promise<JudgedRequest>,
  ): Promise<AuthorizationAnswer> {
    const judged = await first
    return this.#decide(
      request,
      scope,
      isDeniedForLack(judged) ? await this.#judgeAgain(request, scope, judged) : judged,
    )
  }

  #decide(
    request: AuthorizationRequest,
    scope: AuthorizationScope,
    { client, leg, judgement, carriers }: JudgedRequest,
  ): AuthorizationAnswer | Promise<AuthorizationAnswer> {
    if (judgement.outcome === 'denied') return this.#deny(judgement.reason, request, client, 'memory')
    if (!client) throw new Error('a leg of nobody was granted')
    const holds = !holdsNothing(judgement.holds)
    const recent = this.#recent.find(client.id, request.callId)
    if (recent) this.#checkNotReused(recent, request, leg, holds)
    const guarded = this.#context.guards.admit({ client, request, leg, judgement })
    if (guarded.refusedBy) {
      return this.#deny('spend_guard', request, client, 'memory', guarded.refusedBy)
    }
    const asked = { request, client, leg, judgement, carriers, onDecided: scope.onDecided }
    if (!holds) return this.#grantHoldingNothing(asked)
    const leased = recent ? undefined : this.#grantFromLease(asked)
    if (leased) return leased
    const answered = this.#decideInBooks(asked, scope.deadlineAt)
    return guarded.isCounted
      ? this.#context.guards.withdrawUnlessGranted(client.id, request.callId, answered)
      : answered
  }

  /** Gives back what a grant holds, as if it had never been asked for. Nothing to give back is no fault. */
  async releaseGrant(clientId: string, callId: string, scope: { brandId: string | null }): Promise<void> {
    const client = this.#context.configuration.findClient(clientId, this.#context.clock())
    if (!client || (scope.brandId !== null && client.brandId !== scope.brandId)) return
    this.#recent.forget(client.id, callId)
    this.#context.guards.release(client.id, callId)
    await releaseGrant(this.#context, { clientId: client.id, callId })
  }

  /** A leg is over: its callId is used up. */
  noteEnded(leg: { clientId: string; callId: string; direction: 'outbound' | 'inbound'; to: string }): void {
    this.#recent.remember(leg.clientId, leg.callId, { ...leg, ended: true, holds: false, expiresAt: 0 })
  }

  /** Answers who waits, writes what has been counted. */
  async close(): Promise<void> {
    clearInterval(this.#flushTimer)
    await this.#queue.idle()
    const { $client } = this.#context.db
    await Promise.all([this.#denials.flush($client), this.#grants.flush($client)]).catch(() => {})
  }

  #judge(request: AuthorizationRequest, scope: AuthorizationScope): JudgedRequest | Promise<JudgedRequest> {
    const { configuration } = this.#context
    const now = this.#context.clock()
    const { direction, from, to, sourceIp, at } = request
    const client = resolveClient(configuration, request.client, at, { brandId: scope.brandId, now })
    // Clients of other brands are nobody to this one.
    const find = (reference: string | null) =>
      client && reference !== null
        ? resolveClient(configuration, reference, at, { brandId: client.brandId, now })
        : undefined
    const [toClient, fromClient] = [find(request.toClient), find(request.fromClient)]
    const facts = { client, direction, from, to, sourceIp, toClient, fromClient, at }
    try {
      const { leg, judgement } = judge(this.#context, facts)
      const carriers = listCarriersByCost(this.#context, { leg, judgement }, { client, from })
      return { client, leg, judgement, carriers }
    } catch (error) {
      if (!(error instanceof RateTableNotLoaded)) throw error
      const { rateDeckId, version } = error
      return configuration.loadRateTable(rateDeckId, version).then(() => this.#judge(request, scope))
    }
  }

  /** Nobody is refused for lack of something that another replica has just been told. */
  async #judgeAgain(
    request: AuthorizationRequest,
    scope: AuthorizationScope,
    judged: JudgedRequest,
  ): Promise<JudgedRequest> {
    try {
      await withinTime(this.#context.configuration.refresh(), comparisonTimeoutMs)
      this.#notCompared.over()
    } catch (error) {
      this.#notCompared.failed(error)
      return judged
    }
    return this.#judge(request, scope)
  }

  #deny(
    reason: DenialReason,
    request: AuthorizationRequest,
    client: Client | undefined,
    path: AuthorizationPath,
    guard?: SpendGuard,
  ): AuthorizationAnswer {
    this.#denials.count(client, reason, this.#context.clock())
    this.#context.metrics.authorizations.inc('denied', reason, path)
    const brand = client && this.#context.configuration.findBrand(client.brandId)
    const denial = makeDenial(reason, { callId: request.callId, direction: request.direction, client, brand })
    return guard ? { ...denial, guard: { id: guard.id, name: guard.name } } : denial
  }

  /** `holds`: the new leg reads its row, which tells what this memory need not. */
  #checkNotReused(recent: RecentLeg, request: AuthorizationRequest, leg: Leg, holds: boolean): void {
    if (holds && (recent.holds || recent.ended)) return
    if (recent.ended) throw new CallIdReused(request.callId, 'that call has ended')
    // A row would say so: a grant that is over is decided anew.
    if (holds !== recent.holds && recent.expiresAt <= this.#context.clock()) return
    if (recent.direction !== leg.direction) throw new CallIdReused(request.callId, 'its direction differs')
    if (recent.to !== (leg.toNormalized ?? leg.to)) {
      throw new CallIdReused(request.callId, 'it was placed to another number')
    }
  }

  #remember(
    client: Client,
    { callId }: AuthorizationRequest,
    leg: Leg,
    grant: { holds: boolean; expiresAt: number },
  ): void {
    const to = leg.toNormalized ?? leg.to
    this.#recent.remember(client.id, callId, { direction: leg.direction, to, ended: false, ...grant })
  }

  #grantHoldingNothing(asked: AskedLeg): AuthorizationAnswer {
    const { client, request, judgement } = asked
    const expiresAt = this.#context.clock() + grantSeconds * 1000
    this.#context.grantedLegFacts.note(client.id, request.callId, request, expiresAt)
    const { rate } = judgement
    const prices = rate && hangsUp(rate.rate) ? this.#priceFound(asked, rate) : null
    const maxDurationSeconds = unlimitedDuration(client, prices)
    const grant = { maxDurationSeconds, expiresAt, holds: false }
    return this.#grant({ ...asked, onDecided: undefined }, grant, 'memory')
  }

  #priceFound({ client, request, leg }: AskedLeg, rate: MatchedRate): LegPrices {
    const numbers = { from: request.from, to: leg.toNormalized ?? '', at: leg.at }
    return priceFoundLeg(this.#context, payerFor(client, leg.direction), numbers, rate)
  }

  /** Grants a leg that a lease covers. Of a callId that was used before the books know more. */
  #grantFromLease(leg: AskedLeg): AuthorizationAnswer | undefined {
    // What replicas set aside is money: who has allowances is asked of the books.
    if (leg.client.allowances.length > 0) return undefined
    const grant = this.#context.leases?.grant(leg)
    return grant && this.#grant(leg, { ...grant, holds: true }, 'lease')
  }

  /** The answer that a leg got a moment ago, from a lease: the books do not know it yet. */
  #repeatUnwritten({ request, leg }: AskedLeg, grant: LeaseGrant): LeasedGrant {
    const { direction, to, toNormalized, maxDurationSeconds } = grant.facts
    const { callId } = request
    if (direction !== request.direction) throw new CallIdReused(callId, 'its direction differs')
    if (to !== request.to && toNormalized !== (leg.toNormalized ?? null)) {
      throw new CallIdReused(callId, 'it was placed to another number')
    }
    return { maxDurationSeconds, expiresAt: grant.expiresAt }
  }

  async #decideInBooks(asked: AskedLeg, deadlineAt: number): Promise<AuthorizationAnswer> {
    const key = { clientId: asked.client.id, callId: asked.request.callId }
    const unwritten = this.#context.leases?.findUnwritten(key)
    if (unwritten) {
      const repeated = this.#repeatUnwritten(asked, unwritten.grant)
      return this.#grant(asked, { ...repeated, holds: true }, 'lease')
    }
    return new Promise((resolve, reject) => {
      this.#queue.add({ ...asked, deadlineAt, callBacks: 0, resolve, reject })
    })
  }

  #grant(
    { client, request, leg, judgement, carriers, onDecided }: AskedLeg,
    { maxDurationSeconds, expiresAt, holds }: LeasedGrant & { holds: boolean },
    path: AuthorizationPath,
  ): AuthorizationAnswer {
    const { configuration, clock, metrics } = this.#context
    const { callId } = request
    const { kind, rate } = judgement
    const { toNormalized } = leg
    onDecided?.(path)
    metrics.authorizations.inc('granted', '', path)
    this.#grants.count(client.brandId, clock())
    this.#remember(client, request, leg, { holds, expiresAt })
    return makeGrant(
      { callId, client, toNormalized, kind, rate, carriers, maxDurationSeconds, expiresAt },
      configuration,
    )
  }

  /** What is leased may pay for the leg: it is decided anew when that is back. Where it does not come, nothing is known. */
  async #callBackFor(leg: WaitingLeg, ofBrand: boolean): Promise<void> {
    const { leases } = this.#context
    const { client, request } = leg
    if (!leases || leg.callBacks === maxCallBacks) {
      leg.onDecided?.('database')
      leg.resolve(this.#deny('service_unavailable', request, client, 'database'))
      return
    }
    const owners = { clientIds: [client.id], brandIds: ofBrand ? [client.brandId] : [] }
    const isBack = await leases.callBack(owners).catch(() => false)
    // Who has not answered in time is not waited for again.
    leg.callBacks = isBack ? leg.callBacks + 1 : maxCallBacks
    this.#queue.add(leg)
  }

  #answer(leg: WaitingLeg, decision: BatchDecision): void {
    const { client, request } = leg
    const { callId } = request
    switch (decision.outcome) {
      case 'granted':
        if (client.allowances.length === 0) this.#context.leases?.noteReserved(client.id, decision.reserved)
        leg.resolve(this.#grant(leg, { ...decision, holds: true }, 'database'))
        break
      case 'leased':
        void this.#callBackFor(leg, decision.ofBrand)
        break
      case 'denied':
        leg.onDecided?.('database')
        leg.resolve(this.#deny(decision.reason, request, client, 'database'))
        break
      case 'reused':
        leg.reject(new CallIdReused(callId, decision.why))
        break
      case 'not-locked':
        this.#answerByPolicy(leg)
    }
  }

  /** PostgreSQL has not answered: an offline grant for those who may have one, else no. */
  #answerByPolicy(leg: WaitingLeg): void {
    const { client, request } = leg
    leg.onDecided?.('offline')
    if (client.failurePolicy === 'deny') {
      leg.resolve(this.#deny('service_unavailable', request, client, 'offline'))
      return
    }
    this.#context.metrics.authorizations.inc('granted', '', 'offline')
    void grantOffline(this.#context, leg).then(leg.resolve, leg.reject)
  }

  #flushCounts(): void {
    const { $client } = this.#context.db
    const written = Promise.all([this.#denials.flush($client), this.#grants.flush($client)])
    written.then(this.#notWritten.over, this.#notWritten.failed)
  }
}
