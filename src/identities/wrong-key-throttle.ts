/**
 * Has this network sent so many wrong keys that we stop looking them up?
 *
 * 600 wrong ones in a minute are free. Beyond that a network gets ten look-ups a second of keys never seen before; a
 * key that is known passes always, so a neighbour behind the same address is not shut out. Per process.
 */
import { networkOf } from './network-of.ts'

interface Span {
  wrong: number
  endsAt: number
  looks: number
  looksUntil: number
}

const freeWrong = 600
const spanMs = 60_000
const looksPerSecond = 10
const maxNetworks = 10_000

export class WrongKeyThrottle {
  /** By network, the one that began first in front. */
  readonly #spans = new Map<string, Span>()

  /** Whether a key that is not known may be looked up. */
  mayLookUp(address: string, now: number): boolean {
    // Nobody has sent a wrong one: the way of nearly every request.
    if (this.#spans.size === 0) return true
    const span = this.#spans.get(networkOf(address))
    if (!span || span.endsAt <= now || span.wrong < freeWrong) return true
    if (span.looksUntil <= now) {
      span.looks = 0
      span.looksUntil = now + 1000
    }
    return ++span.looks <= looksPerSecond
  }

  noteWrong(address: string, now: number): void {
    this.#dropOver(now)
    const network = networkOf(address)
    const known = this.#spans.get(network)
    const isRunning = known !== undefined && known.endsAt > now
    const fresh = { wrong: 0, endsAt: now + spanMs, looks: 0, looksUntil: 0 }
    const span = isRunning ? known : this.#add(network, fresh)
    span.wrong++
  }

  /** All spans are equally long, so those that are over stand in front. */
  #dropOver(now: number): void {
    for (const [network, { endsAt }] of this.#spans) {
      if (endsAt > now) return
      this.#spans.delete(network)
    }
  }

  /** Memory has an end: beyond the most, the oldest goes. */
  #add(network: string, span: Span): Span {
    this.#spans.delete(network)
    const [oldest] = this.#spans.keys()
    if (this.#spans.size >= maxNetworks && oldest !== undefined) this.#spans.delete(oldest)
    this.#spans.set(network, span)
    return span
  }
}
