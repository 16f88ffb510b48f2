/**
 * May this leg be placed? Judged from memory (`judge-request.ts`), then granted at once where it holds nothing or a lease
 * covers it, else decided by the books (`decide-in-books.ts`). A grant that holds nothing touches no database.
 */
import { CallIdReused, InvalidRequest } from '../../errors.ts'
import { type Leg, type LegPrices, type MatchedRate, unlimitedDuration } from '../../limits/authorize.ts'
import { payerFor } from '../../limits/client.ts'
import { grantSeconds } from '../call.ts'
import type { AuthorizationRequest } from '../call-messages.ts'
import type { AuthorizationPath } from '../call-metrics.ts'
import type { CallsContext } from '../calls-context.ts'
import { hangsUp, holdsNothing, priceFoundLeg } from '../judge-leg.ts'
import { Answers } from './answers.ts'
import type { AuthorizationAnswer } from './authorization-answer.ts'
import type { AskedLeg } from './authorize-batch.ts'
import { BookedDecisions } from './decide-in-books.ts'
import { type JudgedRequest, RequestJudge } from './judge-request.ts'
import type { RecentLeg } from './recent-legs.ts'
import { releaseGrant } from './release-grant.ts'

export interface AuthorizationScope {
  /** The brand of the key; null: all brands. */
  brandId: string | null
  /** Later than this nothing is reserved. */
  deadlineAt: number
  /** Told what decided, where that was not memory. */
  onDecided?: ((path: AuthorizationPath) => void) | undefined
}

const twoDaysMs = 48 * 3_600_000

export class Authorizer {
  readonly #context: CallsContext
  readonly #judge: RequestJudge
  readonly #answers: Answers
  readonly #books: BookedDecisions

  constructor(context: CallsContext) {
    this.#context = context
    this.#judge = new RequestJudge(context)
    this.#answers = new Answers(context)
    this.#books = new BookedDecisions(context, this.#answers, ({ client, request }) =>
      this.releaseGrant(client.id, request.callId, { brandId: null }),
    )
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
    const judged = this.#judge.judge(request, scope.brandId)
    if (judged instanceof Promise) return judged.then((late) => this.#decide(request, scope, late))
    return this.#decide(request, scope, judged)
  }

  #decide(
    request: AuthorizationRequest,
    scope: AuthorizationScope,
    { client, leg, judgement, carriers }: JudgedRequest,
  ): AuthorizationAnswer | Promise<AuthorizationAnswer> {
    const { guards } = this.#context
    const answers = this.#answers
    if (judgement.outcome === 'denied') return answers.deny(judgement.reason, { request, client }, 'memory')
    if (!client) throw new Error('a leg of nobody was granted')
    const holds = !holdsNothing(judgement.holds)
    const recent = answers.recent.find(client.id, request.callId)
    if (recent) this.#checkNotReused(recent, request, leg, holds)
    const asked = { request, client, leg, judgement, carriers, onDecided: scope.onDecided }
    const guarded = guards.admit(asked)
    if (guarded.refusedBy) {
      return answers.deny('spend_guard', { request, client, guard: guarded.refusedBy }, 'memory')
    }
    if (!holds) return this.#grantHoldingNothing(asked)
    const leased = recent ? undefined : this.#grantFromLease(asked)
    if (leased) return leased
    const answered = this.#books.decide(asked, scope.deadlineAt)
    return guarded.isCounted ? guards.withdrawUnlessGranted(client.id, request.callId, answered) : answered
  }

  /** Gives back what a grant holds, as if it had never been asked for. Nothing to give back is no fault. */
  async releaseGrant(clientId: string, callId: string, scope: { brandId: string | null }): Promise<void> {
    const client = this.#context.configuration.findClient(clientId, this.#context.clock())
    if (!client || (scope.brandId !== null && client.brandId !== scope.brandId)) return
    this.#answers.recent.forget(client.id, callId)
    this.#context.guards.release(client.id, callId)
    await releaseGrant(this.#context, { clientId: client.id, callId })
  }

  /** A leg is over: its callId is used up. */
  noteEnded(leg: { clientId: string; callId: string; direction: 'outbound' | 'inbound'; to: string }): void {
    this.#answers.recent.remember(leg.clientId, leg.callId, {
      ...leg,
      ended: true,
      holds: false,
      expiresAt: 0,
    })
  }

  /** Answers who waits, writes what has been counted. */
  async close(): Promise<void> {
    await this.#books.idle()
    await this.#answers.close()
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

  #grantHoldingNothing(asked: AskedLeg): AuthorizationAnswer {
    const { client, request, judgement } = asked
    const expiresAt = this.#context.clock() + grantSeconds * 1000
    this.#context.grantedLegFacts.note(client.id, request.callId, request, expiresAt)
    const { rate } = judgement
    const prices = rate && hangsUp(rate.rate) ? this.#priceFound(asked, rate) : null
    const maxDurationSeconds = unlimitedDuration(client, prices)
    return this.#answers.grant(asked, { maxDurationSeconds, expiresAt, holds: false }, 'memory')
  }

  #priceFound({ client, request, leg }: AskedLeg, rate: MatchedRate): LegPrices {
    const numbers = { from: request.from, to: leg.toNormalized ?? '', at: leg.at }
    return priceFoundLeg(this.#context, payerFor(client, leg.direction), numbers, rate)
  }

  /** Grants a leg that a lease covers. Of a callId that was used before the books know more. */
  #grantFromLease(leg: AskedLeg): AuthorizationAnswer | undefined {
    const grant = this.#context.leases?.grant(leg)
    return grant && this.#answers.grant(leg, { ...grant, holds: true }, 'lease')
  }
}
