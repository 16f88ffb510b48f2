/**
 * One look at the database for all who wait for the hang-ups of an engine.
 *
 * However many connections wait for one engine, one watcher looks for them: when somebody comes, and then every half
 * second; one look at a time. All who wait are answered together. A command stands until the leg's end arrives, so it
 * is answered again; an engine that asks in a tight circle gets it once a second.
 */
import { setTimeout as sleep } from 'node:timers/promises'

const lookEveryMs = 500
const repeatMs = 1000

export interface Wait {
  /** Epoch milliseconds; the answer is what stands then, even nothing. */
  deadline: number
  /** Aborts when the one who waits has left. */
  gone: AbortSignal
}

interface Waiting<Command> extends Wait {
  resolve(commands: Command[]): void
  reject(error: unknown): void
}

export class HangupWatch<Command> {
  readonly #look: () => Promise<Command[]>
  readonly #onIdle: () => void
  readonly #waiting = new Set<Waiting<Command>>()
  #wake = new AbortController()
  #isLooking = false
  #isStopped = false
  /** When commands were last answered; 0: the last look found none. */
  #toldAt = 0

  /** `onIdle`: nobody waits, and nobody was told anything that has to be remembered. */
  constructor(look: () => Promise<Command[]>, onIdle: () => void) {
    this.#look = look
    this.#onIdle = onIdle
  }

  /** Rejects where the look at the database fails. Who has left is answered with nothing. */
  wait(wait: Wait): Promise<Command[]> {
    return new Promise((resolve, reject) => {
      const one: Waiting<Command> = { ...wait, resolve, reject }
      wait.gone.addEventListener('abort', () => this.#waiting.delete(one) && resolve([]), { once: true })
      this.#waiting.add(one)
      this.#wake.abort()
      if (!this.#isLooking) void this.#watch()
    })
  }

  /** Everybody is answered with what stands now. */
  stop(): void {
    this.#isStopped = true
    this.#wake.abort()
  }

  async #watch(): Promise<void> {
    this.#isLooking = true
    while (this.#waiting.size > 0 || this.#mustRemember()) {
      this.#wake = new AbortController()
      if (this.#waiting.size > 0) await this.#answer([...this.#waiting])
      if (!this.#isStopped) await this.#pause()
    }
    this.#isLooking = false
    this.#onIdle()
  }

  /** `asked`: who was there before the look began, so that nobody is answered with what was before. */
  async #answer(asked: readonly Waiting<Command>[]): Promise<void> {
    try {
      const commands = await this.#look()
      const now = Date.now()
      const isNews = commands.length > 0 && now >= this.#toldAt + repeatMs
      const due = asked.filter(
        (one) => this.#waiting.has(one) && (isNews || this.#isStopped || now >= one.deadline),
      )
      if (commands.length === 0) this.#toldAt = 0
      else if (due.length > 0) this.#toldAt = now
      for (const one of due) if (this.#waiting.delete(one)) one.resolve(commands)
    } catch (error) {
      for (const one of asked) if (this.#waiting.delete(one)) one.reject(error)
    }
  }

  /** Until the next look is due: somebody comes, a wait is over, or half a second has passed. */
  async #pause(): Promise<void> {
    const now = Date.now()
    let pauseMs = this.#waiting.size > 0 ? lookEveryMs : this.#toldAt + repeatMs - now
    for (const { deadline } of this.#waiting) pauseMs = Math.min(pauseMs, deadline - now)
    await sleep(Math.max(0, pauseMs), undefined, { signal: this.#wake.signal, ref: false }).catch(() => {})
  }

  #mustRemember(): boolean {
    return !this.#isStopped && this.#toldAt > 0 && Date.now() < this.#toldAt + repeatMs
  }
}
