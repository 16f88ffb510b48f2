/**
 * `/v1/rate-decks`: rates in one currency with one rounding. A change of rounding is a version, like new rates.
 */
import Type, { type Static } from 'typebox'
import { instantText } from '../../db/columns.ts'
import type { Tx } from '../../db/connection.ts'
import {
  deleteRateDeck,
  findPlanWithDeck,
  findRateDeck,
  insertRateDeck,
  listRateDecks,
  type RateDeckRow,
  updateRateDeck,
} from '../../db/tariffs/rate-decks.ts'
import { InUse } from '../../errors.ts'
import { roundingModes } from '../../money.ts'
import { Currency, closed, Instant, Name, nullable, oneOf, Uuid } from '../../shapes/fields.ts'
import { changeRounding } from '../../tariffs/change-rounding.ts'
import { requireUnlinkedDeck } from '../../tariffs/check-currency.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'

export const Rounding = closed({
  mode: Type.Optional(oneOf(roundingModes)),
  decimals: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 6, examples: [4], description: 'Of the price of a call.' }),
  ),
})
const DeckFields = closed({
  brandId: Type.Optional(Uuid),
  name: Name,
  currency: Currency,
  rounding: Type.Optional(Rounding),
})
type DeckFields = Static<typeof DeckFields>

/** Of a deck or a plan; set by an import of tariffs alone. */
export const Source = nullable(
  Type.String({
    description: 'The system whose import made it; null: made by hand.',
    examples: ['cgrates'],
  }),
)

export function rateDeckRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'rate deck',
    path: '/v1/rate-decks',
    tag: 'Tariffs',
    fields: DeckFields,
    shown: closed({
      id: Uuid,
      ...DeckFields.properties,
      source: Source,
      createdAt: Instant,
      updatedAt: Instant,
    }),
    filters: { brandId: Type.Optional(Uuid) },
    sorts: true,
    configures: true,
    show: (row: RateDeckRow) => ({
      id: row.id,
      ...toDeckFields(row),
      source: row.source,
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { filter, ...page }) =>
      listRateDecks(tx, { ...page, brandId: filter.brandId ?? null }),
    find: (tx, _scope, id, lock) => findRateDeck(tx, id, lock),
    create(tx, { identity, now }, fields) {
      const { name, currency, rounding } = complete(fields)
      return insertRateDeck(tx, {
        id: newId(now),
        brandId: owningBrand(identity, fields.brandId),
        name,
        currency,
        roundingMode: rounding.mode,
        roundingDecimals: rounding.decimals,
      })
    },
    patch: {
      toFields: toDeckFields,
      async update(tx, { now }, row, fields) {
        keepBrand(row, fields.brandId)
        const { name, currency, rounding } = complete(fields, row)
        if (currency !== row.currency) await requireUnlinkedDeck(tx, row.id)
        const { tariffLeadSeconds } = context.settings
        await updateRateDeck(tx, { id: row.id, name, currency, now })
        await changeRounding(tx, { rateDeckId: row.id, rounding, leadSeconds: tariffLeadSeconds })
        return getDeck(tx, row.id)
      },
    },
    async remove(tx, _scope, row) {
      const plan = await findPlanWithDeck(tx, row.id)
      if (plan !== undefined) throw new InUse('rate deck', `the rating plan "${plan}" has it`)
      await deleteRateDeck(tx, row.id)
    },
  })
}

function complete(fields: DeckFields, before?: { currency: string }) {
  const faults = new Faults()
  faults.checkKnown('currency', '/currency', fields.currency, before?.currency)
  faults.throwIfAny()
  return {
    name: fields.name,
    currency: fields.currency,
    rounding: { mode: fields.rounding?.mode ?? 'up', decimals: fields.rounding?.decimals ?? 4 },
  }
}

function toDeckFields(row: RateDeckRow): DeckFields {
  const mode = roundingModes.find((known) => known === row.roundingMode) ?? 'up'
  const { brandId, name, currency, roundingDecimals } = row
  return { brandId, name, currency, rounding: { mode, decimals: roundingDecimals } }
}

async function getDeck(tx: Tx, id: string): Promise<RateDeckRow> {
  const row = await findRateDeck(tx, id, 'none')
  if (!row) throw new Error(`rate deck ${id} vanished while it was locked`)
  return row
}
