/**
 * Refusals (429) are answered at once while they are few, and about half a second late in a flood.
 *
 * Who asks again as soon as it was refused, in loops on many connections, would get thousands of refusals a second, and each
 * takes a turn that calls wait for. Held, a connection asks twice a second. A client that obeys Retry-After waits longer
 * anyhow. Per process, whoever is refused: what it remembers does not grow with those who ask.
 */
import { setTimeout as sleep } from 'node:timers/promises'

const freeInSecond = 20
const lateMs = 500
/** More are answered at once: what is held is memory, too. */
const maxHeld = 5000

export class RefusalBrake {
  readonly #wait: () => Promise<unknown>
  readonly #now: () => number
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

  /** For each refusal; undefined: answer it now. */
  hold(): Promise<void> | undefined {
    const second = Math.floor(this.#now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#refusedInSecond = 0
    }
    this.#refusedInSecond++
    if (this.#refusedInSecond <= freeInSecond || this.#held >= maxHeld) return undefined
    this.#held++
    return this.#wait().then(() => {
      this.#held--
    })
  }
}
