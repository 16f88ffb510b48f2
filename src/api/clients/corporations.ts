/**
 * `/v1/corporations`: clients of one brand that call each other free.
 */
import Type from 'typebox'
import { brandRows } from '../../db/clients/brand-rows.ts'
import { instantText } from '../../db/columns.ts'
import { corporations } from '../../db/schema.ts'
import { closed, Instant, Name, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'

const CorporationFields = closed({ brandId: Type.Optional(Uuid), name: Name })

type CorporationRow = typeof corporations.$inferSelect
const rows = brandRows<CorporationRow>(corporations)

export function corporationRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'corporation',
    path: '/v1/corporations',
    tag: 'Clients',
    fields: CorporationFields,
    shown: closed({ id: Uuid, ...CorporationFields.properties, createdAt: Instant, updatedAt: Instant }),
    filters: { brandId: Type.Optional(Uuid) },
    sorts: true,
    configures: false,
    show: (row: CorporationRow) => ({
      id: row.id,
      brandId: row.brandId,
      name: row.name,
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { filter, ...page }) => rows.list(tx, { ...page, brandId: filter.brandId ?? null }),
    find: (tx, _scope, id, lock) => rows.find(tx, id, lock),
    create: (tx, { identity, now }, { brandId, name }) =>
      rows.insert(tx, { id: newId(now), brandId: owningBrand(identity, brandId), name }),
    patch: {
      toFields: ({ brandId, name }) => ({ brandId, name }),
      update(tx, { now }, row, { brandId, name }) {
        keepBrand(row, brandId)
        return rows.update(tx, row.id, { name }, now)
      },
    },
    remove: (tx, _scope, row) => rows.remove(tx, row.id),
  })
}
