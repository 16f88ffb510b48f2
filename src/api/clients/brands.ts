/**
 * `/v1/brands`: the operators that sell. Made by the platform; a brand sees and changes itself.
 */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { listIdsOfBrand } from '../../db/clients/brand-rows.ts'
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
import type { Tx } from '../../db/connection.ts'
import { invoiceNumberSequences } from '../../db/schema.ts'
import { InvalidRequest } from '../../errors.ts'
import { eInvoiceProfiles } from '../../invoices/e-invoice/profiles.ts'
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
import {
  BrandMail,
  InvoiceReminders,
  Issuer,
  JournalAccounts,
  ReasonOverrides,
} from '../../shapes/settings.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { Faults } from '../conventions/known-values.ts'
import { type Scope, tenantKey } from '../conventions/request-scope.ts'
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
import { insertDefaultGuard } from '../guards/insert-default-guard.ts'
import { eInvoiceCheck, findMissingOfBrand, MissingFields } from './e-invoice-check.ts'
import { legalIdWarnings, readLegalIds } from './legal-ids.ts'

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
  eInvoiceProfile: Type.Optional(
    nullable(
      oneOf(eInvoiceProfiles, 'The profile of e-invoices of clients that have none; null: `en16931`.'),
    ),
  ),
  journalAccounts: Type.Optional(
    nullable({
      ...JournalAccounts,
      description: 'Account numbers in the report `journal`; null: their names.',
    }),
  ),
  issueOnlyWhenReady: Type.Optional(
    Type.Boolean({ description: 'Refuses to issue an invoice that has warnings: 409 `invoice_not_ready`.' }),
  ),
  creditNoteSequenceId: Type.Optional(
    nullable({
      ...Uuid,
      description: 'Number sequence of credit notes. null: the one of the invoice that they correct.',
    }),
  ),
  corrections: Type.Optional(
    oneOf(
      ['invoice', 'credit-note'],
      'Calls that changed after their invoice are corrected by a line of the next invoice, or by a credit note issued with it; an issuer in ES always does the latter.',
    ),
  ),
  mail: Type.Optional(nullable(BrandMail)),
  invoiceReminders: Type.Optional(nullable(InvoiceReminders)),
  paymentReceipts: Type.Optional(
    Type.Boolean({ description: 'Whether a payment of an invoice is confirmed by mail (true).' }),
  ),
  leastCostRouting: Type.Optional(
    Type.Boolean({
      description:
        'Whether grants of outbound legs name the carriers for the number, the cheapest first (false).',
    }),
  ),
  lcrSeconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 86_400,
      description: 'How long the call is that costs of carriers are compared by (180).',
    }),
  ),
})
type BrandFields = Static<typeof BrandFields>

const Brand = closed({
  id: Uuid,
  ...BrandFields.properties,
  warnings: Type.Optional(Type.Array(Type.String())),
  missing: Type.Optional(MissingFields),
  createdAt: Instant,
  updatedAt: Instant,
})

/** The row, and what a check found missing. */
type ShownBrand = BrandRow & { missing?: Static<typeof MissingFields> }

export function brandRoutes(app: Api, context: ApiContext): void {
  const brands: Kept<ShownBrand, typeof BrandFields> = {
    noun: 'brand',
    path: '/v1/brands',
    tag: 'Brands',
    fields: BrandFields,
    shown: Brand,
    sorts: true,
    configures: true,
    asides: {
      query: eInvoiceCheck,
      async add(tx, rows, { check }) {
        if (check === undefined) return rows
        const checked: ShownBrand[] = []
        // One page of brands, which the platform alone asks for.
        for (const row of rows) checked.push({ ...row, missing: await findMissingOfBrand(tx, row) })
        return checked
      },
    },
    show,
    list: (tx, _scope, page) => listBrands(tx, page),
    find: (tx, _scope, id, lock) => findBrand(tx, id, lock),
  }
  readRoutes(app, context, brands)
  app.post(brands.path, { schema: createSchema(brands) }, async (request, reply) => {
    await refuseLogo(request, request.body.logo)
    return answerCreated(context, brands, { request, reply }, async (tx, { now }) => {
      const [id, values] = [newId(now), complete(request.body)]
      await checkSequence(tx, id, values.creditNoteSequenceId)
      const brand = await insertBrand(tx, { id, values, now })
      await insertDefaultGuard(tx, brand.id, now)
      return brand
    })
  })
  app.patch(`${brands.path}/:id`, { schema: patchSchema(brands) }, async (request, reply) => {
    await refuseLogo(request, request.body.logo)
    return answerPatched(
      context,
      brands,
      { request, reply },
      {
        sent: request.body,
        toFields,
        update: async (tx, { now }, row, fields) => {
          const values = complete(fields, toFields(row))
          await checkSequence(tx, row.id, values.creditNoteSequenceId)
          return updateBrand(tx, row, { values, now })
        },
        async finish(before, after) {
          if (before.maxCalls === after.maxCalls) return
          await context.calls.leases?.callBackAll({ clientIds: [], brandIds: [after.id] })
        },
      },
    )
  })
  app.delete(`${brands.path}/:id`, { schema: removeSchema(brands) }, (request, reply) =>
    answerRemoved(context, brands, { request, reply }, (tx, _scope, row) => deleteBrand(tx, row.id)),
  )
}

/** Who gets blind copies is the brand's own matter. */
function mailForClients(row: BrandRow) {
  const { bcc: _bcc, ...mail } = toFields(row).mail ?? noMail
  return mail
}

const noMail = { fromName: null, fromAddress: null, replyTo: null, bcc: null }

/** Decoded when it is saved, not when the first invoice is drawn. */
async function refuseLogo(request: FastifyRequest, logo: unknown): Promise<void> {
  const fault = typeof logo === 'string' ? await checkLogo(tenantKey(request), logo) : undefined
  if (fault === undefined) return
  throw new InvalidRequest('This logo cannot be drawn.', [{ pointer: '/logo', detail: fault }])
}

/** `before`: as it stands, where it is changed. */
function complete(fields: BrandFields, before?: BrandFields): BrandValues {
  const faults = new Faults()
  faults.checkKnown('currentCurrency', '/currency', fields.currency, before?.currency)
  faults.checkKnown('timeZone', '/timeZone', fields.timeZone, before?.timeZone)
  faults.checkKnown('language', '/language', fields.language)
  faults.checkKnown('country', '/issuer/country', fields.issuer?.country, before?.issuer?.country)
  const issuer =
    fields.issuer &&
    readLegalIds(placedIds(fields.issuer), before && placedIds(before.issuer), {
      pointer: '/issuer',
      faults,
    })
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
    issuer: issuer ?? null,
    logo: fields.logo ?? null,
    eInvoiceProfile: fields.eInvoiceProfile ?? null,
    journalAccounts: fields.journalAccounts ?? null,
    issueOnlyWhenReady: fields.issueOnlyWhenReady ?? false,
    creditNoteSequenceId: fields.creditNoteSequenceId?.toLowerCase() ?? null,
    corrections: fields.corrections ?? 'invoice',
    mail: { ...noMail, ...fields.mail },
    invoiceReminders: fields.invoiceReminders ?? null,
    paymentReceipts: fields.paymentReceipts ?? true,
    leastCostRouting: fields.leastCostRouting ?? false,
    lcrSeconds: fields.lcrSeconds ?? 180,
  }
}

/** A brand that begins has none yet. */
async function checkSequence(tx: Tx, brandId: string, sequenceId: string | null | undefined): Promise<void> {
  if (sequenceId == null) return
  const known = await listIdsOfBrand(tx, invoiceNumberSequences, { ids: [sequenceId], brandId })
  if (known.has(sequenceId)) return
  throw new InvalidRequest('The brand has no such number sequence.', [
    { pointer: '/creditNoteSequenceId', detail: 'is not a known number sequence of the brand' },
  ])
}

function placedIds<Ids extends BrandFields['issuer']>(issuer: Ids) {
  return { ids: issuer, country: issuer?.country ?? null }
}

function show({ missing, ...row }: ShownBrand, { identity }: Pick<Scope, 'identity'>): Static<typeof Brand> {
  const fields = toFields(row)
  const warnings = legalIdWarnings('issuer', placedIds(fields.issuer))
  return {
    id: row.id,
    ...fields,
    ...(identity.clientId !== null && { mail: mailForClients(row), journalAccounts: null }),
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(missing && { missing }),
    createdAt: instantText(row.createdAt),
    updatedAt: instantText(row.updatedAt),
  }
}

function toFields(row: BrandRow): BrandFields {
  const { id: _id, revision: _revision, createdAt: _createdAt, updatedAt: _updatedAt, ...fields } = row
  // What stands in jsonb columns was checked by this very schema when it was written.
  return { ...fields, mail: { ...noMail, ...(fields.mail ?? {}) } } as Static<typeof BrandFields>
}
