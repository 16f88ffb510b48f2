/**
 * `/v1/clients/{id}/rating-profiles`: the client's plan from an instant on, which may be in the past.
 */
import Type, { type Static } from 'typebox'
import { instantText } from '../../db/columns.ts'
import {
  deleteRatingProfile,
  findRatingProfile,
  insertRatingProfile,
  listRatingProfiles,
  type RatingProfileRow,
  updateRatingProfile,
} from '../../db/tariffs/rating-profiles.ts'
import { closed, Instant, nullable, oneOf, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { registerResource } from '../conventions/resource.ts'
import { checkProfile, ProfileFields } from './profile-fields.ts'

const Fields = closed({
  ...ProfileFields.properties,
  direction: Type.Optional(
    oneOf(
      ['outbound', 'inbound'],
      'Which legs it prices (outbound). Inbound ones by the number they came in on.',
    ),
  ),
})

export function ratingProfileRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'rating profile',
    path: '/v1/clients/:clientId/rating-profiles',
    tag: 'Clients',
    fields: Fields,
    shown: closed({
      id: Uuid,
      clientId: Uuid,
      ...Fields.properties,
      ratingPlanName: nullable(Type.String()),
      createdAt: Instant,
    }),
    configures: true,
    show: (row: RatingProfileRow) => ({
      id: row.id,
      clientId: row.clientId,
      ...toProfileFields(row),
      // From memory: the client's own users do not see the plan's row.
      ratingPlanName: context.configuration.findPlan(row.ratingPlanId)?.name ?? null,
      createdAt: instantText(row.createdAt),
    }),
    async list(tx, scope, page) {
      return listRatingProfiles(tx, (await parentClient(tx, scope)).id, page)
    },
    async find(tx, scope, id, lock) {
      return findRatingProfile(tx, { clientId: (await parentClient(tx, scope)).id, id }, lock)
    },
    async create(tx, scope, { direction = 'outbound', ...fields }) {
      const client = await parentClient(tx, scope)
      const values = await checkProfile(tx, { ...client, noun: 'client' }, fields)
      return insertRatingProfile(tx, { id: newId(scope.now), clientId: client.id, direction, ...values })
    },
    patch: {
      toFields: toProfileFields,
      async update(tx, scope, row, { direction = row.direction, ...fields }) {
        const values = await checkProfile(tx, { ...(await parentClient(tx, scope)), noun: 'client' }, fields)
        return updateRatingProfile(tx, { id: row.id, direction, ...values })
      },
    },
    remove: (tx, _scope, row) => deleteRatingProfile(tx, row.id),
  })
}

function toProfileFields({ ratingPlanId, direction, activatesAt }: RatingProfileRow): Static<typeof Fields> {
  return { ratingPlanId, direction, activatesAt: instantText(activatesAt) }
}
