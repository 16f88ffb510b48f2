/**
 * `invoices`: invoices and credit notes with what is due on them; `receivables`: what clients owe, by age.
 */
import { reportInvoices, reportReceivables } from '../db/reports/report-invoices.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { clocksOf } from './client-clocks.ts'
import { columnsOf, type ReportDescription } from './report.ts'
import type { ReportRequest } from './report-request.ts'

export const invoicesReport = {
  name: 'invoices',
  summary: 'Invoices and credit notes with what is due on them',
  takes: ['days', 'timeZone', 'datedBy'],
  needs: 'invoices',
  open: openInvoices,
} as const satisfies ReportDescription

export const receivablesReport = {
  name: 'receivables',
  summary: 'What clients owe, by days since the due date',
  takes: [],
  needs: 'invoices',
  open: openReceivables,
} as const satisfies ReportDescription

async function openInvoices(request: ReportRequest) {
  const datedBy = request.datedBy ?? 'period'
  const clocks = await clocksOf(request)
  const bounds = clocks.bounds({ ...request, timeZone: null })
  return {
    columns: invoiceColumns,
    batches: streamRows(request, reportInvoices({ ...request, datedBy, bounds })),
  }
}

async function openReceivables(request: ReportRequest) {
  return {
    columns: receivableColumns,
    batches: streamRows(request, reportReceivables(request)),
  }
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
