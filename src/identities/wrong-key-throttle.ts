/**
 * Has this address sent so many wrong keys that we stop looking them up?
 *
 * 600 wrong ones in a minute are free. Beyond that an address gets ten look-ups a second of keys never seen
 * before; a key that is known passes always, so a neighbour behind the same address is not shut out. Per process.
 */
interface Span {
  wrong: number
  endsAt: number
  looks: number
  looksUntil: number
}

const freeWrong = 600
const spanMs = 60_000
const looksPerSecond = 10
/** Beyond it, spans that are over are dropped. */
const mostAddresses = 10_000

export class WrongKeyThrottle {
  readonly #spans = new Map<string, Span>()

  /** Whether a key that is not known may be looked up. */
  mayLookUp(address: string, now: number): boolean {
    const span = this.#spans.get(address)
    if (!span || span.endsAt <= now || span.wrong < freeWrong) return true
    if (span.looksUntil <= now) {
      span.looks = 0
      span.looksUntil = now + 1000
    }
    return ++span.looks <= looksPerSecond
  }

  noteWrong(address: string, now: number): void {
    let span = this.#spans.get(address)
    if (!span || span.endsAt <= now) {
      if (this.#spans.size >= mostAddresses) this.#dropOver(now)
      span = { wrong: 0, endsAt: now + spanMs, looks: 0, looksUntil: 0 }
      this.#spans.set(address, span)
    }
    span.wrong++
  }

  #dropOver(now: number): void {
    for (const [address, { endsAt }] of this.#spans) if (endsAt <= now) this.#spans.delete(address)
  }
}
