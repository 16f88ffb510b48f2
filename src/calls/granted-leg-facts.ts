/**
 * What engines said of legs whose grants hold nothing, such as the switch and its labels: such a grant writes no row, so it
 * is kept in memory until the grant is over, and the leg's first event takes it up, on whichever replica.
 *
 * Replicas tell each other (`takeNews`, `hear`). Kept as text, which takes less memory than objects.
 */
import { callKey } from '../db/calls/calls.ts'
import { type LegFacts, saidLegFacts, takeMissingLegFacts } from './leg-facts.ts'

/** Of a leg, for other replicas. */
export interface LegFactsNews {
  clientId: string
  callId: string
  expiresAt: number
  /** JSON of those that were said. */
  said: string
}

/** Beyond them the oldest goes: some 40 MB. */
const maxLegs = 100_000

export class GrantedLegFacts {
  /** Grants last equally long, so those that are over stand in front. */
  readonly #legs = new Map<string, LegFactsNews>()
  readonly #clock: () => number
  /** For other replicas, while there are any. */
  #news: LegFactsNews[] | null = null

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Of a grant that holds nothing. */
  note(clientId: string, callId: string, facts: LegFacts, expiresAt: number): void {
    if (saysNothing(facts)) return
    const news = { clientId, callId, expiresAt, said: JSON.stringify(saidLegFacts(facts)) }
    this.#keep(news)
    this.#news?.push(news)
  }

  /** Completes a leg by what was said of it at its grant. */
  complete(leg: LegFacts & { clientId: string; callId: string }): void {
    const known = this.#legs.size === 0 ? undefined : this.#legs.get(callKey(leg))
    if (!known || known.expiresAt <= this.#clock()) return
    takeMissingLegFacts(leg, { ...notSaid, ...(JSON.parse(known.said) as Partial<LegFacts>) })
  }

  /** To a replica that has appeared: what is kept, and what comes. */
  startTelling(): void {
    this.#news = [...this.#legs.values()]
  }

  stopTelling(): void {
    this.#news = null
  }

  /** The oldest that other replicas have not been told. */
  takeNews(most: number): LegFactsNews[] {
    return this.#news?.splice(0, most) ?? []
  }

  hear(news: readonly LegFactsNews[]): void {
    for (const one of news) this.#keep(one)
  }

  #keep(news: LegFactsNews): void {
    const now = this.#clock()
    for (const [key, { expiresAt }] of this.#legs) {
      if (expiresAt > now && this.#legs.size < maxLegs) break
      this.#legs.delete(key)
    }
    const key = callKey(news)
    this.#legs.delete(key)
    this.#legs.set(key, news)
  }
}

const notSaid: LegFacts = {
  sipCallId: null,
  forwardedFrom: null,
  engine: null,
  engineRef: null,
  labels: null,
}

function saysNothing({ sipCallId, forwardedFrom, engine, engineRef, labels }: LegFacts): boolean {
  return (
    sipCallId === null && forwardedFrom === null && engine === null && engineRef === null && labels === null
  )
}
