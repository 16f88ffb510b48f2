/**
 * Values by client and callId. Both texts stand in maps of their own: one text of both would have to be made, kept and hashed for
 * each leg in each place that remembers it.
 */
import type { CallKey } from '../db/calls/calls.ts'
import { TextFilter } from '../text-filter.ts'

export class ByLeg<Value> {
  readonly #ofClients = new Map<string, Map<string, Value>>()
  /** Of all callIds: nearly each that is asked for is new. */
  #callIds = new TextFilter()
  #size = 0

  get size(): number {
    return this.#size
  }

  get(clientId: string, callId: string): Value | undefined {
    return this.#callIds.mayHave(callId) ? this.#ofClients.get(clientId)?.get(callId) : undefined
  }

  set(clientId: string, callId: string, value: Value): void {
    let ofClient = this.#ofClients.get(clientId)
    if (!ofClient) {
      ofClient = new Map()
      this.#ofClients.set(clientId, ofClient)
    }
    const before = ofClient.size
    ofClient.set(callId, value)
    this.#size += ofClient.size - before
    this.#callIds.add(callId)
    if (this.#callIds.isFull) this.#callIds = new TextFilter(this.#listCallIds(), this.#size)
  }

  delete(clientId: string, callId: string): void {
    const ofClient = this.#ofClients.get(clientId)
    if (!ofClient?.delete(callId)) return
    this.#size--
    if (ofClient.size === 0) this.#ofClients.delete(clientId)
  }

  keys(): CallKey[] {
    return [...this.#ofClients].flatMap(([clientId, ofClient]) =>
      [...ofClient.keys()].map((callId) => ({ clientId, callId })),
    )
  }

  *#listCallIds(): Iterable<string> {
    for (const ofClient of this.#ofClients.values()) yield* ofClient.keys()
  }
}
