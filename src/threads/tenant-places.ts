/**
 * Who of many tenants may work now, where only so much fits at once?
 *
 * A tenant has so many places, and all together so many. Who finds none waits in its tenant's line; places that become
 * free go round the tenants that wait, one each, so that a tenant that asks a thousand times delays the others by one
 * turn. A line that is full refuses: 429 with `Retry-After`.
 */
import { TooManyJobs } from '../errors.ts'

export interface PlaceLimits {
  /** Places of all tenants together. */
  total: number
  perTenant: number
  /** How many may wait, of one tenant and of all. */
  waitingPerTenant: number
  waiting: number
}

interface Line {
  working: number
  /** First come, first served. Each is given its place by calling it. */
  waiting: (() => void)[]
}

export class TenantPlaces {
  readonly #limits: PlaceLimits
  /** Of tenants that work or wait, those whose turn is next first. */
  readonly #lines = new Map<string, Line>()
  #working = 0
  #waiting = 0

  constructor(limits: PlaceLimits) {
    this.#limits = limits
  }

  /** `tenants`: those that work or wait. */
  get state(): { working: number; waiting: number; tenants: number } {
    return { working: this.#working, waiting: this.#waiting, tenants: this.#lines.size }
  }

  /** Does `work` when there is a place for it. Throws `TooManyJobs` where the line is full. */
  async run<Result>(tenant: string, work: () => Promise<Result>): Promise<Result> {
    const giveBack = await this.take(tenant)
    try {
      return await work()
    } finally {
      giveBack()
    }
  }

  /**
   * A place, to be given back by calling what this resolves with; calling it again does nothing. `signal` leaves the
   * line, and this rejects with its reason. Throws `TooManyJobs`.
   */
  async take(tenant: string, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted()
    const { total, perTenant } = this.#limits
    const line = this.#lineOf(tenant)
    if (this.#working < total && line.working < perTenant) this.#start(tenant, line)
    else await this.#wait(tenant, line, signal)
    let isGivenBack = false
    return () => {
      if (isGivenBack) return
      isGivenBack = true
      this.#end(tenant, line)
    }
  }

  #lineOf(tenant: string): Line {
    let line = this.#lines.get(tenant)
    if (!line) {
      line = { working: 0, waiting: [] }
      this.#lines.set(tenant, line)
    }
    return line
  }

  #start(tenant: string, line: Line): void {
    line.working++
    this.#working++
    this.#goToEnd(tenant, line)
  }

  /** Whoever gets a place, or has had one, comes after all others. */
  #goToEnd(tenant: string, line: Line): void {
    this.#lines.delete(tenant)
    this.#lines.set(tenant, line)
  }

  #wait(tenant: string, line: Line, signal: AbortSignal | undefined): Promise<void> {
    const { waiting, waitingPerTenant } = this.#limits
    if (this.#waiting >= waiting || line.waiting.length >= waitingPerTenant) {
      this.#forgetEmpty(tenant, line)
      throw new TooManyJobs()
    }
    this.#waiting++
    return new Promise((resolve, reject) => {
      const leave = () => {
        line.waiting.splice(line.waiting.indexOf(called), 1)
        this.#waiting--
        this.#forgetEmpty(tenant, line)
        reject(signal?.reason)
      }
      const called = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      line.waiting.push(called)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #end(tenant: string, line: Line): void {
    line.working--
    this.#working--
    this.#goToEnd(tenant, line)
    this.#callNext()
    this.#forgetEmpty(tenant, line)
  }

  #forgetEmpty(tenant: string, line: Line): void {
    if (line.working === 0 && line.waiting.length === 0) this.#lines.delete(tenant)
  }

  #callNext(): void {
    for (const [tenant, line] of this.#lines) {
      if (this.#working >= this.#limits.total) return
      if (line.waiting.length === 0 || line.working >= this.#limits.perTenant) continue
      const called = line.waiting.shift()
      this.#waiting--
      // Moves the tenant behind those that this loop has yet to see: it may have another turn after them.
      this.#start(tenant, line)
      called?.()
    }
  }
}
