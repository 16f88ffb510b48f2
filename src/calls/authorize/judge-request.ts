/**
 * Who asks, and what memory says of the leg. Nobody is refused for lack of something that another replica has just been
 * told: before such a refusal the configuration is compared with the database's.
 */
import type { Client } from '../../limits/client.ts'
import type { DenialReason } from '../../limits/reasons.ts'
import { logOnce, type RepeatedErrors } from '../../logging/log-once.ts'
import type { CarrierOffer } from '../../rating/least-cost.ts'
import { RateTableNotLoaded } from '../../rating/tariff.ts'
import { withinTime } from '../../within-time.ts'
import type { AuthorizationRequest } from '../call-messages.ts'
import type { CallsContext } from '../calls-context.ts'
import { type JudgedLeg, judge } from '../judge-leg.ts'
import { listCarriersByCost } from './carriers-by-cost.ts'
import { resolveClient } from './resolve-client.ts'

export interface JudgedRequest extends JudgedLeg {
  client: Client | undefined
  /** Of outbound legs of brands that want them named. */
  carriers: CarrierOffer[] | undefined
}

/** Longest wait for a comparison of the configuration before a refusal. */
const comparisonTimeoutMs = 400
/** Reasons that a configuration newer than ours might lift. */
const deniedBecauseMissing: ReadonlySet<DenialReason> = new Set([
  'unknown_client',
  'no_rating_profile',
  'destination_not_priced',
])

export class RequestJudge {
  readonly #context: CallsContext
  readonly #notCompared: RepeatedErrors

  constructor(context: CallsContext) {
    this.#context = context
    this.#notCompared = logOnce(context.log, 'configuration_not_compared', { message: 'refused unchecked' })
  }

  /** At once, unless a rate table has to be loaded or a refusal checked. `brandId`: the key's; null: all brands. */
  judge(request: AuthorizationRequest, brandId: string | null): JudgedRequest | Promise<JudgedRequest> {
    const judged = this.#judgeByMemory(request, brandId)
    if (judged instanceof Promise) return judged.then((late) => this.#checkRefusal(request, brandId, late))
    return this.#checkRefusal(request, brandId, judged)
  }

  #judgeByMemory(
    request: AuthorizationRequest,
    brandId: string | null,
  ): JudgedRequest | Promise<JudgedRequest> {
    const { configuration } = this.#context
    const now = this.#context.clock()
    const { direction, from, to, sourceIp, at } = request
    const client = resolveClient(configuration, request.client, at, { brandId, now })
    const toClient = this.#findParty(client, request.toClient, at)
    const fromClient = this.#findParty(client, request.fromClient, at)
    const facts = { client, direction, from, to, sourceIp, toClient, fromClient, at }
    try {
      const { leg, judgement } = judge(this.#context, facts)
      const carriers = listCarriersByCost(this.#context, { leg, judgement }, { client, from })
      return { client, leg, judgement, carriers }
    } catch (error) {
      if (!(error instanceof RateTableNotLoaded)) throw error
      const { rateDeckId, version } = error
      return configuration
        .loadRateTable(rateDeckId, version)
        .then(() => this.#judgeByMemory(request, brandId))
    }
  }

  /** Clients of other brands are nobody to this one. */
  #findParty(client: Client | undefined, reference: string | null, at: number): Client | undefined {
    if (!client || reference === null) return undefined
    const { configuration, clock } = this.#context
    return resolveClient(configuration, reference, at, { brandId: client.brandId, now: clock() })
  }

  #checkRefusal(
    request: AuthorizationRequest,
    brandId: string | null,
    judged: JudgedRequest,
  ): JudgedRequest | Promise<JudgedRequest> {
    const { judgement } = judged
    if (judgement.outcome !== 'denied' || !deniedBecauseMissing.has(judgement.reason)) return judged
    return this.#judgeAgain(request, brandId, judged)
  }

  async #judgeAgain(
    request: AuthorizationRequest,
    brandId: string | null,
    judged: JudgedRequest,
  ): Promise<JudgedRequest> {
    try {
      await withinTime(this.#context.configuration.refresh(), comparisonTimeoutMs)
      this.#notCompared.over()
    } catch (error) {
      this.#notCompared.failed(error)
      return judged
    }
    return this.#judgeByMemory(request, brandId)
  }
}
