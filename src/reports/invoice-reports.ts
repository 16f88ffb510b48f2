/**
 * `invoices`: invoices and credit notes with what is due on them; `receivables`: what clients owe, by age.
 */
import { type InvoicesQuery, reportInvoices, reportReceivables } from '../db/reports/report-invoices.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { FeatureDisabled } from '../errors.ts'
import { columnsOf, type Report } from './report.ts'
import type { ReportRequest } from './report-request.ts'

export async function invoicesReport(request: ReportRequest): Promise<Report> {
  const { datedBy } = request
  refuseWithoutInvoices(request)
  return {
    name: 'invoices',
    columns: invoiceColumns,
    batches: streamRows(request, reportInvoices({ ...request, datedBy: datedBy ?? 'period' })),
  }
}

export async function receivablesReport(request: ReportRequest): Promise<Report> {
  refuseWithoutInvoices(request)
  const query: InvoicesQuery = { ...request, datedBy: 'issue' }
  return {
    name: 'receivables',
    columns: receivableColumns,
    batches: streamRows(request, reportReceivables(query)),
  }
}

function refuseWithoutInvoices({ visibility }: ReportRequest): void {
  if (!visibility.invoices) throw new FeatureDisabled('invoices')
}

const invoiceColumns = columnsOf({
  clientId: 'word',
  clientName: 'text',
  id: 'word',
  kind: 'word',
  status: 'word',
  number: 'text',
  from: 'day',
  to: 'day',
  timeZone: 'word',
  currency: 'word',
  net: 'amount',
  tax: 'amount',
  total: 'amount',
  prepaidAmount: 'amount',
  paidAmount: 'amount',
  creditedAmount: 'amount',
  amountDue: 'amount',
  issuedAt: 'instant',
  dueAt: 'instant',
  creditsInvoiceId: 'word',
})

const receivableColumns = columnsOf({
  clientId: 'word',
  clientName: 'text',
  currency: 'word',
  invoices: 'integer',
  notDue: 'amount',
  upTo30: 'amount',
  upTo60: 'amount',
  upTo90: 'amount',
  over90: 'amount',
  due: 'amount',
})
