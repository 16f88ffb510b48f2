/**
 * Money of clients: `balances`, what each account holds now, or how it moved between two days; `statements`, every
 * movement.
 */
import { listInvoiceNumbers } from '../db/invoices/list-invoice-numbers.ts'
import {
  reportAccountPeriods,
  reportAccountPeriodsByDay,
  reportBalances,
  reportMovements,
  reportMovementsByDay,
} from '../db/reports/report-accounts.ts'
import { streamRows } from '../db/reports/report-rows.ts'
import { Forbidden } from '../errors.ts'
import { referenceWithoutInvoices } from '../identities/portal-view.ts'
import { firstMovement, inZoneThen } from './client-clocks.ts'
import { inOneCurrency } from './in-one-currency.ts'
import { type Batches, type Column, type ReportDescription, toColumns } from './report.ts'
import type { ReportRequest } from './report-request.ts'

export const balancesReport = {
  name: 'balances',
  summary: 'What each account holds now; with days, how it moved between them',
  takes: ['days', 'timeZone', 'currency'],
  open: openBalances,
} as const satisfies ReportDescription

export const statementsReport = {
  name: 'statements',
  summary: 'Every movement of the balances',
  takes: ['days', 'timeZone'],
  open: openStatements,
} as const satisfies ReportDescription

/** With a span: the balances before and after it, and the sums of the movements in between. */
async function openBalances(request: ReportRequest) {
  const { from, to } = request
  if (from === null && to === null) {
    const batches = streamRows(request, reportBalances(request))
    return inOneCurrency(request, { columns: balanceColumns, batches })
  }
  if (!request.visibility.callPrices) refuseOtherDays(request)
  const clocks = await request.readClocks()
  const asked = {
    ...request,
    bounds: clocks.bounds(request),
    spans: clocks.spans({ from: firstMovement, until: request.now }),
  }
  const query = request.visibility.callPrices ? reportAccountPeriods(asked) : reportAccountPeriodsByDay(asked)
  return inOneCurrency(request, { columns: periodColumns, batches: streamRows(request, query) })
}

/** Without call prices the calls of a local day are one charge. */
async function openStatements(request: ReportRequest) {
  const { visibility } = request
  if (!visibility.callPrices) refuseOtherDays(request)
  const withInvoices = visibility.invoices
  const clocks = await request.readClocks()
  const query = visibility.callPrices
    ? reportMovements({ ...request, bounds: clocks.bounds(request), withInvoices })
    : reportMovementsByDay({
        ...request,
        spans: clocks.spans({ from: firstMovement, until: request.now }),
        withInvoices,
      })
  const columns = [
    ...movementColumns.filter(
      ({ name }) => (name !== 'callId' || visibility.callPrices) && (name !== 'invoiceId' || withInvoices),
    ),
    ...(visibility.callPrices ? [] : toColumns({ day: 'day' })),
  ]
  const rows = inZoneThen(clocks, request, columns, streamRows(request, query))
  return {
    columns,
    batches: withInvoices ? rows : await withoutInvoiceNumbers(request, columns, rows),
  }
}

/** Sums of days of another zone would tell, beside those of the client's own, what single hours cost. */
function refuseOtherDays({ timeZone }: ReportRequest): void {
  if (timeZone === null) return
  throw new Forbidden(
    'Prices of calls are not shown to this client: its days are summed in its own time zone, without "timeZone".',
  )
}

async function withoutInvoiceNumbers(
  { db, brandId, clientId }: ReportRequest,
  columns: readonly Column[],
  batches: Batches,
): Promise<Batches> {
  // Views without invoices are of one client alone.
  const numbers = clientId === null ? [] : await listInvoiceNumbers(db, { brandId, clientId })
  const place = columns.findIndex(({ name }) => name === 'reference')
  return (async function* () {
    for await (const rows of batches) {
      yield rows.map((row) =>
        row.map((value, at) =>
          at === place && typeof value === 'string' ? referenceWithoutInvoices(value, numbers) : value,
        ),
      )
    }
  })()
}

const balanceColumns = toColumns({
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

const periodColumns = toColumns({
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

const movementColumns = toColumns({
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
