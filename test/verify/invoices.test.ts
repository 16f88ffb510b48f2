import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { payInvoice } from '../../src/invoices/pay-invoice.ts'
import { repairSettlements } from '../../src/invoices/repair-settlements.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { tollgate } from '../cli/run.ts'
import { type Office, openOffice } from '../invoices/office.ts'

const test = suite('verifying invoices')
let office: Office
let root: postgres.Sql

/** One invoice half paid and partly credited, one credited in full and issued again, one of a client that pays in advance. */
test.before(async () => {
  office = await openOffice()
  root = postgres(office.databaseUrl, { max: 1, onnotice: () => {} })
  office.setNow('2026-03-03T09:00:00Z')
  const january = ['2026-01-01', '2026-02-01'] as const
  const open = await office.addClient({ name: 'Open' })
  await office.call(open, { day: '2026-01-05', destination: 'Spain', price: '10.005' })
  await office.call(open, { day: '2026-01-06', destination: 'France', price: '4' })
  const first = await office.issue(open, ...january)
  await payInvoice(office.context, {
    ...office.request,
    ...{ id: first.id, amount: '2', paidAt: Date.parse('2026-02-10T00:00:00Z') },
    ...{ method: 'transfer', reference: null, idempotencyKey: null },
  })
  const credit = (id: string, lines: { index: number }[] | null) =>
    creditInvoice(office.context, { ...office.request, id, lines, reason: 'wrong', numberSequenceId: null })
  await credit(first.id, [{ index: 0 }])
  const again = await office.addClient({ name: 'Again' })
  await office.call(again, { day: '2026-01-05', price: '3.3333' })
  await credit((await office.issue(again, ...january)).id, null)
  await office.issue(again, ...january)
  const ahead = await office.addClient({ name: 'Ahead', billingMethod: 'prepaid' })
  await office.call(ahead, { day: '2026-01-05', price: '1' })
  await office.issue(ahead, ...january)
  const settled = await office.addClient({ name: 'Settled' })
  await office.topUp(settled, '2')
  await office.call(settled, { day: '2026-01-05', price: '3' })
  await office.issue(settled, ...january)
})
test.after(async () => {
  await root.end()
  await office.close()
})

async function differences(): Promise<string[]> {
  const found: string[] = []
  const asked = { from: null, before: null, pricesPerClient: null, only: ['I9', 'I11'] }
  for await (const { check, differences } of verifyBooks(office.db, asked)) {
    found.push(...differences.map(({ detail }) => `${check.name}: ${detail}`))
  }
  return found
}

/** What a change by hand shows, which only a superuser can make and `undo` takes back. */
async function differencesWith(plant: string, undo: string): Promise<string[]> {
  const change = (statement: string) =>
    root.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      await sql.unsafe(statement)
    })
  await change(plant)
  try {
    return await differences()
  } finally {
    await change(undo)
  }
}

test('invoices, credit notes and payments made by the service hold', async () => {
  assert.equal(await differences(), [])
})

const ofOpen = `kind = 'invoice' and client_id = (select id from clients where name = 'Open')`
const ofSettled = ofOpen.replace('Open', 'Settled')
const plants: { what: string; plant: string; undo: string; says: RegExp }[] = [
  {
    what: 'a number that nobody has',
    plant: `update invoices set series_number = 100 where series_number = 6`,
    undo: `update invoices set series_number = 6 where series_number = 100`,
    says: /^invoice-numbers: series \S+ counts to 7 from 1, its 7 invoices have the numbers 1 to 100$/,
  },
  {
    what: 'a line that was changed after the issue',
    plant: `update invoice_lines set net = net + 1 where index = 0 and invoice_id = (select id from invoices where ${ofOpen})`,
    undo: `update invoice_lines set net = net - 1 where index = 0 and invoice_id = (select id from invoices where ${ofOpen})`,
    says: /^invoices: the net sum of invoice F2026-0001 is 14\.01, it should be 15\.01$/,
  },
  {
    what: 'calls that were added to an issued invoice',
    plant: `update call_rollups set amount = amount + 0.5 where destination = 'France'`,
    undo: `update call_rollups set amount = amount - 0.5 where destination = 'France'`,
    says: /^invoices: what its calls cost of invoice F2026-0001 is 14\.005, it should be 14\.505$/,
  },
  {
    what: 'a payment that the account has not got',
    plant: `update movements set amount = 1 where kind = 'payment'`,
    undo: `update movements set amount = 2 where kind = 'payment'`,
    says: /^invoices: the movements of the payments of invoice F2026-0001 is 1, it should be 2$/,
  },
  {
    what: 'a credit that no note gives',
    plant: `update invoices set credited_amount = credited_amount + 1 where ${ofOpen}`,
    undo: `update invoices set credited_amount = credited_amount - 1 where ${ofOpen}`,
    says: /^invoices: what was credited of invoice F2026-0001 is \S+, it should be \S+$/,
  },
  {
    what: 'an issue that moved another amount than its own',
    plant: `update movements set amount = amount - 1 where kind = 'invoice' and reference = 'F2026-0001'`,
    undo: `update movements set amount = amount + 1 where kind = 'invoice' and reference = 'F2026-0001'`,
    says: /^invoices: the movement of invoice F2026-0001 is -3\.945, it should be -2\.945$/,
  },
  {
    what: 'an invoice that says it was settled by more than payments and allocations',
    plant: `update invoices set paid_amount = paid_amount + 1 where ${ofSettled}`,
    undo: `update invoices set paid_amount = paid_amount - 1 where ${ofSettled}`,
    says: /^receivables: what settled invoice F2026-0007 is 3, its payments and allocations add up to 2$/,
  },
  {
    what: 'an allocation that nobody made',
    plant: `update invoice_allocations set amount = amount - 1`,
    undo: `update invoice_allocations set amount = amount + 1`,
    says: /^receivables: what settled invoice F2026-0007 is 2, its payments and allocations add up to 1$/,
  },
  {
    what: 'an invoice that is called paid too early',
    plant: `update invoices set status = 'paid' where ${ofSettled}`,
    undo: `update invoices set status = 'issued' where ${ofSettled}`,
    says: /^receivables: invoice F2026-0007 is paid, and 1\.63 of it is not settled$/,
  },
  {
    what: 'a balance that is not what documents say',
    plant: `update accounts set balance = balance + 1 where client_id = (select id from clients where name = 'Settled')`,
    undo: `update accounts set balance = balance - 1 where client_id = (select id from clients where name = 'Settled')`,
    says: /^receivables: the balance of client \S+ is -0\.63, it should be -1\.63: 0 unallocated, less 1\.63 due and 0 on no invoice$/,
  },
  {
    what: 'money that waits beside an open invoice',
    plant: `update movements set amount = amount + 1 where kind = 'top-up';
            update accounts set balance = balance + 1 where client_id = (select id from clients where name = 'Settled')`,
    undo: `update movements set amount = amount - 1 where kind = 'top-up';
           update accounts set balance = balance - 1 where client_id = (select id from clients where name = 'Settled')`,
    says: /^receivables: client \S+ has 1 unallocated and owes 1\.63 on invoices: one settles the other$/,
  },
  {
    what: 'calls on an invoice that does not exist',
    plant: `update call_rollups set invoice_id = gen_random_uuid() where destination = 'France'`,
    undo: `update call_rollups set invoice_id = (select id from invoices where ${ofOpen}) where destination = 'France'`,
    says: /^invoices: the calls to "France" on 2026-01-06 of client \S+ stand on \S+, which is no invoice$/,
  },
]

for (const { what, plant, undo, says } of plants) {
  test(`${what} is named`, async () => {
    const found = await differencesWith(plant, undo)
    assert.ok(
      found.some((line) => says.test(line)),
      `${says} is not in\n${found.join('\n')}`,
    )
  })
}

test('an invoice that is due although an allocation covers it is repaired, without a movement, once', async () => {
  const client = await office.addClient({ name: 'Covered' })
  await office.topUp(client, '100')
  await office.call(client, { day: '2026-01-05', price: '6' })
  const { id, number } = await office.issue(client, '2026-01-01', '2026-02-01')
  const waiting = await office.addClient({ name: 'Waiting' })
  await office.topUp(waiting, '100')
  await office.call(waiting, { day: '2026-01-05', price: '10' })
  await office.sql`update clients set auto_allocate = false where id = ${waiting.id}`
  const open = await office.issue(waiting, '2026-01-01', '2026-02-01')
  await office.sql`update clients set auto_allocate = true where id = ${waiting.id}`
  // As a release that forgot the row had left it.
  await root`update invoices set paid_amount = 0, status = 'issued' where id = ${id}`
  assert.is((await differences()).length, 3)
  const movements = async () => (await office.sql`select count(*)::integer as n from movements`)[0]?.n
  const before = await movements()
  const repaired = await repairSettlements(office.context, 'test')
  assert.equal(
    repaired.map(({ number, before, after }) => [number, before, after]).sort(),
    [
      [number, '7.26', '0'],
      [open.number, '12.1', '0'],
    ].sort(),
  )
  const { code, out } = await tollgate(
    ...['--json', 'verify', '--repair', 'settlements', '--only', 'I11', '--database', office.databaseUrl],
  )
  assert.equal([code, JSON.parse(out).repaired, await differences(), await movements()], [0, [], [], before])
})

test.run()
