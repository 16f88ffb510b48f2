/**
 * Calls back what replicas have leased, this one among them, and frees what nobody has renewed for long.
 *
 * A holder is asked over NATS, and its lease is marked: a marked lease is not renewed, and its holder sees that within a
 * second. What is void is freed by whoever finds it, but not before the same run of the server has been seen for as long as
 * a lease stands: after an outage those who granted write first.
 */
import { removeOldMarks } from '../../db/calls/lease-grants.ts'
import {
  awaitLeasing,
  type LeasePlace,
  listLeasesOf,
  listVoidLeases,
  markLeases,
  readServerRun,
} from '../../db/calls/leases.ts'
import type { LeaseOwners } from '../../ledger/leases-in-the-way.ts'
import { voidMs } from '../../limits/lease.ts'
import { withinTime } from '../../within-time.ts'
import type { CallsContext } from '../calls-context.ts'
import { endLeases } from './end-leases.ts'

export interface CallBackOptions {
  /** Of this process. */
  replica: string
  monotonic: () => number
  /** Gives back what is held here of these. */
  giveBack: (owners: LeaseOwners) => Promise<void>
  /** Asks another replica to give back what it holds of these; resolves when it has. */
  askReplica: (replica: string, owners: LeaseOwners) => Promise<void>
  /** How long another replica may take to give back what is called back. */
  callBackMs?: number | undefined
}

const defaultCallBackMs = 250
/** By then a lease that nobody gives back is void and freed. */
const allBackMs = 13_000
const maxAtOnce = 500

export class CallBacks {
  readonly #context: CallsContext
  readonly #options: CallBackOptions
  readonly #running = new Map<string, Promise<boolean>>()
  #server: { run: string; since: number } | undefined

  constructor(context: CallsContext, options: CallBackOptions) {
    this.#context = context
    this.#options = options
  }

  /**
   * Resolves when all is back that could be had in time, and answers whether that is all: whoever asks looks again, under
   * the lock.
   */
  callBack(owners: LeaseOwners): Promise<boolean> {
    // Many legs of one client may find themselves in the same place.
    const name = JSON.stringify(owners)
    const running =
      this.#running.get(name) ?? this.#callBack(owners).finally(() => this.#running.delete(name))
    this.#running.set(name, running)
    return running
  }

  /**
   * The same for what was leased before a limit was lowered: resolves when all of it is back or void, or PostgreSQL does not
   * answer. What is leased from now on is leased by the new limit.
   */
  async callBackAll(owners: LeaseOwners): Promise<void> {
    const sql = this.#context.db.$client
    const { monotonic } = this.#options
    await awaitLeasing(sql, owners)
    const before = new Set((await listLeasesOf(sql, owners)).map(({ epoch }) => epoch))
    const until = monotonic() + allBackMs
    while (before.size > 0 && monotonic() < until) {
      await this.callBack(owners)
      const now = new Set((await listLeasesOf(sql, owners)).map(({ epoch }) => epoch))
      for (const epoch of before) if (!now.has(epoch)) before.delete(epoch)
    }
  }

  /** Frees what nobody has renewed for long, and forgets marks. */
  async sweep(): Promise<void> {
    const sql = this.#context.db.$client
    const run = await readServerRun(sql)
    if (this.#server?.run !== run) this.#server = { run, since: this.#options.monotonic() }
    await removeOldMarks(sql, this.#context.clock())
    if (!this.#mayFree()) return
    const found = await listVoidLeases(sql, maxAtOnce)
    if (found.length > 0) await endLeases(this.#context, found, { sql, onlyVoid: true })
  }

  /** A server that has just started lets those that hold leases of it write first what they have granted. */
  #mayFree(): boolean {
    return this.#server !== undefined && this.#options.monotonic() - this.#server.since >= voidMs
  }

  async #callBack(owners: LeaseOwners): Promise<boolean> {
    const { replica, giveBack, askReplica, callBackMs = defaultCallBackMs } = this.#options
    const sql = this.#context.db.$client
    await giveBack(owners)
    const others = (await listLeasesOf(sql, owners)).filter((place) => place.replica !== replica)
    const isOld = ({ isVoid }: LeasePlace) => isVoid && this.#mayFree()
    const old = others.filter(isOld)
    if (old.length > 0) await endLeases(this.#context, old, { sql, onlyVoid: true })
    const current = others.filter((place) => !isOld(place))
    if (current.length === 0) return true
    await markLeases(sql, current)
    const replicas = [...new Set(current.map((place) => place.replica))]
    const asked = Promise.all(replicas.map((one) => askReplica(one, owners))).then(
      () => true,
      () => false,
    )
    return withinTime(asked, callBackMs, () => false)
  }
}
