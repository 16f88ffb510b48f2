/**
 * `/v1/import-mappings`: how the sheets of one carrier are read, kept under a name.
 */
import Type from 'typebox'
import { brandRows } from '../../db/clients/brand-rows.ts'
import { instantText } from '../../db/columns.ts'
import { readJson } from '../../db/json-column.ts'
import { importMappings } from '../../db/schema.ts'
import { closed, Instant, Name, Uuid } from '../../shapes/fields.ts'
import { checkMapping, type SheetMapping } from '../../tariffs/sheet-mapping.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'
import { Mapping } from './mapping-fields.ts'

const Fields = closed({ brandId: Type.Optional(Uuid), name: Name, mapping: Mapping })

type MappingRow = typeof importMappings.$inferSelect
export const mappingRows = brandRows<MappingRow>(importMappings)

export function importMappingRoutes(app: Api, context: ApiContext): void {
  registerResource(app, context, {
    noun: 'import mapping',
    path: '/v1/import-mappings',
    tag: 'Tariffs',
    fields: Fields,
    shown: closed({ id: Uuid, ...Fields.properties, createdAt: Instant, updatedAt: Instant }),
    filters: { brandId: Type.Optional(Uuid) },
    sorts: true,
    configures: false,
    show: (row: MappingRow) => ({
      id: row.id,
      brandId: row.brandId,
      name: row.name,
      mapping: readMapping(row),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { filter, ...page }) =>
      mappingRows.list(tx, { ...page, brandId: filter.brandId ?? null }),
    find: (tx, _scope, id, lock) => mappingRows.find(tx, id, lock),
    create(tx, { identity, now }, { brandId, name, mapping }) {
      checkMapping(mapping, '/mapping')
      return mappingRows.insert(tx, {
        id: newId(now),
        brandId: owningBrand(identity, brandId),
        name,
        mapping,
      })
    },
    patch: {
      toFields: (row) => ({ brandId: row.brandId, name: row.name, mapping: readMapping(row) }),
      update(tx, { now }, row, { brandId, name, mapping }) {
        keepBrand(row, brandId)
        checkMapping(mapping, '/mapping')
        return mappingRows.update(tx, row.id, { name, mapping }, now)
      },
    },
    remove: (tx, _scope, row) => mappingRows.remove(tx, row.id),
  })
}

export function readMapping({ mapping }: MappingRow): SheetMapping {
  return readJson<SheetMapping>(mapping)
}
