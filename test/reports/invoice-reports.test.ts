import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import {
  type InvoicesQuery,
  reportInvoices,
  reportReceivables,
} from '../../src/db/reports/report-invoices.ts'
import { type ReportQuery, streamRows } from '../../src/db/reports/report-rows.ts'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { payInvoice } from '../../src/invoices/pay-invoice.ts'
import { ClientClocks } from '../../src/reports/client-clocks.ts'
import { type Office, openOffice } from '../invoices/office.ts'

const test = suite('reports of invoices and receivables')
let office: Office
let api: Db

/**
 * Six clients, 21 % tax, issued on 3 February: 100 due in 60 days; 10 of which 5 was paid, due in 30; 200 due in 10; 50
 * credited in full; 1 paid; 30 that were prepaid. And a draft.
 */
test.before(async () => {
  office = await openOffice()
  api = openDatabase(office.databaseUrl, { role: 'tollgate_api', connections: 2 })
  const { context, request } = office
  const issue = async (name: string, price: string, dueDays: number, billingMethod = 'postpaid') => {
    const client = await office.addClient({ name, billingMethod })
    await office.call(client, { day: '2026-01-05', price })
    return office.issue(client, '2026-01-01', '2026-02-01', { dueDays })
  }
  const pay = (id: string, amount: string) =>
    payInvoice(context, {
      ...request,
      id,
      amount,
      paidAt: context.clock(),
      method: null,
      reference: null,
      idempotencyKey: null,
    })
  await issue('1 issued', '100', 60)
  await pay((await issue('2 part paid', '10', 30)).id, '5')
  await issue('3 overdue', '200', 10)
  const wrong = await issue('4 credited', '50', 30)
  await creditInvoice(context, {
    ...request,
    id: wrong.id,
    reason: 'wrong price',
    lines: null,
    numberSequenceId: null,
  })
  await pay((await issue('5 paid', '1', 30)).id, '1.21')
  await issue('6 prepaid', '30', 30, 'prepaid')
  const undecided = await office.addClient({ name: '7 draft' })
  await office.call(undecided, { day: '2026-01-05', price: '7' })
  await office.draft(undecided, '2026-01-01', '2026-02-01')
})
test.after(async () => {
  await closeDatabase(api)
  await office.close()
})

const clocks = new ClientClocks({ timeZones: ['UTC', 'Europe/Madrid'], moved: new Map() })

const asked = (now: string, more: Partial<InvoicesQuery> = {}): InvoicesQuery => ({
  bounds: clocks.bounds({ from: null, to: null, timeZone: null, ...more }),
  brandId: office.brandId,
  clientId: null,
  from: null,
  to: null,
  datedBy: 'period',
  timeZone: null,
  now: Date.parse(now),
  ...more,
})

async function rows(query: ReportQuery, columns: readonly number[]) {
  const tenant = { role: 'brand' as const, brandId: office.brandId, clientId: null }
  const found: string[] = []
  for await (const batch of streamRows({ db: api, tenant }, query)) {
    found.push(...batch.map((row) => columns.map((at) => trimmed(row[at])).join(' | ')))
  }
  return found.sort()
}

/** Without the zeros that `numeric` keeps. */
function trimmed(value: unknown): string {
  const text = String(value)
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text
}

// clientName, kind, status, total, prepaid, paid, credited, due
const invoiceColumns = [1, 3, 4, 12, 13, 14, 15, 16]
// clientName, invoices, notDue, upTo30, upTo60, upTo90, over90, due
const receivableColumns = [1, 3, 4, 5, 6, 7, 8, 9]

test('each invoice stands with what was paid, credited and is due; overdue from its due date on', async () => {
  assert.equal(await rows(reportInvoices(asked('2026-02-20T12:00:00Z')), invoiceColumns), [
    '1 issued | invoice | issued | 121 | 0 | 0 | 0 | 121',
    '2 part paid | invoice | issued | 12.1 | 0 | 5 | 0 | 7.1',
    '3 overdue | invoice | overdue | 242 | 0 | 0 | 0 | 242',
    '4 credited | credit-note | issued | -60.5 | 0 | 0 | 0 | 0',
    '4 credited | invoice | credited | 60.5 | 0 | 0 | 60.5 | 0',
    '5 paid | invoice | paid | 1.21 | 0 | 1.21 | 0 | 0',
    '6 prepaid | invoice | paid | 36.3 | 36.3 | 0 | 0 | 0',
    // As the invoice itself says: what would be due.
    '7 draft | invoice | draft | 8.47 | 0 | 0 | 0 | 8.47',
  ])
})

test('what clients owe stands by the days since it was due, and nobody stands who owes nothing', async () => {
  assert.equal(await rows(reportReceivables(asked('2026-02-20T12:00:00Z')), receivableColumns), [
    '1 issued | 1 | 121 | 0 | 0 | 0 | 0 | 121',
    '2 part paid | 1 | 7.1 | 0 | 0 | 0 | 0 | 7.1',
    '3 overdue | 1 | 0 | 242 | 0 | 0 | 0 | 242',
  ])
  // 3 February and 30, 10 days; 45 days later than the one, 65 than the other, and 15 past 4 April.
  assert.equal(await rows(reportReceivables(asked('2026-04-19T12:00:00Z')), receivableColumns), [
    '1 issued | 1 | 0 | 121 | 0 | 0 | 0 | 121',
    '2 part paid | 1 | 0 | 0 | 7.1 | 0 | 0 | 7.1',
    '3 overdue | 1 | 0 | 0 | 0 | 242 | 0 | 242',
  ])
  assert.equal(await rows(reportReceivables(asked('2026-08-01T12:00:00Z')), receivableColumns), [
    '1 issued | 1 | 0 | 0 | 0 | 0 | 121 | 121',
    '2 part paid | 1 | 0 | 0 | 0 | 0 | 7.1 | 7.1',
    '3 overdue | 1 | 0 | 0 | 0 | 0 | 242 | 242',
  ])
})

test('invoices are found by their period, or by the local day of their issue', async () => {
  const count = async (more: Partial<InvoicesQuery>) =>
    (await rows(reportInvoices(asked('2026-02-20T12:00:00Z', more)), [1])).length
  assert.is(await count({ from: '2026-01-01', to: '2026-01-02' }), 8)
  assert.is(await count({ from: '2026-01-02' }), 0)
  // A draft has no day of issue.
  assert.is(await count({ datedBy: 'issue', from: '2026-02-03', to: '2026-02-04' }), 7)
  assert.is(await count({ datedBy: 'issue', to: '2026-02-03' }), 0)
})

test.run()
