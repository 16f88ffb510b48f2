/**
 * What one transaction does to money, slots and days: gathered in memory, written with a few statements.
 *
 * It knows the accounts, days and brand counters that the transaction has locked (`lock-ledger.ts`), and changes
 * nothing else: to ask for an account that is not locked is a mistake of the use case and throws.
 */
import type { Sql } from '../db/connection.ts'
import { type Decimal, zero } from '../money.ts'
import { addTraceparent } from '../tracing/tracer.ts'
import { newId } from '../uuid.ts'
import { AccountAllowances } from './account-allowances.ts'
import { AccountLeases } from './account-leases.ts'
import { lowBalanceMessages } from './balance-alerts.ts'
import { CarrierSums } from './carrier-sums.ts'
import { type ClientDailyUsage, LoadedDays } from './daily-usage.ts'
import type { Fact } from './fact.ts'
import { LeasesInTheWay } from './leases-in-the-way.ts'
import type { Mail } from './mail.ts'
import type { AccountOwner, Movement, MovementKind, Posting } from './movement.ts'
import {
  type Allocated,
  type Allocation,
  type Match,
  matchBack,
  matchMoney,
  type Receivables,
} from './receivables.ts'
import type { Hold, Reservation } from './reservation.ts'
import { Rollups } from './rollup.ts'
import { amountDue, type SettledInvoice } from './settled-invoice.ts'
import { appendAllocations } from './store/append-allocations.ts'
import { appendFacts } from './store/append-facts.ts'
import { appendMails } from './store/append-mails.ts'
import { appendMovements } from './store/append-movements.ts'
import { writeDailyUsage } from './store/daily-usage.ts'
import type { LockedAccount } from './store/lock-accounts.ts'
import { writeAccounts, writeBrandCounters } from './store/write-accounts.ts'
import { writeSettledInvoices } from './store/write-settled-invoices.ts'

export class Ledger {
  /** Milliseconds since 1970: when all of it happens. */
  readonly now: number
  /** Whoever follows what is entered now; facts tell it on. */
  traceparent: string | null = null
  readonly days = new LoadedDays()
  readonly rollups: Rollups
  readonly carrierSums = new CarrierSums()
  /** What the clients of the locked accounts have left of their allowances. */
  readonly allowances = new AccountAllowances()
  /** What replicas have set aside of the locked accounts. */
  readonly leases = new AccountLeases(this.allowances)
  readonly #accounts = new Map<string, LockedAccount>()
  readonly #changedAccounts = new Set<LockedAccount>()
  readonly #brandCounters = new Map<string, number>()
  readonly #changedBrands = new Map<string, number>()
  readonly #movements: Movement[] = []
  readonly #allocations: Allocation[] = []
  readonly #settledInvoices = new Set<SettledInvoice>()
  readonly #facts: Fact[] = []
  readonly #mails: Mail[] = []

  constructor(now: number) {
    this.now = now
    this.rollups = new Rollups(now)
  }

  addAccounts(accounts: readonly LockedAccount[]): void {
    for (const account of accounts) this.#accounts.set(account.clientId, account)
  }

  /** Running calls of the brands that have a Max calls. */
  addBrandCounters(counters: ReadonlyMap<string, number>): void {
    for (const [brandId, running] of counters) this.#brandCounters.set(brandId, running)
  }

  findAccount(clientId: string): LockedAccount | undefined {
    return this.#accounts.get(clientId)
  }

  getAccount(clientId: string): LockedAccount {
    const account = this.#accounts.get(clientId)
    if (!account) throw new Error(`the account of client ${clientId} is not locked by this transaction`)
    return account
  }

  hasBrandCounter(brandId: string): boolean {
    return this.#brandCounters.has(brandId)
  }

  brandRunningCalls(brandId: string): number {
    return this.#brandCounters.get(brandId) ?? 0
  }

  /** Takes slots and money for a call instead of what it held before, and notes them on it. */
  hold(call: Reservation, { clientSlot, brandSlot, reserved, seconds, day, draws }: Hold): void {
    const account = this.getAccount(call.clientId)
    this.releaseSlots(call)
    if (clientSlot) account.runningCalls++
    if (brandSlot) this.#countBrand(call.brandId, 1)
    call.holdsClientSlot = clientSlot
    call.holdsBrandSlot = brandSlot
    this.reserve(call, reserved, seconds, day)
    if (draws?.length || call.heldAllowances !== null) this.allowances.hold(call, draws ?? [])
  }

  /** Sets what the call holds of the balance and of a day (null: of none), instead of what it held before. */
  reserve(call: Reservation, amount: Decimal, seconds: number, day: string | null): void {
    const account = this.getAccount(call.clientId)
    account.reserved = account.reserved.minus(call.reserved).plus(amount)
    this.#changedAccounts.add(account)
    if (call.reservedDay !== null && !call.reserved.isZero()) {
      const before = this.days.get(call.clientId, call.reservedDay)
      before.reserved = before.reserved.minus(call.reserved)
      this.days.change(before)
    }
    if (!amount.isZero() && day !== null) {
      const usage = this.days.get(call.clientId, day)
      usage.reserved = usage.reserved.plus(amount)
      this.days.change(usage)
    }
    call.reserved = amount
    call.reservedDay = amount.isZero() ? null : day
    call.reservedSeconds = seconds
  }

  /** Releases all that the call holds, once. */
  release(call: Reservation): void {
    this.releaseSlots(call)
    if (!call.reserved.isZero()) this.reserve(call, zero, 0, null)
    if (call.heldAllowances !== null) this.allowances.release(call)
    call.reservedSeconds = 0
  }

  /** Releases the slots alone: the money stays held until the price is known. */
  releaseSlots(call: Reservation): void {
    if (call.holdsClientSlot) {
      const account = this.getAccount(call.clientId)
      account.runningCalls--
      this.#changedAccounts.add(account)
      call.holdsClientSlot = false
    }
    if (call.holdsBrandSlot) {
      this.#countBrand(call.brandId, -1)
      call.holdsBrandSlot = false
    }
  }

  /** Throws `LeasesInTheWay` while replicas have set something aside of the account. */
  requireNoLeases(clientId: string): void {
    if (this.leases.list(clientId).length > 0) {
      throw new LeasesInTheWay({ clientIds: [clientId], brandIds: [] })
    }
  }

  /**
   * Appends one movement to the account and moves its balance; a balance that falls below an alert tells it. Throws
   * `LeasesInTheWay` where it takes money while some is leased; what calls cost is taken all the same.
   */
  post(owner: AccountOwner, posting: Posting): Movement {
    const account = this.getAccount(owner.id)
    if (posting.amount.isNegative() && !isOfCalls(posting.kind)) this.requireNoLeases(owner.id)
    const before = account.balance
    account.seq++
    account.balance = before.plus(posting.amount)
    this.#changedAccounts.add(account)
    const movement: Movement = {
      id: newId(this.now),
      clientId: owner.id,
      seq: account.seq,
      kind: posting.kind,
      source: posting.source,
      amount: posting.amount,
      balanceAfter: account.balance,
      currency: owner.currency,
      callId: posting.callId ?? null,
      invoiceId: posting.invoiceId ?? null,
      reference: posting.reference ?? null,
      actor: posting.actor ?? 'system',
      createdAt: this.now,
    }
    this.#movements.push(movement)
    if (owner.balanceAlerts.length > 0) {
      const { facts, mails } = lowBalanceMessages(owner, movement, before)
      this.#facts.push(...facts)
      this.#mails.push(...mails)
    }
    return movement
  }

  /**
   * Charges a call: as `charge` as far as balance and credit go, as `overrun` beyond. `credit`: how far the balance
   * may fall below 0; null: as far as it takes. Answers whether it overran.
   */
  charge(
    owner: AccountOwner,
    {
      callId,
      source,
      price,
      credit,
    }: { callId: string; source: string; price: Decimal; credit: Decimal | null },
  ): boolean {
    let covered = price
    if (credit !== null) {
      const money = this.getAccount(owner.id).balance.plus(credit)
      if (money.lt(price)) covered = money.isNegative() ? zero : money
    }
    if (covered.gt(0)) this.post(owner, { kind: 'charge', source, amount: covered.negated(), callId })
    const beyond = price.minus(covered)
    if (beyond.gt(0)) this.post(owner, { kind: 'overrun', source, amount: beyond.negated(), callId })
    return beyond.gt(0)
  }

  /**
   * Settles open invoices with unallocated money, oldest first, where the client has that done by itself. For whatever
   * makes such money or an open invoice, after its movements are posted.
   */
  allocate(receivables: Receivables, actor = 'system'): void {
    if (!receivables.autoAllocate) return
    const money = receivables.unallocatedOf(this.getAccount(receivables.clientId).balance)
    this.#allocate(receivables, matchMoney(money, receivables.invoices), { actor, source: null })
  }

  /** The same by hand: this much, for this invoice. The caller has made sure that both can take it. */
  allocateTo(
    receivables: Receivables,
    {
      invoice,
      amount,
      ...by
    }: { invoice: SettledInvoice; amount: Decimal; actor: string; source: string | null },
  ): void {
    const sources = receivables.invoices.filter((other) => amountDue(other).isNegative())
    this.#allocate(receivables, matchMoney(amount, [...sources, invoice]), by)
  }

  /** Opens invoices again that these settled, the first of them first: the money is gone. */
  takeBack(
    receivables: Receivables,
    { allocated, amount, actor }: { allocated: readonly Allocated[]; amount: Decimal; actor: string },
  ): void {
    this.#allocate(receivables, matchBack(amount, allocated), { actor, source: null })
  }

  /** Counts money against a day; the caller looks at its limit afterwards. */
  spend(clientId: string, day: string, amount: Decimal): ClientDailyUsage {
    const usage = this.days.get(clientId, day)
    usage.amount = usage.amount.plus(amount)
    this.days.change(usage)
    return usage
  }

  appendFact(fact: Fact): void {
    const { traceparent } = this
    this.#facts.push(traceparent === null ? fact : { ...fact, body: addTraceparent(fact.body, traceparent) })
  }

  mail(...mails: Mail[]): void {
    this.#mails.push(...mails)
  }

  /** What waits to be sent after the commit. */
  get news(): { facts: boolean; mails: boolean } {
    return { facts: this.#facts.length > 0, mails: this.#mails.length > 0 }
  }

  /** Everything but rollups, whose ids calls need before; in the order that every transaction keeps: accounts last. */
  write(tx: Sql): Promise<unknown>[] {
    const writes: Promise<unknown>[] = []
    if (this.#movements.length > 0) writes.push(appendMovements(tx, this.#movements))
    if (!this.carrierSums.isEmpty) writes.push(this.carrierSums.write(tx))
    const days = this.days.changed
    if (days.length > 0) writes.push(writeDailyUsage(tx, days))
    writes.push(...this.allowances.write(tx))
    if (this.#allocations.length > 0) writes.push(appendAllocations(tx, this.#allocations))
    if (this.#settledInvoices.size > 0)
      writes.push(writeSettledInvoices(tx, [...this.#settledInvoices], this.now))
    if (this.#facts.length > 0) writes.push(appendFacts(tx, this.#facts))
    if (this.#mails.length > 0) writes.push(appendMails(tx, this.#mails))
    writes.push(...this.leases.write(tx))
    if (this.#changedAccounts.size > 0) writes.push(writeAccounts(tx, [...this.#changedAccounts]))
    if (this.#changedBrands.size > 0) writes.push(writeBrandCounters(tx, this.#changedBrands))
    return writes
  }

  #allocate(
    receivables: Receivables,
    matches: readonly Match[],
    { actor, source }: { actor: string; source: string | null },
  ): void {
    for (const [i, { from, to, amount }] of matches.entries()) {
      this.#allocations.push({
        id: newId(this.now),
        clientId: receivables.clientId,
        fromInvoiceId: from?.id ?? null,
        toInvoiceId: to.id,
        amount,
        source: i === 0 ? source : null,
        actor,
        createdAt: this.now,
      })
      for (const invoice of from ? [from, to] : [to]) {
        if (!receivables.isWrittenByCaller(invoice)) this.#settledInvoices.add(invoice)
      }
    }
  }

  #countBrand(brandId: string, by: 1 | -1): void {
    const before = this.#brandCounters.get(brandId)
    if (before === undefined)
      throw new Error(`the counter of brand ${brandId} is not locked by this transaction`)
    const running = before + by
    this.#brandCounters.set(brandId, running)
    this.#changedBrands.set(brandId, running)
  }
}

function isOfCalls(kind: MovementKind): boolean {
  return kind === 'charge' || kind === 'overrun' || kind === 'correction'
}
