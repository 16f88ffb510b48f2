/**
 * `/v1/taxes`, `/v1/fixed-costs`, `/v1/invoice-number-sequences`, `/v1/invoice-templates`, `/v1/invoice-schedules`:
 * what a brand's invoices are made of.
 */
import type { FastifyInstance } from 'fastify'
import { DateTime } from 'luxon'
import Type, { type Static, type TObject, type TSchema } from 'typebox'
import { type BrandRow, brandRows } from '../db/brand-rows.ts'
import { instantText } from '../db/columns.ts'
import { findLastNumber } from '../db/invoice-series.ts'
import {
  fixedCosts,
  invoiceNumberSequences,
  invoiceSchedules,
  invoiceTemplates,
  taxes,
} from '../db/schema.ts'
import { Conflict, type InputFault, InvalidRequest, NotFound } from '../errors.ts'
import { taxCategories } from '../invoices/invoice.ts'
import { checkSequence, invoiceNumber, seriesYear } from '../invoices/invoice-number.ts'
import { checkTemplate } from '../invoices/invoice-template.ts'
import { scheduleUnits } from '../invoices/schedule-periods.ts'
import { type Decimal, formatAmount, parseAmount } from '../money.ts'
import { newId } from '../uuid.ts'
import type { ApiContext } from './context.ts'
import {
  Currency,
  closed,
  Day,
  Email,
  FreeText,
  Instant,
  Name,
  NonNegativeAmount,
  nullable,
  oneOf,
  PathId,
  Uuid,
} from './fields.ts'
import { termFields, termsOf } from './invoice-fields.ts'
import { Faults } from './known-values.ts'
import { keepBrand, owningBrand } from './owner.ts'
import { readSql } from './read-sql.ts'
import { idOf, registerResource } from './resource.ts'

interface BrandResource<Row extends BrandRow, Fields extends TObject> {
  noun: string
  path: string
  fields: Fields
  shown?: Record<string, TSchema>
  table: Parameters<typeof brandRows>[0]
  /** Throws for what does not go together. */
  valuesOf: (fields: Static<Fields>) => Partial<Row>
  fieldsOf: (row: Row) => Static<Fields>
  checkChange?: (before: Row, after: Partial<Row>) => void
}

function register<Row extends BrandRow, Fields extends TObject>(
  app: FastifyInstance,
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
    configures: false,
    show: (row: Row) => ({
      id: row.id,
      ...resource.fieldsOf(row),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { limit, after, filter }) =>
      rows.list(tx, { limit, after, brandId: filter.brandId ?? null }),
    find: (tx, _scope, id, lock) => rows.find(tx, id, lock),
    create: (tx, { identity, now }, fields) =>
      rows.insert(tx, {
        ...resource.valuesOf(fields),
        id: newId(now),
        brandId: owningBrand(identity, (fields as Sent).brandId),
      } as Partial<Row>),
    patch: {
      fieldsOf: resource.fieldsOf,
      update(tx, { now }, row, fields) {
        keepBrand(row, (fields as Sent).brandId)
        const values = resource.valuesOf(fields)
        resource.checkChange?.(row, values)
        return rows.update(tx, row.id, values, now)
      },
    },
    remove: (tx, _scope, row) => rows.remove(tx, row.id),
  })
}

const brandId = Type.Optional(Uuid)
const refuse = (detail: string, faults: readonly InputFault[]) => {
  if (faults.length > 0) throw new InvalidRequest(detail, faults)
}

const TaxFields = closed({
  brandId,
  name: Name,
  rate: Type.String({
    pattern: '^(?:100|\\d{1,2}(?:\\.\\d{1,4})?)$',
    description: 'Percent.',
    examples: ['21'],
  }),
  category: oneOf(taxCategories, 'S standard, Z zero rate, E exempt, AE reverse charge'),
  reason: Type.Optional(nullable(FreeText)),
})
type TaxRow = BrandRow & { name: string; rate: Decimal; category: string; reason: string | null }

const FixedCostFields = closed({
  brandId,
  name: Name,
  price: NonNegativeAmount,
  currency: Currency,
  quantityRule: Type.Optional(oneOf(['static', 'maxCalls'])),
  prorate: Type.Optional(Type.Boolean()),
  taxId: Type.Optional(nullable(Uuid)),
})
type FixedCostRow = BrandRow & {
  name: string
  price: Decimal
  currency: string
  quantityRule: string
  prorate: boolean
  taxId: string | null
}

const SequenceFields = closed({
  brandId,
  name: Name,
  prefix: Type.String({ maxLength: 40, pattern: '^[A-Za-z0-9 ./_{}-]*$' }),
  width: Type.Integer({ minimum: 1, maximum: 12 }),
  start: Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999_999_999 })),
  resetYearly: Type.Optional(Type.Boolean()),
})
type SequenceRow = BrandRow & {
  name: string
  prefix: string
  width: number
  start: number
  resetYearly: boolean
}

const TemplateFields = closed({
  brandId,
  name: Name,
  isDefault: Type.Optional(Type.Boolean()),
  content: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
})
type TemplateRow = BrandRow & { name: string; isDefault: boolean; content: unknown }

const ScheduleFilter = closed({
  billingMethods: Type.Optional(Type.Array(Type.String())),
  currencies: Type.Optional(Type.Array(Currency)),
  timeZones: Type.Optional(Type.Array(Type.String())),
  languages: Type.Optional(Type.Array(Type.String())),
})
const ScheduleFields = closed({
  brandId,
  name: Name,
  clientId: Type.Optional(nullable(Uuid)),
  filter: Type.Optional(ScheduleFilter),
  unit: oneOf(scheduleUnits),
  every: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
  firstDay: Day,
  numberSequenceId: Uuid,
  email: Type.Optional(nullable(Email)),
  enabled: Type.Optional(Type.Boolean()),
  ...termFields,
})
type ScheduleRow = BrandRow & {
  name: string
  clientId: string | null
  filter: unknown
  unit: string
  every: number
  firstDay: string
  numberSequenceId: string
  terms: unknown
  email: string | null
  enabled: boolean
}

export function invoiceSettingsRoutes(app: FastifyInstance, context: ApiContext): void {
  register<TaxRow, typeof TaxFields>(app, context, {
    noun: 'tax',
    path: '/v1/taxes',
    fields: TaxFields,
    table: taxes,
    valuesOf({ name, rate, category, reason }) {
      const percent = parseAmount(rate)
      if (category !== 'S' && !percent.isZero()) {
        refuse('This tax contradicts itself.', [
          { pointer: '/rate', detail: `must be "0" in category ${category}` },
        ])
      }
      return { name, rate: percent, category, reason: reason ?? null }
    },
    fieldsOf: (row) => ({
      brandId: row.brandId,
      name: row.name,
      rate: formatAmount(row.rate),
      category: row.category as (typeof taxCategories)[number],
      reason: row.reason,
    }),
  })

  register<FixedCostRow, typeof FixedCostFields>(app, context, {
    noun: 'fixed cost',
    path: '/v1/fixed-costs',
    fields: FixedCostFields,
    table: fixedCosts,
    valuesOf({ name, price, currency, quantityRule, prorate, taxId }) {
      const faults = new Faults()
      faults.checkKnown('currency', '/currency', currency)
      faults.throwIfAny()
      return {
        name,
        price: parseAmount(price),
        currency,
        quantityRule: quantityRule ?? 'static',
        prorate: prorate ?? false,
        taxId: taxId ?? null,
      }
    },
    fieldsOf: (row) => ({
      brandId: row.brandId,
      name: row.name,
      price: formatAmount(row.price),
      currency: row.currency,
      quantityRule: row.quantityRule as 'static' | 'maxCalls',
      prorate: row.prorate,
      taxId: row.taxId,
    }),
  })

  register<SequenceRow, typeof SequenceFields>(app, context, {
    noun: 'invoice number sequence',
    path: '/v1/invoice-number-sequences',
    fields: SequenceFields,
    table: invoiceNumberSequences,
    valuesOf({ name, prefix, width, start, resetYearly }) {
      const values = { name, prefix, width, start: start ?? 1, resetYearly: resetYearly ?? false }
      refuse('This sequence would not number well.', checkSequence(values))
      return values
    },
    fieldsOf: ({ brandId, name, prefix, width, start, resetYearly }) => ({
      brandId,
      name,
      prefix,
      width,
      start,
      resetYearly,
    }),
    checkChange(before, after) {
      // Numbers given out follow one another; another way of counting is another sequence.
      if (before.resetYearly !== after.resetYearly || before.start !== after.start) {
        throw new Conflict('in_use', 'start and resetYearly stay as they are: make another sequence.')
      }
    },
  })

  app.get(
    '/v1/invoice-number-sequences/:id/next',
    {
      schema: {
        tags: ['Invoices'],
        summary: 'The number that the next invoice would get',
        params: Type.Object({ id: PathId }),
        response: { 200: closed({ number: Type.String() }) },
      },
    },
    async (request) => {
      const id = idOf(request, 'invoice number sequence')
      const sequence = await readSequence(context, request, id)
      const day = DateTime.fromMillis(context.calls.clock(), { zone: sequence.timeZone }).toISODate() ?? ''
      const year = seriesYear(sequence, day)
      const last = await readSql(context, request, (tx) => findLastNumber(tx, { sequenceId: id, year }))
      return { number: invoiceNumber(sequence, last === null ? sequence.start : last + 1, day) }
    },
  )

  register<TemplateRow, typeof TemplateFields>(app, context, {
    noun: 'invoice template',
    path: '/v1/invoice-templates',
    fields: TemplateFields,
    table: invoiceTemplates,
    valuesOf({ name, isDefault, content }) {
      refuse(
        'This template cannot be used.',
        checkTemplate(content).map((fault) => ({ ...fault, pointer: `/content${fault.pointer}` })),
      )
      return { name, isDefault: isDefault ?? false, content }
    },
    fieldsOf: ({ brandId, name, isDefault, content }) => ({
      brandId,
      name,
      isDefault,
      // Checked when it was written.
      content: content as Record<string, unknown>,
    }),
  })

  register<ScheduleRow, typeof ScheduleFields>(app, context, {
    noun: 'invoice schedule',
    path: '/v1/invoice-schedules',
    fields: ScheduleFields,
    table: invoiceSchedules,
    valuesOf({ name, clientId, filter, unit, every, firstDay, numberSequenceId, email, enabled, ...fields }) {
      if (!DateTime.fromISO(firstDay, { zone: 'utc' }).isValid) {
        refuse('The schedule has no first day.', [{ pointer: '/firstDay', detail: 'is no calendar day' }])
      }
      const { brandId: _brandId, ...terms } = fields
      return {
        name,
        clientId: clientId ?? null,
        filter: filter ?? {},
        unit,
        every: every ?? 1,
        firstDay,
        numberSequenceId,
        email: email ?? null,
        enabled: enabled ?? true,
        terms: { ...termsOf(terms), sent: terms },
      }
    },
    fieldsOf: (row) => ({
      brandId: row.brandId,
      name: row.name,
      clientId: row.clientId,
      filter: row.filter as Static<typeof ScheduleFilter>,
      unit: row.unit as (typeof scheduleUnits)[number],
      every: row.every,
      firstDay: row.firstDay,
      numberSequenceId: row.numberSequenceId,
      email: row.email,
      enabled: row.enabled,
      // As it was sent: what was left out takes the default of the day on which it is used.
      ...(row.terms as { sent?: object }).sent,
    }),
  })
}

async function readSequence(context: ApiContext, request: Parameters<typeof readSql>[1], id: string) {
  return readSql(context, request, async (tx) => {
    const [row] = await tx`
      select s.prefix, s.width, s.start, s.reset_yearly, b.time_zone
      from invoice_number_sequences s
      join brands b on b.id = s.brand_id
      where s.id = ${id}`
    if (!row) throw new NotFound('invoice number sequence', id)
    return {
      prefix: row.prefix as string,
      width: row.width as number,
      start: Number(row.start),
      resetYearly: row.reset_yearly as boolean,
      timeZone: row.time_zone as string,
    }
  })
}
