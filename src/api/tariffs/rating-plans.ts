/**
 * `/v1/rating-plans`: weighted decks with time windows. Zone and entries are versions; a plan is shown with its
 * newest one.
 */
import Type, { type Static } from 'typebox'
import { instantText } from '../../db/columns.ts'
import type { Tx } from '../../db/connection.ts'
import {
  deleteRatingPlan,
  findNewestPlanVersions,
  findRatingPlan,
  insertRatingPlan,
  isRatingPlanUsed,
  listRatingPlans,
  type RatingPlanRow,
  updateRatingPlan,
} from '../../db/tariffs/rating-plans.ts'
import { InUse, InvalidRequest } from '../../errors.ts'
import { Currency, closed, Instant, Name, nullable, TimeZone, Uuid } from '../../shapes/fields.ts'
import { PlanEntry } from '../../shapes/settings.ts'
import { changePlan } from '../../tariffs/change-plan.ts'
import { requireUnlinkedPlan } from '../../tariffs/check-currency.ts'
import type { PlanWarning } from '../../tariffs/check-plan.ts'
import { findCalendarFault, toEntryCalendar } from '../../tariffs/entry-calendar.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'
import { Source } from './rate-decks.ts'

const PlanFields = closed({
  brandId: Type.Optional(Uuid),
  name: Name,
  currency: Currency,
  timeZone: Type.Optional(nullable(TimeZone)),
  entries: Type.Optional(Type.Array(PlanEntry, { maxItems: 1000 })),
})
type PlanFields = Static<typeof PlanFields>

const Plan = closed({
  id: Uuid,
  ...PlanFields.properties,
  source: Source,
  version: Type.Integer(),
  effectiveAt: Instant,
  warnings: Type.Optional(
    Type.Array(closed({ pointer: Type.String(), code: Type.String(), detail: Type.String() })),
  ),
  createdAt: Instant,
  updatedAt: Instant,
})

type ShownPlan = RatingPlanRow & {
  version: number
  effectiveAt: number
  timeZone: string | null
  entries: unknown
  warnings?: PlanWarning[]
}

export function ratingPlanRoutes(app: Api, context: ApiContext): void {
  const { tariffLeadSeconds: leadSeconds } = context.settings
  registerResource(app, context, {
    noun: 'rating plan',
    path: '/v1/rating-plans',
    tag: 'Tariffs',
    fields: PlanFields,
    shown: Plan,
    filters: { brandId: Type.Optional(Uuid) },
    sorts: true,
    configures: true,
    show: (row: ShownPlan) => ({
      id: row.id,
      ...toPlanFields(row),
      source: row.source,
      version: row.version,
      effectiveAt: instantText(row.effectiveAt),
      ...(row.warnings && row.warnings.length > 0 ? { warnings: row.warnings } : {}),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    async list(tx, _scope, { filter, ...page }) {
      return withVersions(tx, await listRatingPlans(tx, { ...page, brandId: filter.brandId ?? null }))
    },
    async find(tx, _scope, id, lock) {
      const row = await findRatingPlan(tx, id, lock)
      return row && (await withVersions(tx, [row]))[0]
    },
    async create(tx, { identity, now }, fields) {
      checkCurrency(fields)
      checkCalendars(fields)
      const brandId = owningBrand(identity, fields.brandId)
      const { name, currency } = fields
      const row = await insertRatingPlan(tx, { id: newId(now), brandId, name, currency })
      const { warnings } = await changePlan(tx, {
        ratingPlanId: row.id,
        content: planContent(fields),
        leadSeconds,
      })
      return getShown(tx, row, warnings)
    },
    patch: {
      toFields: toPlanFields,
      async update(tx, { now }, row, fields) {
        if (fields.currency !== row.currency) checkCurrency(fields)
        checkCalendars(fields)
        keepBrand(row, fields.brandId)
        const { name, currency } = fields
        if (currency !== row.currency) await requireUnlinkedPlan(tx, row.id)
        const changed = await updateRatingPlan(tx, { id: row.id, name, currency, now })
        const { warnings } = await changePlan(tx, {
          ratingPlanId: row.id,
          content: planContent(fields),
          leadSeconds,
        })
        return getShown(tx, changed, warnings)
      },
    },
    async remove(tx, _scope, row) {
      if (await isRatingPlanUsed(tx, row.id)) {
        throw new InUse('rating plan', 'a rating profile names it or a call was priced by it')
      }
      await deleteRatingPlan(tx, row.id)
    },
  })
}

function checkCurrency({ currency }: PlanFields): void {
  const faults = new Faults()
  faults.checkKnown('currency', '/currency', currency)
  faults.throwIfAny()
}

function checkCalendars({ entries = [] }: PlanFields): void {
  const faults = entries.flatMap((entry, place) => {
    const detail = findCalendarFault(entry)
    return detail ? [{ pointer: `/entries/${place}/calendar`, detail }] : []
  })
  if (faults.length > 0) throw new InvalidRequest('The rating plan is not valid.', faults)
}

function planContent({ timeZone, entries }: PlanFields) {
  return {
    timeZone: timeZone ?? null,
    entries: (entries ?? []).map((entry) => ({
      rateDeckId: entry.rateDeckId,
      weight: entry.weight ?? 0,
      days: entry.days ?? null,
      from: entry.from ?? '00:00',
      to: entry.to ?? '24:00',
      originPrefixes: entry.originPrefixes ?? null,
      calendar: toEntryCalendar(entry),
    })),
  }
}

function toPlanFields(row: ShownPlan): PlanFields {
  const { brandId, name, currency, timeZone } = row
  // What stands in the version's jsonb was checked when it was written.
  const entries = row.entries as (NonNullable<PlanFields['entries']>[number] & { calendarDays?: unknown })[]
  return {
    brandId,
    name,
    currency,
    timeZone,
    entries: entries.map(({ calendarDays: _, ...entry }) => ({
      ...entry,
      originPrefixes: entry.originPrefixes ?? null,
    })),
  }
}

async function withVersions(tx: Tx, rows: readonly RatingPlanRow[]): Promise<ShownPlan[]> {
  const versions = await findNewestPlanVersions(
    tx,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => {
    const newest = versions.get(row.id)
    if (!newest) throw new Error(`rating plan ${row.id} has no version`)
    const { version, effectiveAt, timeZone, entries } = newest
    return { ...row, version, effectiveAt, timeZone, entries }
  })
}

async function getShown(tx: Tx, row: RatingPlanRow, warnings: PlanWarning[]): Promise<ShownPlan> {
  const [shown] = await withVersions(tx, [row])
  if (!shown) throw new Error(`rating plan ${row.id} cannot be shown`)
  return { ...shown, warnings }
}
