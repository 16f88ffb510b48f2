/**
 * The rate tables of IvozProvider, one CSV file per table with a heading, as decks, plans and profiles.
 *
 * DestinationRateGroups are decks, DestinationRates with Destinations their rates (per minute), RatingPlanGroups
 * plans, RatingPlans their entries, RatingProfiles of companies the clients' profiles. Activation times are UTC.
 * Source: the database mapping of IvozProvider 3 and 4.
 */
import { normalizePrefix } from '../rating/prefix.ts'
import {
  addRate,
  type ImportedDeck,
  type ImportedEntry,
  type ImportedTariffs,
  isWeight,
  notAWeight,
  unsupportedRow,
  wholeWeights,
} from './imported-tariffs.ts'
import { readActivation } from './read-activation.ts'
import { readSeconds } from './read-seconds.ts'
import { readTable, type TableRow } from './read-table.ts'

export interface IvozProviderOptions {
  /** ISO 4217, of groups that name none. */
  currency: string
  /** Zone of the windows; null: each client's own. */
  timeZone: string | null
  /** Which of the names in several languages: `en`, `es` … */
  language: string
}

const weekDays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
/** As its rating engine is set up. */
const rounding = { mode: 'up', decimals: 4 } as const

export async function readIvozProvider(
  folder: string,
  options: IvozProviderOptions,
): Promise<ImportedTariffs> {
  const moved: ImportedTariffs = { decks: [], plans: [], profiles: [], unequal: [], missing: [] }
  const leaveOut = (row: TableRow, why: string) => void moved.unequal.push(unsupportedRow(row, why))
  const table = async (name: string) => {
    const file = `${name}.csv`
    const rows = await readTable(folder, { file, headingWords: ['id'] })
    if (!rows) moved.missing.push(file)
    return rows ?? []
  }
  const nameOf = (row: TableRow) =>
    row.get(`name_${options.language}`, 'name') ?? row.get('name_en', 'name_es') ?? ''

  const currencies = byId(await table('Currencies'))
  const currencyOf = (row: TableRow) =>
    currencies.get(row.get('currencyId') ?? '')?.get('iden') ?? options.currency
  const decks = new Map<string, ImportedDeck>()
  for (const row of await table('DestinationRateGroups')) {
    if (row.get('deductibleConnectionFee') === '1') {
      leaveOut(
        row,
        'a connect fee is never taken off the price of the first seconds: the group and its rates are left out',
      )
      continue
    }
    decks.set(row.get('id') ?? '', {
      name: nameOf(row),
      currency: currencyOf(row),
      rounding,
      rates: new Map(),
    })
  }
  const destinations = byId(await table('Destinations'))
  for (const row of await table('DestinationRates')) {
    const why = readRate(row, { decks, destinations, nameOf })
    if (why !== undefined) leaveOut(row, why)
  }
  moved.decks = [...decks.values()].filter(({ rates }) => rates.size > 0)

  const entryRows = await table('RatingPlans')
  const plans = byId(await table('RatingPlanGroups'))
  for (const [id, row] of plans) {
    const currency = currencyOf(row)
    const entries = entryRows
      .filter((entry) => entry.get('ratingPlanGroupId') === id)
      .flatMap((entry) => readEntry(entry, { decks, currency, leaveOut }))
    if (entries.length === 0) leaveOut(row, 'a plan needs an entry')
    else
      moved.plans.push({
        name: nameOf(row),
        currency,
        timeZone: options.timeZone,
        entries: wholeWeights(entries),
      })
  }
  const companies = byId(await table('Companies'))
  for (const row of await table('RatingProfiles')) {
    const why = readProfile(row, { moved, plans, companies, nameOf })
    if (why !== undefined) leaveOut(row, why)
  }
  return moved
}

type LeaveOut = (row: TableRow, why: string) => void
type NameOf = (row: TableRow) => string

function byId(rows: readonly TableRow[]): Map<string, TableRow> {
  return new Map(rows.map((row) => [row.get('id') ?? '', row]))
}

/** Answers why it was left out. */
function readRate(
  row: TableRow,
  from: {
    decks: ReadonlyMap<string, ImportedDeck>
    destinations: ReadonlyMap<string, TableRow>
    nameOf: NameOf
  },
): string | undefined {
  const { decks, destinations, nameOf } = from
  const deck = decks.get(row.get('destinationRateGroupId') ?? '')
  const destination = destinations.get(row.get('destinationId') ?? '')
  const incrementSeconds = readSeconds(row.get('rateIncrement'))
  const fromSecond = readSeconds(row.get('groupIntervalStart') ?? '0s')
  const rate = row.get('rate', 'cost')
  if (!deck) return 'its group is not there, or was left out'
  if (!destination) return 'its destination is not there'
  if (!incrementSeconds || fromSecond === undefined || rate === null) {
    return 'increment and interval start are whole seconds, such as 60s'
  }
  const given = destination.get('prefix') ?? ''
  const prefix = normalizePrefix(given) ?? given
  return addRate(deck, {
    prefix,
    destination: nameOf(destination) || prefix,
    connectFee: row.get('connectFee') ?? '0',
    steps: [{ fromSecond, rate, perSeconds: 60, incrementSeconds }],
  })
}

function readEntry(
  row: TableRow,
  from: { decks: ReadonlyMap<string, ImportedDeck>; currency: string; leaveOut: LeaveOut },
): (Omit<ImportedEntry, 'weight'> & { weight: string })[] {
  const { decks, currency, leaveOut } = from
  const deck = decks.get(row.get('destinationRateGroupId') ?? '')
  const none = (why: string) => {
    leaveOut(row, why)
    return []
  }
  if (!deck || deck.rates.size === 0) return none('its destination rates are not there, or were left out')
  if (deck.currency !== currency) return none(`its rates are in ${deck.currency}, its plan in ${currency}`)
  const entry = { deck: deck.name, weight: row.get('weight') ?? '10' }
  if (!isWeight(entry.weight)) return none(notAWeight)
  if ((row.get('timing_type') ?? 'always') === 'always')
    return [{ ...entry, days: null, from: '00:00', to: '24:00' }]
  const time = /^([01]\d|2[0-3]):([0-5]\d)(?::00)?$/.exec(row.get('time_in') ?? '00:00:00')
  if (!time) return none('a window opens at a full minute')
  const days = weekDays.flatMap((day, i) => (row.get(day) === '1' ? [i + 1] : []))
  if (days.length === 0) return none('it is open on no day')
  return [{ ...entry, days: days.length === 7 ? null : days, from: `${time[1]}:${time[2]}`, to: '24:00' }]
}

/** Answers why it was left out. */
function readProfile(
  row: TableRow,
  from: {
    moved: ImportedTariffs
    plans: ReadonlyMap<string, TableRow>
    companies: ReadonlyMap<string, TableRow>
    nameOf: NameOf
  },
): string | undefined {
  const { moved, plans, companies, nameOf } = from
  if (row.get('companyId') === null) return "it is a carrier's: what carriers charge is not kept"
  if (row.get('routingTagId') !== null) return 'prices do not depend on a routing tag'
  const planRow = plans.get(row.get('ratingPlanGroupId') ?? '')
  const plan = planRow ? nameOf(planRow) : ''
  if (!moved.plans.some(({ name }) => name === plan)) return 'its plan is not there, or was left out'
  const activatesAt = readActivation(row.get('activationTime'))
  if (activatesAt === undefined) return 'its activation time is not a valid timestamp'
  const company = companies.get(row.get('companyId') ?? '')
  const client =
    company?.get('domain_users', 'domain') ?? company?.get('name') ?? `company ${row.get('companyId')}`
  moved.profiles.push({ client, plan, activatesAt: new Date(activatesAt).toISOString(), row })
  return undefined
}
