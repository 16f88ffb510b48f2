/**
 * Legs that only the books can decide: what they hold depends on a running total that no lease covers.
 *
 * A leg waits for the open batch (`authorization-queue.ts`). Where the books would deny what leases may still pay for, these are
 * called back and it is decided anew. When PostgreSQL does not answer in time, the client's failure policy does.
 */
import type { LeaseGrant } from '../../db/calls/lease-grants.ts'
import { CallIdReused } from '../../errors.ts'
import type { CallsContext } from '../calls-context.ts'
import type { LeasedGrant } from '../leases/leases.ts'
import type { Answers } from './answers.ts'
import type { AuthorizationAnswer } from './authorization-answer.ts'
import { AuthorizationQueue } from './authorization-queue.ts'
import type { AskedLeg, BatchDecision, WaitingLeg } from './authorize-batch.ts'
import { grantOffline } from './grant-offline.ts'

/** An account from which leases do not come back is not denied, and not asked for ever. */
const maxCallBacks = 3

export class BookedDecisions {
  readonly #context: CallsContext
  readonly #answers: Answers
  readonly #queue: AuthorizationQueue

  /** `onLateGrant`: granted after nobody waited any more. */
  constructor(context: CallsContext, answers: Answers, onLateGrant: (leg: AskedLeg) => Promise<void>) {
    this.#context = context
    this.#answers = answers
    this.#queue = new AuthorizationQueue(context, {
      onDecided: (leg, decision) => this.#answer(leg, decision),
      onTimeout: (leg) => this.#answerByPolicy(leg),
      onLateGrant,
    })
  }

  async decide(asked: AskedLeg, deadlineAt: number): Promise<AuthorizationAnswer> {
    const key = { clientId: asked.client.id, callId: asked.request.callId }
    const unwritten = this.#context.leases?.findUnwritten(key)
    if (unwritten) {
      const repeated = repeatUnwritten(asked, unwritten.grant)
      return this.#answers.grant(asked, { ...repeated, holds: true }, 'lease')
    }
    return new Promise((resolve, reject) => {
      this.#queue.add({ ...asked, deadlineAt, callBacks: 0, resolve, reject })
    })
  }

  /** Resolves when nobody waits. */
  idle(): Promise<void> {
    return this.#queue.idle()
  }

  #answer(leg: WaitingLeg, decision: BatchDecision): void {
    const { client } = leg
    switch (decision.outcome) {
      case 'granted':
        this.#context.leases?.noteHeld(client.id, decision)
        leg.resolve(this.#answers.grant(leg, { ...decision, holds: true }, 'database'))
        break
      case 'leased':
        void this.#callBackFor(leg, decision.ofBrand)
        break
      case 'denied':
        leg.onDecided?.('database')
        leg.resolve(this.#answers.deny(decision.reason, leg, 'database'))
        break
      case 'reused':
        leg.reject(new CallIdReused(leg.request.callId, decision.why))
        break
      case 'not-locked':
        this.#answerByPolicy(leg)
    }
  }

  /** What is leased may pay for the leg: it is decided anew when that is back. Where it does not come, nothing is known. */
  async #callBackFor(leg: WaitingLeg, ofBrand: boolean): Promise<void> {
    const { leases } = this.#context
    const { client } = leg
    if (!leases || leg.callBacks === maxCallBacks) {
      leg.onDecided?.('database')
      leg.resolve(this.#answers.deny('service_unavailable', leg, 'database'))
      return
    }
    const owners = { clientIds: [client.id], brandIds: ofBrand ? [client.brandId] : [] }
    const isBack = await leases.callBack(owners).catch(() => false)
    // Who has not answered in time is not waited for again.
    leg.callBacks = isBack ? leg.callBacks + 1 : maxCallBacks
    this.#queue.add(leg)
  }

  /** PostgreSQL has not answered: an offline grant for those who may have one, else no. */
  #answerByPolicy(leg: WaitingLeg): void {
    leg.onDecided?.('offline')
    if (leg.client.failurePolicy === 'deny') {
      leg.resolve(this.#answers.deny('service_unavailable', leg, 'offline'))
      return
    }
    this.#context.metrics.authorizations.inc('granted', '', 'offline')
    void grantOffline(this.#context, leg).then(leg.resolve, leg.reject)
  }
}

/** The answer that a leg got a moment ago, from a lease: the books do not know it yet. */
function repeatUnwritten({ request, leg }: AskedLeg, grant: LeaseGrant): LeasedGrant {
  const { direction, to, toNormalized, maxDurationSeconds } = grant.facts
  const { callId } = request
  if (direction !== request.direction) throw new CallIdReused(callId, 'its direction differs')
  if (to !== request.to && toNormalized !== (leg.toNormalized ?? null)) {
    throw new CallIdReused(callId, 'it was placed to another number')
  }
  return { maxDurationSeconds, expiresAt: grant.expiresAt }
}
