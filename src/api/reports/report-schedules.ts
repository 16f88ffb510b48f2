/**
 * `/v1/report-schedules`: reports that repeat themselves, by mail or into a folder.
 *
 * `delivered` tells how far it has come and why the period it stands at has failed. Once a period has been opened its
 * days stay as they are: other days are another schedule, or periods would be told twice or not at all.
 */
import { sql } from 'drizzle-orm'
import { DateTime } from 'luxon'
import Type, { type Static } from 'typebox'
import { type BrandRow, brandRows } from '../../db/clients/brand-rows.ts'
import { findClient } from '../../db/clients/clients.ts'
import { instantText, shownInstant } from '../../db/columns.ts'
import type { Tx } from '../../db/connection.ts'
import { readJson } from '../../db/json-column.ts'
import { reportSchedules } from '../../db/schema.ts'
import { Conflict, NotFound } from '../../errors.ts'
import { type ReportName, reportFormats, reportNames, reports } from '../../reports/open-report.ts'
import { folderPattern } from '../../reports/report-folder.ts'
import { readGroups } from '../../reports/report-request.ts'
import { closed, Day, Email, Instant, Name, nullable, oneOf, TimeZone, Uuid } from '../../shapes/fields.ts'
import type { CsvFlavour } from '../../spreadsheet-text.ts'
import { newId } from '../../uuid.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { addLocaleFaults, csvFields } from '../conventions/csv-query.ts'
import { Faults } from '../conventions/known-values.ts'
import { keepBrand, owningBrand } from '../conventions/owner.ts'
import { registerResource } from '../conventions/resource.ts'
import { filterSchemas, reportQueries } from './report-query.ts'

const units = ['day', 'week', 'month'] as const

const Filter = closed(filterSchemas)

const Fields = closed({
  brandId: Type.Optional(Uuid),
  name: Name,
  clientId: Type.Optional(nullable(Uuid)),
  report: oneOf(reportNames as readonly [ReportName, ...ReportName[]]),
  format: oneOf(reportFormats),
  flavour: csvFields.flavour,
  locale: Type.Optional(nullable(csvFields.locale)),
  filter: Type.Optional(Filter),
  groupBy: Type.Optional(nullable(Type.String({ maxLength: 400 }))),
  unit: oneOf(units),
  every: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
  firstDay: Day,
  timeZone: Type.Optional(nullable(TimeZone)),
  delayMinutes: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 10_080, description: 'Waited for after the last day; 60.' }),
  ),
  emails: Type.Optional(Type.Array(Email, { maxItems: 10, uniqueItems: true })),
  directory: Type.Optional(nullable(Type.String({ maxLength: 200, pattern: folderPattern }))),
  enabled: Type.Optional(Type.Boolean()),
})
type Given = Static<typeof Fields>

const Delivered = closed({
  periods: Type.Integer(),
  lastPeriodTo: nullable(Day),
  waiting: Type.Integer(),
  lastError: Type.Unsafe<object | null>({ type: ['object', 'null'], additionalProperties: true }),
  nextAttemptAt: nullable(Instant),
})
type Delivered = Static<typeof Delivered>
const Shown = closed({
  id: Uuid,
  ...Fields.properties,
  delivered: Delivered,
  createdAt: Instant,
  updatedAt: Instant,
})

type Row = BrandRow & {
  name: string
  clientId: string | null
  report: string
  format: string
  flavour: string
  locale: string | null
  filter: unknown
  groupBy: string | null
  unit: string
  every: number
  firstDay: string
  timeZone: string | null
  delayMinutes: number
  emails: string[]
  directory: string | null
  enabled: boolean
}
type ShownRow = Row & { delivered: Delivered }

export function reportScheduleRoutes(app: Api, context: ApiContext): void {
  const rows = brandRows<Row>(reportSchedules)
  registerResource<ShownRow, typeof Fields>(app, context, {
    noun: 'report schedule',
    path: '/v1/report-schedules',
    tag: 'Reports',
    sorts: true,
    fields: Fields,
    shown: Shown,
    configures: false,
    show: ({ delivered, ...row }) => ({
      id: row.id,
      ...toScheduleFields(row),
      delivered,
      createdAt: instantText(row.createdAt),
      updatedAt: instantText(row.updatedAt),
    }),
    list: async (tx, { identity }, { filter: _filter, ...page }) =>
      withDelivered(tx, await rows.list(tx, { ...page, brandId: identity.brandId })),
    async find(tx, _scope, id, lock) {
      const row = await rows.find(tx, id, lock)
      return row && (await withDelivered(tx, [row]))[0]
    },
    async create(tx, { identity, now }, fields) {
      const brandId = owningBrand(identity, fields.brandId)
      const values = await toValues(tx, brandId, fields)
      const row = await rows.insert(tx, { id: newId(now), brandId, ...values })
      return { ...row, delivered: nothingYet }
    },
    patch: {
      toFields: toScheduleFields,
      async update(tx, { now }, row, fields) {
        keepBrand(row, fields.brandId)
        const values = await toValues(tx, row.brandId, fields, row)
        const days = [values.unit, values.every, values.firstDay].join()
        if (row.delivered.periods > 0 && days !== [row.unit, row.every, row.firstDay].join()) {
          throw new Conflict('in_use', 'unit, every and firstDay stay as they are: make another schedule.')
        }
        return { ...(await rows.update(tx, row.id, values, now)), delivered: row.delivered }
      },
    },
    remove: (tx, _scope, row) => rows.remove(tx, row.id),
  })
}

/** Throws `InvalidRequest` for what does not go together, `NotFound` for another brand's client. */
async function toValues(tx: Tx, brandId: string, given: Given, stored?: Row) {
  const values = {
    name: given.name,
    clientId: given.clientId?.toLowerCase() ?? null,
    report: given.report,
    format: given.format,
    flavour: given.flavour ?? 'raw',
    locale: given.locale ?? null,
    filter: given.filter ?? {},
    groupBy: given.groupBy ?? null,
    unit: given.unit,
    every: given.every ?? 1,
    firstDay: given.firstDay,
    timeZone: given.timeZone ?? null,
    delayMinutes: given.delayMinutes ?? 60,
    emails: given.emails ?? [],
    directory: given.directory ?? null,
    enabled: given.enabled ?? true,
  }
  const faults = new Faults()
  if (!DateTime.fromISO(values.firstDay, { zone: 'utc' }).isValid)
    faults.add('/firstDay', 'is not a valid calendar day')
  faults.checkKnown('timeZone', '/timeZone', values.timeZone, stored?.timeZone)
  addLocaleFaults(faults, values, stored?.locale)
  if (values.emails.length > 0 === (values.directory !== null)) {
    faults.add('/directory', 'give either emails or a directory')
  }
  const known = reportQueries[values.report]
  for (const name of Object.keys(values.filter)) {
    if (!Object.hasOwn(known, name)) faults.add(`/filter/${name}`, `does not filter ${values.report}`)
  }
  if (values.groupBy !== null && !Object.hasOwn(known, 'groupBy')) {
    faults.add('/groupBy', `${values.report} are not grouped`)
  }
  faults.throwIfAny()
  readGroups(values, reports[values.report].groups ?? [], [])
  if (values.clientId !== null) {
    const client = await findClient(tx, values.clientId, 'none')
    if (client?.brandId !== brandId) throw new NotFound('client', values.clientId)
  }
  return values
}

function toScheduleFields(row: Row): Given {
  return {
    brandId: row.brandId,
    name: row.name,
    clientId: row.clientId,
    // Closed lists, checked when they were written; so is the filter.
    report: row.report as ReportName,
    format: row.format as (typeof reportFormats)[number],
    flavour: row.flavour as CsvFlavour,
    locale: row.locale,
    filter: row.filter as Static<typeof Filter>,
    groupBy: row.groupBy,
    unit: row.unit as (typeof units)[number],
    every: row.every,
    firstDay: row.firstDay,
    timeZone: row.timeZone,
    delayMinutes: row.delayMinutes,
    emails: row.emails,
    directory: row.directory,
    enabled: row.enabled,
  }
}

const nothingYet: Delivered = {
  periods: 0,
  lastPeriodTo: null,
  waiting: 0,
  lastError: null,
  nextAttemptAt: null,
}

async function withDelivered(tx: Tx, rows: readonly Row[]): Promise<ShownRow[]> {
  if (rows.length === 0) return []
  const ids = sql.join(
    rows.map(({ id }) => sql`${id}::uuid`),
    sql`, `,
  )
  const found = await tx.execute<{
    schedule_id: string
    periods: number
    last_to: string | null
    waiting: number
    last_error: unknown
    next_at: string | null
  }>(sql`
    select schedule_id,
           count(*)::integer as periods,
           max(period_to) filter (where status = 'done')::text as last_to,
           count(*) filter (where status <> 'done')::integer as waiting,
           (array_agg(last_error order by index) filter (where status = 'failed'))[1] as last_error,
           (min(next_attempt_at) filter (where status = 'failed'))::text as next_at
    from report_schedule_periods
    where schedule_id in (${ids})
    group by schedule_id`)
  const deliveries = new Map(
    [...found].map((row): [string, Delivered] => [
      row.schedule_id,
      {
        periods: row.periods,
        lastPeriodTo: row.last_to,
        waiting: row.waiting,
        lastError: readJson(row.last_error),
        nextAttemptAt: shownInstant(row.next_at),
      },
    ]),
  )
  return rows.map((row) => ({ ...row, delivered: deliveries.get(row.id) ?? nothingYet }))
}
