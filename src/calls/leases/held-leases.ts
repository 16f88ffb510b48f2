/**
 * What this replica has leased: sized, renewed each second, and given back.
 *
 * What is given back is retired first, so that nothing more is granted from it, then its grants are written, then it ends
 * in the books. One thing at a time is done to leases in the books.
 */
import { listLeasesOfReplica, type RenewedLease, renewLeases } from '../../db/calls/leases.ts'
import type { LeaseOwners } from '../../ledger/leases-in-the-way.ts'
import { readDraws } from '../../ledger/stored-draw.ts'
import type { Client } from '../../limits/client.ts'
import { type Demand, findSurplus, isUsable } from '../../limits/lease.ts'
import { negateAmounts, noAmounts } from '../../limits/leased.ts'
import { itemOf } from '../../rating/draws.ts'
import type { CallsContext } from '../calls-context.ts'
import { endLeases } from './end-leases.ts'
import {
  addToLease,
  type HeldLease,
  newHeldLease,
  noteKnownAllowances,
  noteKnownMoney,
  readKnownAllowances,
  readKnownMoney,
  runsLow,
  setTarget,
} from './held-lease.ts'
import { dayAt, isLeasable, type SizedLease, sizeLeases, type WantedLease } from './size-leases.ts'

export interface HeldLeasesOptions {
  replica: string
  monotonic: () => number
  /** Writes what has been granted. */
  writeGrants: () => Promise<void>
}

/** No lease is made of an account that somebody has called back. */
const coolMs = 2000

export class HeldLeases {
  readonly #context: CallsContext
  readonly #options: HeldLeasesOptions
  readonly #held = new Map<string, HeldLease>()
  /** Not granted from any more, still in the books. */
  readonly #retired = new Set<HeldLease>()
  /** Until when nothing is leased, by id of client or brand. */
  readonly #coolUntil = new Map<string, number>()
  #exclusive: Promise<unknown> = Promise.resolve()

  constructor(context: CallsContext, options: HeldLeasesOptions) {
    this.#context = context
    this.#options = options
  }

  get size(): number {
    return this.#held.size
  }

  /** One that may grant. */
  findUsable(clientId: string): HeldLease | undefined {
    const lease = this.#held.get(clientId)
    return lease && this.isUsable(lease) ? lease : undefined
  }

  isUsable(lease: HeldLease): boolean {
    return !lease.isRetired && isUsable(lease.renewalSentAt, this.#options.monotonic())
  }

  /** What is held of a client should be more, or less. */
  needsSizing(clientId: string, demand: Demand): boolean {
    const lease = this.#held.get(clientId)
    if (!lease) return true
    return !lease.isUncertain && (runsLow(lease) || this.#findSurplus(lease, demand) !== null)
  }

  /** Retires what has become useless; `isWanted`: its client still asks. */
  retireUseless(isWanted: (clientId: string) => boolean): void {
    const now = this.#context.clock()
    for (const lease of [...this.#held.values()]) {
      const client = this.#context.configuration.findClient(lease.clientId, now)
      const isOld = !client || dayAt(client, now) !== lease.day || !this.isUsable(lease)
      if (isOld || !isWanted(lease.clientId)) this.#retire(lease)
    }
  }

  /** Renews all; whether one could not be is looked up. */
  async renew(): Promise<void> {
    const now = this.#options.monotonic()
    for (const [id, until] of this.#coolUntil) if (until <= now) this.#coolUntil.delete(id)
    if (this.#held.size > 0) await this.#renew(now)
  }

  /** Makes leases as large as they should be for what their clients ask. */
  async sizeFor(demands: ReadonlyMap<string, Demand>): Promise<void> {
    await this.#alone(async () => {
      const wanted = [...demands].flatMap(([clientId, demand]) => this.#findWanted(clientId, demand) ?? [])
      if (wanted.length === 0) return
      const sentAt = this.#options.monotonic()
      const { authorizationSql: sql } = this.#context
      // Nobody is granted what is on its way back.
      for (const { held, surplus } of wanted) if (held) addToLease(held, negateAmounts(surplus))
      try {
        const sized = await sizeLeases(this.#context, wanted, { replica: this.#options.replica, sql })
        for (const [one, outcome] of sized) this.#take(one, outcome, sentAt)
      } catch (error) {
        for (const { held } of wanted) if (held) held.isUncertain = true
        throw error
      }
    })
  }

  /** Somebody needs what is held of these. */
  async giveBack(owners: LeaseOwners): Promise<void> {
    const until = this.#options.monotonic() + coolMs
    for (const id of [...owners.clientIds, ...owners.brandIds]) this.#coolUntil.set(id, until)
    const isMeant = ({ clientId, brandId }: HeldLease) =>
      owners.clientIds.includes(clientId) || owners.brandIds.includes(brandId)
    // What is being sized at this moment may come to one of them.
    await this.#alone(async () => {
      for (const lease of this.#held.values()) if (isMeant(lease)) this.#retire(lease)
      await this.#endRetired(isMeant)
    })
  }

  /** Gives back what is retired. */
  async endRetired(): Promise<void> {
    if (this.#retired.size > 0) await this.#alone(() => this.#endRetired(() => true))
  }

  async giveAllBack(): Promise<void> {
    await this.#alone(async () => {
      for (const lease of this.#held.values()) this.#retire(lease)
      await this.#endRetired(() => true)
    })
  }

  #findWanted(clientId: string, demand: Demand): WantedLease | undefined {
    const { configuration, clock } = this.#context
    const now = clock()
    const client = configuration.findClient(clientId, now)
    if (!client || this.#isCool(client)) return undefined
    const held = this.#held.get(clientId)
    if (held && (held.isUncertain || !this.isUsable(held))) return undefined
    if (!isLeasable(client, configuration.getBrand(client.brandId).maxCalls, now)) return undefined
    const surplus = (held && this.#findSurplus(held, demand)) ?? noAmounts
    return { client, demand, held, surplus }
  }

  #findSurplus(lease: HeldLease, demand: Demand) {
    const ofAllowances = lease.knownAllowances.map((known) => ({
      ...{ ...itemOf(known), unit: known.unit },
      amount: known.left,
    }))
    return findSurplus(demand, lease, { ofBalance: lease.knownBalance, ofDay: lease.knownDay, ofAllowances })
  }

  #isCool(client: Client): boolean {
    return this.#coolUntil.has(client.id) || this.#coolUntil.has(client.brandId)
  }

  #take({ client, held, surplus }: WantedLease, outcome: SizedLease, sentAt: number): void {
    if (outcome.outcome === 'left' && held) addToLease(held, surplus)
    if (outcome.outcome === 'none' && held) {
      this.#coolUntil.set(client.id, sentAt + coolMs)
      this.#retire(held)
    }
    if (outcome.outcome !== 'sized') return
    const { added, target, epoch, day, madeAt, inBooks, known } = outcome
    const lease = held ?? newHeldLease(client, { epoch, day, madeAt })
    addToLease(lease, added)
    setTarget(lease, target)
    lease.renewalSentAt = sentAt
    noteKnownMoney(lease, inBooks.money, known)
    noteKnownAllowances(lease, inBooks.allowances, known.allowances)
    // While it was sized it may have been retired.
    if (!held) this.#held.set(client.id, lease)
  }

  async #renew(sentAt: number): Promise<void> {
    const { authorizationSql: sql, configuration, clock } = this.#context
    const { replica } = this.#options
    const withItems = [...this.#held.values()].filter(({ knownAllowances }) => knownAllowances.length > 0)
    const found = await renewLeases(sql, { replica, withItems: withItems.map(({ epoch }) => epoch) })
    const renewed = new Map(found.map((one) => [one.epoch, one]))
    const missing: HeldLease[] = []
    for (const lease of this.#held.values()) {
      const one = renewed.get(lease.epoch)
      const client = configuration.findClient(lease.clientId, clock())
      if (!one || !client) missing.push(lease)
      else {
        lease.renewalSentAt = sentAt
        noteKnownMoney(lease, one.money, readKnownMoney(client, one, clock()))
        noteKnownAllowances(lease, readDraws(one.allowances), readKnownAllowances(lease, one))
        if (lease.isUncertain) this.#retire(lease)
      }
    }
    await this.#endUnknown([...renewed.values()])
    if (missing.length === 0) return
    // Called back, freed, or somebody was writing it.
    const places = new Map((await listLeasesOfReplica(sql, replica)).map((place) => [place.epoch, place]))
    for (const lease of missing) {
      const place = places.get(lease.epoch)
      if (place?.marked) this.#coolUntil.set(lease.clientId, sentAt + coolMs)
      if (!place || place.marked) this.#retire(lease)
    }
  }

  /** Ours in the books, and not known here: making them was committed and not answered. */
  async #endUnknown(renewed: readonly RenewedLease[]): Promise<void> {
    const findUnknown = () => {
      const known = new Set([...this.#held.values(), ...this.#retired].map(({ epoch }) => epoch))
      return renewed.filter(({ epoch }) => !known.has(epoch))
    }
    if (findUnknown().length === 0) return
    // One that is being made at this moment is known by then.
    await this.#alone(async () => {
      const unknown = findUnknown()
      if (unknown.length > 0) await endLeases(this.#context, unknown, { sql: this.#context.authorizationSql })
    })
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
    await this.#options.writeGrants()
    await endLeases(this.#context, leases, { sql: this.#context.authorizationSql })
    for (const lease of leases) this.#retired.delete(lease)
  }

  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#exclusive.then(work, work)
    this.#exclusive = result.catch(() => {})
    return result
  }
}
