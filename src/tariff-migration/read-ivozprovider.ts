/**
 * The rate tables of IvozProvider, one CSV file per table with a heading, as decks, plans and profiles.
 *
 * DestinationRateGroups are decks, DestinationRates with Destinations their rates (per minute), RatingPlanGroups
 * plans, RatingPlans their entries, RatingProfiles of companies the clients' profiles. Activation times are UTC.
 * Ids are the keys, names are not: groups of one name get their ids behind it. Of a platform's dump one brand is read.
 * Source: the database mapping of IvozProvider 3 and 4.
 */
import { normalizePrefix } from '../rating/prefix.ts'
import {
  addRate,
  groupBy,
  type ImportedDeck,
  type ImportedEntry,
  type ImportedPlan,
  type ImportedTariffs,
  isWeight,
  noTariffs,
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
  /** Id or name of the brand that is read, where the files hold several. */
  fromBrand?: string | undefined
}

const weekDays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
/** As its rating engine is set up. */
const rounding = { mode: 'up', decimals: 4 } as const

export async function readIvozProvider(
  folder: string,
  options: IvozProviderOptions,
): Promise<ImportedTariffs> {
  const moved = noTariffs()
  const leaveOut = (row: TableRow, why: string) => void moved.unequal.push(unsupportedRow(row, why))
  const table = async (name: string) => {
    const file = `${name}.csv`
    const rows = await readTable(folder, { file, needed: [['id']] })
    if (!rows) moved.missing.push(file)
    return rows ?? []
  }
  const readName = (row: TableRow) =>
    row.get(`name_${options.language}`, 'name') ?? row.get('name_en', 'name_es') ?? ''

  const currencies = byId(await table('Currencies'))
  const readCurrency = (row: TableRow) =>
    currencies.get(row.get('currencyId') ?? '')?.get('iden') ?? options.currency
  const groups = await table('DestinationRateGroups')
  const planGroups = await table('RatingPlanGroups')
  const companies = await table('Companies')
  const brands = (await readTable(folder, { file: 'Brands.csv', needed: [['id']] })) ?? []
  const fixedCosts = (await readTable(folder, { file: 'FixedCosts.csv', needed: [['id']] })) ?? []
  const isForeign = foreignTo(
    chooseBrand([...groups, ...planGroups, ...companies, ...fixedCosts], brands, options.fromBrand),
  )
  const foreign = {
    groups: collectIds(groups.filter(isForeign)),
    plans: collectIds(planGroups.filter(isForeign)),
    companies: collectIds(companies.filter(isForeign)),
  }

  const decks = new Map<string, Deck>()
  const deckNames = uniqueNames(groups.filter(not(isForeign)), readName, leaveOut)
  for (const [id, { row, name }] of deckNames) {
    const isFeeDeducted = row.get('deductibleConnectionFee') === '1'
    decks.set(id, { name, currency: readCurrency(row), rounding, rates: new Map(), isFeeDeducted })
  }
  const destinations = byId(await table('Destinations'))
  for (const row of await table('DestinationRates')) {
    if (foreign.groups.has(row.get('destinationRateGroupId') ?? '')) continue
    const why = readRate(row, { decks, destinations, readName })
    if (why !== undefined) leaveOut(row, why)
  }
  moved.decks = [...decks.values()]
    .filter(({ rates }) => rates.size > 0)
    .map(({ isFeeDeducted: _isFeeDeducted, ...deck }) => deck)

  const entryRows = groupBy(await table('RatingPlans'), (row) => row.get('ratingPlanGroupId') ?? '')
  const planNames = uniqueNames(planGroups.filter(not(isForeign)), readName, leaveOut)
  const plans = new Map<string, ImportedPlan>()
  for (const [id, { row, name }] of planNames) {
    const currency = readCurrency(row)
    const entries = (entryRows.get(id) ?? []).flatMap((entry) =>
      readEntry(entry, { decks, currency, leaveOut }),
    )
    if (entries.length === 0) leaveOut(row, 'a plan needs an entry')
    else plans.set(id, { name, currency, timeZone: options.timeZone, entries: wholeWeights(entries) })
  }
  moved.plans = [...plans.values()]
  const ownCompanies = byId(companies.filter(not(isForeign)))
  for (const row of await table('RatingProfiles')) {
    if (foreign.companies.has(row.get('companyId') ?? '')) continue
    if (foreign.plans.has(row.get('ratingPlanGroupId') ?? '')) continue
    const why = readProfile(row, { moved, plans, companies: ownCompanies })
    if (why !== undefined) leaveOut(row, why)
  }
  const ownCosts = fixedCosts.filter(not(isForeign))
  for (const { row, name } of uniqueNames(ownCosts, readName, leaveOut).values()) {
    const price = row.get('cost', 'price')
    if (price === null || !/^\d{1,12}(\.\d{1,6})?$/.test(price)) {
      leaveOut(row, 'a fixed cost has a price of at most 6 decimals')
    } else moved.fixedCosts.push({ name, price, currency: readCurrency(row), row })
  }
  return moved
}

/** Whose connect fee the price of the first seconds is taken off of costs the fee at least. */
type Deck = ImportedDeck & { isFeeDeducted: boolean }

type LeaveOut = (row: TableRow, why: string) => void
type NameOf = (row: TableRow) => string

function byId(rows: readonly TableRow[]): Map<string, TableRow> {
  return new Map(rows.map((row) => [row.get('id') ?? '', row]))
}

const collectIds = (rows: readonly TableRow[]) => new Set(rows.map((row) => row.get('id') ?? ''))
const not = (test: (row: TableRow) => boolean) => (row: TableRow) => !test(row)

/** The id of the brand that is read; undefined: the files name none. Throws where they name several and none is asked for. */
function chooseBrand(
  owned: readonly TableRow[],
  brands: readonly TableRow[],
  asked: string | undefined,
): string | undefined {
  const ids = new Set(owned.flatMap((row) => row.get('brandId') ?? []))
  const names = new Map(brands.map((row) => [row.get('id') ?? '', row.get('name')]))
  const listed = [...ids].map((id) => (names.get(id) ? `${id} (${names.get(id)})` : id)).join(', ')
  if (asked !== undefined) {
    const id = [...ids].find((one) => one === asked || names.get(one) === asked)
    if (id !== undefined) return id
    throw new Error(`These files have no brand "${asked}"${listed ? `, only ${listed}` : ''}.`)
  }
  if (ids.size <= 1) return [...ids][0]
  throw new Error(`These files hold several brands: ${listed}. Say which one by --from-brand.`)
}

/** What says no brand belongs to the one that is read. */
function foreignTo(brandId: string | undefined): (row: TableRow) => boolean {
  return (row) => brandId !== undefined && (row.get('brandId') ?? brandId) !== brandId
}

/** Each group by its id, with a name of its own. */
function uniqueNames(
  rows: readonly TableRow[],
  nameOf: NameOf,
  leaveOut: LeaveOut,
): Map<string, { row: TableRow; name: string }> {
  const byName = groupBy(rows, nameOf)
  const named = new Map<string, { row: TableRow; name: string }>()
  for (const row of rows) {
    const id = row.get('id') ?? ''
    const name = nameOf(row)
    const isAlone = byName.get(name)?.length === 1
    const own = name === '' ? id : isAlone ? name : `${name} (${id})`
    if (!isAlone && name !== '') leaveOut(row, `several are called "${name}": this one is taken as "${own}"`)
    named.set(id, { row, name: own })
  }
  return named
}

/** Answers why it was left out. */
function readRate(
  row: TableRow,
  from: {
    decks: ReadonlyMap<string, Deck>
    destinations: ReadonlyMap<string, TableRow>
    readName: NameOf
  },
): string | undefined {
  const { decks, destinations, readName } = from
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
  const fee = row.get('connectFee') ?? '0'
  return addRate(deck, {
    prefix,
    destination: readName(destination) || prefix,
    ...(deck.isFeeDeducted ? { minimumPrice: Number(fee) === 0 ? null : fee } : { connectFee: fee }),
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
    plans: ReadonlyMap<string, ImportedPlan>
    companies: ReadonlyMap<string, TableRow>
  },
): string | undefined {
  const { moved, plans, companies } = from
  if (row.get('companyId') === null) return "it is a carrier's: what carriers charge is not kept"
  if (row.get('routingTagId') !== null) return 'prices do not depend on a routing tag'
  const plan = plans.get(row.get('ratingPlanGroupId') ?? '')?.name
  if (plan === undefined) return 'its plan is not there, or was left out'
  const activatesAt = readActivation(row.get('activationTime'))
  if (activatesAt === undefined) return 'its activation time is not a valid timestamp'
  const company = companies.get(row.get('companyId') ?? '')
  const client =
    company?.get('domain_users', 'domain') ?? company?.get('name') ?? `company ${row.get('companyId')}`
  moved.profiles.push({ client, plan, activatesAt: new Date(activatesAt).toISOString(), row })
  return undefined
}
