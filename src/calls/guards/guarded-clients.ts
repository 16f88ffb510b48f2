/**
 * Which clients have guards, and what is remembered of their legs. A memory is made with the first leg that a guard concerns,
 * and follows when guards, lifts or settings change.
 */
import { type Brand, type Client, termsAt } from '../../limits/client.ts'
import { GuardedClient, type KnownCountries } from '../../limits/guarded-client.ts'
import type { CountedLeg } from '../../limits/guarded-leg.ts'
import {
  type GuardedNumber,
  guardsNumber,
  guardsOfClient,
  liftKey,
  type SpendGuard,
} from '../../limits/spend-guard.ts'
import type { Configuration } from '../../tariffs/configuration.ts'
import { ClientLegCosts, type KnownFirstMinutes } from './leg-costs.ts'

export interface Guarded {
  client: Client
  brand: Brand
  /** The oldest first. */
  guards: readonly SpendGuard[]
  asksRisk: boolean
  /** A guard asks about each number. */
  asksAll: boolean
  costs: ClientLegCosts
  /** null: none of its legs has concerned a guard. */
  memory: GuardedClient | null
}

export class GuardedClients {
  readonly #configuration: Configuration
  readonly #clock: () => number
  readonly #byId = new Map<string, Guarded>()
  readonly #firstMinutes: KnownFirstMinutes = new WeakMap()
  /** Clients of whom the database may know more. */
  readonly #withoutHistory = new Set<string>()

  constructor({ configuration, clock }: { configuration: Configuration; clock: () => number }) {
    this.#configuration = configuration
    this.#clock = clock
  }

  /** As configuration memory has it now. */
  get(client: Client): Readonly<Guarded> {
    const brand = this.#configuration.getBrand(client.brandId)
    const known = this.#byId.get(client.id)
    if (known && known.client === client && known.brand === brand) return known
    const guards = guardsOfClient(brand.guards, client.id)
    const asksRisk = guards.some(({ highRisk }) => highRisk)
    const asksAll = guards.some(({ prefixes, highRisk }) => prefixes === null && !highRisk)
    const costs = this.getCosts(client)
    const memory = known?.memory ?? null
    const guarded: Guarded = { client, brand, guards, asksRisk, asksAll, costs, memory }
    this.#byId.set(client.id, guarded)
    if (guards.length === 0) guarded.memory = null
    else if (guarded.memory) this.#watch(guarded)
    return guarded
  }

  /** What its legs cost, also where it has no guards. */
  getCosts(client: Client): ClientLegCosts {
    const context = {
      configuration: this.#configuration,
      clock: this.#clock,
      firstMinutes: this.#firstMinutes,
    }
    return new ClientLegCosts(context, client)
  }

  /** undefined: nothing is remembered of its legs. */
  findMemory(clientId: string): GuardedClient | undefined {
    return this.#byId.get(clientId)?.memory ?? undefined
  }

  /** Of a client whose leg concerns a guard. */
  getMemory(client: Client): GuardedClient {
    const guarded = this.get(client) as Guarded
    if (guarded.memory) return guarded.memory
    guarded.memory = this.#newMemory(client)
    this.#watch(guarded)
    return guarded.memory
  }

  /** Those of whose legs something is remembered, each with it. */
  *listRemembered(): Iterable<{ client: Client; memory: GuardedClient }> {
    const now = this.#clock()
    for (const [id, known] of this.#byId) {
      if (!known.memory) continue
      const client = this.#configuration.findClient(id, now)
      if (!client) {
        this.#byId.delete(id)
        continue
      }
      // Its guards, or a lift, may have changed since its last leg.
      const { memory } = this.get(client)
      if (memory) yield { client, memory }
    }
  }

  /** Clients of whom the database is to be asked; named once. */
  takeWithoutHistory(): string[] {
    const ids = [...this.#withoutHistory]
    this.#withoutHistory.clear()
    return ids
  }

  /** Takes over what the database knows of a client's legs, beside those that only memory knows. */
  loadHistory(client: Client, legs: readonly CountedLeg[], countries: KnownCountries): void {
    const guarded = this.get(client) as Guarded
    if (guarded.guards.length === 0) return
    const before = guarded.memory
    for (const [country, at] of before?.countries.answeredAt ?? []) {
      countries.answeredAt.set(country, Math.max(at, countries.answeredAt.get(country) ?? at))
      countries.hasAnswered = true
    }
    const memory = this.#newMemory(client, countries)
    guarded.memory = memory
    this.#watch(guarded)
    this.#withoutHistory.delete(client.id)
    const known = new Set(legs.map(({ callId }) => callId))
    memory.load([...legs, ...(before?.legs() ?? []).filter(({ callId }) => !known.has(callId))])
  }

  #newMemory({ terms }: Client, countries?: KnownCountries): GuardedClient {
    return new GuardedClient(termsAt(terms, this.#clock()).timeZone, countries)
  }

  #watch({ client, brand, guards, memory }: Guarded): void {
    const { lifts } = brand.guards
    const isNew = memory?.watch(
      guards.map((guard) => ({ guard, liftedUntil: lifts.get(liftKey(guard.id, client.id)) ?? 0 })),
    )
    if (isNew) this.#withoutHistory.add(client.id)
  }
}

/** Does one of the guards ask about the leg? */
export function concernsGuard(
  { guards, asksAll }: Pick<Guarded, 'guards' | 'asksAll'>,
  leg: GuardedNumber,
): boolean {
  return asksAll || guards.some((guard) => guardsNumber(guard, leg))
}
