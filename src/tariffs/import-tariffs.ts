/**
 * How do tariffs of another system come into a brand? Decks, plans and profiles in one transaction: all of them or none.
 *
 * Everything is checked against what the brand has before the first row is written, and a dry run goes the whole way and
 * is then taken back. What is equal to what is there makes no version. Answers once this replica acts on it.
 */

import { readConfigurationVersion } from '../db/configuration/configuration-version.ts'
import type { Tx } from '../db/connection.ts'
import {
  lockRateDeck,
  type NumberedRateDeck,
  publishRateDeckVersion,
  setRateDeckRounding,
} from '../db/tariffs/rate-deck-versions.ts'
import { insertRateDeck } from '../db/tariffs/rate-decks.ts'
import { insertRatingPlan } from '../db/tariffs/rating-plans.ts'
import {
  allowLongStatements,
  applyDifferences,
  compareStagedRates,
  dropStagedRates,
  RateStaging,
} from '../db/tariffs/staged-rates.ts'
import {
  insertRatingProfiles,
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

/** `tenant`: who the audit log says it was. Throws `NotFound` for a brand that is not there. */
export async function importTariffs(
  context: PublishContext,
  tenant: Tenant,
  order: TariffImport,
): Promise<TariffImportOutcome> {
  try {
    const { outcome, configurationVersion } = await asTenant(context.db, tenant, async (tx) => {
      await allowLongStatements(tx)
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
  const checked = checkTariffImport(order, known)
  if (checked.errors.length > 0) return rejected(checked.errors)
  const decks = await writeDecks(tx, order, { known: known.rateDecks, checked, leadSeconds })
  const plans = await writePlans(tx, order, { known: known.ratingPlans, decks: decks.ids, leadSeconds })
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
    ratingPlans: plans.outcomes,
    ratingProfiles: { added: added.length, unchanged: checked.profiles.length - added.length },
  }
}

interface WriteContext {
  known: readonly KnownTariff[]
  leadSeconds: number
}

interface Written<Outcome> {
  ids: Map<string, string>
  outcomes: Outcome[]
}

interface DeckVersion {
  rateDeckId: string
  version: number
  rounding: Rounding
  rates: number
}

/**
 * Rates of all decks first, their versions last: what publishes a version holds up every other change of configuration,
 * and so does the row of a new deck, so these come behind the decks that are there.
 */
async function writeDecks(
  tx: Tx,
  order: TariffImport,
  { known, checked, leadSeconds }: WriteContext & { checked: CheckedImport },
): Promise<Written<ImportedDeckOutcome>> {
  const former = new Map(known.map((deck) => [deck.name, deck]))
  const ids = new Map<string, string>()
  const outcomes = new Map<string, ImportedDeckOutcome>()
  const versions: DeckVersion[] = []
  const write = async (deck: DeckToImport, rateDeckId: string, isNew: boolean) => {
    const stored = await lockRateDeck(tx, rateDeckId)
    const { summary, version } = await writeRates(tx, deck, stored)
    if (version) versions.push(version)
    const rounding = stored.rounding
    if (!isSame(rounding, deck.rounding)) {
      await setRateDeckRounding(tx, { rateDeckId, rounding: deck.rounding })
      const detail = `the deck "${deck.name}" rounded ${told(rounding)} and now rounds ${told(deck.rounding)}`
      checked.warnings.push({ line: deck.line, code: 'rounding_changed', detail })
    }
    const { kept: _kept, ...rates } = summary
    ids.set(deck.name, rateDeckId)
    outcomes.set(deck.name, {
      name: deck.name,
      id: isNew && order.isDryRun ? null : rateDeckId,
      outcome: isNew ? 'added' : version ? 'changed' : 'unchanged',
      rates,
    })
  }
  for (const deck of order.rateDecks) {
    const there = former.get(deck.name)
    if (there) await write(deck, there.id, false)
  }
  for (const deck of order.rateDecks) {
    if (former.has(deck.name)) continue
    const { name, currency, rounding } = deck
    const row = await insertRateDeck(tx, {
      id: newId(),
      brandId: order.brandId,
      name,
      currency,
      roundingMode: rounding.mode,
      roundingDecimals: rounding.decimals,
      source: order.source,
    })
    await write(deck, row.id, true)
  }
  await setSource(tx, { table: 'rate_decks', ids: fromElsewhere(known, order.source), source: order.source })
  for (const version of versions) await publishRateDeckVersion(tx, { ...version, leadSeconds })
  return { ids, outcomes: order.rateDecks.flatMap(({ name }) => outcomes.get(name) ?? []) }
}

/** `version` is undefined where rates and rounding are as they were. */
async function writeRates(tx: Tx, deck: DeckToImport, stored: NumberedRateDeck) {
  const rateDeckId = stored.id
  const staging = await RateStaging.create(tx)
  for (let at = 0; at < deck.rates.length; at += batchRates) {
    await staging.add(deck.rates.slice(at, at + batchRates))
  }
  const summary = await compareStagedRates(tx, { rateDeckId, mode: 'replace' })
  const version = stored.lastVersion + 1
  const isChanged = hasDifference(summary)
  const isNeeded = isChanged || stored.lastVersion === 0 || !isSame(stored.rounding, deck.rounding)
  const rates = isChanged ? await applyDifferences(tx, { rateDeckId, version }) : stored.lastRates
  await dropStagedRates(tx)
  return { summary, version: isNeeded ? { rateDeckId, version, rounding: deck.rounding, rates } : undefined }
}

async function writePlans(
  tx: Tx,
  order: TariffImport,
  { known, decks, leadSeconds }: WriteContext & { decks: ReadonlyMap<string, string> },
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
    const content = contentOf(plan, decks)
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

function contentOf({ timeZone, entries }: PlanToImport, decks: ReadonlyMap<string, string>) {
  return {
    timeZone,
    entries: entries.map(({ rateDeck, ...entry }) => ({ ...entry, rateDeckId: idIn(decks, rateDeck) })),
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

function told({ mode, decimals }: Rounding): string {
  return `${mode} to ${decimals} decimals`
}

function rejected(errors: readonly TariffImportFault[]): TariffImportOutcome {
  return {
    status: 'rejected',
    errors: errors.slice(0, maxNamedFaults),
    errorsTotal: errors.length,
    warnings: [],
    rateDecks: [],
    ratingPlans: [],
    ratingProfiles: { added: 0, unchanged: 0 },
  }
}
