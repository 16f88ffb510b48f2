/**
 * Money of clients: `balances`, what each account holds now, or how it moved between two days; `statements`, every
 * movement.
 */
import { reportAccountPeriods, reportBalances, reportMovements } from '../db/reports/report-accounts.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { Forbidden } from '../errors.ts'
import { columnsOf, type Report } from './report.ts'
import type { ReportRequest } from './report-request.ts'

/** With a span: the balances before and after it, and the sums of the movements in between. */
export async function balancesReport(request: ReportRequest): Promise<Report> {
  const { db, tenant, from, to } = request
  const isPeriod = from !== null || to !== null
  if (isPeriod) refuseWithoutPrices(request)
  return {
    name: 'balances',
    columns: isPeriod ? periodColumns : balanceColumns,
    batches: streamRows(db, tenant, isPeriod ? reportAccountPeriods(request) : reportBalances(request)),
  }
}

export async function statementsReport(request: ReportRequest): Promise<Report> {
  refuseWithoutPrices(request)
  const withInvoices = request.visibility.invoices
  return {
    name: 'statements',
    columns: withInvoices ? movementColumns : movementColumns.filter(({ name }) => name !== 'invoiceId'),
    batches: streamRows(request.db, request.tenant, reportMovements({ ...request, withInvoices })),
  }
}

/** Each charge is a call's price: there is no statement without prices. */
function refuseWithoutPrices({ visibility }: ReportRequest): void {
  if (visibility.callPrices) return
  throw new Forbidden('Prices of calls are not shown to this client, and a statement consists of them.')
}

const balanceColumns = columnsOf({
  clientId: 'word',
  clientName: 'text',
  billingMethod: 'word',
  currency: 'word',
  balance: 'amount',
  reserved: 'amount',
  creditLimit: 'amount',
  available: 'amount',
  unbilled: 'amount',
  invoicedUnpaid: 'amount',
  runningCalls: 'integer',
})

const periodColumns = columnsOf({
  clientId: 'word',
  clientName: 'text',
  currency: 'word',
  timeZone: 'word',
  from: 'day',
  to: 'day',
  openingBalance: 'amount',
  topUps: 'amount',
  adjustments: 'amount',
  charges: 'amount',
  invoices: 'amount',
  payments: 'amount',
  closingBalance: 'amount',
})

const movementColumns = columnsOf({
  clientId: 'word',
  clientName: 'text',
  seq: 'integer',
  createdAt: 'instant',
  timeZone: 'word',
  kind: 'word',
  amount: 'amount',
  balanceAfter: 'amount',
  currency: 'word',
  callId: 'text',
  invoiceId: 'word',
  reference: 'text',
  actor: 'text',
  id: 'word',
})
