/** `/v1/invoice-schedules`: invoices that make themselves, and what became of each period. */
import { DateTime } from 'luxon'
import Type, { type Static } from 'typebox'
import type { BrandRow } from '../../db/clients/brand-rows.ts'
import { instantText } from '../../db/columns.ts'
import { listSchedulePeriods, type SchedulePeriod } from '../../db/invoices/list-schedule-periods.ts'
import {
  clients,
  fixedCosts,
  invoiceNumberSequences,
  invoiceSchedules,
  invoiceTemplates,
  taxes,
} from '../../db/schema.ts'
import { NotFound } from '../../errors.ts'
import { checkSpans } from '../../invoices/compute-invoice.ts'
import type { InvoiceTerms } from '../../invoices/invoice-terms.ts'
import { scheduleUnits } from '../../invoices/schedule-periods.ts'
import {
  Currency,
  closed,
  Day,
  Email,
  Instant,
  Name,
  nullable,
  oneOf,
  PathId,
  Uuid,
} from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { pageQuery, pageSchema, readCursor, toPage, uuidText } from '../conventions/pagination.ts'
import { readSql } from '../conventions/read-sql.ts'
import { readId } from '../conventions/request-scope.ts'
import { brandId, type Reference, refuse, registerBrandResource } from './brand-resource.ts'
import { termFields, toTerms } from './invoice-fields.ts'
import { invoiceTags as tags } from './invoice-requests.ts'

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

export function invoiceScheduleRoutes(app: Api, context: ApiContext): void {
  registerBrandResource<ScheduleRow, typeof ScheduleFields>(app, context, {
    noun: 'invoice schedule',
    path: '/v1/invoice-schedules',
    fields: ScheduleFields,
    table: invoiceSchedules,
    toValues({ name, clientId, filter, unit, every, firstDay, numberSequenceId, email, enabled, ...fields }) {
      if (!DateTime.fromISO(firstDay, { zone: 'utc' }).isValid) {
        refuse('The schedule has no first day.', [
          { pointer: '/firstDay', detail: 'is not a valid calendar day' },
        ])
      }
      const { brandId: _brandId, ...terms } = fields
      const kept = toTerms(terms)
      // Which days a period has is known when it is over: those outside are left out of its invoice.
      checkSpans(kept.fixedCosts, null)
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
        terms: { ...kept, sent: terms },
      }
    },
    references: ({ clientId, numberSequenceId, terms }) => [
      { pointer: '/clientId', noun: 'client', table: clients, id: clientId },
      {
        pointer: '/numberSequenceId',
        noun: 'number sequence',
        table: invoiceNumberSequences,
        id: numberSequenceId,
      },
      ...termReferences(terms as InvoiceTerms),
    ],
    toFields: (row) => ({
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

  app.get(
    '/v1/invoice-schedules/:id/periods',
    {
      schema: {
        tags,
        summary: 'What became of the periods of a schedule, the last ones first',
        description:
          'A period that was refused says why and when it is tried again; later ones of its client wait.',
        params: Type.Object({ id: PathId }),
        querystring: closed({
          ...pageQuery,
          clientId: Type.Optional(Uuid),
          status: Type.Optional(oneOf(periodStatuses)),
        }),
        response: { 200: pageSchema(SchedulePeriodFields) },
      },
    },
    async (request) => {
      const scheduleId = readId(request, 'invoice schedule')
      const { limit = 50, cursor, ...filter } = request.query
      const cut = readCursor(cursor, [/^\d{1,9}$/, uuidText])
      const rows = await readSql(context, request, async (tx) => {
        // What the tenant may not see does not exist.
        const [known] = await tx`select 1 from invoice_schedules where id = ${scheduleId}`
        if (!known) throw new NotFound('invoice schedule', scheduleId)
        return listSchedulePeriods(tx, {
          scheduleId,
          clientId: filter.clientId ?? null,
          status: filter.status ?? null,
          after: cut ? { index: Number(cut[0]), clientId: cut[1] ?? '' } : null,
          limit: limit + 1,
        })
      })
      const page = toPage(rows, limit, (row) => [String(row.index), row.clientId])
      return { data: page.rows.map(showPeriod), nextCursor: page.nextCursor }
    },
  )
}

/** What the terms name, so that a wrong id is told now and not when the first period is over. */
function termReferences({ taxIds, fixedCosts: costs, templateId }: InvoiceTerms): Reference[] {
  const tax = (pointer: string, id: string | null) => ({ pointer, noun: 'tax', table: taxes, id })
  return [
    ...(taxIds ?? []).map((id, i) => tax(`/taxIds/${i}`, id)),
    ...costs.flatMap(({ fixedCostId, taxId }, i) => [
      { pointer: `/fixedCosts/${i}/fixedCostId`, noun: 'fixed cost', table: fixedCosts, id: fixedCostId },
      tax(`/fixedCosts/${i}/taxId`, taxId),
    ]),
    { pointer: '/templateId', noun: 'invoice template', table: invoiceTemplates, id: templateId },
  ]
}

const periodStatuses = ['pending', 'failed', 'issued', 'empty'] as const
const SchedulePeriodFields = closed({
  clientId: Uuid,
  from: Day,
  to: Day,
  status: oneOf(periodStatuses, '`empty`: there was nothing to put on an invoice'),
  attempts: Type.Integer(),
  nextAttemptAt: nullable(Instant),
  lastError: nullable(
    closed({
      code: Type.String(),
      detail: Type.String(),
      errors: Type.Array(closed({ pointer: Type.String(), detail: Type.String() })),
    }),
  ),
  invoiceId: nullable(Uuid),
  updatedAt: Instant,
})

function showPeriod({ index: _index, nextAttemptAt, updatedAt, ...period }: SchedulePeriod) {
  return {
    ...period,
    nextAttemptAt: nextAttemptAt === null ? null : instantText(nextAttemptAt),
    updatedAt: instantText(updatedAt),
  }
}
