import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { amountDueSql } from '../../src/db/invoices/amount-due.ts'
import { amountDue, type SettledInvoice } from '../../src/ledger/settled-invoice.ts'
import { Decimal, formatAmount } from '../../src/money.ts'
import { testDatabaseUrl } from '../servers.ts'

const test = suite('amountDue')

/** Status, total, prepaid, paid, credited → due. */
const cases: [status: SettledInvoice['status'], ...amounts: string[]][] = [
  ['draft', '10', '0', '0', '0', '10'],
  ['issued', '10', '0', '3', '2', '5'],
  ['issued', '10', '4', '0', '0', '6'],
  ['paid', '10', '0', '10', '0', '0'],
  ['paid', '10', '0', '10', '4', '0'],
  // A note that charges more than it gives back opens it again.
  ['paid', '10', '0', '10', '-1', '1'],
  ['credited', '10', '0', '0', '10', '0'],
  ['credited', '10', '0', '10', '10', '0'],
  ['issued', '-10', '0', '0', '0', '-10'],
  ['issued', '-10', '0', '-4', '0', '-6'],
  ['paid', '-10', '0', '-10', '0', '0'],
  ['credited', '-10', '0', '0', '-10', '0'],
  ['credited', '-10', '0', '-4', '-10', '4'],
  ['paid', '-10', '-10', '0', '0', '0'],
  ['credited', '-10', '-10', '0', '-10', '0'],
  ['paid', '0', '0', '0', '0', '0'],
]

test('what is due has one answer in the ledger and in SQL', async () => {
  const db = openDatabase(await testDatabaseUrl(), { role: 'tollgate_worker', connections: 1 })
  const sql = db.$client
  for (const [status, ...texts] of cases) {
    const [total, prepaid, paid, credited, due] = texts.map((text) => new Decimal(text)) as [
      Decimal,
      Decimal,
      Decimal,
      Decimal,
      Decimal,
    ]
    const invoice = { id: '', kind: 'invoice' as const, status, number: null, issuedAt: null, total }
    const settled = { ...invoice, prepaidAmount: prepaid, paidAmount: paid, creditedAmount: credited }
    assert.is(formatAmount(amountDue(settled)), formatAmount(due), `${status} ${texts.join(' ')}`)
    const [row] = await sql`
      select trim_scale(${amountDueSql(sql, 'i')})::text as due
      from (
        select 'invoice' as kind, ${status}::text as status, ${formatAmount(total)}::text::numeric as total,
               ${formatAmount(prepaid)}::text::numeric as prepaid_amount,
               ${formatAmount(paid)}::text::numeric as paid_amount,
               ${formatAmount(credited)}::text::numeric as credited_amount
      ) i`
    assert.is(row?.due, formatAmount(due), `in SQL: ${status} ${texts.join(' ')}`)
    assert.is(formatAmount(amountDue({ ...settled, kind: 'credit-note' })), '0')
  }
  await closeDatabase(db)
})

test.run()
