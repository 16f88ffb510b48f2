/**
 * `/v1/carriers`: those who take a brand's calls on. Events name one by its code; what it takes is priced by the plans
 * of its own rating profiles (`carrier-rating-profiles.ts`).
 */
import Type, { type Static } from 'typebox'
import { brandRows } from '../../db/clients/brand-rows.ts'
import { instantText } from '../../db/columns.ts'
import { carriers } from '../../db/schema.ts'
import { hasCarrierCalls } from '../../db/tariffs/carriers.ts'
import { Conflict, InUse } from '../../errors.ts'
import { Currency, closed, Instant, Name, TimeZone, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'

const Fields = closed({
  brandId: Type.Optional(Uuid),
  name: Name,
  code: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    description: 'As starts and ends name it; unique within the brand.',
    examples: ['telia'],
  }),
  currency: Currency,
  timeZone: TimeZone,
})
type Fields = Static<typeof Fields>

export type CarrierRow = typeof carriers.$inferSelect
export const carrierRows = brandRows<CarrierRow>(carriers)

export function carrierRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'carrier',
    path: '/v1/carriers',
    tag: 'Carriers',
    fields: Fields,
    shown: closed({ id: Uuid, ...Fields.properties, createdAt: Instant, updatedAt: Instant }),
    filters: { brandId: Type.Optional(Uuid) },
    sorts: true,
    configures: true,
    show: (row: CarrierRow) => ({
      id: row.id,
      ...toFields(row),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { filter, ...page }) =>
      carrierRows.list(tx, { ...page, brandId: filter.brandId ?? null }),
    find: (tx, _scope, id, lock) => carrierRows.find(tx, id, lock),
    create(tx, { identity, now }, { brandId, ...fields }) {
      check(fields)
      return carrierRows.insert(tx, { id: newId(now), brandId: owningBrand(identity, brandId), ...fields })
    },
    patch: {
      toFields,
      update(tx, { now }, row, { brandId, ...fields }) {
        keepBrand(row, brandId)
        check(fields, row)
        if (fields.currency !== row.currency) {
          throw new Conflict('currency_fixed', "A carrier's currency is fixed: make another carrier.")
        }
        return carrierRows.update(tx, row.id, fields, now)
      },
    },
    async remove(tx, _scope, row) {
      if (await hasCarrierCalls(tx, row.id)) throw new InUse('carrier', 'calls were handed to it')
      await carrierRows.remove(tx, row.id)
    },
  })
}

function check({ currency, timeZone }: Omit<Fields, 'brandId'>, before?: CarrierRow): void {
  const faults = new Faults()
  faults.checkKnown('currency', '/currency', currency, before?.currency)
  faults.checkKnown('timeZone', '/timeZone', timeZone, before?.timeZone)
  faults.throwIfAny()
}

function toFields({ brandId, name, code, currency, timeZone }: CarrierRow): Fields {
  return { brandId, name, code, currency, timeZone }
}
