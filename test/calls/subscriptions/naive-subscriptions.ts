/**
 * One client's allowances, fees and calls, kept a second time and as plainly as can be: written from the contract alone
 * ("Allowances"). Only the walk of a call is the naive one of `test/rating`. Nothing that follows from something else is stored:
 * what is left of an item, and what it hands on, is reckoned from all that was drawn each time that it is asked.
 */
import { Decimal } from '../../../src/money.ts'
import type { RatingProfile } from '../../../src/rating/tariff.ts'
import type { NaiveTariffs } from '../../../src/verify/naive-price.ts'
import {
  compare,
  type Fraction,
  max,
  min,
  minus,
  negated,
  of,
  over,
  plus,
  roundTo,
  sign,
  text,
  times,
  zero,
} from '../../invoices/books/fraction.ts'
import { addDays, daysBetween } from '../../invoices/books/months.ts'
import { naiveCovered } from '../../rating/naive-allowances.ts'
import type { RandomItem, RandomPlan } from './random-subscriptions.ts'

export interface NaivePlan {
  period: RandomPlan['period']
  versions: { at: number; fee: Fraction; items: RandomItem[] }[]
}

export interface NaiveSubscription {
  id: string
  plan: NaivePlan
  from: string
  to: string | null
  quantity: number
  prorate: boolean
}

interface NaiveItem extends RandomItem {
  name: string
  place: number
  /** Of this period. */
  given: Fraction
}

export interface NaivePeriod {
  subscription: NaiveSubscription
  from: string
  to: string
  fee: Fraction
  by: 'movement' | 'line'
  status: 'active' | 'unpaid' | 'lapsed'
  activeFrom: number | null
  items: NaiveItem[]
  before: NaivePeriod | null
}

interface NaiveDraw {
  period: NaivePeriod
  item: NaiveItem
  amount: Fraction
}

export interface NaiveSubscriber {
  method: 'postpaid' | 'prepaid'
  timeZone: string
  credit: Fraction
}

export interface NaiveDrawingCall {
  callId: string
  to: string
  answeredAt: number
  seconds: number
  price: Fraction
  coveredSeconds: number
  draws: NaiveDraw[]
}

export class NaiveSubscriptions {
  readonly subscriptions: NaiveSubscription[] = []
  readonly periods: NaivePeriod[] = []
  readonly calls: NaiveDrawingCall[] = []
  balance: Fraction = zero
  readonly #of: NaiveSubscriber

  constructor(of: NaiveSubscriber) {
    this.#of = of
  }

  /** By the clock, and when money comes. */
  open(now: number): void {
    const today = dayOf(now, this.#of.timeZone)
    const inOrder = [...this.subscriptions].sort((one, other) =>
      one.from < other.from ? -1 : one.from > other.from ? 1 : 0,
    )
    for (const subscription of inOrder) {
      const own = this.periods.filter((period) => period.subscription === subscription)
      for (const period of own.filter(({ status }) => status === 'unpaid')) {
        if (today >= period.to) period.status = 'lapsed'
        else if (this.isPaid(period)) period.activeFrom = now
      }
      let day = own.at(-1)?.to ?? subscription.from
      while (day <= today && (subscription.to === null || day < subscription.to)) {
        const period = this.begin(subscription, day)
        this.periods.push(period)
        if (this.isPaid(period)) period.activeFrom = startOf(period.from, this.#of.timeZone)
        else if (today >= period.to) period.status = 'lapsed'
        day = period.to
      }
    }
  }

  private begin(subscription: NaiveSubscription, day: string): NaivePeriod {
    const { plan, to, quantity, prorate } = subscription
    const calendar = calendarOf(plan.period, day)
    const own = { from: day, to: to !== null && to < calendar.to ? to : calendar.to }
    const share = prorate ? over(of(daysBetween(own)), of(daysBetween(calendar))) : of(1)
    const begin = startOf(day, this.#of.timeZone)
    const version = plan.versions.filter(({ at }) => at <= begin).at(-1) ?? plan.versions[0]
    if (!version) throw new Error('a plan without a version')
    return {
      ...{ subscription, ...own, status: 'unpaid', activeFrom: null },
      fee: roundTo(times(times(version.fee, of(quantity)), share), 2),
      by: this.#of.method === 'prepaid' ? 'movement' : 'line',
      items: version.items.map((item, place) => ({
        ...item,
        name: `item ${place}`,
        place,
        given: roundDown(times(of(item.amount * quantity), share), item.unit === 'money' ? 2 : 0),
      })),
      before: this.periods.filter((period) => period.subscription === subscription).at(-1) ?? null,
    }
  }

  private isPaid(period: NaivePeriod): boolean {
    if (period.by === 'movement' && sign(period.fee) > 0) {
      if (compare(plus(this.balance, this.#of.credit), period.fee) < 0) return false
      this.balance = minus(this.balance, period.fee)
    }
    period.status = 'active'
    return true
  }

  usedOf(period: NaivePeriod, item: NaiveItem): Fraction {
    const draws = this.calls.flatMap((call) => call.draws)
    return plus(
      ...draws.filter((draw) => draw.period === period && draw.item === item).map(({ amount }) => amount),
    )
  }

  /** What the period before has handed on to it: of its own amount alone, never what it was handed itself. */
  handedTo(period: NaivePeriod, { name, unit }: NaiveItem): Fraction {
    const { before } = period
    const old = before?.items.find((one) => one.name === name && one.unit === unit)
    if (!before || !old?.rollover || before.activeFrom === null) return zero
    return max(zero, min(old.given, this.leftOf(before, old)))
  }

  private leftOf(period: NaivePeriod, item: NaiveItem): Fraction {
    return minus(plus(item.given, this.handedTo(period, item)), this.usedOf(period, item))
  }

  /** A call of a period that is over finds what lapsed with it, and the rest that the next one has not used. */
  private drawable(period: NaivePeriod, item: NaiveItem): Fraction {
    const left = max(zero, this.leftOf(period, item))
    const next = this.periods.find(({ before }) => before === period)
    const same = next?.items.find(({ name, unit }) => name === item.name && unit === item.unit)
    if (!next || !same || !item.rollover) return left
    const handed = this.handedTo(next, same)
    const unused = max(zero, minus(handed, this.usedOf(next, same)))
    return min(left, plus(minus(left, handed), unused))
  }

  /** It gives back what it took, and takes anew. */
  rate(call: NaiveDrawingCall, tariffs: NaiveTariffs, profiles: readonly RatingProfile[]): void {
    this.balance = plus(this.balance, call.price)
    call.draws = []
    const { timeZone } = this.#of
    const day = dayOf(call.answeredAt, timeZone)
    const periods = this.periods.filter(
      ({ from, to, activeFrom }) =>
        from <= day && day < to && activeFrom !== null && activeFrom <= call.answeredAt,
    )
    const allowances = periods.flatMap((period) =>
      period.items.map((item) => ({
        ...item,
        allowanceId: period.subscription.id,
        from: period.from,
        to: period.to,
        subscribedFrom: period.subscription.from,
        createdAt: this.subscriptions.indexOf(period.subscription),
        left: new Decimal(text(this.drawable(period, item))),
      })),
    )
    const { price, coveredSeconds, drawn } = naiveCovered(
      tariffs,
      {
        to: call.to,
        from: null,
        answeredAt: call.answeredAt,
        durationSeconds: call.seconds,
        timeZone,
        profiles,
      },
      allowances,
    )
    for (const period of periods)
      for (const item of period.items) {
        const exact = drawn.get(`${period.subscription.id} ${item.name}`)
        if (!exact) continue
        const amount = over({ top: exact[0], bottom: 1n }, { top: exact[1], bottom: 1n })
        const rounded = item.unit === 'money' ? min(roundUp(amount, 4), this.drawable(period, item)) : amount
        call.draws.push({ period, item, amount: rounded })
      }
    call.price = of(price)
    call.coveredSeconds = coveredSeconds
    this.balance = minus(this.balance, call.price)
  }
}

/** The calendar's period that a day lies in. */
function calendarOf(period: RandomPlan['period'], day: string): { from: string; to: string } {
  if (period === 'day') return { from: day, to: addDays(day, 1) }
  if (period === 'week') {
    const from = addDays(day, -((new Date(day).getUTCDay() + 6) % 7))
    return { from, to: addDays(from, 7) }
  }
  const [year = 0, month = 0] = day.split('-').map(Number)
  const first = (n: number) => new Date(Date.UTC(year, month - 1 + n, 1)).toISOString().slice(0, 10)
  return { from: first(0), to: first(1) }
}

const formats = new Map<string, Intl.DateTimeFormat>()
export function dayOf(instant: number, timeZone: string): string {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  formats.set(timeZone, format)
  return format.format(instant)
}

/** The first quarter of an hour of the day. */
export function startOf(day: string, timeZone: string): number {
  let at = Date.parse(day) - 15 * 3_600_000
  while (dayOf(at, timeZone) < day) at += 900_000
  return at
}

function roundDown(amount: Fraction, digits: number): Fraction {
  const scale = 10n ** BigInt(digits)
  return over({ top: (amount.top * scale) / amount.bottom, bottom: 1n }, { top: scale, bottom: 1n })
}

function roundUp(amount: Fraction, digits: number): Fraction {
  return negated(
    roundDown(
      minus(
        negated(amount),
        over(
          { top: amount.bottom - 1n, bottom: 1n },
          { top: amount.bottom * 10n ** BigInt(digits), bottom: 1n },
        ),
      ),
      digits,
    ),
  )
}
