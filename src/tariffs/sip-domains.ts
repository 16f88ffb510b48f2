/**
 * Whose was a SIP domain at an instant?
 *
 * A client's domain is one of its versioned terms, so a domain may pass from one client to another. Where two
 * have a claim, the one whose terms had taken effect by then wins over one whose first terms merely reach back.
 */
import { type Client, termsAt } from '../limits/client.ts'

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

  find(domain: string, at: number): Client | undefined {
    const lower = domain.toLowerCase()
    let found: { client: Client; effectiveAt: number } | undefined
    for (const client of this.#clients.get(lower) ?? []) {
      const { sipDomain, effectiveAt } = termsAt(client.terms, at)
      if (sipDomain !== lower) continue
      if (!found || isBetterClaim(effectiveAt, found.effectiveAt, at)) found = { client, effectiveAt }
    }
    return found?.client
  }
}

/** The latest of those in effect; where none was yet, the one that took effect first. */
function isBetterClaim(one: number, other: number, at: number): boolean {
  if (one <= at) return other > at || one > other
  return other > at && one < other
}
