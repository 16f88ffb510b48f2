/**
 * What clients have left of their allowances, as read under the locks of their accounts, and what calls draw of it.
 *
 * A running call holds what its seconds would draw, a call that is over has used it: both count against the item, so that
 * parallel calls never share a second. So does what replicas have set aside (`account-leases.ts`): before a call takes of
 * that, or pays what it may cover, it is called back. What an item hands on to its next period follows every change of it.
 */
import type { Sql } from '../db/connection.ts'
import type { Subscription } from '../limits/client.ts'
import { Decimal, zero } from '../money.ts'
import { type Allowance, type Draw, noDraws } from '../rating/allowance.ts'
import { drawableOfItem, type ItemAmounts, rollOver } from '../rating/allowance-rest.ts'
import { drawnOf, type ItemName, itemOf } from '../rating/draws.ts'
import { LeasesInTheWay } from './leases-in-the-way.ts'
import { writeAllowanceItems } from './store/allowances.ts'
import { readDraws, type StoredDraw, storeDraws } from './stored-draw.ts'

export interface PeriodItem extends ItemAmounts, Omit<Allowance, 'left'> {
  /** Highest share of it that was told: 0, 80 or 100. */
  toldPercent: number
}

/** A period that has begun. */
export interface LoadedPeriod {
  clientId: string
  allowanceId: string
  from: string
  to: string
  /** Calls answered before may not draw; null: none may. */
  activeFrom: number | null
  items: readonly PeriodItem[]
}

interface WhatMayBeDrawn {
  at: number
  day: string
  /** What the call holds itself. */
  own?: readonly StoredDraw[] | null
  /** What grants from leases have taken of what is set aside. */
  granted?: readonly Draw[]
  /** `free`: what replicas have set aside does not count. */
  counts?: 'leased' | 'free'
}

/** What a dry run supposes of an item, beyond what is in the books. */
export interface SupposedChange {
  allowanceId: string
  from: string
  name: string
  used: Decimal
  rolledOver: Decimal
}

interface DrawingCall {
  clientId: string
  heldAllowances: readonly StoredDraw[] | null
  allowances: readonly StoredDraw[] | null
}

/** A period of a subscription that has begun by the calendar and not in the books: it is to be opened first. */
export class AllowancePeriodNotOpen extends Error {
  readonly clientId: string
  readonly at: number

  constructor(clientId: string, at: number) {
    super(`client ${clientId} has an allowance whose period is not open`)
    this.name = 'AllowancePeriodNotOpen'
    this.clientId = clientId
    this.at = at
  }
}

export class AccountAllowances {
  /** Nobody holds the accounts' locks: what calls take is only worked out, for a dry run, and never written. */
  isDryRun = false
  readonly #periods = new Map<string, LoadedPeriod[]>()
  readonly #items = new Map<string, PeriodItem>()
  readonly #next = new Map<PeriodItem, PeriodItem>()
  readonly #changed = new Set<PeriodItem>()
  /** Of a dry run: what is in the books of the items that it supposes something of. */
  readonly #inBooks = new Map<PeriodItem, Pick<PeriodItem, 'used' | 'rolledOver'>>()

  /** All periods of these clients that end after some day; again where an earlier day is wanted. */
  add(clientIds: readonly string[], periods: readonly LoadedPeriod[]): void {
    for (const clientId of clientIds) this.#periods.set(clientId, [])
    for (const period of periods) {
      this.#periods.get(period.clientId)?.push(period)
      for (const item of period.items) this.#items.set(itemKey(item.allowanceId, item.from, item.name), item)
    }
    for (const item of this.#items.values()) {
      const next = this.#items.get(itemKey(item.allowanceId, item.to, item.name))
      if (next && next.unit === item.unit) this.#next.set(item, next)
    }
  }

  has(clientId: string): boolean {
    return this.#periods.has(clientId)
  }

  /**
   * What a call answered then may draw, with all that replicas have set aside: `canTake` tells whether that is in its way.
   * Throws `AllowancePeriodNotOpen` where it cannot be known yet.
   */
  list(
    client: { id: string; allowances: readonly Subscription[] },
    { at, day, own = null, granted = noDraws, counts = 'leased' }: WhatMayBeDrawn,
  ): Allowance[] {
    const periods = this.#periods.get(client.id)
    // Subscribed since the accounts were locked: the transaction begins anew with them.
    if (!periods) throw new AllowancePeriodNotOpen(client.id, at)
    const found: Allowance[] = []
    for (const subscription of client.allowances) {
      if (day < subscription.from || (subscription.to !== null && day >= subscription.to)) continue
      const period = periods.find(
        ({ allowanceId, from, to }) => allowanceId === subscription.id && from <= day && day < to,
      )
      if (!period) throw new AllowancePeriodNotOpen(client.id, at)
      if (period.activeFrom === null || at < period.activeFrom) continue
      for (const item of period.items) {
        const drawable = this.#drawable(item, own, counts)
        found.push({ ...item, left: Decimal.max(0, drawable.minus(drawnOf(granted, itemOf(item)))) })
      }
    }
    return found
  }

  /** Is it there without what replicas have set aside? `own`: what the call holds itself. */
  canTake(draws: readonly Draw[], own: readonly StoredDraw[] | null = null): boolean {
    return draws.every((draw) => draw.amount.lte(this.#drawable(this.#getItem(draw), own, 'free')))
  }

  /** What of it is free. */
  limit(draws: readonly Draw[]): readonly Draw[] {
    return draws
      .map((draw) => {
        const free = this.#drawable(this.#getItem(draw), null, 'free')
        return { ...draw, amount: Decimal.min(draw.amount, free) }
      })
      .filter(({ amount }) => amount.gt(0))
  }

  /** Sets what the call holds instead of what it held before. Throws `LeasesInTheWay`. */
  hold(call: DrawingCall, draws: readonly Draw[]): void {
    this.#requireFree(call, draws)
    this.release(call)
    call.heldAllowances = storeDraws(draws)
    this.#move(draws, 'reserved', 1)
  }

  release(call: DrawingCall): void {
    this.#move(readDraws(call.heldAllowances), 'reserved', -1)
    call.heldAllowances = null
  }

  /** A replica sets it aside; negative amounts are free again. */
  lease(draws: readonly Draw[]): void {
    this.#move(draws, 'leased', 1)
  }

  /** The call gives back what it took. */
  giveBack(call: DrawingCall): void {
    this.#move(readDraws(call.allowances), 'used', -1)
    call.allowances = null
  }

  /** The call has again what it gave back: nobody is to be told of that. */
  restore(call: DrawingCall, draws: readonly StoredDraw[] | null): void {
    call.allowances = draws
    this.#move(readDraws(draws), 'used', 1)
  }

  /**
   * The call takes what it is priced with; answers the items that have reached a mark by it, and which. Throws
   * `LeasesInTheWay`.
   */
  take(call: DrawingCall, draws: readonly StoredDraw[] | null): { item: PeriodItem; percent: number }[] {
    const taken = readDraws(draws)
    this.#requireFree(call, taken)
    call.allowances = draws
    const reached: { item: PeriodItem; percent: number }[] = []
    for (const item of this.#move(taken, 'used', 1)) {
      const percent = markOf(item)
      if (percent <= item.toldPercent) continue
      item.toldPercent = percent
      reached.push({ item, percent })
    }
    return reached
  }

  /** What a dry run supposed before counts on, of the items that are here. */
  suppose(changes: readonly SupposedChange[]): void {
    for (const { allowanceId, from, name, used, rolledOver } of changes) {
      const item = this.#items.get(itemKey(allowanceId, from, name))
      if (!item) continue
      this.#noteChange(item)
      item.used = item.used.plus(used)
      item.rolledOver = item.rolledOver.plus(rolledOver)
    }
  }

  /** All that a dry run supposes of the items that are here. */
  listSupposed(): SupposedChange[] {
    return [...this.#inBooks].map(([item, { used, rolledOver }]) => {
      const { allowanceId, from, name } = item
      const more = { used: item.used.minus(used), rolledOver: item.rolledOver.minus(rolledOver) }
      return { allowanceId, from, name, ...more }
    })
  }

  write(tx: Sql): Promise<unknown>[] {
    return this.#changed.size > 0 && !this.isDryRun ? [writeAllowanceItems(tx, [...this.#changed])] : []
  }

  #requireFree(call: DrawingCall, draws: readonly Draw[]): void {
    if (!this.canTake(draws, call.heldAllowances))
      throw new LeasesInTheWay({ clientIds: [call.clientId], brandIds: [] })
  }

  #drawable(item: PeriodItem, own: readonly StoredDraw[] | null, counts: 'leased' | 'free'): Decimal {
    const next = this.#next.get(item)
    const reserved = own ? item.reserved.minus(drawnOf(readDraws(own), itemOf(item))) : item.reserved
    if (counts === 'free') return drawableOfItem({ ...item, reserved }, next)
    return drawableOfItem({ ...item, reserved, leased: zero }, next && { ...next, leased: zero })
  }

  #getItem({ allowanceId, from, item: name }: ItemName): PeriodItem {
    const item = this.#items.get(itemKey(allowanceId, from, name))
    if (!item) throw new Error(`item ${name} of allowance ${allowanceId} is not loaded`)
    return item
  }

  #move(draws: readonly Draw[], what: 'used' | 'reserved' | 'leased', times: 1 | -1): PeriodItem[] {
    const moved: PeriodItem[] = []
    for (const draw of draws) {
      const item = this.#getItem(draw)
      this.#noteChange(item)
      item[what] = item[what].plus(draw.amount.times(times))
      this.#handOn(item)
      moved.push(item)
    }
    return moved
  }

  #noteChange(item: PeriodItem): void {
    this.#changed.add(item)
    if (this.isDryRun && !this.#inBooks.has(item)) {
      this.#inBooks.set(item, { used: item.used, rolledOver: item.rolledOver })
    }
  }

  /** What the next period has of it, and the one after that of the next. */
  #handOn(item: PeriodItem): void {
    let from = item
    for (let next = this.#next.get(from); next; next = this.#next.get(from)) {
      const rolledOver = rollOver(from)
      if (next.rolledOver.eq(rolledOver)) return
      this.#noteChange(next)
      next.rolledOver = rolledOver
      from = next
    }
  }
}

/** Shares of an item that are told, the highest first. */
const marks = [100, 80]

function markOf({ amount, rolledOver, used }: PeriodItem): number {
  const whole = amount.plus(rolledOver)
  if (!whole.gt(0)) return 0
  return marks.find((mark) => used.times(100).gte(whole.times(mark))) ?? 0
}

function itemKey(allowanceId: string, from: string, name: string): string {
  return `${allowanceId} ${from} ${name}`
}
