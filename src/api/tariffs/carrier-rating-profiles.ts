/**
 * `/v1/carriers/{id}/rating-profiles`: the plan by which a carrier's cost is made, from an instant on.
 */
import type { Static } from 'typebox'
import { instantText } from '../../db/columns.ts'
import type { Tx } from '../../db/connection.ts'
import {
  type CarrierProfileRow,
  deleteCarrierProfile,
  findCarrierProfile,
  insertCarrierProfile,
  listCarrierProfiles,
  updateCarrierProfile,
} from '../../db/tariffs/carriers.ts'
import { NotFound } from '../../errors.ts'
import { closed, Instant, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import type { Scope } from '../conventions/request-scope.ts'
import { registerResource } from '../conventions/resource.ts'
import { type CarrierRow, carrierRows } from './carriers.ts'
import { checkProfile, ProfileFields } from './profile-fields.ts'

export function carrierRatingProfileRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'rating profile of a carrier',
    path: '/v1/carriers/:carrierId/rating-profiles',
    tag: 'Carriers',
    fields: ProfileFields,
    shown: closed({ id: Uuid, carrierId: Uuid, ...ProfileFields.properties, createdAt: Instant }),
    configures: true,
    show: (row: CarrierProfileRow) => ({
      id: row.id,
      carrierId: row.carrierId,
      ...toFields(row),
      createdAt: instantText(row.createdAt),
    }),
    async list(tx, scope, page) {
      return listCarrierProfiles(tx, (await parentCarrier(tx, scope)).id, page)
    },
    async find(tx, scope, id, lock) {
      return findCarrierProfile(tx, { carrierId: (await parentCarrier(tx, scope)).id, id }, lock)
    },
    async create(tx, scope, fields) {
      const carrier = await parentCarrier(tx, scope)
      const values = await checkProfile(tx, { ...carrier, noun: 'carrier' }, fields)
      return insertCarrierProfile(tx, { id: newId(scope.now), carrierId: carrier.id, ...values })
    },
    patch: {
      toFields,
      async update(tx, scope, row, fields) {
        const carrier = await parentCarrier(tx, scope)
        const values = await checkProfile(tx, { ...carrier, noun: 'carrier' }, fields)
        return updateCarrierProfile(tx, { id: row.id, ...values })
      },
    },
    remove: (tx, _scope, row) => deleteCarrierProfile(tx, row.id),
  })
}

async function parentCarrier(tx: Tx, { parents }: Pick<Scope, 'parents'>): Promise<CarrierRow> {
  const carrierId = parents.carrierId ?? ''
  const row = await carrierRows.find(tx, carrierId, 'none')
  if (!row) throw new NotFound('carrier', carrierId)
  return row
}

function toFields(row: CarrierProfileRow): Static<typeof ProfileFields> {
  return { ratingPlanId: row.ratingPlanId, activatesAt: instantText(row.activatesAt) }
}
