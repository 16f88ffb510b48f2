/**
 * The migration that settled invoices with what lay on accounts: its statements, run over books as they stood before it.
 */
import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findInvoice } from '../../src/db/invoices/invoices.ts'
import { invoiceSummary } from '../../src/invoices/stored-invoice.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { type Office, type OfficeClient, openOffice } from '../invoices/office.ts'

const test = suite('settling invoices of before')
let office: Office
let root: postgres.Sql

test.before(async () => {
  office = await openOffice()
  await office.sql`update brands set issuer = jsonb_set(issuer, '{country}', '"PT"') where id = ${office.brandId}`
  root = postgres(office.databaseUrl, { max: 1, onnotice: () => {} })
})
test.after(async () => {
  await root.end()
  await office.close()
})

/** Nothing settled an invoice but its payments. */
async function clientOfBefore(): Promise<OfficeClient> {
  const client = await office.addClient()
  await office.sql`update clients set auto_allocate = false where id = ${client.id}`
  return client
}

async function migrate(): Promise<void> {
  await office.sql`update clients set auto_allocate = true`
  const file = readFileSync(new URL('../../drizzle/0028_settle_invoices.sql', import.meta.url), 'utf8')
  const from = file.indexOf('-- A negative invoice counted as paid at once')
  const to = file.indexOf('alter table invoice_allocations force row level security', from)
  assert.ok(from > 0 && to > from)
  await root.begin(async (sql) => {
    for (const statement of file.slice(from, to).split('--> statement-breakpoint')) {
      if (statement.trim() !== '') await sql.unsafe(statement)
    }
  })
}

async function told(id: string) {
  const invoice = await findInvoice(office.sql, id)
  assert.ok(invoice)
  const { status, amountDue, paidAmount } = invoiceSummary(invoice, Date.parse('2026-02-03T10:00:00Z'))
  return [status, amountDue, paidAmount]
}

test('open invoices are settled oldest first, negative ones used, and the books hold', async () => {
  office.setNow('2026-02-03T09:00:00Z')
  const toppedUp = await clientOfBefore()
  await office.topUp(toppedUp, '10')
  await office.call(toppedUp, { day: '2026-01-05', price: '6' })
  await office.call(toppedUp, { day: '2026-01-25', price: '10' })
  await office.call(toppedUp, { day: '2026-02-01', price: '1' })
  const older = await office.issue(toppedUp, '2026-01-01', '2026-01-16')
  const newer = await office.issue(toppedUp, '2026-01-16', '2026-02-01')

  const poor = await clientOfBefore()
  await office.call(poor, { day: '2026-01-05', price: '6' })
  const unpaid = await office.issue(poor, '2026-01-01', '2026-02-01')

  const corrected = await clientOfBefore()
  const callId = await office.call(corrected, { day: '2026-01-05', price: '10' })
  const first = await office.issue(corrected, '2026-01-01', '2026-02-01')
  await office.correct(corrected, callId, { price: '4.6', seconds: 28 })
  await office.topUp(corrected, '2')
  office.setNow('2026-03-03T09:00:00Z')
  const negative = await office.issue(corrected, '2026-02-01', '2026-03-01')
  await root.begin(async (sql) => {
    await sql`set local session_replication_role = replica`
    await sql`update invoices set status = 'paid', amount_due_at_issue = null where id = ${negative.id}`
  })

  await migrate()
  // 10 for 7.26 and 12.10: the call of 1 is on no invoice yet, and waits for its own.
  assert.equal(
    [await told(older.id), await told(newer.id)],
    [
      ['paid', '0', '7.26'],
      ['issued', '9.36', '2.74'],
    ],
  )
  assert.equal(await told(unpaid.id), ['issued', '7.26', '0'])
  assert.equal(
    [await told(first.id), await told(negative.id)],
    [
      ['issued', '3.57', '8.53'],
      ['paid', '0', '-6.53'],
    ],
  )
  const found: string[] = []
  const asked = { from: null, before: null, pricesPerClient: 0, only: ['I3', 'I9', 'I11'] }
  for await (const { differences } of verifyBooks(office.db, asked)) {
    found.push(...differences.map(({ detail }) => detail))
  }
  assert.equal(found, [])
  const [row] =
    await office.sql`select count(*)::int as rows from invoice_allocations where id::text !~ '^.{14}7'`
  assert.is(row?.rows, 0)
})

test.run()
