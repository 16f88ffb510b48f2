/**
 * Sets money, slots and parts of allowances aside for busy clients, for many of them in one transaction: new leases, and
 * more for those that run low. Under the accounts' locks, so that nothing is set aside twice.
 */
import type { Sql } from '../../db/connection.ts'
import { AllowancePeriodNotOpen } from '../../ledger/account-allowances.ts'
import type { Lease } from '../../ledger/lease.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { creditFloor, freeBalance } from '../../limits/authorize.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { leftOfDay } from '../../limits/daily-usage.ts'
import { type Demand, type Left, sizeLease } from '../../limits/lease.ts'
import { isNothing, type LeaseAmounts, negateAmounts, noAmounts, sumAmounts } from '../../limits/leased.ts'
import { Decimal } from '../../money.ts'
import { type Allowance, type Draw, noAllowances } from '../../rating/allowance.ts'
import { addDraws, drawnOf, itemOf } from '../../rating/draws.ts'
import { localDay } from '../../rating/local-day.ts'
import { newId } from '../../uuid.ts'
import type { CallsContext } from '../calls-context.ts'
import { transact } from '../transact.ts'
import type { HeldLease, KnownMoney } from './held-lease.ts'

/** A client that is busy, and what this replica holds of it. */
export interface WantedLease {
  client: Client
  demand: Demand
  /** Without its surplus: nothing more is granted from that. */
  held: HeldLease | undefined
  surplus: LeaseAmounts
}

/** What is left, with all that is leased. */
interface KnownAccount extends KnownMoney {
  allowances: readonly Allowance[]
}

export type SizedLease =
  | {
      outcome: 'sized'
      epoch: string
      day: string
      madeAt: number
      /** To what is held without the surplus. */
      added: LeaseAmounts
      target: LeaseAmounts
      /** What the lease holds now, with what its grants have taken. */
      inBooks: Pick<LeaseAmounts, 'money' | 'allowances'>
      known: KnownAccount
    }
  /** It is as large as it may be, or its account is held by somebody. */
  | { outcome: 'left' }
  /** There is too little left, it was called back, or freed: what is held is to be given back. */
  | { outcome: 'none' }

/** May this client's legs be granted from leases? What a `pseudoprepaid` leg may last is bought at set-up, exactly. */
export function isLeasable(client: Client, brandMaxCalls: number, now: number): boolean {
  const terms = termsAt(client.terms, now)
  if (client.suspended || terms.billingMethod === 'pseudoprepaid') return false
  if (client.maxCalls > 0 || brandMaxCalls > 0) return true
  return (
    terms.billingMethod !== 'none' && (creditFloor(client, terms) !== null || client.maxDailyUsage !== null)
  )
}

export function sizeLeases(
  context: CallsContext,
  wanted: readonly WantedLease[],
  { replica, sql }: { replica: string; sql: Sql },
): Promise<Map<WantedLease, SizedLease>> {
  const now = context.clock()
  const accounts = wanted.map(({ client }) => client.id)
  const days = wanted.map(({ client }) => ({ clientId: client.id, day: dayAt(client, now) }))
  return transact(
    context,
    { accounts, days, countsBrands: true, now, sql, whenHeld: 'skip' },
    ({ ledger, isLocked }) => {
      const sized = new Map<WantedLease, SizedLease>()
      for (const one of wanted) {
        sized.set(one, isLocked(one.client) ? size(context, one, ledger, replica) : { outcome: 'left' })
      }
      return sized
    },
  )
}

function size(
  { configuration }: CallsContext,
  { client, demand, held, surplus }: WantedLease,
  ledger: Ledger,
  replica: string,
): SizedLease {
  const day = dayAt(client, ledger.now)
  const brandMaxCalls = configuration.getBrand(client.brandId).maxCalls
  const lease = held && ledger.leases.list(client.id).find(({ epoch }) => epoch === held.epoch)
  if (held && (!lease || lease.marked || lease.day !== day)) return { outcome: 'none' }
  const found = findLeft(client, brandMaxCalls, day, ledger)
  // Its period is opened by whoever needs it.
  if (!found) return { outcome: 'left' }
  const { left, known } = found
  const target = sizeLease(demand, withHeld(left, held && sumAmounts(held, surplus)))
  if (!target) return { outcome: 'none' }
  const added = {
    money: Decimal.max(0, target.money.minus(held?.money ?? 0)),
    clientSlots: Math.max(0, target.clientSlots - (held?.clientSlots ?? 0)),
    brandSlots: Math.max(0, target.brandSlots - (held?.brandSlots ?? 0)),
    allowances: target.allowances
      .map((draw) => ({ ...draw, amount: draw.amount.minus(held ? drawnOf(held.allowances, draw) : 0) }))
      .filter(({ amount }) => amount.gt(0)),
  }
  const change = sumAmounts(added, negateAmounts(surplus))
  if (held && isNothing(change)) return { outcome: 'left' }
  const changed = lease ?? newLease({ client, day, replica, now: ledger.now })
  ledger.leases.change(changed, change)
  const { epoch, money, allowances } = changed
  const inBooks = { money, allowances }
  return { outcome: 'sized', epoch, day, madeAt: ledger.now, added, target, inBooks, known }
}

/** undefined: a period of its allowances has begun and is not open. */
function findLeft(
  client: Client,
  brandMaxCalls: number,
  day: string,
  ledger: Ledger,
): { left: Left; known: KnownAccount } | undefined {
  const account = ledger.getAccount(client.id)
  const leased = ledger.leases.sum(client, day)
  const balance = freeBalance(account, client, termsAt(client.terms, ledger.now))
  const usage = ledger.days.get(client.id, day)
  const limit = client.maxDailyUsage
  const allowances = findAllowances(client, day, ledger)
  if (!allowances) return undefined
  return {
    known: { balance, day: limit && leftOfDay(usage, limit), allowances: allowances.known },
    left: {
      ofBalance: balance?.minus(leased.money) ?? null,
      ofDay: limit && leftOfDay(usage, limit, leased.ofDay),
      clientSlots: client.maxCalls > 0 ? client.maxCalls - account.runningCalls - leased.clientSlots : null,
      brandSlots:
        brandMaxCalls > 0
          ? brandMaxCalls - ledger.brandRunningCalls(client.brandId) - leased.brandSlots
          : null,
      ofAllowances: allowances.free,
    },
  }
}

function findAllowances(
  client: Client,
  day: string,
  { allowances, now: at }: Ledger,
): { known: readonly Allowance[]; free: readonly Draw[] } | undefined {
  if (client.allowances.length === 0) return { known: noAllowances, free: [] }
  try {
    const free = allowances.list(client, { at, day, counts: 'free' })
    return {
      known: allowances.list(client, { at, day }),
      free: free.map((one) => ({ ...itemOf(one), unit: one.unit, amount: one.left })),
    }
  } catch (error) {
    if (error instanceof AllowancePeriodNotOpen) return undefined
    throw error
  }
}

function withHeld(left: Left, held: LeaseAmounts | undefined): Left {
  if (!held) return left
  return {
    ofBalance: left.ofBalance?.plus(held.money) ?? null,
    ofDay: left.ofDay?.plus(held.money) ?? null,
    clientSlots: left.clientSlots === null ? null : left.clientSlots + held.clientSlots,
    brandSlots: left.brandSlots === null ? null : left.brandSlots + held.brandSlots,
    ofAllowances: addDraws(left.ofAllowances, held.allowances),
  }
}

function newLease({
  client,
  day,
  replica,
  now,
}: {
  client: Client
  day: string
  replica: string
  now: number
}): Lease {
  return {
    clientId: client.id,
    brandId: client.brandId,
    epoch: newId(now),
    replica,
    day,
    ...noAmounts,
    marked: false,
    isVoid: false,
    isRenewed: true,
  }
}

export function dayAt(client: Client, at: number): string {
  return localDay(at, termsAt(client.terms, at).timeZone)
}
