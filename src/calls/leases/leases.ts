/**
 * The leases of this replica: grants legs from them at once, keeps them as large as they should be, and gives them back.
 *
 * grant → write behind → renew and size each second, sooner where many ask → give back when called, idle or old.
 *
 * A grant from a lease is never a denial: where the lease does not cover a leg the books decide, and before they deny
 * what a lease holds anywhere is called back (`callBack`). PostgreSQL is never asked on the way to an answer; while it is
 * away leases grant on for `usableMs` after their last renewal.
 */
import { randomUUID } from 'node:crypto'
import type { CallKey } from '../../db/calls/calls.ts'
import { removeOldMarks } from '../../db/calls/lease-grants.ts'
import {
  awaitLeasing,
  type LeasePlace,
  listLeasesOf,
  listLeasesOfReplica,
  listVoidLeases,
  markLeases,
  type RenewedLease,
  readServerRun,
  renewLeases,
} from '../../db/calls/leases.ts'
import { isInfrastructureFailure } from '../../db/failures.ts'
import type { LeaseOwners } from '../../ledger/leases-in-the-way.ts'
import { freeBalance } from '../../limits/authorize.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { leftOfDay } from '../../limits/daily-usage.ts'
import { grantFromLease, isUsable, minPerSecond, voidMs } from '../../limits/lease.ts'
import { logOnce, type RepeatedErrors } from '../../log-once.ts'
import type { Decimal } from '../../money.ts'
import { nextLocalMidnight } from '../../rating/local-day.ts'
import { withinTime } from '../../within-time.ts'
import type { WaitingLeg } from '../authorize/authorize-batch.ts'
import { grantSeconds } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { priceLeg } from '../judge-leg.ts'
import { Demands } from './demand.ts'
import { endLeases } from './end-leases.ts'
import { addToLease, type HeldLease, runsLow } from './held-lease.ts'
import { dayAt, isLeasable, type SizedLease, sizeLeases, type WantedLease } from './size-leases.ts'
import type { GrantFacts } from './take-over-grant.ts'
import { type UnwrittenGrant, WriteBehind } from './write-behind.ts'

export interface LeaseOptions {
  /** `off`: none is made; those of other replicas are called back all the same. */
  mode: 'on' | 'off'
  /** Asks other replicas to give back what they hold of these; resolves when one has. */
  askReplica: (replica: string, owners: LeaseOwners) => Promise<void>
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
/** How long another replica may take to give back what is called back. */
const callBackMs = 250
/** By then a lease that nobody gives back is void and freed. */
const allBackMs = 13_000
/** No lease is made of an account that somebody has called back. */
const coolMs = 2000
/** A lease that is asked for less often is given back. */
const idlePerSecond = 0.15
const maxAtOnce = 500

export class Leases {
  readonly replica = randomUUID()
  readonly #context: CallsContext
  readonly #options: LeaseOptions
  readonly #monotonic: () => number
  readonly #demands = new Demands()
  readonly #held = new Map<string, HeldLease>()
  /** Not granted from any more, still in the books. */
  readonly #retired = new Set<HeldLease>()
  readonly #urgent = new Set<string>()
  readonly #coolUntil = new Map<string, number>()
  readonly #calledBack = new Map<string, Promise<boolean>>()
  readonly #unwritten: WriteBehind
  readonly #failures: RepeatedErrors
  readonly #timer: NodeJS.Timeout | undefined
  #exclusive: Promise<unknown> = Promise.resolve()
  #turnedAt: number
  #isTicking = false
  #isClosed = false
  #server: { run: string; since: number } | undefined

  constructor(context: CallsContext, options: LeaseOptions) {
    this.#context = context
    this.#options = options
    this.#monotonic = options.monotonic ?? (() => performance.now())
    this.#turnedAt = this.#monotonic()
    this.#unwritten = new WriteBehind(context, {
      isHeld: (lease) => this.#isUsable(lease),
      ticks: options.ticks ?? 'by-timer',
    })
    this.#failures = logOnce(context.log, 'leases_not_kept', { message: 'will be tried again' })
    if (options.ticks !== 'when-told') this.#timer = setInterval(() => void this.tick(), tickMs).unref()
  }

  get heldCount(): number {
    return this.#held.size
  }

  /** Legs that were granted and are not written yet. */
  get unwrittenCount(): number {
    return this.#unwritten.size
  }

  /** undefined: the books decide. */
  grant({ client, request, leg, judgement }: WaitingLeg): LeasedGrant | undefined {
    if (this.#options.mode === 'off') return undefined
    if (this.#demands.count(client.id)) this.#urgent.add(client.id)
    const lease = this.#held.get(client.id)
    if (!lease || !this.#isUsable(lease) || dayAt(client, leg.at) !== lease.day) return undefined
    const { configuration, clock, metrics } = this.#context
    const { rate, holds } = judgement
    const numbers = { from: request.from, to: leg.toNormalized ?? '', at: leg.at }
    const prices = rate ? priceLeg(this.#context, client, numbers) : null
    const { timeZone } = termsAt(client.terms, leg.at)
    const known = {
      ofBalance: lease.knownBalance,
      ofDay: lease.knownDay,
      // Asked for only where the day is limited.
      secondsToMidnight:
        lease.knownDay === null ? 0 : Math.ceil((nextLocalMidnight(leg.at, timeZone) - leg.at) / 1000),
    }
    const decision = grantFromLease(holds, lease, { client, prices, known })
    if (!decision) {
      this.#urgent.add(client.id)
      return undefined
    }
    const { maxDurationSeconds, reserved, reservedSeconds } = decision
    const { clientSlot, brandSlot } = holds
    addToLease(lease, {
      money: reserved.negated(),
      clientSlots: -Number(clientSlot),
      brandSlots: -Number(brandSlot),
    })
    if (runsLow(lease)) this.#urgent.add(client.id)
    if (!reserved.isZero()) {
      this.#demands.note(client.id, reserved)
      metrics.reservations.inc({ action: 'reserved' })
    }
    const authorizedAt = clock()
    const expiresAt = authorizedAt + grantSeconds * 1000
    const facts: GrantFacts = {
      brandId: configuration.getBrand(client.brandId).id,
      direction: request.direction,
      to: request.to,
      from: request.from,
      toNormalized: leg.toNormalized ?? null,
      toClientId: leg.toClient?.id ?? null,
      fromClientId: leg.fromClient?.id ?? null,
      maxDurationSeconds,
      destination: rate?.rate.destination ?? null,
      prefix: rate?.rate.prefix ?? null,
      sipCallId: request.sipCallId,
      forwardedFrom: request.forwardedFrom,
      engine: request.engine,
      engineRef: request.engineRef,
      labels: request.labels,
    }
    this.#unwritten.add(
      {
        clientId: client.id,
        callId: request.callId,
        epoch: lease.epoch,
        ...{
          reserved,
          reservedSeconds,
          reservedDay: lease.day,
          clientSlot,
          brandSlot,
          authorizedAt,
          expiresAt,
        },
        facts: { ...facts },
      },
      lease,
    )
    return { maxDurationSeconds, expiresAt }
  }

  /** What a grant of the books has reserved: how much a lease of its client is to hold. */
  noteReserved(clientId: string, reserved: Decimal): void {
    if (!reserved.isZero()) this.#demands.note(clientId, reserved)
  }

  /** A grant that was answered and is not in the books yet. */
  findUnwritten(key: CallKey): UnwrittenGrant | undefined {
    return this.#unwritten.find(key)
  }

  /** Takes such a grant back. Answers whether it could. */
  cancel(key: CallKey): boolean {
    return this.#unwritten.cancel(key)
  }

  /** Resolves when those of these legs that were answered from memory are in the books. Rejects where PostgreSQL is away. */
  flush(keys?: readonly CallKey[]): Promise<void> {
    return this.#unwritten.flush(keys)
  }

  /**
   * Calls back what is leased of these accounts and brands, wherever it is. Resolves when all is back that could be had in
   * time, and answers whether that is all: whoever asks looks again, under the lock.
   */
  async callBack(owners: LeaseOwners): Promise<boolean> {
    // Many legs of one client may find themselves in the same place.
    const name = JSON.stringify(owners)
    let back = this.#calledBack.get(name)
    if (!back) {
      back = this.#callBack(owners).finally(() => this.#calledBack.delete(name))
      this.#calledBack.set(name, back)
    }
    return back
  }

  /**
   * The same for what was leased before a limit was lowered: resolves when all of it is back or void, or PostgreSQL does not
   * answer. What is leased from now on is leased by the new limit.
   */
  async callBackAll(owners: LeaseOwners): Promise<void> {
    const sql = this.#context.db.$client
    await awaitLeasing(sql, owners)
    const before = new Set((await listLeasesOf(sql, owners)).map(({ epoch }) => epoch))
    const until = this.#monotonic() + allBackMs
    while (before.size > 0 && this.#monotonic() < until) {
      await this.callBack(owners)
      const now = new Set((await listLeasesOf(sql, owners)).map(({ epoch }) => epoch))
      for (const epoch of before) if (!now.has(epoch)) before.delete(epoch)
    }
  }

  /** Another replica needs what is held here. */
  async giveBack(owners: LeaseOwners): Promise<void> {
    const until = this.#monotonic() + coolMs
    for (const id of [...owners.clientIds, ...owners.brandIds]) this.#coolUntil.set(id, until)
    const ofOwners = ({ clientId, brandId }: HeldLease) =>
      owners.clientIds.includes(clientId) || owners.brandIds.includes(brandId)
    // What is being sized at this moment may come to one of them.
    await this.#alone(async () => {
      for (const lease of this.#held.values()) if (ofOwners(lease)) this.#retire(lease)
      await this.#endRetired(ofOwners)
    })
  }

  /** Sizes, renews, gives back. Called by a timer; by tests when they like. */
  async tick(): Promise<void> {
    if (this.#isTicking || this.#isClosed) return
    this.#isTicking = true
    try {
      const now = this.#monotonic()
      if (now - this.#turnedAt >= secondMs) await this.turn()
      if (this.#urgent.size > 0) {
        const clientIds = [...this.#urgent].slice(0, maxAtOnce)
        for (const id of clientIds) this.#urgent.delete(id)
        await this.size(clientIds)
      }
      if (this.#retired.size > 0) await this.#alone(() => this.#endRetired(() => true))
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
    for (const [id, until] of this.#coolUntil) if (until <= now) this.#coolUntil.delete(id)
    if (this.#held.size > 0) await this.#renew()
    for (const lease of [...this.#held.values()]) {
      const client = this.#context.configuration.findClient(lease.clientId, this.#context.clock())
      const isOld = !client || dayAt(client, this.#context.clock()) !== lease.day || !this.#isUsable(lease)
      const { perSecond = 0 } = this.#demands.find(lease.clientId) ?? {}
      if (isOld || perSecond < idlePerSecond) this.#retire(lease)
    }
    for (const clientId of this.#demands.clientIds()) {
      const lease = this.#held.get(clientId)
      if (!lease || runsLow(lease)) this.#urgent.add(clientId)
    }
  }

  /** Makes leases of these clients as large as they should be, where they are busy. */
  async size(clientIds: readonly string[]): Promise<void> {
    await this.#alone(async () => {
      const wanted = clientIds.flatMap((clientId) => this.#wantedLease(clientId) ?? [])
      if (wanted.length === 0) return
      const sentAt = this.#monotonic()
      const { authorizationSql: sql } = this.#context
      try {
        const sized = await sizeLeases(this.#context, wanted, { replica: this.replica, sql })
        for (const [one, outcome] of sized) this.#take(one, outcome, sentAt)
      } catch (error) {
        // Whether more is set aside is not known: what is held is given back whole.
        for (const { held } of wanted) if (held) this.#retire(held)
        throw error
      }
    })
  }

  /** Frees what nobody has renewed for long, and forgets marks. Answers 0: what comes later waits for the next run. */
  async sweep(): Promise<number> {
    const { db } = this.#context
    const sql = db.$client
    const run = await readServerRun(sql)
    const now = this.#monotonic()
    if (this.#server?.run !== run) this.#server = { run, since: now }
    await removeOldMarks(sql, this.#context.clock())
    // A server that has just started lets those that hold leases of it write first what they have granted.
    if (now - this.#server.since < voidMs) return 0
    const found = await listVoidLeases(sql, maxAtOnce)
    if (found.length > 0) await endLeases(this.#context, found, { sql, onlyVoid: true })
    return 0
  }

  /** Writes what was answered and gives all back. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    try {
      await this.#alone(async () => {
        for (const lease of this.#held.values()) this.#retire(lease)
        await this.#endRetired(() => true)
      })
    } catch (error) {
      this.#failures.failed(error, { unwritten: this.#unwritten.size })
    }
    this.#unwritten.close()
  }

  #isUsable(lease: HeldLease): boolean {
    return !lease.isRetired && isUsable(lease.renewalSentAt, this.#monotonic())
  }

  #isCool(client: Client): boolean {
    return this.#coolUntil.has(client.id) || this.#coolUntil.has(client.brandId)
  }

  #wantedLease(clientId: string): WantedLease | undefined {
    const { configuration, clock } = this.#context
    const now = clock()
    const client = configuration.findClient(clientId, now)
    const demand = this.#demands.find(clientId)
    const held = this.#held.get(clientId)
    if (!client || !demand || demand.perSecond < minPerSecond || this.#isCool(client)) return undefined
    if (held && !this.#isUsable(held)) return undefined
    if (!isLeasable(client, configuration.getBrand(client.brandId).maxCalls, now)) return undefined
    return { client, demand, held }
  }

  #take({ client, held }: WantedLease, outcome: SizedLease, sentAt: number): void {
    if (outcome.outcome === 'none' && held) {
      this.#coolUntil.set(client.id, sentAt + coolMs)
      this.#retire(held)
    }
    if (outcome.outcome !== 'sized') return
    const { added, target, epoch, day, money, known } = outcome
    const lease = held ?? newHeldLease(client, { epoch, day, target })
    addToLease(lease, added)
    lease.target = target
    lease.renewalSentAt = sentAt
    know(lease, money, known)
    // While it was sized it may have been retired.
    if (!held) this.#held.set(client.id, lease)
  }

  async #renew(): Promise<void> {
    const { authorizationSql: sql, configuration, clock } = this.#context
    const sentAt = this.#monotonic()
    const renewed = new Map((await renewLeases(sql, this.replica)).map((one) => [one.epoch, one]))
    const missing: HeldLease[] = []
    for (const lease of this.#held.values()) {
      const one = renewed.get(lease.epoch)
      const client = configuration.findClient(lease.clientId, clock())
      if (!one || !client) missing.push(lease)
      else {
        lease.renewalSentAt = sentAt
        know(lease, one.money, readKnown(client, one, clock()))
      }
    }
    if (missing.length === 0) return
    // Called back, freed, or somebody was writing it.
    const places = new Map(
      (await listLeasesOfReplica(sql, this.replica)).map((place) => [place.epoch, place]),
    )
    for (const lease of missing) {
      const place = places.get(lease.epoch)
      if (place?.marked) this.#coolUntil.set(lease.clientId, sentAt + coolMs)
      if (!place || place.marked) this.#retire(lease)
    }
  }

  #retire(lease: HeldLease): void {
    lease.isRetired = true
    if (this.#held.get(lease.clientId) === lease) this.#held.delete(lease.clientId)
    this.#retired.add(lease)
  }

  /** Alone. */
  async #endRetired(isMeant: (lease: HeldLease) => boolean): Promise<void> {
    const leases = [...this.#retired].filter(isMeant)
    if (leases.length === 0) return
    await this.#unwritten.flush()
    await endLeases(this.#context, leases, { sql: this.#context.authorizationSql })
    for (const lease of leases) this.#retired.delete(lease)
  }

  async #callBack(owners: LeaseOwners): Promise<boolean> {
    const { db } = this.#context
    const sql = db.$client
    await this.giveBack(owners)
    const others = (await listLeasesOf(sql, owners)).filter(({ replica }) => replica !== this.replica)
    if (others.length === 0) return true
    const isOld = ({ isVoid }: LeasePlace) =>
      isVoid && this.#server !== undefined && this.#monotonic() - this.#server.since >= voidMs
    const old = others.filter(isOld)
    if (old.length > 0) await endLeases(this.#context, old, { sql, onlyVoid: true })
    const current = others.filter((place) => !isOld(place))
    if (current.length === 0) return true
    await markLeases(sql, current)
    const replicas = [...new Set(current.map(({ replica }) => replica))]
    const asked = Promise.all(replicas.map((replica) => this.#options.askReplica(replica, owners)))
    return withinTime(
      asked.then(
        () => true,
        () => false,
      ),
      callBackMs,
      () => false,
    )
  }

  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#exclusive.then(work, work)
    this.#exclusive = result.catch(() => {})
    return result
  }
}

function newHeldLease(
  client: Client,
  { epoch, day, target }: Pick<HeldLease, 'epoch' | 'day' | 'target'>,
): HeldLease {
  return {
    clientId: client.id,
    brandId: client.brandId,
    ...{ epoch, day, target },
    money: target.money.times(0),
    clientSlots: 0,
    brandSlots: 0,
    renewalSentAt: 0,
    knownBalance: null,
    knownDay: null,
    isRetired: false,
  }
}

/** `money`: what the lease holds in the books, with what its grants have taken. */
function know(
  lease: HeldLease,
  money: Decimal,
  known: { balance: Decimal | null; day: Decimal | null },
): void {
  const granted = money.minus(lease.money)
  lease.knownBalance = known.balance?.minus(granted) ?? null
  lease.knownDay = known.day?.minus(granted) ?? null
}

function readKnown(client: Client, renewed: RenewedLease, now: number) {
  const { epoch: _, balance, reserved, usage, usageReserved } = renewed
  const account = { clientId: client.id, balance, reserved, runningCalls: 0, seq: 0 }
  const limit = client.maxDailyUsage
  return {
    balance: freeBalance(account, client, termsAt(client.terms, now)),
    day:
      limit &&
      leftOfDay(
        {
          day: '',
          amount: usage,
          reserved: usageReserved,
          limitReachedAt: null,
          limitToldAt: null,
          warnedPercent: 0,
        },
        limit,
      ),
  }
}
