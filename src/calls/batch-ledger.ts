/**
 * What a batch does to money, slots and days, gathered in memory and written with a few statements.
 *
 * It holds the accounts, days and brand counters that the batch has locked, and nothing else may be changed
 * through it: asking for an account that was not locked is a mistake of the story and throws.
 */

import { writeAccounts, writeBrandCounters } from '../db/accounts/accounts.ts'
import { type ClientDailyUsage, type ClientDay, writeDailyUsage } from '../db/accounts/daily-usage.ts'
import { appendMovements, type Movement, type MovementKind } from '../db/accounts/movements.ts'
import { addToRollups, type RollupChange } from '../db/calls/call-rollups.ts'
import type { Sql } from '../db/connection.ts'
import { type CorrectedCall, keepCorrectedCalls } from '../db/invoices/corrected-calls.ts'
import { appendMails, type Mail } from '../db/messages/mails.ts'
import { appendFacts } from '../db/messages/outbox.ts'
import type { Account } from '../limits/account.ts'
import { type Client, termsAt } from '../limits/client.ts'
import { emptyDay } from '../limits/daily-usage.ts'
import { type Decimal, zero } from '../money.ts'
import { newId } from '../uuid.ts'
import type { Call } from './call.ts'
import type { Fact } from './facts.ts'
import { lowBalanceNews } from './tell-low-balance.ts'

export interface LockedRows {
  accounts: readonly Account[]
  usages: readonly ClientDailyUsage[]
  /** Every day that was asked for; one of them without a row is a day of no usage. */
  days: readonly ClientDay[]
  /** Counters of the brands that have a Max calls. */
  brandCounters: Map<string, number>
}

interface OpenRollup {
  change: RollupChange
  /** Calls that it counts from now on. */
  joining: Call[]
  /** Calls as the row counted them that holds them so far. */
  leaving: Call[]
}

export class BatchLedger {
  readonly #accounts = new Map<string, Account>()
  readonly #changedAccounts = new Set<Account>()
  readonly #usages = new Map<string, ClientDailyUsage>()
  readonly #changedUsages = new Set<ClientDailyUsage>()
  readonly #brandCounters: Map<string, number>
  readonly #changedBrands = new Map<string, number>()
  readonly #rollups = new Map<string, OpenRollup>()
  readonly #movements: Movement[] = []
  readonly #facts: Fact[] = []
  readonly #mails: Mail[] = []
  readonly now: number

  constructor(locked: LockedRows, now: number) {
    for (const account of locked.accounts) this.#accounts.set(account.clientId, account)
    for (const { clientId, day } of locked.days) {
      this.#usages.set(`${clientId} ${day}`, { clientId, ...emptyDay(day) })
    }
    for (const usage of locked.usages) this.#usages.set(`${usage.clientId} ${usage.day}`, usage)
    this.#brandCounters = locked.brandCounters
    this.now = now
  }

  accountOf(clientId: string): Account {
    const account = this.#accounts.get(clientId)
    if (!account) throw new Error(`the account of client ${clientId} is not locked by this batch`)
    return account
  }

  usageOf(clientId: string, day: string): ClientDailyUsage {
    const usage = this.#usages.get(`${clientId} ${day}`)
    if (!usage) throw new Error(`day ${day} of client ${clientId} is not loaded by this batch`)
    return usage
  }

  brandRunningCalls(brandId: string): number {
    return this.#brandCounters.get(brandId) ?? 0
  }

  /** Takes slots and money for a call instead of what it held before, and notes them on it. */
  hold(
    call: Call,
    held: { clientSlot: boolean; brandSlot: boolean; reserved: Decimal; seconds: number; day: string },
  ): void {
    const account = this.accountOf(call.clientId)
    this.releaseSlots(call)
    if (held.clientSlot) account.runningCalls++
    if (held.brandSlot) this.#countBrand(call.brandId, 1)
    call.holdsClientSlot = held.clientSlot
    call.holdsBrandSlot = held.brandSlot
    this.#changedAccounts.add(account)
    this.reserve(call, held.reserved, held.seconds, held.day)
  }

  /** Sets what the call holds of the balance and of a day, instead of what it held before. */
  reserve(call: Call, amount: Decimal, seconds: number, day: string): void {
    const account = this.accountOf(call.clientId)
    account.reserved = account.reserved.minus(call.reserved).plus(amount)
    this.#changedAccounts.add(account)
    if (call.reservedDay !== null && !call.reserved.isZero()) {
      const before = this.usageOf(call.clientId, call.reservedDay)
      before.reserved = before.reserved.minus(call.reserved)
      this.#changedUsages.add(before)
    }
    if (!amount.isZero()) {
      const usage = this.usageOf(call.clientId, day)
      usage.reserved = usage.reserved.plus(amount)
      this.#changedUsages.add(usage)
    }
    call.reserved = amount
    call.reservedDay = amount.isZero() ? null : day
    call.reservedSeconds = seconds
  }

  /** Gives back the slots the call holds, once. */
  releaseSlots(call: Call): void {
    if (call.holdsClientSlot) {
      const account = this.accountOf(call.clientId)
      account.runningCalls--
      this.#changedAccounts.add(account)
      call.holdsClientSlot = false
    }
    if (call.holdsBrandSlot) {
      this.#countBrand(call.brandId, -1)
      call.holdsBrandSlot = false
    }
  }

  /** Gives back the money the call holds, once. */
  releaseMoney(call: Call): void {
    if (!call.reserved.isZero()) this.reserve(call, zero, 0, '')
    call.reservedSeconds = 0
  }

  /** Appends one movement to the client's chain. */
  move(
    client: Client,
    movement: { kind: MovementKind; source: string; amount: Decimal } & Partial<
      Pick<Movement, 'callId' | 'invoiceId' | 'reference' | 'actor'>
    >,
  ): void {
    const account = this.accountOf(client.id)
    account.seq++
    const before = account.balance
    account.balance = before.plus(movement.amount)
    if (client.balanceAlerts.length > 0) this.#tellLowBalance(client, before, account)
    this.#changedAccounts.add(account)
    this.#movements.push({
      id: newId(this.now),
      clientId: client.id,
      seq: account.seq,
      kind: movement.kind,
      source: movement.source,
      amount: movement.amount,
      balanceAfter: account.balance,
      currency: client.currency,
      callId: movement.callId ?? null,
      invoiceId: movement.invoiceId ?? null,
      reference: movement.reference ?? null,
      actor: movement.actor ?? 'system',
      createdAt: this.now,
    })
  }

  /** Counts money against a day; the caller looks at the limit afterwards. */
  spend(clientId: string, day: string, amount: Decimal): ClientDailyUsage {
    const usage = this.usageOf(clientId, day)
    usage.amount = usage.amount.plus(amount)
    this.#changedUsages.add(usage)
    return usage
  }

  noteUsage(usage: ClientDailyUsage): void {
    this.#changedUsages.add(usage)
  }

  /** Counts a call in the open rollup row of its client, day and destination, whose id it gets when all is written. */
  joinRollup(call: Call, day: string, price: Decimal): void {
    this.#countInRollup(call, { day, price, times: 1 }).joining.push(call)
  }

  /** Takes back what the rollup counts of a call: from its own row while that is open, else from the open one. */
  leaveRollup(call: Call, day: string, price: Decimal): void {
    this.#countInRollup(call, { day, price, times: -1 }).leaving.push(call)
  }

  #countInRollup(
    call: Call,
    { day, price, times }: { day: string; price: Decimal; times: 1 | -1 },
  ): OpenRollup {
    const { clientId, brandId } = call
    const destination = call.destination ?? ''
    const name = `${clientId} ${day} ${destination}`
    let rollup = this.#rollups.get(name)
    if (!rollup) {
      const nothing = { calls: 0, durationSeconds: 0, billedSeconds: 0, amount: zero }
      const change = { id: newId(this.now), clientId, brandId, day, destination, ...nothing }
      rollup = { change, joining: [], leaving: [] }
      this.#rollups.set(name, rollup)
    }
    const { change } = rollup
    change.calls += times
    change.durationSeconds += times * (call.durationSeconds ?? 0)
    change.billedSeconds += times * (call.billedSeconds ?? 0)
    change.amount = change.amount.plus(price.times(times))
    return rollup
  }

  tell(fact: Fact): void {
    this.#facts.push(fact)
  }

  mail(mail: Mail): void {
    this.#mails.push(mail)
  }

  get hasFacts(): boolean {
    return this.#facts.length > 0
  }

  get hasMails(): boolean {
    return this.#mails.length > 0
  }

  /** Rollups first: the calls' rows need their ids. Ascending keys, so that no two batches wait for each other. */
  async writeRollups(tx: Sql): Promise<void> {
    if (this.#rollups.size === 0) return
    const names = [...this.#rollups.keys()].sort()
    const rollups = names.map((name) => this.#rollups.get(name)).filter((rollup) => rollup !== undefined)
    const ids = await addToRollups(
      tx,
      rollups.map(({ change }) => change),
    )
    const corrected: CorrectedCall[] = []
    for (const [i, { joining, leaving }] of rollups.entries()) {
      const id = ids[i]
      if (id === undefined) throw new Error('a rollup row was not written')
      for (const call of joining) call.rollupId = id
      for (const call of leaving) {
        // Its own row is closed: an invoice holds it, or held it.
        if (call.rollupId !== null && call.rollupId !== id) {
          corrected.push({ call, rollupId: call.rollupId, correctedInRollupId: id })
        }
      }
    }
    if (corrected.length > 0) await keepCorrectedCalls(tx, corrected, this.now)
  }

  /** Everything but rollups and calls, in the order in which all stories write: accounts last. */
  writeRest(tx: Sql): Promise<unknown>[] {
    const writes: Promise<unknown>[] = []
    if (this.#movements.length > 0) writes.push(appendMovements(tx, this.#movements))
    if (this.#changedUsages.size > 0) writes.push(writeDailyUsage(tx, [...this.#changedUsages]))
    if (this.#facts.length > 0) writes.push(appendFacts(tx, this.#facts))
    if (this.#mails.length > 0) writes.push(appendMails(tx, this.#mails))
    if (this.#changedAccounts.size > 0) writes.push(writeAccounts(tx, [...this.#changedAccounts]))
    if (this.#changedBrands.size > 0) writes.push(writeBrandCounters(tx, this.#changedBrands))
    return writes
  }

  #tellLowBalance(client: Client, before: Decimal, { balance, seq }: Account): void {
    const { timeZone } = termsAt(client.terms, this.now)
    const { facts, mails } = lowBalanceNews(client.balanceAlerts, {
      client: { ...client, timeZone },
      before,
      after: balance,
      seq,
      now: this.now,
    })
    this.#facts.push(...facts)
    this.#mails.push(...mails)
  }

  #countBrand(brandId: string, by: 1 | -1): void {
    const before = this.#brandCounters.get(brandId)
    if (before === undefined) throw new Error(`the counter of brand ${brandId} is not locked by this batch`)
    const running = before + by
    this.#brandCounters.set(brandId, running)
    this.#changedBrands.set(brandId, running)
  }
}
