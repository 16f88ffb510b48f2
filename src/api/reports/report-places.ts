/**
 * Which reports are read now, and which wait for their turn? A few at once for each process, those behind them first
 * come, first served.
 *
 * Each running report holds a connection of the API's pool as long as its reader takes, so a burst of them waits
 * instead of taking what short requests need. Who hangs up leaves the queue. Throws `TooManyReports` where the queue
 * is full, where a place was waited for in vain, and for all that wait when the service stops.
 */
import { Gauge, type Registry } from 'prom-client'
import { TooManyReports } from '../../errors.ts'

export interface ReportLimits {
  running: number
  waiting: number
  /** How long a report waits for a place. */
  patienceMs: number
}

/** Four of the API's ten connections. Whoever asked has not left a minute later, as most proxies have. */
export const reportLimits: ReportLimits = { running: 4, waiting: 20, patienceMs: 45_000 }

/** Gives the place back; only the first call counts. */
export type LeavePlace = () => void

interface Waiting {
  enter(): void
  refuse(): void
}

export class ReportPlaces {
  readonly #limits: ReportLimits
  readonly #waiting = new Set<Waiting>()
  #running = 0

  constructor(limits: ReportLimits, metrics: Registry) {
    this.#limits = limits
    const states = { running: () => this.#running, waiting: () => this.#waiting.size }
    new Gauge({
      name: 'tollgate_reports',
      help: 'Reports being read, and waiting for their turn.',
      labelNames: ['state'] as const,
      registers: [metrics],
      collect() {
        for (const [state, count] of Object.entries(states)) this.set({ state }, count())
      },
    })
  }

  /** `gone` aborts when the one who asked has hung up: it rejects with its reason then. */
  async take(gone: AbortSignal): Promise<LeavePlace> {
    gone.throwIfAborted()
    if (this.#running < this.#limits.running) this.#running++
    else await this.#wait(gone)
    let isLeft = false
    return () => {
      if (!isLeft) this.#passOn()
      isLeft = true
    }
  }

  /** Nobody waits for a service that stops. */
  refuseWaiting(): void {
    for (const one of this.#waiting) one.refuse()
  }

  #wait(gone: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#limits.waiting) throw new TooManyReports()
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(patience)
        gone.removeEventListener('abort', hangUp)
        this.#waiting.delete(one)
      }
      const one: Waiting = {
        enter() {
          leave()
          resolve()
        },
        refuse() {
          leave()
          reject(new TooManyReports())
        },
      }
      const hangUp = () => {
        leave()
        reject(gone.reason)
      }
      const patience = setTimeout(one.refuse, this.#limits.patienceMs)
      gone.addEventListener('abort', hangUp)
      this.#waiting.add(one)
    })
  }

  /** A place goes to the one that waits longest, without being free in between. */
  #passOn(): void {
    const [next] = this.#waiting
    if (next) next.enter()
    else this.#running--
  }
}
