/**
 * What does a call cost by the rules as they are written? The second opinion on every price.
 *
 * As slowly as possible: one increment after another, every prefix and window asked anew with luxon, each amount a
 * fraction. Shares nothing with `rating/` but its types; that is held equal to this by tests and by `tollgate verify`.
 */
import { DateTime } from 'luxon'
import type { Rate } from '../rating/rate.ts'
import type { EntryCalendar, PlanEntry, RatingProfile, Rounding } from '../rating/tariff.ts'

export interface NaiveTariffs {
  decks: Record<string, { rounding?: Rounding; rates: readonly Rate[] }>
  plans: Record<string, { timeZone?: string | null; entries: PlanEntry[] }>
}

export interface NaiveCall {
  to: string
  /** The caller's digits; null: not known. */
  from: string | null
  answeredAt: number
  durationSeconds: number
  timeZone: string
  profiles: readonly RatingProfile[]
}

interface Met {
  rate: Rate
  rounding: Rounding
}

export type NaiveFraction = [n: bigint, d: bigint]

export interface NaiveIncrement {
  /** Where it starts. */
  second: number
  seconds: number
  price: NaiveFraction
  /** Of the first increment: what the call costs to connect; null: it is not the first, or there is no fee. */
  fee: NaiveFraction | null
}

/** What of an increment is paid by something else than money. */
export type NaiveCover = (increment: NaiveIncrement) => { increment: boolean; fee: boolean }

export function naivePrice(
  tariffs: NaiveTariffs,
  call: NaiveCall,
  cover: NaiveCover = () => ({ increment: false, fee: false }),
): string {
  const active = call.profiles.filter(({ activatesAt }) => activatesAt <= call.answeredAt)
  if (active.length === 0) return 'no_rating_profile'
  let inForce = active.length - 1
  const first = meet(tariffs, call, { profile: inForce, at: call.answeredAt })
  if (!first) return 'destination_not_priced'
  if (first.rate.blocked) return 'destination_blocked'
  if (call.durationSeconds === 0 || call.durationSeconds < first.rate.graceSeconds) return '0'
  const fee = readFraction(first.rate.connectFee)
  let sum: NaiveFraction = plus([0n, 1n], fee)
  let isFirst = true
  let met = first
  let rounding = first.rounding
  let billed = 0
  let second = first.rate.steps[0]?.fromSecond ?? 0
  while (second < call.durationSeconds) {
    const at = call.answeredAt + second * 1000
    for (let profile = call.profiles.length - 1; profile >= inForce; profile -= 1) {
      if ((call.profiles[profile]?.activatesAt ?? 0) > at) continue
      const found = meet(tariffs, call, { profile, at })
      if (!found || found.rate.blocked || (found.rate.steps[0]?.fromSecond ?? 0) > second) continue
      met = found
      inForce = profile
      break
    }
    const step = met.rate.steps.filter(({ fromSecond }) => fromSecond <= second).at(-1)
    if (!step) throw new Error('no step in force')
    const [n, d] = readFraction(step.rate)
    const price: NaiveFraction = [n * BigInt(step.incrementSeconds), d * BigInt(step.perSeconds)]
    const seconds = step.incrementSeconds
    const paid = cover({ second, seconds, price, fee: isFirst && fee[0] > 0n ? fee : null })
    isFirst = false
    if (paid.fee) sum = plus(sum, [-fee[0], fee[1]])
    if (!paid.increment) {
      sum = plus(sum, price)
      billed += seconds
    }
    if (met.rounding.decimals > rounding.decimals) rounding = met.rounding
    second += step.incrementSeconds
  }
  return limited(rounded(sum, rounding), first.rate, billed)
}

function meet(
  tariffs: NaiveTariffs,
  call: NaiveCall,
  when: { profile: number; at: number },
): Met | undefined {
  const plan = tariffs.plans[call.profiles[when.profile]?.ratingPlanId ?? '']
  // Most plans have no window, and the clock is what costs time here.
  let read: LocalTime | undefined
  const local = () => {
    read ??= localTime(when.at, plan?.timeZone ?? call.timeZone)
    return read
  }
  for (let digits = call.from?.length ?? 0; digits >= 0; digits -= 1) {
    const origin = digits === 0 ? null : (call.from?.slice(0, digits) ?? null)
    const entries = plan?.entries.filter(({ originPrefixes }) =>
      origin === null ? originPrefixes === null : originPrefixes?.includes(origin),
    )
    const met = meetAmong(entries ?? [], tariffs, { to: call.to, local })
    if (met) return met
  }
  return undefined
}

function meetAmong(
  entries: readonly PlanEntry[],
  tariffs: NaiveTariffs,
  call: { to: string; local: () => LocalTime },
): Met | undefined {
  for (let length = call.to.length; length >= 0; length -= 1) {
    const prefix = length === 0 ? '*' : call.to.slice(0, length)
    let best: { met: Met; weight: number; begin: number } | undefined
    for (const entry of entries) {
      const deck = tariffs.decks[entry.rateDeckId]
      const rate = deck?.rates.find((one) => one.prefix === prefix)
      const begin = findBegin(entry, call.local)
      if (!rate || begin === undefined) continue
      const isBetter =
        !best || entry.weight > best.weight || (entry.weight === best.weight && begin > best.begin)
      const rounding = deck?.rounding ?? { mode: 'up', decimals: 4 }
      if (isBetter) best = { met: { rate, rounding }, weight: entry.weight, begin }
    }
    if (best) return best.met
  }
  return undefined
}

/** Begin of the open window as a number that sorts by local day and time; undefined: closed. */
function findBegin(entry: PlanEntry, clock: () => LocalTime): number | undefined {
  const days = entry.days ?? [1, 2, 3, 4, 5, 6, 7]
  if (days.length === 7 && entry.from === '00:00' && entry.to === '24:00' && !entry.calendar) return -1
  const local = clock()
  const isOpenOn = (day: number, weekday: number) =>
    days.includes(weekday) && (!entry.calendar || isOnDate(entry.calendar, day))
  const from = Number(entry.from.replace(':', ''))
  const to = Number(entry.to.replace(':', ''))
  if (from < to)
    return local.time >= from && local.time < to && isOpenOn(local.day, local.weekday)
      ? local.day + from
      : undefined
  if (local.time >= from && isOpenOn(local.day, local.weekday)) return local.day + from
  const yesterday = local.weekday === 1 ? 7 : local.weekday - 1
  return local.time < to && isOpenOn(local.day - 10_000, yesterday) ? local.day - 10_000 + from : undefined
}

function isOnDate({ mode, days }: EntryCalendar, sortedDay: number): boolean {
  const date = DateTime.fromMillis((sortedDay / 10_000) * 86_400_000, { zone: 'utc' })
  const isOn = days.some((day) => {
    if (typeof day === 'string') return day === date.toISODate()
    if ('month' in day) return day.month === date.month && day.day === date.day
    const sunday = date.minus({ days: day.easter })
    return sunday.toISODate() === easterOf(sunday.year)
  })
  return isOn === (mode === 'on')
}

/** By the full moon: the first Sunday after the ecclesiastical one on or after 21 March (Gauss). */
function easterOf(year: number): string | null {
  const century = Math.floor(year / 100)
  const solar = 15 + century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25)
  const golden = year % 19
  const moon = (19 * golden + solar) % 30
  const early = moon === 29 || (moon === 28 && golden > 10) ? 1 : 0
  const full = DateTime.utc(year, 3, 21).plus({ days: moon - early })
  return full.plus({ days: 7 - (full.weekday % 7) }).toISODate()
}

/** `day` sorts local days, `time` is the clock's four figures. */
interface LocalTime {
  day: number
  time: number
  weekday: number
}

function localTime(at: number, zone: string): LocalTime {
  const { year, month, day, hour, minute, weekday } = DateTime.fromMillis(at, { zone })
  return { day: (Date.UTC(year, month - 1, day) / 86_400_000) * 10_000, time: hour * 100 + minute, weekday }
}

function readFraction(text: string): [bigint, bigint] {
  const [whole = '0', decimals = ''] = text.split('.')
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)]
}

function plus([n, d]: NaiveFraction, [n2, d2]: NaiveFraction): NaiveFraction {
  return d === d2 ? [n + n2, d] : [n * d2 + n2 * d, d * d2]
}

/** In units of 10⁻⁶. */
function rounded([n, d]: [bigint, bigint], { mode, decimals }: Rounding): bigint {
  const scaled = n * 10n ** BigInt(decimals)
  const floor = scaled / d
  const rest = (scaled % d) * 2n
  const isUp =
    rest > 0n &&
    (mode === 'up' ||
      (mode === 'half-up' && rest >= d) ||
      (mode === 'half-even' && (rest > d || (rest === d && floor % 2n === 1n))))
  return (floor + (isUp ? 1n : 0n)) * 10n ** BigInt(6 - decimals)
}

function limited(units: bigint, rate: Rate, billed: number): string {
  const [minimum, maximum] = [rate.minimumPrice, rate.maximumPrice].map((text) => {
    if (text === null || billed === 0) return undefined
    const [n, d] = readFraction(text)
    return (n * 1_000_000n) / d
  })
  let price = units
  if (minimum !== undefined && price < minimum) price = minimum
  if (maximum !== undefined && rate.maximumPriceAction === 'free' && price > maximum) price = maximum
  return `${price / 1_000_000n}.${(price % 1_000_000n).toString().padStart(6, '0')}`.replace(/\.?0+$/, '')
}
