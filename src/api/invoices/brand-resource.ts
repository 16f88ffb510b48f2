/**
 * A list that a brand keeps for its invoices: read, made, changed and removed by the API like any resource.
 */
import Type, { type Static, type TObject } from 'typebox'
import { type BrandRow, brandRows, listIdsOfBrand, type OwnedTable } from '../../db/clients/brand-rows.ts'
import { instantText } from '../../db/columns.ts'
import type { Tx } from '../../db/connection.ts'
import { type InputFault, InUse, InvalidRequest } from '../../errors.ts'
import { closed, Instant, Uuid } from '../../shapes/fields.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'

interface BrandResource<Row extends BrandRow, Fields extends TObject> {
  noun: string
  path: string
  fields: Fields
  table: Parameters<typeof brandRows>[0]
  /** Throws for what does not go together. */
  toValues: (fields: Static<Fields>) => Partial<Row>
  toFields: (row: Row) => Static<Fields>
  checkChange?: (before: Row, after: Partial<Row>) => void
  /** Rows that the values name: each newly named one must be of the same brand, which no foreign key sees. */
  references?: (values: Partial<Row>) => readonly Reference[]
  /** Who needs the row, where no foreign key says so; undefined: nobody. */
  findUser?: (tx: Tx, row: Row) => Promise<string | undefined>
}

export interface Reference {
  pointer: string
  noun: string
  table: OwnedTable
  id: string | null | undefined
}

export function registerBrandResource<Row extends BrandRow, Fields extends TObject>(
  app: Api,
  context: ApiContext,
  resource: BrandResource<Row, Fields>,
): void {
  const rows = brandRows<Row>(resource.table)
  type Sent = Static<Fields> & { brandId?: string }
  registerResource(app, context, {
    noun: resource.noun,
    path: resource.path,
    tag: 'Invoices',
    fields: resource.fields,
    shown: closed({ id: Uuid, ...resource.fields.properties, createdAt: Instant, updatedAt: Instant }),
    filters: { brandId: Uuid },
    sorts: true,
    configures: false,
    show: (row: Row) => ({
      id: row.id,
      ...resource.toFields(row),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { filter, ...page }) => rows.list(tx, { ...page, brandId: filter.brandId ?? null }),
    find: (tx, _scope, id, lock) => rows.find(tx, id, lock),
    async create(tx, { identity, now }, fields) {
      const brandId = owningBrand(identity, (fields as Sent).brandId)
      const values = resource.toValues(fields)
      await checkReferences(tx, brandId, resource.references?.(values))
      return rows.insert(tx, { ...values, id: newId(now), brandId } as Partial<Row>)
    },
    patch: {
      toFields: resource.toFields,
      async update(tx, { now }, row, fields) {
        keepBrand(row, (fields as Sent).brandId)
        const values = resource.toValues(fields)
        // What it named before stays allowed: else nothing else of it could be changed.
        const before = new Set(resource.references?.(row).map(({ id }) => id))
        const named = resource.references?.(values).filter(({ id }) => !before.has(id))
        await checkReferences(tx, row.brandId, named)
        resource.checkChange?.(row, values)
        return rows.update(tx, row.id, values, now)
      },
    },
    async remove(tx, _scope, row) {
      const user = await resource.findUser?.(tx, row)
      if (user !== undefined) throw new InUse(resource.noun, user)
      await rows.remove(tx, row.id)
    },
  })
}

async function checkReferences(tx: Tx, brandId: string, named: readonly Reference[] = []): Promise<void> {
  const unknown: Reference[] = []
  for (const [table, references] of byTable(named)) {
    const known = await listIdsOfBrand(tx, table, { ids: [...references.keys()], brandId })
    for (const [id, places] of references) if (!known.has(id)) unknown.push(...places)
  }
  refuse(
    `The brand has no such ${unknown[0]?.noun}.`,
    unknown.map(({ pointer, noun }) => ({ pointer, detail: `is not a known ${noun} of the brand` })),
  )
}

/** By table and id, so that each table is asked once. */
function byTable(named: readonly Reference[]): Map<OwnedTable, Map<string, Reference[]>> {
  const tables = new Map<OwnedTable, Map<string, Reference[]>>()
  for (const reference of named) {
    if (reference.id == null) continue
    const id = reference.id.toLowerCase()
    const references = tables.get(reference.table) ?? new Map<string, Reference[]>()
    references.set(id, [...(references.get(id) ?? []), reference])
    tables.set(reference.table, references)
  }
  return tables
}

/** Whose it is; a key of a brand need not say. */
export const brandId = Type.Optional(Uuid)

/** Throws where there is a fault. */
export function refuse(detail: string, faults: readonly InputFault[]): void {
  if (faults.length > 0) throw new InvalidRequest(detail, faults)
}
