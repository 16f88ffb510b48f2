/** `GET /v1/report-schedules/:id/periods`: what a schedule has delivered, when, where to, and why it has not. */
import Type from 'typebox'
import { instantText } from '../../db/columns.ts'
import { listReportPeriods, type ReportPeriod } from '../../db/reports/list-report-periods.ts'
import { NotFound } from '../../errors.ts'
import { closed, Day, Instant, nullable, oneOf, PathId, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { pageQuery, pageSchema, readCursor, toPage } from '../conventions/pagination.ts'
import { readSql } from '../conventions/read-sql.ts'
import { readId } from '../conventions/request-scope.ts'

const statuses = ['pending', 'failed', 'done'] as const

const ReportPeriodFields = closed({
  from: Day,
  to: Day,
  status: oneOf(statuses, '`done`: the file is in its folder, or the mails are written'),
  attempts: Type.Integer(),
  nextAttemptAt: nullable(Instant),
  lastError: nullable(closed({ code: Type.String(), detail: Type.String() })),
  deliveredAt: nullable(Instant),
  rows: nullable(Type.Integer()),
  file: nullable(Type.String()),
  mails: Type.Array(
    closed({
      id: Uuid,
      recipient: Type.String(),
      status: oneOf(['pending', 'sent', 'failed']),
      sentAt: nullable(Instant),
      lastError: nullable(Type.String()),
    }),
  ),
  updatedAt: Instant,
})

export function reportPeriodRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/report-schedules/:id/periods',
    {
      schema: {
        tags: ['Reports'],
        summary: 'What became of the periods of a schedule, the last ones first',
        description:
          'A period that failed says why and when it is tried again; later ones wait. `rows` is null until the report is made, `file` is below REPORTS_DIR.',
        params: Type.Object({ id: PathId }),
        querystring: closed({ ...pageQuery, status: Type.Optional(oneOf(statuses)) }),
        response: { 200: pageSchema(ReportPeriodFields) },
      },
    },
    async (request) => {
      const scheduleId = readId(request, 'report schedule')
      const { limit = 50, cursor, status } = request.query
      const cut = readCursor(cursor, [/^\d{1,9}$/])
      const periods = await readSql(context, request, async (tx) => {
        // What the tenant may not see does not exist.
        const [known] = await tx`select 1 from report_schedules where id = ${scheduleId}`
        if (!known) throw new NotFound('report schedule', scheduleId)
        return listReportPeriods(tx, {
          scheduleId,
          status: status ?? null,
          after: cut ? Number(cut[0]) : null,
          limit: limit + 1,
        })
      })
      const page = toPage(periods, limit, ({ index }) => [String(index)])
      return { data: page.rows.map(showPeriod), nextCursor: page.nextCursor }
    },
  )
}

function showPeriod({ index: _index, ...period }: ReportPeriod) {
  const shown = (at: number | null) => (at === null ? null : instantText(at))
  return {
    ...period,
    nextAttemptAt: shown(period.nextAttemptAt),
    deliveredAt: shown(period.deliveredAt),
    mails: period.mails.map((mail) => ({ ...mail, sentAt: shown(mail.sentAt) })),
    updatedAt: instantText(period.updatedAt),
  }
}
