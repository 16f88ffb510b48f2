/**
 * Worked cases in short, as `cases.json` has them, and in full.
 *
 * - deck: `["up 4", rate, …]`; rate: `34 0.06/60+60 60>0.06/60+1 fee=0.15 min=0.03 max=0.25 hang-up blocked grace=5`, a
 *   step being `fromSecond>rate/perSeconds+incrementSeconds`
 * - plan: `["Europe/Madrid"?, "deck weight days|* from-to 1212,1305?", …]`, at the end callers' prefixes; profile: `plan activatesAt`
 * - call: `to answeredAt durationSeconds from?`; expect: a price, or the reason there is none
 */
import { isRoundingMode } from '../../src/money.ts'
import type { Rate } from '../../src/rating/rate.ts'
import type { PlanEntry, Rounding } from '../../src/rating/tariff.ts'
import { aRate, aStep } from './tariff-builders.ts'

type CaseEntry = Omit<PlanEntry, 'rateDeckId' | 'originPrefixes'> & {
  deck: string
  originPrefixes?: string[] | null
}

export interface WorkedCase {
  id: string
  setup: {
    client: { timeZone: string }
    decks: Record<string, { rounding: Rounding; rates: Rate[] }>
    plans: Record<string, { timeZone: string | null; entries: CaseEntry[] }>
    profiles: { plan: string; activatesAt: string }[]
  }
  call: { to: string; from?: string; answeredAt: string; durationSeconds: number }
  expect: { priced: true; price: string } | { priced: false; reason: string }
  how?: string
}

export interface ShortCase {
  id: string
  how: string
  decks: Record<string, string[]>
  plans?: Record<string, string[]>
  profiles?: string[]
  timeZone?: string
  call: string
  expect: string
}

export function fullCase(short: ShortCase): WorkedCase {
  const { id, how, timeZone = 'UTC', expect } = short
  const { plans = { p: ['a 10 * 00:00-24:00'] }, profiles = ['p 2025-01-01T00:00:00Z'] } = short
  const [to = '', answeredAt = '', seconds, from] = short.call.split(' ')
  return {
    id,
    how,
    setup: {
      client: { timeZone },
      decks: mapValues(short.decks, fullDeck),
      plans: mapValues(plans, fullPlan),
      profiles: profiles.map((profile) => {
        const [plan = '', activatesAt = ''] = profile.split(' ')
        return { plan, activatesAt }
      }),
    },
    call: { to, answeredAt, durationSeconds: Number(seconds), ...(from && { from }) },
    expect: /^\d/.test(expect) ? { priced: true, price: expect } : { priced: false, reason: expect },
  }
}

function fullDeck([rounding = '', ...rates]: string[]): { rounding: Rounding; rates: Rate[] } {
  const [mode = '', decimals] = rounding.split(' ')
  if (!isRoundingMode(mode)) throw new Error(`"${rounding}" is no rounding`)
  return { rounding: { mode, decimals: Number(decimals) }, rates: rates.map(fullRate) }
}

function fullRate(text: string): Rate {
  const [prefix = '', ...words] = text.split(' ')
  const rate = aRate({ prefix, steps: [] })
  for (const word of words) {
    const [name, value = ''] = word.split('=')
    const step = /^(?:(\d+)>)?([\d.]+)\/(\d+)\+(\d+)$/.exec(word)
    if (step) {
      const [, from = '0', price = '', perSeconds, incrementSeconds] = step
      const numbers = { perSeconds: Number(perSeconds), incrementSeconds: Number(incrementSeconds) }
      rate.steps.push(aStep({ fromSecond: Number(from), rate: price, ...numbers }))
    } else if (name === 'fee') rate.connectFee = value
    else if (name === 'min') rate.minimumPrice = value
    else if (name === 'max') rate.maximumPrice = value
    else if (name === 'grace') rate.graceSeconds = Number(value)
    else if (name === 'hang-up') rate.maximumPriceAction = 'hang-up'
    else if (name === 'blocked') rate.blocked = true
    else throw new Error(`"${word}" of "${text}" says nothing`)
  }
  return rate
}

function fullPlan(lines: string[]): WorkedCase['setup']['plans'][string] {
  const [first = ''] = lines
  const hasZone = !first.includes(' ')
  return { timeZone: hasZone ? first : null, entries: lines.slice(hasZone ? 1 : 0).map(fullEntry) }
}

function fullEntry(line: string): CaseEntry {
  const [deck = '', weight, days = '*', times = '', origins] = line.split(' ')
  const [from = '', to = ''] = times.split('-')
  return {
    deck,
    weight: Number(weight),
    days: days === '*' ? null : [...days].map(Number),
    from,
    to,
    originPrefixes: origins?.split(',') ?? null,
  }
}

function mapValues<V, W>(record: Record<string, V>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
