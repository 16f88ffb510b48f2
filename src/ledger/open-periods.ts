/**
 * Opens the periods of a client's allowances that have begun by the calendar, and tries to be paid for those that are not.
 *
 * In order, from the last one that is open to the present: each by the plan's version in force when it began, with what
 * the one before hands on. The fee of who pays in advance is a movement; where balance and credit do not pay it, the period
 * gives nothing until they do, or lapses with it. All others get the fee on an invoice. Doing it again changes nothing.
 * The caller holds the account's lock by `ledger`.
 */
import type { Sql } from '../db/connection.ts'
import { termsAt } from '../limits/client.ts'
import { startOfClientDay } from '../limits/client-days.ts'
import { currencyDigits, Decimal, zero } from '../money.ts'
import { findPeriod, periodAmount, periodFee } from '../rating/allowance-period.ts'
import { type ItemAmounts, rollOver } from '../rating/allowance-rest.ts'
import { localDay } from '../rating/local-day.ts'
import type { Ledger } from './ledger.ts'
import type { AccountOwner } from './movement.ts'
import {
  insertPeriods,
  loadSubscriber,
  loadSubscriptions,
  type NewPeriod,
  type OpenPeriod,
  type SubscribedPlan,
  type Subscriber,
  writeNextPeriods,
  writePeriodStates,
} from './store/open-periods.ts'

export type { PlanItem } from './store/open-periods.ts'

/** Answers how many periods were opened, paid or lapsed. The caller commits behind `writes`. */
export async function openPeriods(
  tx: Sql,
  { ledger, owner }: { ledger: Ledger; owner: AccountOwner },
  /** Up to the period of this instant, or of now. */
  at: number,
): Promise<{ changes: number; write: () => Promise<unknown>[] }> {
  const [subscriber, plans] = await Promise.all([
    loadSubscriber(tx, owner.id),
    loadSubscriptions(tx, owner.id),
  ])
  const dayAt = (instant: number) => localDay(instant, termsAt(subscriber.terms, instant).timeZone)
  const today = dayAt(ledger.now)
  const lastDay = at > ledger.now ? dayAt(at) : today
  const opened: NewPeriod[] = []
  const settled: OpenPeriod[] = []
  const nextAt: { id: string; at: number | null }[] = []
  for (const plan of plans) {
    for (const period of plan.unpaid) {
      if (today >= period.to) period.status = 'lapsed'
      else if (payFee(period, plan, { ledger, owner, subscriber })) period.activeFrom = ledger.now
      else continue
      settled.push(period)
    }
    let day = plan.openUntil ?? plan.from
    let before = plan.lastItems
    while (day <= lastDay && (plan.to === null || day < plan.to)) {
      const period = makePeriod(plan, { day, before, subscriber })
      if (payFee(period, plan, { ledger, owner, subscriber })) {
        period.activeFrom = startOfClientDay(subscriber.terms, period.from)
      } else if (today >= period.to) period.status = 'lapsed'
      opened.push(period)
      before = period.status === 'active' ? period.items : []
      day = period.to
    }
    const isOver = plan.to !== null && day >= plan.to
    const next = isOver ? null : startOfClientDay(subscriber.terms, day)
    if (next !== plan.nextPeriodAt) nextAt.push({ id: plan.id, at: next })
  }
  return {
    changes: opened.length + settled.length,
    write: () => [
      ...(opened.length > 0 ? insertPeriods(tx, owner.id, opened, ledger.now) : []),
      ...(settled.length > 0 ? [writePeriodStates(tx, settled)] : []),
      ...(nextAt.length > 0 ? [writeNextPeriods(tx, nextAt)] : []),
    ],
  }
}

/** The period that begins on this day. */
function makePeriod(
  plan: SubscribedPlan,
  {
    day,
    before,
    subscriber,
  }: {
    day: string
    before: readonly (ItemAmounts & { name: string; unit: string })[]
    subscriber: Subscriber
  },
): NewPeriod {
  const span = findPeriod(plan.period, { from: day, to: plan.to }, day)
  if (!span) throw new Error(`allowance ${plan.id} has no period on ${day}`)
  const begin = startOfClientDay(subscriber.terms, span.from)
  const version = plan.versions.findLast(({ effectiveAt }) => effectiveAt <= begin) ?? plan.versions[0]
  if (!version) throw new Error(`plan ${plan.allowancePlanId} has no version`)
  const { billingMethod } = termsAt(subscriber.terms, begin)
  const whole = {
    quantity: plan.quantity,
    currencyDigits: currencyDigits(subscriber.currency),
    share: plan.prorate ? span : undefined,
  }
  return {
    allowanceId: plan.id,
    from: span.from,
    to: span.to,
    version: version.version,
    fee: periodFee({ ...whole, fee: version.fee }),
    feeBy: billingMethod === 'prepaid' || billingMethod === 'pseudoprepaid' ? 'movement' : 'line',
    status: 'unpaid',
    activeFrom: null,
    items: version.items.map((item, place) => {
      const old = before.find(({ name, unit }) => name === item.name && unit === item.unit)
      return {
        ...item,
        place,
        amount: periodAmount({ ...whole, amount: new Decimal(item.amount), unit: item.unit }),
        rolledOver: old ? rollOver(old) : zero,
        used: zero,
        reserved: zero,
        leased: zero,
      }
    }),
  }
}

/** Makes the period an active one where nothing is to be paid now, or the money is there. */
function payFee(
  period: OpenPeriod,
  plan: SubscribedPlan,
  { ledger, owner, subscriber }: { ledger: Ledger; owner: AccountOwner; subscriber: Subscriber },
): boolean {
  if (period.feeBy === 'movement' && period.fee.gt(0)) {
    // A leg of tomorrow may be asked for today: the money is taken when the period begins.
    if (startOfClientDay(subscriber.terms, period.from) > ledger.now) return false
    const { balance, reserved } = ledger.getAccount(owner.id)
    const free = balance.minus(reserved).plus(subscriber.creditLimit ?? 0)
    if (free.lt(period.fee)) return false
    ledger.post(owner, {
      kind: 'fee',
      source: `allowance:${period.allowanceId}:${period.from}`,
      amount: period.fee.negated(),
      reference: plan.name,
    })
  }
  period.status = 'active'
  return true
}
