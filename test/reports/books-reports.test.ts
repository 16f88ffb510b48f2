import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import { reportJournal, reportTaxBook, type TaxBookGroup } from '../../src/db/reports/report-books.ts'
import { type ReportQuery, streamRows } from '../../src/db/reports/report-rows.ts'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { payInvoice } from '../../src/invoices/pay-invoice.ts'
import { ClientClocks } from '../../src/reports/client-clocks.ts'
import { fixedCostTerm, type Office, openOffice } from '../invoices/office.ts'

const test = suite('reports of the books')
let office: Office
let api: Db
let clients: Record<'taxed' | 'untaxed', string>

/**
 * Issued on 3 February: 100 at 21 % and 50 reverse charge, of which the 100 are credited; 30 without a tax. The first is paid
 * with 60 at half past midnight of the 4th in Madrid, which is the 3rd in UTC.
 */
test.before(async () => {
  office = await openOffice()
  api = openDatabase(office.databaseUrl, { role: 'tollgate_api', connections: 2 })
  const { context, request } = office
  const reverse = await office.addTax({ name: 'Reverse', rate: '0', category: 'AE' })
  const abroad = await office.addFixedCost({ name: 'Abroad', price: '50', taxId: reverse })
  const taxed = await office.addClient({ name: 'Taxed' })
  await office.call(taxed, { day: '2026-01-05', price: '100' })
  const first = await office.issue(taxed, '2026-01-01', '2026-02-01', { fixedCosts: [fixedCostTerm(abroad)] })
  const index = first.lines.findIndex(({ kind }) => kind === 'calls')
  await creditInvoice(context, {
    ...request,
    ...{ id: first.id, lines: [{ index }], reason: null, numberSequenceId: null },
  })
  const untaxed = await office.addClient({ name: 'Untaxed', taxIds: [] })
  await office.call(untaxed, { day: '2026-01-05', price: '30' })
  await office.issue(untaxed, '2026-01-01', '2026-02-01')
  office.setNow('2026-02-03T23:30:00Z')
  await payInvoice(context, {
    ...request,
    ...{ id: first.id, amount: '50', paidAt: context.clock(), method: null, reference: 'SEPA 7' },
    idempotencyKey: null,
  })
  await office.draft(untaxed, '2026-02-01', '2026-03-01')
  clients = { taxed: taxed.id, untaxed: untaxed.id }
})
test.after(async () => {
  await closeDatabase(api)
  await office.close()
})

const all = () => ({ brandId: office.brandId, clientId: null, from: null, to: null })

async function readRows(query: ReportQuery) {
  const rows = []
  const tenant = { role: 'brand' as const, brandId: office.brandId, clientId: null }
  for await (const batch of streamRows({ db: api, tenant }, query)) rows.push(...batch)
  // PostgreSQL writes the zeros of a column's scale; files are without.
  return rows.map((row) => row.map((value) => String(value).replace(/\.0+$/, '')).join(' '))
}

test('VAT stands by category and rate, credit notes taken off, and what bears no tax is outside its scope', async () => {
  const groups: TaxBookGroup[] = ['category', 'rate']
  assert.equal(await readRows(reportTaxBook({ ...all(), groups })), [
    'AE 0 EUR 1 50 0',
    'O 0 EUR 1 30 0',
    'S 21 EUR 2 0 0',
  ])
})

test('VAT stands by document, country and tax number, on the day of issue', async () => {
  const groups: TaxBookGroup[] = ['document', 'country', 'taxId', 'rate']
  const rows = await readRows(reportTaxBook({ ...all(), clientId: clients.taxed, groups }))
  assert.equal(
    rows.map((row) => row.replaceAll(/[0-9a-f-]{36} /g, '')),
    [
      '2026-02-03 F2026-0001 invoice ES A22222222 0 EUR 1 50 0',
      '2026-02-03 F2026-0001 invoice ES A22222222 21 EUR 1 100 21',
      '2026-02-03 F2026-0002 credit-note ES A22222222 21 EUR 1 -100 -21',
    ],
  )
  assert.equal(await readRows(reportTaxBook({ ...all(), to: '2026-02-03', groups })), [])
  assert.is((await readRows(reportTaxBook({ ...all(), from: '2026-02-03', groups }))).length, 4)
})

async function journal(more: object = {}) {
  const clocks = await ClientClocks.read(office.sql, { brandId: office.brandId, clientId: null })
  const spans = clocks.spans({ from: Date.parse('2025-01-01Z'), until: office.context.clock() })
  const rows = await readRows(reportJournal({ ...all(), spans, ...more }))
  return rows.map((row) => row.replace(/ [0-9a-f-]{36}/, ''))
}

test('debits and credits of each document are the same, and money stands on the local day', async () => {
  assert.equal(await journal(), [
    '2026-02-03 receivables 171 0 EUR F2026-0001 Taxed invoice',
    '2026-02-03 sales 0 50 EUR F2026-0001 Taxed invoice',
    '2026-02-03 sales 0 100 EUR F2026-0001 Taxed invoice',
    '2026-02-03 tax 0 21 EUR F2026-0001 Taxed invoice',
    '2026-02-03 receivables 0 121 EUR F2026-0002 Taxed credit-note',
    '2026-02-03 sales 100 0 EUR F2026-0002 Taxed credit-note',
    '2026-02-03 tax 21 0 EUR F2026-0002 Taxed credit-note',
    '2026-02-03 receivables 30 0 EUR F2026-0003 Untaxed invoice',
    '2026-02-03 sales 0 30 EUR F2026-0003 Untaxed invoice',
    '2026-02-04 bank 50 0 EUR SEPA 7 Taxed payment',
    '2026-02-04 receivables 0 50 EUR SEPA 7 Taxed payment',
  ])
})

test('accounts have the numbers of the brand, by tax where it says so', async () => {
  const accounts = {
    ...{ receivables: '430', bank: '572', sales: '705', tax: '477' },
    byTax: [{ category: 'S', rate: '21', sales: '705.21', tax: '477.21' }],
  }
  await office.sql`
    update brands set journal_accounts = ${JSON.stringify(accounts)}::text::jsonb where id = ${office.brandId}`
  const rows = await journal({ clientId: clients.taxed })
  assert.equal(
    rows.map((row) => row.split(' ')[1]),
    ['430', '705', '705.21', '477.21', '430', '705.21', '477.21', '572', '430'],
  )
})

test.run()
