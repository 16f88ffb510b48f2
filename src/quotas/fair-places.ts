/**
 * Who may work now, and who waits? A few places at once for each process, shared fairly by all tenants.
 *
 * A free place goes to the tenant that was served least recently, within a tenant to the client served least recently,
 * and there to the one who waits longest: the long queue of one tenant never stands in front of another tenant.
 * `runningPerTenant` below `running` keeps a place for the others while one tenant's work takes long.
 *
 * Throws `QuotaReached` (429) where the tenant itself has too much under way, `PlacesTaken` (503) where all tenants
 * together have, and when the service stops. Both carry the code given here and a Retry-After.
 */
import { PlacesTaken, QuotaReached } from '../errors.ts'

export interface FairLimits {
  /** At work at once, over all tenants. */
  running: number
  runningPerTenant: number
  /** In the queue, over all tenants. */
  waiting: number
  waitingPerTenant: number
  /** How long one waits at most; null: as long as it takes. */
  timeoutMs: number | null
}

/** What a refusal says. */
export interface FairNames {
  /** Stable, such as `too_many_reports`. */
  code: string
  /** What is asked for, in the plural: `reports`. */
  what: string
  retryAfterSeconds: number
}

export interface Asker {
  /** null: the platform. */
  brandId: string | null
  /** Each client has turns of its own within its brand; null: the brand itself. */
  clientId: string | null
}

/** Gives the place back; only the first call counts. */
export type LeavePlace = () => void

interface Waiting {
  tenant: Tenant
  client: string
  enter(): void
  refuse(error: unknown): void
}

/** Kept while the tenant has something running or waiting. Turns are numbered; 0 is before the first. */
interface Tenant {
  name: string
  running: number
  waiting: number
  lastTurn: number
  lastTurnOfClients: Map<string, number>
}

export class FairPlaces {
  readonly #limits: FairLimits
  readonly #names: FairNames
  readonly #tenants = new Map<string, Tenant>()
  /** In the order of their arrival. */
  readonly #waiting = new Set<Waiting>()
  #turns = 0
  #running = 0
  #isClosed = false

  constructor(limits: FairLimits, names: FairNames) {
    this.#limits = limits
    this.#names = names
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** `gone` aborts when the one who asked has left: it rejects with the signal's reason then. */
  take({ brandId, clientId }: Asker, gone?: AbortSignal): Promise<LeavePlace> {
    return this.takeAs({ tenant: brandId ?? 'platform', client: clientId ?? '' }, gone)
  }

  /** Does `work` when there is a place for it. */
  async run<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result> {
    const leave = await this.take(asker)
    try {
      return await work()
    } finally {
      leave()
    }
  }

  /** For what is shared by others than tenants, such as log-ins by the addresses they come from. */
  async takeAs(asker: { tenant: string; client: string }, gone?: AbortSignal): Promise<LeavePlace> {
    gone?.throwIfAborted()
    if (this.#isClosed) throw this.#taken()
    const tenant = this.#tenantOf(asker.tenant)
    const { client } = asker
    // Whoever waits while a place is free belongs to a tenant that may not run more: nobody is overtaken.
    if (this.#mayRun(tenant)) this.#enter(tenant, client)
    else await this.#wait(tenant, client, gone)
    let isLeft = false
    return () => {
      if (!isLeft) this.#leave(tenant)
      isLeft = true
    }
  }

  /** Nobody waits for a service that stops, and nobody enters any more. */
  close(): void {
    this.#isClosed = true
    for (const one of this.#waiting) one.refuse(this.#taken())
  }

  #tenantOf(name: string): Tenant {
    const known = this.#tenants.get(name)
    if (known) return known
    const tenant = { name, running: 0, waiting: 0, lastTurn: 0, lastTurnOfClients: new Map() }
    this.#tenants.set(name, tenant)
    return tenant
  }

  #wait(tenant: Tenant, client: string, gone: AbortSignal | undefined): Promise<void> {
    const { waiting, waitingPerTenant, timeoutMs } = this.#limits
    const refusal =
      tenant.waiting >= waitingPerTenant
        ? this.#quotaReached()
        : this.#waiting.size >= waiting
          ? this.#taken()
          : undefined
    if (refusal) {
      this.#forgetIdle(tenant)
      throw refusal
    }
    return new Promise((resolve, reject) => {
      const endWait = () => {
        clearTimeout(timer)
        gone?.removeEventListener('abort', hangUp)
        this.#waiting.delete(one)
        tenant.waiting--
      }
      const one: Waiting = {
        tenant,
        client,
        enter() {
          endWait()
          resolve()
        },
        refuse: (error) => {
          endWait()
          this.#forgetIdle(tenant)
          reject(error)
        },
      }
      const hangUp = () => one.refuse(gone?.reason)
      // Where its own tenant holds places, the wait is that tenant's doing.
      const giveUp = () => one.refuse(tenant.running > 0 ? this.#quotaReached() : this.#taken())
      const timer = timeoutMs === null ? undefined : setTimeout(giveUp, timeoutMs)
      gone?.addEventListener('abort', hangUp)
      this.#waiting.add(one)
      tenant.waiting++
    })
  }

  #enter(tenant: Tenant, client: string): void {
    this.#running++
    this.#turns++
    tenant.running++
    tenant.lastTurn = this.#turns
    tenant.lastTurnOfClients.set(client, this.#turns)
  }

  #leave(tenant: Tenant): void {
    this.#running--
    tenant.running--
    const next = this.#findNext()
    if (next) {
      this.#enter(next.tenant, next.client)
      next.enter()
    }
    this.#forgetIdle(tenant)
  }

  /** Whose turn was longest ago. The queue is short, so it is looked through. */
  #findNext(): Waiting | undefined {
    let best: Waiting | undefined
    for (const one of this.#waiting) {
      if (this.#mayRun(one.tenant) && (!best || isBefore(one, best))) best = one
    }
    return best
  }

  #mayRun(tenant: Tenant): boolean {
    return this.#running < this.#limits.running && tenant.running < this.#limits.runningPerTenant
  }

  /** Memory does not grow with the tenants that have ever asked. */
  #forgetIdle(tenant: Tenant): void {
    if (tenant.running === 0 && tenant.waiting === 0) this.#tenants.delete(tenant.name)
  }

  #quotaReached(): QuotaReached {
    const { code, what, retryAfterSeconds } = this.#names
    const detail = `You have too many ${what} under way: repeat when some of them are done.`
    return new QuotaReached(code, detail, retryAfterSeconds)
  }

  #taken(): PlacesTaken {
    const { code, what, retryAfterSeconds } = this.#names
    return new PlacesTaken(code, `Many ${what} are under way: repeat in a moment.`, retryAfterSeconds)
  }
}

function isBefore(one: Waiting, other: Waiting): boolean {
  if (one.tenant !== other.tenant) return one.tenant.lastTurn < other.tenant.lastTurn
  const findLastTurn = ({ tenant, client }: Waiting) => tenant.lastTurnOfClients.get(client) ?? 0
  return findLastTurn(one) < findLastTurn(other)
}
