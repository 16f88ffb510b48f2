import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { payInvoice } from '../../src/invoices/pay-invoice.ts'
import { findReminderFacts, remindInvoices } from '../../src/invoices/remind-invoices.ts'
import { type Office, openOffice } from './office.ts'

const test = suite('remindInvoices')
const offices: Office[] = []
test.after(async () => {
  for (const office of offices) await office.close()
})

/** Due on 17 February, in Madrid: 3 February and 14 days. */
async function openBooks(daysAfterDue: number[] | null = [3, 10, 30]) {
  const office = await openOffice()
  offices.push(office)
  await remindAfter(office, daysAfterDue)
  const invoice = async (given: { email?: string; timeZone?: string; billingMethod?: string } = {}) => {
    const client = await office.addClient({ email: 'pay@acme.example', ...given })
    await office.call(client, { day: '2026-01-05', price: '10' })
    office.setNow('2026-02-03T09:00:00Z')
    const issued = await office.issue(client, '2026-01-01', '2026-02-01', { dueDays: 14 })
    return { ...issued, client }
  }
  const remindAt = async (at: string) => {
    office.setNow(at)
    return remindInvoices(office.context)
  }
  const reminders = () => office.sql`
    select id, source, recipient, content, attachments, kind
    from mails
    where kind = 'invoice-reminder' and brand_id = ${office.brandId}
    order by created_at, source`
  return { office, invoice, remindAt, reminders }
}

function remindAfter({ sql, brandId }: Office, daysAfterDue: number[] | null) {
  const setting = daysAfterDue === null ? null : JSON.stringify({ daysAfterDue })
  return sql`update brands set invoice_reminders = ${setting}::text::jsonb where id = ${brandId}`
}

const pay = (office: Office, id: string, amount: string) =>
  payInvoice(office.context, {
    ...office.request,
    ...{ id, amount, paidAt: office.context.clock(), method: null, reference: null, idempotencyKey: null },
  })

test('each step is told once, as its day begins for the brand, with what is due then', async () => {
  const { office, invoice, remindAt, reminders } = await openBooks()
  const { id, number } = await invoice()
  assert.is(await remindAt('2026-02-19T22:59:59Z'), 0)
  // 20 February has begun in Madrid: three days after the 17th.
  assert.is(await remindAt('2026-02-19T23:00:00Z'), 1)
  assert.is(await remindAt('2026-02-19T23:01:00Z'), 0)
  assert.is(await remindAt('2026-02-26T22:59:59Z'), 0)
  await pay(office, id, '2.10')
  assert.is(await remindAt('2026-02-26T23:00:00Z'), 1)
  assert.is(await remindAt('2026-03-18T22:59:59Z'), 0)
  assert.is(await remindAt('2026-03-18T23:00:00Z'), 1)
  assert.is(await remindAt('2027-03-18T23:00:00Z'), 0)
  const told = await reminders()
  assert.equal(
    told.map(({ source, recipient, content }) => [
      source,
      recipient,
      ...[content.number, content.total, content.amountDue, content.dueDay, content.daysLate],
    ]),
    [
      [`${id}:3`, 'pay@acme.example', number, '12.1', '12.1', '2026-02-17', 3],
      [`${id}:10`, 'pay@acme.example', number, '12.1', '10', '2026-02-17', 10],
      [`${id}:30`, 'pay@acme.example', number, '12.1', '10', '2026-02-17', 30],
    ],
  )
  assert.equal(told[0]?.attachments, [{ kind: 'invoice-pdf', id }])
})

test('nobody is reminded who has paid, was credited, owes nothing, or has no address; nor without a schedule', async () => {
  const { office, invoice, remindAt, reminders } = await openBooks()
  await pay(office, (await invoice()).id, '12.10')
  const credited = await invoice()
  await creditInvoice(office.context, {
    ...office.request,
    ...{ id: credited.id, lines: null, reason: null, numberSequenceId: null },
  })
  const prepaid = await invoice({ billingMethod: 'prepaid' })
  await office.topUp(prepaid.client, '12.10')
  await invoice({ email: '' })
  await office.sql`update clients set invoice_data = invoice_data - 'email' where invoice_data ->> 'email' = ''`
  assert.is(await remindAt('2026-03-30T00:00:00Z'), 0)
  const open = await invoice()
  await remindAfter(office, null)
  assert.is(await remindAt('2026-03-30T00:00:00Z'), 0)
  await remindAfter(office, [3])
  assert.is(await remindAt('2026-03-30T00:00:00Z'), 1)
  assert.equal(
    (await reminders()).map(({ source }) => source),
    [`${open.id}:3`],
  )
})

test('of several steps that are reached at once the last is told, and an earlier one no more', async () => {
  const { office, invoice, remindAt, reminders } = await openBooks([10, 3, 30])
  const { id } = await invoice()
  assert.is(await remindAt('2026-03-05T12:00:00Z'), 1)
  await remindAfter(office, [5, 10, 12, 30])
  // 16 days late: 12 is new, 5 is over.
  assert.is(await remindAt('2026-03-05T12:00:00Z'), 1)
  assert.is(await remindAt('2026-03-05T12:00:00Z'), 0)
  assert.equal(
    (await reminders()).map(({ source }) => source),
    [`${id}:10`, `${id}:12`],
  )
})

test('a client in the west is not reminded before its own due day has ended', async () => {
  const { office, invoice, remindAt } = await openBooks([1])
  await invoice({ timeZone: 'America/Los_Angeles' })
  await office.sql`select 1`
  // The 18th in Madrid; in Los Angeles the 17th lasts until 08:00 UTC.
  assert.is(await remindAt('2026-02-18T07:59:59Z'), 0)
  assert.is(await remindAt('2026-02-18T08:00:00Z'), 1)
})

test('two replicas tell a step once, for more invoices than a page holds', async () => {
  const { office, invoice, remindAt, reminders } = await openBooks()
  for (let i = 0; i < 5; i++) await invoice()
  // Copies of one, for speed: 250 in all.
  const { id } = await invoice()
  const copies = 244
  await office.sql.unsafe(`
    insert into invoices
    select (jsonb_populate_record(null::invoices, to_jsonb(i) || jsonb_build_object(
      'id', gen_random_uuid(), 'number', 'C' || n, 'series_number', 900000 + n,
      'period_from', i.period_from - n * 40, 'period_to', i.period_to - n * 40))).*
    from invoices i, generate_series(1, ${copies}) n
    where i.id = '${id}'`)
  office.setNow('2026-02-20T12:00:00Z')
  const ordered = await Promise.all([
    remindInvoices(office.context),
    remindInvoices(office.context),
    remindInvoices(office.context),
  ])
  assert.is(
    ordered.reduce((sum, count) => sum + count, 0),
    250,
  )
  assert.is((await reminders()).length, 250)
  assert.is(await remindAt('2026-02-20T12:01:00Z'), 0)
})

test('a reminder that still waits tells what is due as it leaves, and does not leave once it is paid', async () => {
  const { office, invoice, remindAt, reminders } = await openBooks()
  const { id } = await invoice()
  await remindAt('2026-02-20T12:00:00Z')
  const [mail] = await reminders()
  assert.ok(mail)
  const reminder = { kind: mail.kind, attachments: mail.attachments }
  await pay(office, id, '2.10')
  assert.equal(await findReminderFacts(office.sql, reminder), { total: '12.1', amountDue: '10' })
  await pay(office, id, '10')
  assert.is(await findReminderFacts(office.sql, reminder), null)
  assert.equal(await findReminderFacts(office.sql, { kind: 'invoice', attachments: mail.attachments }), {})
})

test.run()
