/**
 * `/v1/reports/…`: calls, usage, money and refusals, as JSON, CSV, XLSX or Parquet, streamed while they are read.
 */
import Type from 'typebox'
import {
  openReport,
  type ReportFormat,
  type ReportName,
  reportFormats,
  reportNames,
  reports,
  writeReport,
} from '../../reports/open-report.ts'
import { closed } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { csvFields, readCsvStyle } from '../conventions/csv-query.ts'
import type { Downloads } from '../conventions/downloads.ts'
import { type ReportQuery, readReportRequest, reportQueries } from './report-query.ts'

export function reportRoutes(app: Api, context: ApiContext, downloads: Downloads): void {
  for (const name of reportNames) {
    addRoute(app, context, downloads, { name, path: `/v1/reports/${name}`, format: 'json' })
    for (const format of reportFormats) {
      addRoute(app, context, downloads, { name, path: `/v1/reports/${name}.${format}`, format })
    }
  }
}

function addRoute(
  app: Api,
  context: ApiContext,
  downloads: Downloads,
  { name, path, format }: { name: ReportName; path: string; format: ReportFormat },
): void {
  app.get(
    path,
    {
      schema: {
        tags: ['Reports'],
        summary: reports[name].summary,
        description: `Days are local to each client and half open. Columns: docs/reports.md.${format === 'csv' ? ' For a spreadsheet prefer .xlsx, which opens alike in every language.' : ''}`,
        querystring: Type.Unsafe<ReportQuery>(
          closed({
            ...reportQueries[name],
            ...(format === 'csv' ? csvFields : {}),
          }),
        ),
      },
    },
    async (request, reply) => {
      const asked = await readReportRequest(context, { request, reply }, request.query)
      const style = readCsvStyle(request.query)
      return downloads.send(request, reply, async (gone) => {
        const report = await openReport(name, { ...asked, gone })
        const days = [asked.from, asked.to].filter((day) => day !== null)
        return {
          ...writeReport(report, format, style),
          fileName: `${[name, ...days].join('_')}.${format}`,
        }
      })
    },
  )
}
