/**
 * Tariffs for tests, written by plain names: a rate, decks and plans compiled as the service compiles them.
 * Every deck has one version, in force for all time, unless a test lists more.
 */
import type { Numbering } from '../../src/rating/normalize-number.ts'
import { normalizeNumber } from '../../src/rating/normalize-number.ts'
import type { Rate, Step } from '../../src/rating/rate.ts'
import { RateTable } from '../../src/rating/rate-table.ts'
import type {
  PlanEntry,
  RateDeckVersion,
  RatingPlanVersion,
  RatingProfile,
  Rounding,
  Tariffs,
} from '../../src/rating/tariff.ts'

export function aStep(step: Partial<Step> = {}): Step {
  return { fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 1, ...step }
}

export function aRate(rate: Partial<Rate> = {}): Rate {
  return {
    prefix: '34',
    destination: 'Spain',
    connectFee: '0',
    steps: [aStep()],
    minimumPrice: null,
    maximumPrice: null,
    maximumPriceAction: 'free',
    blocked: false,
    graceSeconds: 0,
    highRisk: null,
    ...rate,
  }
}

export function anEntry(rateDeckId: string, entry: Partial<PlanEntry> = {}): PlanEntry {
  return { rateDeckId, weight: 10, days: null, from: '00:00', to: '24:00', originPrefixes: null, ...entry }
}

const fourUp: Rounding = { mode: 'up', decimals: 4 }

export interface TariffSetup {
  decks: Record<string, { rounding?: Rounding; rates: readonly Rate[] }>
  plans: Record<string, { timeZone?: string | null; entries: PlanEntry[] }>
  profiles?: { plan: string; activatesAt: string }[]
  timeZone?: string
  numbering?: Numbering | null
}

export interface TestTariffs {
  tariffs: Tariffs
  profiles: RatingProfile[]
  timeZone: string
  /** Callers are not known unless a test says who calls. */
  from: string | null
  numbering: Numbering | null
}

export function tariffsOf(setup: TariffSetup): TestTariffs {
  const decks = new Map<string, RateDeckVersion>()
  for (const [rateDeckId, { rounding = fourUp, rates }] of Object.entries(setup.decks)) {
    if (rates.length > 0)
      decks.set(rateDeckId, { rateDeckId, version: 1, rounding, table: RateTable.compile(rates) })
  }
  const plans = new Map<string, RatingPlanVersion>()
  for (const [ratingPlanId, { timeZone = null, entries }] of Object.entries(setup.plans)) {
    plans.set(ratingPlanId, { ratingPlanId, version: 1, timeZone, entries })
  }
  const listed = setup.profiles ?? [
    { plan: Object.keys(setup.plans)[0] ?? '', activatesAt: '2010-01-01T00:00:00Z' },
  ]
  const profiles = listed.map(({ plan, activatesAt }, index) => ({
    ratingProfileId: `profile-${index + 1}`,
    ratingPlanId: plan,
    activatesAt: Date.parse(activatesAt),
  }))
  profiles.sort((a, b) => a.activatesAt - b.activatesAt)
  return {
    tariffs: { findPlan: (id) => plans.get(id), findDeck: (id) => decks.get(id) },
    profiles,
    timeZone: setup.timeZone ?? 'UTC',
    from: null,
    numbering: setup.numbering ?? null,
  }
}

/** One deck of these rates in one plan around the clock. */
export function oneDeck(rates: Rate[], rounding: Rounding = fourUp): TestTariffs {
  return tariffsOf({
    decks: { 'deck-1': { rounding, rates } },
    plans: { 'plan-1': { entries: [anEntry('deck-1')] } },
  })
}

export function digitsOf(to: string): string {
  const digits = normalizeNumber(to, null)
  if (digits === undefined) throw new Error(`${to} is no number`)
  return digits
}
