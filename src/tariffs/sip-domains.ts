/**
 * Whose was a SIP domain at an instant?
 *
 * A client's domain is one of its versioned terms, so a domain may pass from one client to another, also of another
 * brand. Where two have a claim, the one whose terms had taken effect by then wins over one whose first terms merely
 * reach back. With a brand given, clients of other brands do not count.
 */
import { type Client, termsAt } from '../limits/client.ts'

/** A time in which a client owned a name. Milliseconds since 1970, half open. */
export interface NameSpan {
  client: Client
  /** null: since its first terms, which reach back for all time. */
  from: number | null
  /** null: for as long as is known. */
  until: number | null
}

export class SipDomains {
  /** Lower-case domain → clients that have or had it. */
  readonly #clients = new Map<string, Set<Client>>()

  add(client: Client): void {
    for (const { sipDomain } of client.terms) {
      const others = this.#clients.get(sipDomain)
      if (others) others.add(client)
      else this.#clients.set(sipDomain, new Set([client]))
    }
  }

  delete(client: Client): void {
    for (const { sipDomain } of client.terms) {
      const others = this.#clients.get(sipDomain)
      others?.delete(client)
      if (others?.size === 0) this.#clients.delete(sipDomain)
    }
  }

  clear(): void {
    this.#clients.clear()
  }

  /** `brandId` null: of any brand. */
  find(domain: string, at: number, brandId: string | null): Client | undefined {
    const lower = domain.toLowerCase()
    let found: { client: Client; effectiveAt: number } | undefined
    for (const client of this.#clients.get(lower) ?? []) {
      if (brandId !== null && client.brandId !== brandId) continue
      const { sipDomain, effectiveAt } = termsAt(client.terms, at)
      if (sipDomain !== lower) continue
      if (!found || isBetterClaim(effectiveAt, found.effectiveAt, at)) found = { client, effectiveAt }
    }
    return found?.client
  }

  /** All times in which somebody owned the domain, the latest first. */
  listSpans(domain: string, brandId: string | null): NameSpan[] {
    const lower = domain.toLowerCase()
    const spans: NameSpan[] = []
    for (const client of this.#clients.get(lower) ?? []) {
      if (brandId !== null && client.brandId !== brandId) continue
      for (const [i, { sipDomain, effectiveAt }] of client.terms.entries()) {
        if (sipDomain !== lower) continue
        const until = client.terms[i + 1]?.effectiveAt ?? null
        const last = spans.at(-1)
        // The terms before had the same domain: another setting changed.
        if (client.terms[i - 1]?.sipDomain === lower && last) last.until = until
        else spans.push({ client, from: i === 0 ? null : effectiveAt, until })
      }
    }
    return spans.sort((one, other) => spanStart(other) - spanStart(one))
  }
}

/** First terms take effect when the client is made, though they reach back. */
function spanStart({ client, from }: NameSpan): number {
  return from ?? client.terms[0]?.effectiveAt ?? 0
}

/** The latest of those in effect; where none was yet, the one that took effect first. */
function isBetterClaim(one: number, other: number, at: number): boolean {
  if (one <= at) return other > at || one > other
  return other > at && one < other
}
