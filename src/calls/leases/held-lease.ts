/**
 * A lease as its holder has it in memory: what it may still grant, and what it knows of the account beside.
 */
import type { LeaseAmounts } from '../../limits/leased.ts'
import type { Decimal } from '../../money.ts'

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
  /** Balance and credit without what is reserved or granted, whoever has leased it; null: nothing limits it. */
  knownBalance: Decimal | null
  /** The same of the day. */
  knownDay: Decimal | null
  /** It grants nothing any more and is given back. */
  isRetired: boolean
}

/** Less than half of what it should hold. */
export function runsLow(lease: HeldLease): boolean {
  const { target } = lease
  return (
    lease.money.times(2).lt(target.money) ||
    lease.clientSlots * 2 < target.clientSlots ||
    lease.brandSlots * 2 < target.brandSlots
  )
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
