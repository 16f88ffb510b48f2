/**
 * Refusals are answered at once while they are few, and about half a second late in a flood.
 *
 * Who asks again as soon as it was refused, in loops on many connections, would get thousands of refusals a second, and each
 * takes a turn that calls wait for. Held, a connection asks twice a second. A client that obeys Retry-After waits longer
 * anyhow. Per process.
 *
 * - Of those who ask too often (429), whoever they are: what is remembered does not grow with those who ask.
 * - Of large bodies that are not valid, by their sender: receiving and parsing them is what holds up others. Small ones are
 *   answered at once, whatever their number.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { RateCounter } from './rate-counter.ts'

const freeInSecond = 20
const freeBytesInSecond = 256 * 1024
const lateMs = 500
/** More are answered at once: what is held is memory, too. */
const maxHeld = 5000

export class RefusalBrake {
  readonly #wait: () => Promise<unknown>
  readonly #now: () => number
  readonly #refusedBytes = new RateCounter()
  #second = 0
  #refusedInSecond = 0
  #held = 0

  constructor({
    // Spread: those who were refused together would otherwise all come again in one moment.
    wait = () => sleep(lateMs * (0.5 + Math.random())),
    now = () => performance.now(),
  }: { wait?: () => Promise<unknown>; now?: () => number } = {}) {
    this.#wait = wait
    this.#now = now
  }

  /** For each 429; undefined: answer it now. */
  holdTooMany(): Promise<void> | undefined {
    const second = Math.floor(this.#now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#refusedInSecond = 0
    }
    this.#refusedInSecond++
    return this.#refusedInSecond <= freeInSecond ? undefined : this.#hold()
  }

  /** For each other refusal, with the bytes of its body; undefined: answer it now. */
  holdLarge(sender: string, bytes: number): Promise<void> | undefined {
    if (bytes === 0) return undefined
    const { current } = this.#refusedBytes.count(sender, 1000, bytes, this.#now())
    return current <= freeBytesInSecond ? undefined : this.#hold()
  }

  #hold(): Promise<void> | undefined {
    if (this.#held >= maxHeld) return undefined
    this.#held++
    return this.#wait().then(() => {
      this.#held--
    })
  }
}
