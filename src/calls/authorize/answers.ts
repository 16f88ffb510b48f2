/**
 * Every answer is made here, counted here and, as a grant, remembered here: by metrics, and by the counts of grants and denials
 * that are written each second.
 */
import type { Client } from '../../limits/client.ts'
import type { DenialReason } from '../../limits/reasons.ts'
import type { SpendGuard } from '../../limits/spend-guard.ts'
import { logOnce, type RepeatedErrors } from '../../logging/log-once.ts'
import type { AuthorizationRequest } from '../call-messages.ts'
import type { AuthorizationPath } from '../call-metrics.ts'
import type { CallsContext } from '../calls-context.ts'
import type { LeasedGrant } from '../leases/leases.ts'
import { type AuthorizationAnswer, makeDenial, makeGrant } from './authorization-answer.ts'
import type { AskedLeg } from './authorize-batch.ts'
import { DenialCounter } from './count-denials.ts'
import { GrantCounter } from './count-grants.ts'
import { RecentLegs } from './recent-legs.ts'

export class Answers {
  readonly recent = new RecentLegs()
  readonly #context: CallsContext
  readonly #denials = new DenialCounter()
  readonly #grants = new GrantCounter()
  readonly #notWritten: RepeatedErrors
  readonly #flushTimer: NodeJS.Timeout

  constructor(context: CallsContext) {
    this.#context = context
    this.#notWritten = logOnce(context.log, 'denials_not_written', { message: 'counted on' })
    this.#flushTimer = setInterval(() => {
      this.#flush().then(this.#notWritten.over, this.#notWritten.failed)
    }, 1000)
    this.#flushTimer.unref()
  }

  grant(
    { client, request, leg, judgement, carriers, onDecided }: AskedLeg,
    { maxDurationSeconds, expiresAt, holds }: LeasedGrant & { holds: boolean },
    path: AuthorizationPath,
  ): AuthorizationAnswer {
    const { configuration, clock, metrics } = this.#context
    const { callId } = request
    const { kind, rate } = judgement
    const { toNormalized, direction } = leg
    if (path !== 'memory') onDecided?.(path)
    metrics.authorizations.inc('granted', '', path)
    this.#grants.count(client.brandId, clock())
    const to = toNormalized ?? leg.to
    this.recent.remember(client.id, callId, { direction, to, ended: false, holds, expiresAt })
    return makeGrant(
      { callId, client, toNormalized, kind, rate, carriers, maxDurationSeconds, expiresAt },
      configuration,
    )
  }

  deny(
    reason: DenialReason,
    {
      request,
      client,
      guard,
    }: { request: AuthorizationRequest; client: Client | undefined; guard?: SpendGuard },
    path: AuthorizationPath,
  ): AuthorizationAnswer {
    const { configuration, clock, metrics } = this.#context
    this.#denials.count(client, reason, clock())
    metrics.authorizations.inc('denied', reason, path)
    const brand = client && configuration.findBrand(client.brandId)
    const denial = makeDenial(reason, { callId: request.callId, direction: request.direction, client, brand })
    return guard ? { ...denial, guard: { id: guard.id, name: guard.name } } : denial
  }

  /** Writes what has been counted. */
  async close(): Promise<void> {
    clearInterval(this.#flushTimer)
    await this.#flush().catch(() => {})
  }

  async #flush(): Promise<void> {
    const { $client } = this.#context.db
    await Promise.all([this.#denials.flush($client), this.#grants.flush($client)])
  }
}
