/**
 * The scopes of one client's guards, one per conditions, and which of them a leg is in.
 */
import { GuardScope } from './guard-scope.ts'
import { conditionsOf, type GuardedNumber, type SpendGuard } from './spend-guard.ts'

export class GuardScopes {
  readonly #timeZone: string
  #byConditions = new Map<string, GuardScope>()
  /** Legs share these lists, where no guard asks about their digits. */
  #ofRisk: readonly GuardScope[] = []
  #ofOthers: readonly GuardScope[] = []
  #asksPrefixes = false

  /** `timeZone`: the client's. */
  constructor(timeZone: string) {
    this.#timeZone = timeZone
  }

  /** What was counted under the same conditions stays. Answers whether there is a limit that knows nothing yet. */
  watch(guards: readonly SpendGuard[]): boolean {
    const before = this.#byConditions
    this.#byConditions = new Map()
    const guardsOf = new Map<GuardScope, SpendGuard[]>()
    for (const guard of guards) {
      const conditions = conditionsOf(guard)
      const scope =
        this.#byConditions.get(conditions) ?? before.get(conditions) ?? new GuardScope(guard, this.#timeZone)
      this.#byConditions.set(conditions, scope)
      guardsOf.set(scope, [...(guardsOf.get(scope) ?? []), guard])
    }
    let isNew = false
    for (const [scope, ofScope] of guardsOf) isNew = scope.countFor(ofScope) || isNew
    this.#asksPrefixes = guards.some(({ prefixes }) => prefixes !== null)
    this.#ofRisk = this.#listOf({ to: '', isHighRisk: true })
    this.#ofOthers = this.#listOf({ to: '', isHighRisk: false })
    return isNew
  }

  /** Of a guard that is watched. */
  get(guard: SpendGuard): GuardScope {
    const scope = this.#byConditions.get(conditionsOf(guard))
    if (!scope) throw new Error(`guard ${guard.id} is not watched`)
    return scope
  }

  /** Those that the leg is in. */
  list(leg: GuardedNumber): readonly GuardScope[] {
    if (this.#asksPrefixes) return this.#listOf(leg)
    return leg.isHighRisk ? this.#ofRisk : this.#ofOthers
  }

  #listOf(leg: GuardedNumber): GuardScope[] {
    return [...this.#byConditions.values()].filter((scope) => scope.includes(leg))
  }
}
