/**
 * The leases of this replica: grants legs from them at once, keeps them as large as they should be, and gives them back.
 *
 * grant → write behind → renew and size each second, sooner where many ask → give back when called, idle or old.
 *
 * A grant from a lease is never a denial: where the lease does not cover a leg the books decide, and before they deny
 * what a lease holds anywhere is called back (`call-back.ts`). PostgreSQL is never asked on the way to an answer; while it is
 * away leases grant on for `usableMs` after their last renewal.
 */
import { randomUUID } from 'node:crypto'
import type { CallKey } from '../../db/calls/calls.ts'
import { isInfrastructureFailure } from '../../db/failures.ts'
import type { LeaseOwners } from '../../ledger/leases-in-the-way.ts'
import { readDraws } from '../../ledger/stored-draw.ts'
import { type Demand, minPerSecond } from '../../limits/lease.ts'
import { logOnce, type RepeatedErrors } from '../../logging/log-once.ts'
import type { AskedLeg } from '../authorize/authorize-batch.ts'
import type { CallsContext } from '../calls-context.ts'
import { type CallBackOptions, CallBacks } from './call-back.ts'
import { Demands, type HeldByGrant } from './demand.ts'
import { grantLeg } from './grant-leg.ts'
import { runsLow } from './held-lease.ts'
import { HeldLeases } from './held-leases.ts'
import { type UnwrittenGrant, WriteBehind } from './write-behind.ts'

export interface LeaseOptions extends Pick<CallBackOptions, 'askReplica' | 'callBackMs'> {
  /** `off`: none is made; those of other replicas are called back all the same. */
  mode: 'on' | 'off'
  /** Milliseconds that only grow. */
  monotonic?: () => number
  /** Whether it looks after itself, or is told to by `tick`. */
  ticks?: 'by-timer' | 'when-told'
}

/** A grant from memory. */
export interface LeasedGrant {
  maxDurationSeconds: number
  expiresAt: number
}

const tickMs = 100
const secondMs = 1000
/** A lease that is asked for less often is given back. */
const idlePerSecond = 0.15
const maxAtOnce = 500

export class Leases {
  readonly replica = randomUUID()
  readonly #context: CallsContext
  readonly #mode: 'on' | 'off'
  readonly #monotonic: () => number
  readonly #demands = new Demands()
  /** Clients to be leased more for than they have, before the second is over. */
  readonly #urgent = new Set<string>()
  readonly #unwritten: WriteBehind
  readonly #held: HeldLeases
  readonly #callBacks: CallBacks
  readonly #failures: RepeatedErrors
  readonly #timer: NodeJS.Timeout | undefined
  #turnedAt: number
  #isTicking = false
  #isClosed = false

  constructor(
    context: CallsContext,
    { mode, askReplica, callBackMs, ticks = 'by-timer', monotonic = () => performance.now() }: LeaseOptions,
  ) {
    this.#context = context
    this.#mode = mode
    this.#monotonic = monotonic
    this.#turnedAt = monotonic()
    const { replica } = this
    this.#unwritten = new WriteBehind(context, { isHeld: (lease) => this.#held.isUsable(lease), ticks })
    this.#held = new HeldLeases(context, { replica, monotonic, writeGrants: () => this.#unwritten.flush() })
    const giveBack = (owners: LeaseOwners) => this.#held.giveBack(owners)
    this.#callBacks = new CallBacks(context, { replica, monotonic, askReplica, callBackMs, giveBack })
    this.#failures = logOnce(context.log, 'leases_not_kept', { message: 'will be tried again' })
    if (ticks === 'by-timer') this.#timer = setInterval(() => void this.tick(), tickMs).unref()
  }

  get heldCount(): number {
    return this.#held.size
  }

  /** Legs that were granted and are not written yet. */
  get unwrittenCount(): number {
    return this.#unwritten.size
  }

  /** undefined: the books decide. */
  grant(leg: AskedLeg): LeasedGrant | undefined {
    if (this.#mode === 'off') return undefined
    // Leased money counts on a day, and that of inbound legs on none.
    if (leg.leg.direction === 'inbound' && leg.judgement.holds.money) return undefined
    const clientId = leg.client.id
    if (this.#demands.count(clientId)) this.#urgent.add(clientId)
    // A repeat is no second grant.
    if (this.#unwritten.find({ clientId, callId: leg.request.callId })) return undefined
    const lease = this.#held.findUsable(clientId)
    const grant = lease && grantLeg(this.#context, lease, leg)
    if (!lease || !grant) {
      if (lease) this.#urgent.add(clientId)
      return undefined
    }
    if (runsLow(lease)) this.#urgent.add(clientId)
    const { reserved } = grant
    this.#demands.note(clientId, { reserved, draws: readDraws(grant.heldAllowances) })
    if (!reserved.isZero()) this.#context.metrics.reservations.inc('reserved')
    this.#unwritten.add(grant, lease)
    return { maxDurationSeconds: grant.facts.maxDurationSeconds, expiresAt: grant.expiresAt }
  }

  /** What a grant of the books holds: how much a lease of its client is to hold. */
  noteHeld(clientId: string, held: HeldByGrant): void {
    this.#demands.note(clientId, held)
  }

  /** A grant that was answered and is not in the books yet. */
  findUnwritten(key: CallKey): UnwrittenGrant | undefined {
    return this.#unwritten.find(key)
  }

  /** Resolves when those of these legs that were answered from memory are in the books. Rejects where PostgreSQL is away. */
  flush(keys?: readonly CallKey[]): Promise<void> {
    return this.#unwritten.flush(keys)
  }

  /** Calls back what is leased of these accounts and brands, wherever it is. Answers whether all is back. */
  callBack(owners: LeaseOwners): Promise<boolean> {
    return this.#callBacks.callBack(owners)
  }

  /** The same for what was leased before a limit was lowered, until all of it is back or void. */
  callBackAll(owners: LeaseOwners): Promise<void> {
    return this.#callBacks.callBackAll(owners)
  }

  /** Another replica needs what is held here. */
  giveBack(owners: LeaseOwners): Promise<void> {
    return this.#held.giveBack(owners)
  }

  /** Sizes, renews, gives back. Called by a timer; by tests when they like. */
  async tick(): Promise<void> {
    if (this.#isTicking || this.#isClosed) return
    this.#isTicking = true
    try {
      if (this.#monotonic() - this.#turnedAt >= secondMs) await this.turn()
      if (this.#urgent.size > 0) {
        const clientIds = [...this.#urgent].slice(0, maxAtOnce)
        for (const id of clientIds) this.#urgent.delete(id)
        await this.size(clientIds)
      }
      await this.#held.endRetired()
      this.#failures.over()
    } catch (error) {
      this.#failures.failed(error, { isExpected: isInfrastructureFailure(error) })
    } finally {
      this.#isTicking = false
    }
  }

  /** A second is over: renews what is held, and looks who is busy. */
  async turn(): Promise<void> {
    const now = this.#monotonic()
    this.#demands.turn(Math.max(1, (now - this.#turnedAt) / secondMs))
    this.#turnedAt = now
    await this.#held.renew()
    this.#held.retireUseless((clientId) => (this.#demands.find(clientId)?.perSecond ?? 0) >= idlePerSecond)
    for (const [clientId, demand] of this.#findDemands(this.#demands.clientIds())) {
      if (this.#held.needsSizing(clientId, demand)) this.#urgent.add(clientId)
    }
  }

  /** Makes leases of these clients as large as they should be, where they are busy. */
  size(clientIds: Iterable<string>): Promise<void> {
    return this.#held.sizeFor(this.#findDemands(clientIds))
  }

  /** Frees what nobody has renewed for long. Answers 0: what comes later waits for the next run. */
  async sweep(): Promise<number> {
    await this.#callBacks.sweep()
    return 0
  }

  /** Writes what was answered and gives all back. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    try {
      await this.#held.giveAllBack()
    } catch (error) {
      this.#failures.failed(error, { unwritten: this.#unwritten.size })
    }
    this.#unwritten.close()
  }

  /** Of those that are busy; of a client that holds a lease and asks less, as if it were. */
  #findDemands(clientIds: Iterable<string>): Map<string, Demand> {
    const demands = new Map<string, Demand>()
    for (const clientId of clientIds) {
      const demand = this.#demands.find(clientId)
      if (!demand) continue
      if (demand.perSecond >= minPerSecond) demands.set(clientId, demand)
      else if (this.#held.findUsable(clientId)) demands.set(clientId, { ...demand, perSecond: minPerSecond })
    }
    return demands
  }
}
