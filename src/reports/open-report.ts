/**
 * Which reports are there, and which files can they become?
 */

import { FeatureDisabled } from '../errors.ts'
import type { CsvStyle } from '../spreadsheet-text.ts'
import { balancesReport, statementsReport } from './account-reports.ts'
import { allowancesReport } from './allowances-report.ts'
import { journalReport, taxReport } from './books-reports.ts'
import { callsReport } from './calls-report.ts'
import { guardEventsReport } from './guard-events-report.ts'
import { invoicesReport, receivablesReport } from './invoice-reports.ts'
import { marginsReport } from './margins-report.ts'
import { denialsReport, rejectedCallsReport } from './refusals-reports.ts'
import type { Report, ReportDescription } from './report.ts'
import type { ReportRequest } from './report-request.ts'
import { usageReport } from './usage-report.ts'
import { writeCsv } from './write-csv.ts'
import { writeJson } from './write-json.ts'
import { writeParquet } from './write-parquet.ts'
import { writeXlsx } from './write-xlsx.ts'

/** In the order in which they are offered. */
const list = [
  callsReport,
  usageReport,
  balancesReport,
  statementsReport,
  rejectedCallsReport,
  denialsReport,
  invoicesReport,
  receivablesReport,
  guardEventsReport,
  marginsReport,
  allowancesReport,
  taxReport,
  journalReport,
] as const

export type ReportName = (typeof list)[number]['name']
const entries: [string, ReportDescription][] = list.map((report) => [report.name, report])
export const reports = Object.fromEntries(entries) as Record<ReportName, ReportDescription>
export const reportNames: readonly ReportName[] = list.map(({ name }) => name)

/** Throws `InvalidRequest` for what the report does not know, and `FeatureDisabled`. */
export async function openReport(name: ReportName, request: ReportRequest): Promise<Report> {
  const { needs, open } = reports[name]
  if (needs && !request.visibility[needs]) throw new FeatureDisabled(needs)
  return { name, ...(await open(request)) }
}

export const reportFormats = ['json', 'csv', 'xlsx', 'parquet'] as const
export type ReportFormat = (typeof reportFormats)[number]

export interface ReportFile {
  contentType: string
  chunks: AsyncGenerator<string | Uint8Array, void, undefined>
}

/** The report as a file, made while it is read. Throws before the first chunk where the request is at fault. */
export function writeReport(
  { name, columns, batches }: Report,
  format: ReportFormat,
  style: CsvStyle,
): ReportFile {
  switch (format) {
    case 'json':
      return { contentType: 'application/json; charset=utf-8', chunks: writeJson(columns, batches) }
    case 'csv':
      return { contentType: 'text/csv; charset=utf-8', chunks: writeCsv(columns, batches, style) }
    case 'xlsx':
      return {
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        chunks: writeXlsx(name, columns, batches),
      }
    case 'parquet':
      return { contentType: 'application/vnd.apache.parquet', chunks: writeParquet(columns, batches) }
  }
}
