/**
 * Which reports are there, and which files can they become?
 */

import type { CsvFlavour } from '../spreadsheet-text.ts'
import { balancesReport, statementsReport } from './account-reports.ts'
import { callsReport } from './calls-report.ts'
import { invoicesReport, receivablesReport } from './invoice-reports.ts'
import { denialsReport, rejectedCallsReport } from './refusals-reports.ts'
import type { Report } from './report.ts'
import type { ReportRequest } from './report-request.ts'
import { usageReport } from './usage-report.ts'
import { writeCsv } from './write-csv.ts'
import { writeJson } from './write-json.ts'
import { writeParquet } from './write-parquet.ts'
import { writeXlsx } from './write-xlsx.ts'

/** A report is made of what a request asks for; its rows are read when somebody reads its batches. */
export const reports = {
  calls: callsReport,
  usage: usageReport,
  balances: balancesReport,
  statements: statementsReport,
  'rejected-calls': rejectedCallsReport,
  denials: denialsReport,
  invoices: invoicesReport,
  receivables: receivablesReport,
} as const satisfies Record<string, (request: ReportRequest) => Promise<Report>>

export type ReportName = keyof typeof reports
export const reportNames = Object.keys(reports) as readonly ReportName[]

export const reportFormats = ['json', 'csv', 'xlsx', 'parquet'] as const
export type ReportFormat = (typeof reportFormats)[number]

export interface ReportFile {
  contentType: string
  chunks: AsyncGenerator<string | Uint8Array, void, undefined>
}

/** The report as a file, made while it is read. Throws before the first chunk where the request is at fault. */
export function writeReport(
  { name, columns, batches }: Report,
  { format, flavour }: { format: ReportFormat; flavour: CsvFlavour },
): ReportFile {
  switch (format) {
    case 'json':
      return { contentType: 'application/json; charset=utf-8', chunks: writeJson(columns, batches) }
    case 'csv':
      return { contentType: 'text/csv; charset=utf-8', chunks: writeCsv(columns, batches, flavour) }
    case 'xlsx':
      return {
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        chunks: writeXlsx(name, columns, batches),
      }
    case 'parquet':
      return { contentType: 'application/vnd.apache.parquet', chunks: writeParquet(columns, batches) }
  }
}
