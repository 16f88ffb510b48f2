/**
 * The tariff plan files of CGRateS as decks, plans and profiles.
 *
 * Each tag of DestinationRates.csv becomes a deck (one per rounding, where its rows differ in that), each tag of
 * RatingPlans.csv a plan whose windows are the timings, from their time of day to midnight, on the calendars of their dates,
 * and each row of
 * RatingProfiles.csv for the category `call` a client's profile. Prices agree but for rounding: there each
 * increment may be rounded, here a call once.
 * Source: the columns of the CSV files of CGRateS 0.9 to 0.11 (data/tariffplans/tutorial).
 */

import { normalizePrefix } from '../rating/prefix.ts'
import type { Step } from '../rating/rate.ts'
import type { Rounding } from '../rating/tariff.ts'
import type { RateInput } from '../tariffs/canonical-rate.ts'
import {
  addRate,
  groupBy,
  type ImportedCalendar,
  type ImportedDeck,
  type ImportedTariffs,
  isWeight,
  noTariffs,
  notAWeight,
  unsupportedRow,
  wholeWeights,
} from './imported-tariffs.ts'
import { readActivation } from './read-activation.ts'
import { readCgratesAllowances } from './read-cgrates-allowances.ts'
import { readCgratesTable } from './read-cgrates-table.ts'
import { readCgratesWindows, type Window } from './read-cgrates-windows.ts'
import { readSeconds } from './read-seconds.ts'
import type { TableRow } from './read-table.ts'

export interface CgratesOptions {
  /** ISO 4217: the files name none. */
  currency: string
  /** Zone of the timings; null: each client's own. */
  timeZone: string | null
  /** Whose profiles are taken, where the files hold those of several tenants. */
  tenant?: string | undefined
}

export async function readCgrates(folder: string, options: CgratesOptions): Promise<ImportedTariffs> {
  const moved = noTariffs()
  const leaveOut = (row: TableRow, why: string) => void moved.unequal.push(unsupportedRow(row, why))
  const table = async (file: Parameters<typeof readCgratesTable>[1]) => {
    const rows = await readCgratesTable(folder, file)
    if (!rows) moved.missing.push(file)
    return rows ?? []
  }
  /** Not everybody sells minutes. */
  const optional = async (file: Parameters<typeof readCgratesTable>[1]) =>
    (await readCgratesTable(folder, file)) ?? []

  const destinations = groupBy(await table('Destinations.csv'), readId)
  const rates = readRates(await table('Rates.csv'), leaveOut)
  const decks = readDecks(await table('DestinationRates.csv'), {
    destinations,
    rates,
    currency: options.currency,
    leaveOut,
  })
  moved.decks = [...decks.values()].flat().filter((deck) => deck.rates.size > 0)

  const timings = await table('Timings.csv')
  const windows = readCgratesWindows(timings, leaveOut)
  readPlans(await table('RatingPlans.csv'), { moved, decks, windows, options, leaveOut })
  const profiles = await table('RatingProfiles.csv')
  const accounts = await optional('AccountActions.csv')
  const tenant = chooseTenant([...profiles, ...accounts], options.tenant)
  readProfiles(profiles.filter(isOf(tenant)), { moved, leaveOut })
  readCgratesAllowances(
    {
      actions: await optional('Actions.csv'),
      actionPlans: await optional('ActionPlans.csv'),
      accounts: accounts.filter(isOf(tenant)),
      ...{ timings, destinations },
    },
    { moved, currency: options.currency, leaveOut },
  )
  return moved
}

type LeaveOut = (row: TableRow, why: string) => void
const readId = (row: TableRow) => row.get('Id') ?? ''

interface TimedRate {
  connectFee: string
  steps: Step[]
}

/** A tag with a row that has no equal is left out whole: half its steps would be another price. */
function readRates(rows: readonly TableRow[], leaveOut: LeaveOut): Map<string, TimedRate> {
  const rates = new Map<string, TimedRate>()
  for (const [tag, slots] of groupBy(rows, readId)) {
    const steps: Step[] = []
    const fees: string[] = []
    let isWhole = true
    for (const row of slots) {
      const [perSeconds, incrementSeconds, fromSecond] = [
        row.get('RateUnit'),
        row.get('RateIncrement'),
        row.get('GroupIntervalStart'),
      ].map(readSeconds)
      const rate = row.get('Rate')
      if (rate === null || !perSeconds || !incrementSeconds || fromSecond === undefined) {
        leaveOut(row, 'unit, increment and interval start are whole seconds with a unit, such as 60s')
        isWhole = false
        continue
      }
      steps.push({ fromSecond, rate, perSeconds, incrementSeconds })
      fees.push(row.get('ConnectFee') ?? '0')
      if (fromSecond > 0 && Number(fees.at(-1)) > 0) {
        leaveOut(
          row,
          'a call has one connect fee, that of its first interval; the interval is taken without it',
        )
        fees[fees.length - 1] = '0'
      }
    }
    const first = steps.findIndex(({ fromSecond }) => fromSecond === 0)
    if (!isWhole) continue
    rates.set(tag, {
      connectFee: fees[Math.max(first, 0)] ?? '0',
      steps: steps.sort((a, b) => a.fromSecond - b.fromSecond),
    })
  }
  return rates
}

const finestDecimals = 6
const roundingModes: Record<string, Rounding['mode']> = { '*up': 'up', '*middle': 'half-up', '*down': 'down' }

function readDecks(
  rows: readonly TableRow[],
  from: {
    destinations: ReadonlyMap<string, readonly TableRow[]>
    rates: ReadonlyMap<string, TimedRate>
    currency: string
    leaveOut: LeaveOut
  },
): Map<string, ImportedDeck[]> {
  const { destinations, rates, currency, leaveOut } = from
  const decks = new Map<string, ImportedDeck[]>()
  /** Tags that are named already: 20 decimals, which there is as much as no rounding, stand in each of their rows. */
  const tooFine = new Set<string>()
  for (const row of rows) {
    const tag = row.get('Id') ?? ''
    const mode = roundingModes[row.get('RoundingMethod') ?? '*up']
    const wanted = Number(row.get('RoundingDecimals') ?? '4')
    if (!mode || !Number.isInteger(wanted) || wanted < 0) {
      leaveOut(row, 'a deck rounds *up, *middle or *down to 0 to 6 decimals')
      continue
    }
    const decimals = Math.min(wanted, finestDecimals)
    if (wanted > finestDecimals && !tooFine.has(tag)) {
      tooFine.add(tag)
      leaveOut(row, `a price has at most ${finestDecimals} decimals: the tag is taken with ${finestDecimals}`)
    }
    const rate = rates.get(row.get('RatesId') ?? '')
    if (!rate) {
      leaveOut(row, 'its rate is not there, or was left out')
      continue
    }
    const deck = findDeck(decks, { tag, currency, rounding: { mode, decimals } })
    const destination = row.get('DestinationId') ?? ''
    const prefixes =
      destination === '*any' ? ['*'] : destinations.get(destination)?.map((one) => one.get('Prefix'))
    if (!prefixes) leaveOut(row, `the destination ${destination} has no prefixes`)
    const terms: Omit<RateInput, 'prefix'> = {
      destination: destination === '*any' ? 'Anywhere' : destination,
      ...rate,
      ...readMaximum(row, leaveOut),
    }
    for (const prefix of prefixes ?? []) {
      const why = addRate(deck, { ...terms, prefix: normalizePrefix(prefix ?? '') ?? prefix ?? '' })
      if (why !== undefined) leaveOut(row, `${prefix}: ${why}`)
    }
  }
  return decks
}

/** Without a strategy a `MaxCost` caps nothing there. */
function readMaximum(
  row: TableRow,
  leaveOut: LeaveOut,
): Pick<RateInput, 'maximumPrice' | 'maximumPriceAction'> {
  const [cost, strategy] = [row.get('MaxCost'), row.get('MaxCostStrategy')]
  if (cost === null || strategy === null || Number(cost) === 0) return {}
  if (strategy === '*free') return { maximumPrice: cost, maximumPriceAction: 'free' }
  if (strategy === '*disconnect') return { maximumPrice: cost, maximumPriceAction: 'hang-up' }
  leaveOut(row, `the strategy ${strategy} of its maximum cost is not known; it is taken without`)
  return {}
}

/** The deck of this tag and rounding; a second rounding of a tag gets a name of its own. */
function findDeck(
  decks: Map<string, ImportedDeck[]>,
  { tag, currency, rounding }: { tag: string; currency: string; rounding: Rounding },
): ImportedDeck {
  const ofTag = decks.get(tag) ?? []
  decks.set(tag, ofTag)
  const { mode, decimals } = rounding
  const found = ofTag.find((deck) => deck.rounding.mode === mode && deck.rounding.decimals === decimals)
  if (found) return found
  const name = ofTag.length === 0 ? tag : `${tag} (${mode} ${decimals})`
  const deck: ImportedDeck = { name, currency, rounding, rates: new Map() }
  ofTag.push(deck)
  return deck
}

function readPlans(
  rows: readonly TableRow[],
  from: {
    moved: ImportedTariffs
    decks: ReadonlyMap<string, readonly ImportedDeck[]>
    windows: ReadonlyMap<string, Window>
    options: CgratesOptions
    leaveOut: LeaveOut
  },
): void {
  const { moved, decks, windows, options, leaveOut } = from
  const calendars = new Map<string, ImportedCalendar>()
  for (const [name, entryRows] of groupBy(rows, readId)) {
    const entries = entryRows.flatMap((row) => {
      const ofTag = (decks.get(row.get('DestinationRatesId') ?? '') ?? []).filter(
        (deck) => deck.rates.size > 0,
      )
      const window = windows.get(row.get('TimingId') ?? '*any')
      if (ofTag.length === 0) leaveOut(row, 'its destination rates are not there, or were left out')
      else if (!window) leaveOut(row, 'its timing is not there, or was left out')
      if (!window) return []
      const weight = row.get('Weight') ?? '0'
      if (ofTag.length > 0 && !isWeight(weight)) {
        leaveOut(row, notAWeight)
        return []
      }
      const { calendar, ...times } = window
      if (calendar && ofTag.length > 0) calendars.set(calendar.name, calendar)
      return ofTag.map((deck) => ({
        ...{ deck: deck.name, weight, ...times },
        ...(calendar && { onCalendar: calendar.name }),
      }))
    })
    if (entries.length === 0) continue
    moved.plans.push({
      name,
      currency: options.currency,
      timeZone: options.timeZone,
      entries: wholeWeights(entries),
    })
  }
  moved.calendars = [...calendars.values()]
}

/** A subject is a client of its tenant: of two tenants, two clients may be called alike. Throws where none is chosen. */
function chooseTenant(rows: readonly TableRow[], asked: string | undefined): string | undefined {
  const tenants = [...groupBy(rows, readTenant).keys()]
  const told = tenants.join(', ')
  if (asked !== undefined) {
    if (tenants.includes(asked)) return asked
    throw new Error(`The profiles have no tenant "${asked}"${told === '' ? '' : `, only ${told}`}.`)
  }
  if (tenants.length <= 1) return tenants[0]
  throw new Error(`The profiles are of several tenants: ${told}. Say which one by --tenant.`)
}

const readTenant = (row: TableRow) => row.get('Tenant') ?? ''
const isOf = (tenant: string | undefined) => (row: TableRow) => readTenant(row) === tenant

function readProfiles(
  rows: readonly TableRow[],
  { moved, leaveOut }: { moved: ImportedTariffs; leaveOut: LeaveOut },
): void {
  for (const row of rows) {
    const [subject, plan] = [row.get('Subject'), row.get('RatingPlanId') ?? '']
    const activatesAt = readActivation(row.get('ActivationTime'))
    if (row.get('Category') !== 'call') leaveOut(row, 'only calls are priced')
    else if (subject === null || subject === '*any') leaveOut(row, 'a profile belongs to one client')
    else if (activatesAt === undefined) leaveOut(row, 'its activation time is not a valid timestamp')
    else if (!moved.plans.some(({ name }) => name === plan))
      leaveOut(row, `the plan ${plan} is not there, or was left out`)
    else {
      if (row.get('RatesFallbackSubject') !== null) {
        leaveOut(row, 'no profile falls back to another one; it is taken without')
      }
      moved.profiles.push({ client: subject, plan, activatesAt: new Date(activatesAt).toISOString(), row })
    }
  }
}
