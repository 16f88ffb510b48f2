/**
 * Clients whose settings have changed since they were last looked at, so that their running calls are judged anew.
 *
 * Configuration memory replaces a client whole when anything of it changes; comparing identities finds those. The
 * first look names every client: a suspension may have been written while nobody metered.
 */
import type { Client } from '../../limits/client.ts'

export interface Clients {
  readonly version: number
  listClients(): Iterable<Client>
}

export class ChangedClients {
  readonly #configuration: Clients
  #seen = new Map<string, Client>()
  #seenVersion = -1
  readonly #changed = new Set<string>()

  constructor(configuration: Clients) {
    this.#configuration = configuration
  }

  /** Ids of what has changed; named again until `done` is called. */
  look(): readonly string[] {
    const { version } = this.#configuration
    if (version !== this.#seenVersion) {
      const seen = new Map<string, Client>()
      for (const client of this.#configuration.listClients()) {
        seen.set(client.id, client)
        if (this.#seen.get(client.id) !== client) this.#changed.add(client.id)
      }
      this.#seen = seen
      this.#seenVersion = version
    }
    return [...this.#changed]
  }

  done(): void {
    this.#changed.clear()
  }
}
