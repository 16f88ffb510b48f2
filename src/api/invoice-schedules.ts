/** `/v1/invoice-schedules`: invoices that make themselves. */
import type { FastifyInstance } from 'fastify'
import { DateTime } from 'luxon'
import Type, { type Static } from 'typebox'
import type { BrandRow } from '../db/brand-rows.ts'
import { invoiceSchedules } from '../db/schema.ts'
import { scheduleUnits } from '../invoices/schedule-periods.ts'
import { brandId, refuse, registerBrandResource } from './brand-resource.ts'
import type { ApiContext } from './context.ts'
import { Currency, closed, Day, Email, Name, nullable, oneOf, Uuid } from './fields.ts'
import { termFields, termsOf } from './invoice-fields.ts'

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

export function invoiceScheduleRoutes(app: FastifyInstance, context: ApiContext): void {
  registerBrandResource<ScheduleRow, typeof ScheduleFields>(app, context, {
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
