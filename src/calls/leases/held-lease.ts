/**
 * A lease as its holder has it in memory: what it may still grant, and what it knows of the account beside.
 */
import type { RenewedLease } from '../../db/calls/leases.ts'
import { freeBalance } from '../../limits/authorize.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { emptyDay, leftOfDay } from '../../limits/daily-usage.ts'
import { type LeaseAmounts, noAmounts } from '../../limits/leased.ts'
import { Decimal, zero } from '../../money.ts'
import { type Allowance, type Draw, noAllowances, noDraws } from '../../rating/allowance.ts'
import { addDraws, drawnOf, isSameItem, itemOf, subtractDraws } from '../../rating/draws.ts'

export interface HeldLease extends LeaseAmounts {
  clientId: string
  brandId: string
  epoch: string
  /** `YYYY-MM-DD` that the money is set aside of. */
  day: string
  /** By the service's clock. */
  madeAt: number
  /** By the monotonic clock: when the last renewal that succeeded was sent. */
  renewalSentAt: number
  /** What it is to hold when it is topped up. */
  target: LeaseAmounts
  /** Half of the target, worked out once: compared with each grant. */
  low: Pick<LeaseAmounts, 'money' | 'allowances'>
  /** Balance and credit without what is reserved or granted, whoever has leased it; null: nothing limits it. */
  knownBalance: Decimal | null
  /** The same of the day. */
  knownDay: Decimal | null
  /** Items of allowances with what is left of them, whoever has leased it. */
  knownAllowances: Allowance[]
  /** Sizing it has failed: the books may hold more of it than is known here. It grants on, and is given back when it can be. */
  isUncertain: boolean
  /** It grants nothing any more and is given back. */
  isRetired: boolean
}

/** Less than half of what it should hold. */
export function runsLow({ money, clientSlots, brandSlots, allowances, target, low }: HeldLease): boolean {
  return (
    money.lt(low.money) ||
    clientSlots * 2 < target.clientSlots ||
    brandSlots * 2 < target.brandSlots ||
    low.allowances.some((draw) => drawnOf(allowances, draw).lt(draw.amount))
  )
}

/** What it is to hold from now on. */
export function setTarget(lease: HeldLease, target: LeaseAmounts): void {
  lease.target = target
  lease.low = {
    money: target.money.div(2),
    allowances: target.allowances.map((draw) => ({ ...draw, amount: draw.amount.div(2) })),
  }
}

/** Positive: a grant gives it back. */
export function addToLease(
  lease: HeldLease,
  { money, clientSlots, brandSlots, allowances }: LeaseAmounts,
): void {
  if (!money.isZero()) {
    lease.money = lease.money.plus(money)
    lease.knownBalance = lease.knownBalance?.plus(money) ?? null
    lease.knownDay = lease.knownDay?.plus(money) ?? null
  }
  lease.clientSlots += clientSlots
  lease.brandSlots += brandSlots
  if (allowances.length > 0) {
    lease.allowances = addDraws(lease.allowances, allowances)
    for (const known of lease.knownAllowances) {
      known.left = known.left.plus(drawnOf(allowances, itemOf(known)))
    }
  }
}

/** What is left for a leg to last by, with all that is leased and nothing that is held; null: nothing limits it. */
export interface KnownMoney {
  balance: Decimal | null
  day: Decimal | null
}

export function newHeldLease(
  client: Client,
  { epoch, day, madeAt }: Pick<HeldLease, 'epoch' | 'day' | 'madeAt'>,
): HeldLease {
  return {
    clientId: client.id,
    brandId: client.brandId,
    ...{ epoch, day, madeAt },
    target: noAmounts,
    low: { money: zero, allowances: noDraws },
    ...noAmounts,
    renewalSentAt: 0,
    knownBalance: null,
    knownDay: null,
    knownAllowances: [],
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

/**
 * The same of items of allowances, by what is left of them with all that is leased. `held`: what the lease holds of them in
 * the books.
 */
export function noteKnownAllowances(
  lease: HeldLease,
  held: readonly Draw[],
  left: readonly Allowance[],
): void {
  const granted = subtractDraws(held, lease.allowances)
  lease.knownAllowances = left.map((allowance) => ({
    ...allowance,
    left: allowance.left.minus(drawnOf(granted, itemOf(allowance))),
  }))
}

/** From the items as a renewal has read them. */
export function readKnownAllowances(lease: HeldLease, { leftOfItems }: RenewedLease): readonly Allowance[] {
  if (lease.knownAllowances.length === 0) return noAllowances
  return lease.knownAllowances.map((known) => {
    const left = leftOfItems.find((item) => isSameItem(item, itemOf(known)))
    return { ...known, left: new Decimal(left?.amount ?? 0) }
  })
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
