/**
 * What clients have used of their allowances: a row for each item of each period that has begun, and one for a period without
 * items, which is a plain recurring fee.
 */
import { reportAllowances } from '../db/reports/report-allowances.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { type ReportDescription, toColumns } from './report.ts'
import type { ReportRequest } from './report-request.ts'

export const allowancesReport = {
  name: 'allowances',
  summary: 'What is used and left of each item of the periods of allowances, and their fees',
  takes: ['days'],
  open: openAllowances,
} as const satisfies ReportDescription

const columns = toColumns({
  clientId: 'word',
  clientName: 'text',
  allowanceId: 'word',
  allowancePlanId: 'word',
  allowancePlanName: 'text',
  quantity: 'integer',
  from: 'day',
  to: 'day',
  status: 'word',
  currency: 'word',
  fee: 'amount',
  item: 'text',
  unit: 'word',
  amount: 'decimal',
  rolledOver: 'decimal',
  used: 'decimal',
  reserved: 'decimal',
  left: 'decimal',
})

/** Fees are for the seller's eyes, as in `GET /v1/clients/{id}/allowances`: clients find them on invoices and statements. */
async function openAllowances(request: ReportRequest) {
  const { brandId, clientId, from, to, visibility } = request
  const query = { brandId, clientId, from, to, showsFee: visibility.costs, showsMoney: visibility.callPrices }
  return {
    columns: visibility.costs ? columns : columns.filter(({ name }) => name !== 'fee'),
    batches: streamRows(request, reportAllowances(query)),
  }
}
