/**
 * A lease as its holder has it in memory: what it may still grant, and what it knows of the account beside.
 */
import type { RenewedLease } from '../../db/calls/leases.ts'
import { freeBalance } from '../../limits/authorize.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { emptyDay, leftOfDay } from '../../limits/daily-usage.ts'
import { type LeaseAmounts, noAmounts } from '../../limits/leased.ts'
import { type Decimal, zero } from '../../money.ts'

export interface HeldLease extends LeaseAmounts {
  clientId: string
  brandId: string
  epoch: string
  /** `YYYY-MM-DD` that the money is set aside of. */
  day: string
  /** By the monotonic clock: when the last renewal that succeeded was sent. */
  renewalSentAt: number
  /** What it is to hold when it is topped up. */
  target: LeaseAmounts
  /** Half of the target's, worked out once: compared with each grant. */
  lowMoney: Decimal
  /** Balance and credit without what is reserved or granted, whoever has leased it; null: nothing limits it. */
  knownBalance: Decimal | null
  /** The same of the day. */
  knownDay: Decimal | null
  /** Sizing it has failed: the books may hold more of it than is known here. It grants on, and is given back when it can be. */
  isUncertain: boolean
  /** It grants nothing any more and is given back. */
  isRetired: boolean
}

/** Less than half of what it should hold. */
export function runsLow({ money, clientSlots, brandSlots, target, lowMoney }: HeldLease): boolean {
  return money.lt(lowMoney) || clientSlots * 2 < target.clientSlots || brandSlots * 2 < target.brandSlots
}

/** What it is to hold from now on. */
export function setTarget(lease: HeldLease, target: LeaseAmounts): void {
  lease.target = target
  lease.lowMoney = target.money.div(2)
}

/** Positive: a grant gives it back. */
export function addToLease(lease: HeldLease, { money, clientSlots, brandSlots }: LeaseAmounts): void {
  if (!money.isZero()) {
    lease.money = lease.money.plus(money)
    lease.knownBalance = lease.knownBalance?.plus(money) ?? null
    lease.knownDay = lease.knownDay?.plus(money) ?? null
  }
  lease.clientSlots += clientSlots
  lease.brandSlots += brandSlots
}

export function sumAmounts(one: LeaseAmounts, other: LeaseAmounts): LeaseAmounts {
  return {
    money: one.money.plus(other.money),
    clientSlots: one.clientSlots + other.clientSlots,
    brandSlots: one.brandSlots + other.brandSlots,
  }
}

export function negateAmounts({ money, clientSlots, brandSlots }: LeaseAmounts): LeaseAmounts {
  return { money: money.negated(), clientSlots: -clientSlots, brandSlots: -brandSlots }
}

/** What is left for a leg to last by, with all that is leased and nothing that is held; null: nothing limits it. */
export interface KnownMoney {
  balance: Decimal | null
  day: Decimal | null
}

export function newHeldLease(client: Client, { epoch, day }: Pick<HeldLease, 'epoch' | 'day'>): HeldLease {
  return {
    clientId: client.id,
    brandId: client.brandId,
    ...{ epoch, day },
    target: noAmounts,
    lowMoney: zero,
    money: zero,
    clientSlots: 0,
    brandSlots: 0,
    renewalSentAt: 0,
    knownBalance: null,
    knownDay: null,
    isUncertain: false,
    isRetired: false,
  }
}

/** `money`: what the lease holds in the books, with what its grants have taken. */
export function noteKnownMoney(lease: HeldLease, money: Decimal, known: KnownMoney): void {
  const granted = money.minus(lease.money)
  lease.knownBalance = known.balance?.minus(granted) ?? null
  lease.knownDay = known.day?.minus(granted) ?? null
}

/** From the account as a renewal has read it. */
export function readKnownMoney(client: Client, renewed: RenewedLease, now: number): KnownMoney {
  const { balance, reserved, usage, usageReserved } = renewed
  const account = { clientId: client.id, balance, reserved, runningCalls: 0, seq: 0 }
  const limit = client.maxDailyUsage
  return {
    balance: freeBalance(account, client, termsAt(client.terms, now)),
    day: limit && leftOfDay({ ...emptyDay(''), amount: usage, reserved: usageReserved }, limit),
  }
}
