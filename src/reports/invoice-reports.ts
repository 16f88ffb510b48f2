/**
 * `invoices`: invoices and credit notes with what is due on them; `receivables`: what clients owe, by age.
 */
import { daysInZones } from '../db/days-in-zones.ts'
import { readAsTenant } from '../db/read-as-tenant.ts'
import { reportInvoices, reportReceivables } from '../db/reports/report-invoices.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { inOneCurrency } from './in-one-currency.ts'
import { type ReportDescription, toColumns } from './report.ts'
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
  summary: 'What clients owe, by days since the due day',
  takes: ['currency'],
  needs: 'invoices',
  open: openReceivables,
} as const satisfies ReportDescription

async function openInvoices(request: ReportRequest) {
  const datedBy = request.datedBy ?? 'period'
  return {
    columns: invoiceColumns,
    batches: streamRows(request, reportInvoices({ ...request, datedBy })),
  }
}

async function openReceivables(request: ReportRequest) {
  const { db, tenant, now } = request
  const today = await readAsTenant(db, tenant, (tx) => daysInZones(tx, 'brands', now))
  return inOneCurrency(request, {
    columns: receivableColumns,
    batches: streamRows(request, reportReceivables(request, today)),
  })
}

const invoiceColumns = toColumns({
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
  issueDay: 'day',
  dueDay: 'day',
})

const receivableColumns = toColumns({
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
