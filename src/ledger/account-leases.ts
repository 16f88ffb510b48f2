/**
 * What replicas have set aside of the accounts that a transaction has locked, of their clients' allowances, and of their
 * brands' slots.
 */
import type { Sql } from '../db/connection.ts'
import { type LeaseAmounts, type Leased, negateAmounts, nothingLeased } from '../limits/leased.ts'
import { Decimal, zero } from '../money.ts'
import { drawnOf, negateDraws, subtractDraws } from '../rating/draws.ts'
import type { AccountAllowances } from './account-allowances.ts'
import type { Lease, LeasedReservation } from './lease.ts'
import { deleteLeases, writeLeases } from './store/leases.ts'

export class AccountLeases {
  readonly #leases = new Map<string, Lease[]>()
  readonly #changed = new Set<Lease>()
  readonly #ended = new Set<Lease>()
  readonly #brandSlots = new Map<string, number>()
  readonly #allowances: AccountAllowances

  constructor(allowances: AccountAllowances) {
    this.#allowances = allowances
  }

  /** Of the locked accounts. */
  add(leases: readonly Lease[]): void {
    for (const lease of leases) this.#listOf(lease.clientId).push(lease)
  }

  /** Slots that are leased of the brands whose counters are locked. */
  addBrandSlots(slots: ReadonlyMap<string, number>): void {
    for (const [brandId, leased] of slots) this.#brandSlots.set(brandId, leased)
  }

  list(clientId: string): readonly Lease[] {
    return this.#leases.get(clientId) ?? []
  }

  /**
   * What nobody but its holders may grant of an account, a day and a brand. `granted`: what grants have taken of the
   * leases already; where it is left out none has.
   */
  sum({ id, brandId }: { id: string; brandId: string }, day: string, granted = zero): Leased {
    const leases = this.list(id)
    const brandSlots = this.#brandSlots.get(brandId) ?? 0
    if (leases.length === 0) return brandSlots === 0 ? nothingLeased : { ...nothingLeased, brandSlots }
    const leased = { ...nothingLeased, brandSlots }
    for (const lease of leases) {
      leased.money = leased.money.plus(lease.money)
      if (lease.day === day) leased.ofDay = leased.ofDay.plus(lease.money)
      leased.clientSlots += lease.clientSlots
    }
    leased.unspent = Decimal.max(0, leased.money.minus(granted))
    return leased
  }

  /** Sets more aside for a lease, or less, and renews it. */
  change(lease: Lease, by: LeaseAmounts): void {
    const leases = this.#listOf(lease.clientId)
    if (!leases.includes(lease)) leases.push(lease)
    this.#take(lease, negateAmounts(by))
    lease.isRenewed = true
  }

  /** All that it holds is free again. What it has granted has been taken over before. */
  end(lease: Lease): void {
    const leases = this.#listOf(lease.clientId)
    leases.splice(leases.indexOf(lease), 1)
    this.#changed.delete(lease)
    this.#ended.add(lease)
    this.#allowances.lease(negateDraws(lease.allowances))
    const leased = this.#brandSlots.get(lease.brandId) ?? 0
    this.#brandSlots.set(lease.brandId, leased - lease.brandSlots)
  }

  /** What a grant has taken of its lease leaves it: its call holds it from now on, or nobody. */
  take({ clientId, epoch, ...amounts }: LeasedReservation): void {
    const lease = this.list(clientId).find((one) => one.epoch === epoch)
    // It was freed before the grant was written: the call holds what it was granted all the same.
    if (lease) this.#take(lease, amounts)
  }

  write(tx: Sql): Promise<unknown>[] {
    const writes: Promise<unknown>[] = []
    if (this.#changed.size > 0) writes.push(writeLeases(tx, [...this.#changed]))
    if (this.#ended.size > 0) writes.push(deleteLeases(tx, [...this.#ended]))
    return writes
  }

  #listOf(clientId: string): Lease[] {
    let leases = this.#leases.get(clientId)
    if (!leases) {
      leases = []
      this.#leases.set(clientId, leases)
    }
    return leases
  }

  #take(lease: Lease, { money, clientSlots, brandSlots, allowances }: LeaseAmounts) {
    const leased = this.#brandSlots.get(lease.brandId) ?? 0
    this.#brandSlots.set(lease.brandId, leased - brandSlots)
    lease.money = Decimal.max(0, lease.money.minus(money))
    lease.clientSlots = Math.max(0, lease.clientSlots - clientSlots)
    lease.brandSlots = Math.max(0, lease.brandSlots - brandSlots)
    const draws = allowances.map((draw) => {
      const amount = Decimal.min(draw.amount, drawnOf(lease.allowances, draw))
      return { ...draw, amount }
    })
    lease.allowances = subtractDraws(lease.allowances, draws)
    this.#allowances.lease(negateDraws(draws))
    this.#changed.add(lease)
  }
}
