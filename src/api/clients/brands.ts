/**
 * `/v1/brands`: the operators that sell. Made by the platform; a brand sees and changes itself.
 */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import {
  type BrandRow,
  type BrandValues,
  deleteBrand,
  findBrand,
  insertBrand,
  listBrands,
  updateBrand,
} from '../../db/clients/brands.ts'
import { instantText } from '../../db/columns.ts'
import { InvalidRequest } from '../../errors.ts'
import { checkLogo } from '../../invoices/pdf/render-invoice-pdf.ts'
import { reasonProfiles } from '../../limits/reason-profiles.ts'
import {
  Currency,
  closed,
  DialledNumber,
  Instant,
  Language,
  Name,
  Numbering,
  nullable,
  oneOf,
  TimeZone,
  Uuid,
} from '../../shapes/fields.ts'
import { Issuer, ReasonOverrides } from '../../shapes/settings.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { tenantKey } from '../conventions/request-scope.ts'
import {
  answerCreated,
  answerPatched,
  answerRemoved,
  createSchema,
  type Kept,
  patchSchema,
  readRoutes,
  removeSchema,
} from '../conventions/resource.ts'

const BrandFields = closed({
  name: Name,
  currency: Currency,
  timeZone: Type.Optional(TimeZone),
  language: Type.Optional(Language),
  maxCalls: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: '0: unlimited.' })),
  specialNumbers: Type.Optional(Type.Array(DialledNumber, { maxItems: 500, uniqueItems: true })),
  freeNumbers: Type.Optional(Type.Array(DialledNumber, { maxItems: 500, uniqueItems: true })),
  numbering: Type.Optional(nullable(Numbering)),
  maxRingSeconds: Type.Optional(Type.Integer({ minimum: 30, maximum: 86_400 })),
  lostEndPolicy: Type.Optional(oneOf(['zero', 'last-known', 'cap'])),
  reasonProfile: Type.Optional(oneOf(reasonProfiles)),
  retentionDays: Type.Optional(
    nullable(
      Type.Integer({
        minimum: 1,
        maximum: 36_500,
        description:
          'Details of calls are removed this many local days after the call, once it is invoiced and paid; sums stay. null: never. Dead letters, denials and imports go after as many days, at the latest after RECORDS_MAX_AGE_DAYS.',
      }),
    ),
  ),
  reasonOverrides: Type.Optional(ReasonOverrides),
  issuer: Type.Optional(nullable(Issuer)),
  logo: Type.Optional(
    nullable(
      Type.String({
        maxLength: 50_000,
        pattern: '^data:image/(png|jpeg);base64,[A-Za-z0-9+/]+=*$',
        description: 'PNG or JPEG as a data URL.',
      }),
    ),
  ),
})

const Brand = closed({
  id: Uuid,
  ...BrandFields.properties,
  createdAt: Instant,
  updatedAt: Instant,
})

export function brandRoutes(app: Api, context: ApiContext): void {
  const brands: Kept<BrandRow, typeof BrandFields> = {
    noun: 'brand',
    path: '/v1/brands',
    tag: 'Brands',
    fields: BrandFields,
    shown: Brand,
    sorts: true,
    configures: true,
    show: (row: BrandRow) => ({
      id: row.id,
      ...fieldsOf(row),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, page) => listBrands(tx, page),
    find: (tx, _scope, id, lock) => findBrand(tx, id, lock),
  }
  readRoutes(app, context, brands)
  app.post(brands.path, { schema: createSchema(brands) }, async (request, reply) => {
    await refuseLogo(request, request.body.logo)
    return answerCreated(context, brands, { request, reply }, (tx, { now }) =>
      insertBrand(tx, { id: newId(now), values: complete(request.body), now }),
    )
  })
  app.patch(`${brands.path}/:id`, { schema: patchSchema(brands) }, async (request, reply) => {
    await refuseLogo(request, request.body.logo)
    return answerPatched(
      context,
      brands,
      { request, reply },
      {
        sent: request.body,
        fieldsOf,
        update: (tx, { now }, row, fields) => updateBrand(tx, row, { values: complete(fields, row), now }),
      },
    )
  })
  app.delete(`${brands.path}/:id`, { schema: removeSchema(brands) }, (request, reply) =>
    answerRemoved(context, brands, { request, reply }, (tx, _scope, row) => deleteBrand(tx, row.id)),
  )
}

/** Decoded when it is saved, not when the first invoice is drawn. */
async function refuseLogo(request: FastifyRequest, logo: unknown): Promise<void> {
  const fault = typeof logo === 'string' ? await checkLogo(tenantKey(request), logo) : undefined
  if (fault === undefined) return
  throw new InvalidRequest('This logo cannot be drawn.', [{ pointer: '/logo', detail: fault }])
}

/** `stored`: what the brand has already, and may keep. */
function complete(fields: Static<typeof BrandFields>, stored?: BrandRow): BrandValues {
  const faults = new Faults()
  faults.checkKnown('currency', '/currency', fields.currency)
  faults.checkKnown('timeZone', '/timeZone', fields.timeZone, stored?.timeZone)
  faults.checkKnown('language', '/language', fields.language)
  faults.checkKnown('country', '/issuer/country', fields.issuer?.country)
  faults.throwIfAny()
  return {
    name: fields.name,
    currency: fields.currency,
    timeZone: fields.timeZone ?? 'UTC',
    language: fields.language ?? 'en',
    maxCalls: fields.maxCalls ?? 0,
    specialNumbers: fields.specialNumbers ?? [],
    freeNumbers: fields.freeNumbers ?? [],
    numbering: fields.numbering ?? null,
    maxRingSeconds: fields.maxRingSeconds ?? 600,
    lostEndPolicy: fields.lostEndPolicy ?? 'zero',
    reasonProfile: fields.reasonProfile ?? 'standard',
    retentionDays: fields.retentionDays ?? null,
    reasonOverrides: fields.reasonOverrides ?? {},
    issuer: fields.issuer ?? null,
    logo: fields.logo ?? null,
  }
}

function fieldsOf(row: BrandRow): Static<typeof BrandFields> {
  const { id: _id, revision: _revision, createdAt: _createdAt, updatedAt: _updatedAt, ...fields } = row
  // What stands in jsonb columns was checked by this very schema when it was written.
  return fields as Static<typeof BrandFields>
}
