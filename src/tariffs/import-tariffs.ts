/**
 * How do tariffs of another system come into a brand? Decks, plans and profiles in one transaction: all of them or none.
 *
 * Everything is checked against what the brand has before the first row is written, and a dry run goes the whole way and
 * is then taken back. What is equal to what is there makes no version. Answers once this replica acts on it.
 */

import { readConfigurationVersion } from '../db/configuration/configuration-version.ts'
import type { Tx } from '../db/connection.ts'
import { loadCalendarDays } from '../db/tariffs/calendars.ts'
import { publishRateDeckVersion, setRateDeckRounding } from '../db/tariffs/rate-deck-versions.ts'
import { insertRatingPlan } from '../db/tariffs/rating-plans.ts'
import { type DeckDifferences, DeckStaging } from '../db/tariffs/staged-decks.ts'
import {
  insertRateDecks,
  insertRatingProfiles,
  type KnownRateDeck,
  type KnownTariff,
  lockKnownOfBrand,
  setSource,
} from '../db/tariffs/tariff-imports.ts'
import { asTenant, type Tenant } from '../db/tenant.ts'
import type { Rounding } from '../rating/tariff.ts'
import { newId } from '../uuid.ts'
import { changePlan } from './change-plan.ts'
import { type CheckedImport, checkTariffImport } from './check-tariff-import.ts'
import { hasDifference, type PublishContext } from './publish-rates.ts'
import type {
  DeckToImport,
  ImportedDeckOutcome,
  PlanToImport,
  TariffImport,
  TariffImportFault,
  TariffImportOutcome,
} from './tariff-import.ts'
import { writeCalendars } from './write-calendars.ts'

const maxNamedFaults = 100
const batchRates = 5_000

/** Carries the outcome out of a transaction that is rolled back. */
class NothingWritten extends Error {
  readonly outcome: TariffImportOutcome

  constructor(outcome: TariffImportOutcome) {
    super('the import of tariffs is taken back')
    this.outcome = outcome
  }
}

/** On a connection whose statements may take long. `tenant`: who the audit log says it was. Throws `NotFound` for a brand that is not there. */
export async function importTariffs(
  context: PublishContext,
  tenant: Tenant,
  order: TariffImport,
): Promise<TariffImportOutcome> {
  try {
    const { outcome, configurationVersion } = await asTenant(context.db, tenant, async (tx) => {
      const outcome = await writeTariffs(tx, order, context.leadSeconds)
      if (outcome.status !== 'applied') throw new NothingWritten(outcome)
      return { outcome, configurationVersion: await readConfigurationVersion(tx) }
    })
    await context.configuration.reach(configurationVersion)
    return outcome
  } catch (error) {
    if (error instanceof NothingWritten) return error.outcome
    throw error
  }
}

async function writeTariffs(tx: Tx, order: TariffImport, leadSeconds: number): Promise<TariffImportOutcome> {
  const known = await lockKnownOfBrand(tx, {
    brandId: order.brandId,
    rateDecks: order.rateDecks.map(({ name }) => name),
    ratingPlans: order.ratingPlans.map(({ name }) => name),
    clients: [...new Set(order.ratingProfiles.map(({ client }) => client))],
  })
  const checked = checkTariffImport(order, known, await findCalendars(tx, order))
  if (checked.errors.length > 0) return rejected(checked.errors)
  const decks = await writeDecks(tx, order, { known: known.rateDecks, checked, leadSeconds })
  const calendars = await writeCalendars(tx, { ...order, leadSeconds })
  const plans = await writePlans(tx, order, {
    known: known.ratingPlans,
    decks: decks.ids,
    calendars: new Map(calendars.map(({ name, id }) => [name, id])),
    leadSeconds,
  })
  const added = checked.profiles.filter(({ isThere }) => !isThere)
  await insertRatingProfiles(
    tx,
    added.map(({ clientId, ratingPlan, activatesAt }) => ({
      clientId,
      activatesAt,
      ratingPlanId: idIn(plans.ids, ratingPlan),
    })),
  )
  return {
    status: order.isDryRun ? 'dry-run' : 'applied',
    errors: [],
    errorsTotal: 0,
    warnings: checked.warnings.sort((one, other) => one.line - other.line),
    rateDecks: decks.outcomes,
    calendars: calendars.map(({ id, ...one }) => ({
      ...one,
      id: one.outcome === 'added' && order.isDryRun ? null : id,
    })),
    ratingPlans: plans.outcomes,
    ratingProfiles: { added: added.length, unchanged: checked.profiles.length - added.length },
  }
}

/** Those of the plans' calendars that the brand has. */
async function findCalendars(tx: Tx, { brandId, ratingPlans }: TariffImport): Promise<Set<string>> {
  const ids = ratingPlans.flatMap(({ entries }) =>
    entries.flatMap(({ calendar }) => (calendar ? [calendar.calendarId.toLowerCase()] : [])),
  )
  if (ids.length === 0) return new Set()
  return new Set((await loadCalendarDays(tx, brandId, [...new Set(ids)])).keys())
}

interface WriteContext {
  known: readonly KnownTariff[]
  leadSeconds: number
}

interface Written<Outcome> {
  ids: Map<string, string>
  outcomes: Outcome[]
}

/** A deck of the import, and what it is to become here. */
interface DeckWork {
  deck: DeckToImport
  /** Its versions so far; undefined: it is made. */
  known: KnownRateDeck | undefined
  rateDeckId: string
  version: number
  /** Whether there is something to publish. */
  isChanged: boolean
  rates: DeckDifferences
}

/**
 * Rates first, rows of new decks and versions last: these hold up every other change of configuration until the end of the
 * transaction.
 */
async function writeDecks(
  tx: Tx,
  order: TariffImport,
  {
    known,
    checked,
    leadSeconds,
  }: { known: readonly KnownRateDeck[]; checked: CheckedImport; leadSeconds: number },
): Promise<Written<ImportedDeckOutcome>> {
  const { staging, works } = await stageDecks(tx, order, known)
  const added = works.filter((work) => !work.known)
  await staging.apply(works.filter((work) => work.known && work.isChanged))
  await insertRateDecks(
    tx,
    order,
    added.map(({ deck, rateDeckId: id }) => ({ ...deck, id })),
  )
  await staging.apply(added)
  await setSource(tx, { table: 'rate_decks', ids: fromElsewhere(known, order.source), source: order.source })
  for (const { deck, known: former, rateDeckId } of works) {
    if (!former || isSame(former.rounding, deck.rounding)) continue
    await setRateDeckRounding(tx, { rateDeckId, rounding: deck.rounding })
    const detail = `the deck "${deck.name}" rounded ${describeRounding(former.rounding)} and now rounds ${describeRounding(deck.rounding)}`
    checked.warnings.push({ line: deck.line, code: 'rounding_changed', detail })
  }
  for (const { deck, rateDeckId, version, isChanged } of works) {
    if (!isChanged) continue
    const rates = deck.rates.length
    await publishRateDeckVersion(tx, { rateDeckId, version, rounding: deck.rounding, rates, leadSeconds })
  }
  return {
    ids: new Map(works.map(({ deck, rateDeckId }) => [deck.name, rateDeckId])),
    outcomes: works.map(({ deck, known: former, rateDeckId, isChanged, rates }) => ({
      name: deck.name,
      id: !former && order.isDryRun ? null : rateDeckId,
      outcome: !former ? 'added' : isChanged ? 'changed' : 'unchanged',
      rates,
    })),
  }
}

async function stageDecks(
  tx: Tx,
  order: TariffImport,
  known: readonly KnownRateDeck[],
): Promise<{ staging: DeckStaging; works: DeckWork[] }> {
  const byName = new Map(known.map((deck) => [deck.name, deck]))
  const staging = await DeckStaging.create(tx)
  const ids = new Map<string, string>()
  for (const { name, rates } of order.rateDecks) {
    const rateDeckId = byName.get(name)?.id ?? newId()
    ids.set(name, rateDeckId)
    for (let at = 0; at < rates.length; at += batchRates) {
      await staging.add(rateDeckId, rates.slice(at, at + batchRates))
    }
  }
  const differences = await staging.compare([...ids.values()])
  const works = order.rateDecks.map((deck): DeckWork => {
    const former = byName.get(deck.name)
    const rateDeckId = idIn(ids, deck.name)
    const rates = differences.get(rateDeckId) ?? { added: 0, changed: 0, removed: 0, unchanged: 0 }
    const isChanged = !former?.lastVersion || hasDifference(rates) || !isSame(former.rounding, deck.rounding)
    return { deck, known: former, rateDeckId, version: (former?.lastVersion ?? 0) + 1, isChanged, rates }
  })
  return { staging, works }
}

async function writePlans(
  tx: Tx,
  order: TariffImport,
  {
    known,
    leadSeconds,
    ...ids
  }: WriteContext & { decks: ReadonlyMap<string, string>; calendars: ReadonlyMap<string, string> },
): Promise<Written<TariffImportOutcome['ratingPlans'][number]>> {
  const former = new Map(known.map((plan) => [plan.name, plan]))
  const written: Written<TariffImportOutcome['ratingPlans'][number]> = { ids: new Map(), outcomes: [] }
  await setSource(tx, {
    table: 'rating_plans',
    ids: fromElsewhere(known, order.source),
    source: order.source,
  })
  for (const plan of order.ratingPlans) {
    const { name, currency } = plan
    const there = former.get(name)
    const { brandId, source } = order
    const row = there ?? (await insertRatingPlan(tx, { id: newId(), brandId, name, currency, source }))
    const content = planContent(plan, ids)
    const { published } = await changePlan(tx, { ratingPlanId: row.id, content, leadSeconds })
    written.ids.set(name, row.id)
    written.outcomes.push({
      name,
      id: !there && order.isDryRun ? null : row.id,
      outcome: !there ? 'added' : published ? 'changed' : 'unchanged',
    })
  }
  return written
}

function planContent(
  { timeZone, entries }: PlanToImport,
  { decks, calendars }: { decks: ReadonlyMap<string, string>; calendars: ReadonlyMap<string, string> },
) {
  return {
    timeZone,
    entries: entries.map(({ rateDeck, onCalendar, ...entry }) => ({
      ...entry,
      rateDeckId: idIn(decks, rateDeck),
      // Its days are read when the plan's version is made.
      ...(onCalendar && {
        calendar: { calendarId: idIn(calendars, onCalendar), mode: 'on' as const, days: [] },
      }),
    })),
  }
}

function fromElsewhere(known: readonly KnownTariff[], source: string): string[] {
  return known.filter((tariff) => tariff.source !== source).map(({ id }) => id)
}

function idIn(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name)
  if (id === undefined) throw new Error(`the import was checked and has no "${name}"`)
  return id
}

function isSame(one: Rounding, other: Rounding): boolean {
  return one.mode === other.mode && one.decimals === other.decimals
}

function describeRounding({ mode, decimals }: Rounding): string {
  return `${mode} to ${decimals} decimals`
}

function rejected(errors: readonly TariffImportFault[]): TariffImportOutcome {
  return {
    status: 'rejected',
    errors: errors.slice(0, maxNamedFaults),
    errorsTotal: errors.length,
    warnings: [],
    rateDecks: [],
    calendars: [],
    ratingPlans: [],
    ratingProfiles: { added: 0, unchanged: 0 },
  }
}
