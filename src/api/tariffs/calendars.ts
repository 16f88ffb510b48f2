/**
 * `/v1/calendars`: days that windows of rating plans are asked for, such as public holidays.
 *
 * A plan keeps the days with each of its versions. A change of a calendar makes the next version of every plan that
 * names it, in the same transaction, so that calls answered before keep their price.
 */
import Type from 'typebox'
import { brandRows } from '../../db/clients/brand-rows.ts'
import { instantText } from '../../db/columns.ts'
import { readJson } from '../../db/json-column.ts'
import { calendars } from '../../db/schema.ts'
import { listPlansOfCalendar } from '../../db/tariffs/calendars.ts'
import { InUse } from '../../errors.ts'
import type { CalendarDay } from '../../rating/calendar.ts'
import { closed, Instant, Name, Uuid } from '../../shapes/fields.ts'
import { CalendarDays } from '../../shapes/settings.ts'
import { checkCalendar } from '../../tariffs/check-calendar.ts'
import { renewPlansOfCalendar } from '../../tariffs/write-calendars.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'

const Fields = closed({ brandId: Type.Optional(Uuid), name: Name, days: CalendarDays })

type CalendarRow = typeof calendars.$inferSelect
const rows = brandRows<CalendarRow>(calendars)

export function calendarRoutes(app: Api, context: ApiContext): void {
  const { tariffLeadSeconds: leadSeconds } = context.settings
  registerResource(app, context, {
    noun: 'calendar',
    path: '/v1/calendars',
    tag: 'Tariffs',
    fields: Fields,
    shown: closed({ id: Uuid, ...Fields.properties, createdAt: Instant, updatedAt: Instant }),
    filters: { brandId: Type.Optional(Uuid) },
    sorts: true,
    configures: true,
    show: (row: CalendarRow) => ({
      id: row.id,
      ...toFields(row),
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: (tx, _scope, { filter, ...page }) => rows.list(tx, { ...page, brandId: filter.brandId ?? null }),
    find: (tx, _scope, id, lock) => rows.find(tx, id, lock),
    create(tx, { identity, now }, { brandId, name, days }) {
      checkCalendar(days)
      return rows.insert(tx, { id: newId(now), brandId: owningBrand(identity, brandId), name, days })
    },
    patch: {
      toFields,
      async update(tx, { now }, row, { brandId, name, days }) {
        keepBrand(row, brandId)
        checkCalendar(days)
        const changed = await rows.update(tx, row.id, { name, days }, now)
        await renewPlansOfCalendar(tx, row.id, leadSeconds)
        return changed
      },
    },
    async remove(tx, _scope, row) {
      const [plan] = await listPlansOfCalendar(tx, row.id)
      if (plan) throw new InUse('calendar', `the rating plan ${plan.name} names it`)
      await rows.remove(tx, row.id)
    },
  })
}

function toFields({ brandId, name, days }: CalendarRow) {
  return { brandId, name, days: [...readJson<readonly CalendarDay[]>(days)] }
}
