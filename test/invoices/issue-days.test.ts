/** One clock for numbers, dates and terms: the brand's, east and west of the client. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { listReceivables } from '../../src/db/accounts/receivables.ts'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { loadInvoiceDocument } from '../../src/invoices/invoice-document.ts'
import { issueInvoice } from '../../src/invoices/issue-invoice.ts'
import { renderInvoiceXml } from '../../src/invoices/render-invoice-xml.ts'
import { runInvoiceSchedules } from '../../src/invoices/run-invoice-schedules.ts'
import { invoiceRecord } from '../../src/invoices/stored-invoice.ts'
import { formatAmount } from '../../src/money.ts'
import { newId } from '../../src/uuid.ts'
import { type Office, type OfficeClient, openOffice } from './office.ts'

const test = suite('days of issue and due days')
const offices: Office[] = []
test.after(async () => {
  for (const office of offices) await office.close()
})

/** A brand of its own zone, whose series restarts each year and tells year and month. */
async function openOfficeIn(timeZone: string): Promise<Office> {
  const office = await openOffice()
  offices.push(office)
  await office.sql`update brands set time_zone = ${timeZone} where id = ${office.brandId}`
  await office.sql`
    update invoice_number_sequences set prefix = ${'F{yyyy}/{mm}-'}, width = 3, reset_yearly = true
    where id = ${office.sequenceId}`
  return office
}

async function aClientWithACall(office: Office, timeZone: string): Promise<OfficeClient> {
  const client = await office.addClient({ timeZone })
  await office.call(client, { day: '2026-12-05', price: '1' })
  return client
}

const statusAt = (invoice: Awaited<ReturnType<Office['issue']>>, at: string) =>
  invoiceRecord(invoice, Date.parse(at)).status

test('without days to pay an invoice is due on the day of its issue, and overdue when that is over', async () => {
  for (const [brand, client, dueDay, dueAt] of [
    ['Europe/Madrid', 'Europe/Madrid', '2027-01-01', '2027-01-01T23:00:00.000Z'],
    ['Europe/Madrid', 'America/New_York', '2027-01-01', '2027-01-02T05:00:00.000Z'],
    ['America/New_York', 'Europe/Madrid', '2026-12-31', '2027-01-01T05:00:00.000Z'],
  ] as const) {
    const office = await openOfficeIn(brand)
    const who = await aClientWithACall(office, client)
    office.setNow('2026-12-31T23:00:10Z')
    const invoice = await office.issue(who, '2026-12-01', '2026-12-06', { dueDays: 0 })
    const record = invoiceRecord(invoice, Date.parse('2026-12-31T23:00:10Z'))
    assert.equal(
      [record.status, record.dueDay, record.dueAt],
      ['issued', dueDay, dueAt],
      `${brand} ${client}`,
    )
    const end = Date.parse(dueAt)
    assert.is(statusAt(invoice, new Date(end - 1).toISOString()), 'issued')
    assert.is(statusAt(invoice, dueAt), 'overdue')
  }
})

test('the number, the date and the year of the count are of one day, whoever is invoiced', async () => {
  const office = await openOfficeIn('Europe/Madrid')
  const west = await aClientWithACall(office, 'America/New_York')
  const home = await aClientWithACall(office, 'Europe/Madrid')
  const east = await aClientWithACall(office, 'Pacific/Auckland')
  // In New York it is still 2026, in Auckland 1 January was some hours before.
  office.setNow('2026-12-31T22:59:00Z')
  const last = await office.issue(east, '2026-12-01', '2026-12-06')
  office.setNow('2026-12-31T23:10:00Z')
  const first = await office.issue(west, '2026-12-01', '2026-12-06')
  const second = await office.issue(home, '2026-12-01', '2026-12-06')
  assert.equal(
    [last, first, second].map(({ number, issueDay, dueDay }) => [number, issueDay, dueDay]),
    [
      ['F2026/12-001', '2026-12-31', '2027-01-30'],
      ['F2027/01-001', '2027-01-01', '2027-01-31'],
      ['F2027/01-002', '2027-01-01', '2027-01-31'],
    ],
  )
  const xml = await renderInvoiceXml(
    await loadInvoiceDocument(office.sql, { id: first.id, scope: office.request.scope }),
  )
  assert.match(xml, '<cbc:IssueDate>2027-01-01</cbc:IssueDate>')
  assert.match(xml, '<cbc:DueDate>2027-01-31</cbc:DueDate>')
})

test('dates of a series never run backwards: not by the clock of a replica, nor when the brand moves', async () => {
  const office = await openOfficeIn('Europe/Madrid')
  const clients: OfficeClient[] = []
  for (let i = 0; i < 4; i++) clients.push(await aClientWithACall(office, 'Europe/Madrid'))
  const issued: (string | null)[][] = []
  const issueAt = async (at: string) => {
    office.setNow(at)
    const client = clients.pop()
    if (!client) throw new Error('no client is left')
    const { number, issueDay } = await office.issue(client, '2026-12-01', '2026-12-06')
    issued.push([number, issueDay])
  }
  await issueAt('2026-12-31T23:00:01Z')
  // Another replica, two seconds behind: for it the year is not over.
  await issueAt('2026-12-31T22:59:59Z')
  await office.sql`update brands set time_zone = 'America/New_York' where id = ${office.brandId}`
  await issueAt('2026-12-31T23:30:00Z')
  await issueAt('2027-01-02T12:00:00Z')
  assert.equal(issued, [
    ['F2027/01-001', '2027-01-01'],
    ['F2027/01-002', '2027-01-01'],
    ['F2027/01-003', '2027-01-01'],
    ['F2027/01-004', '2027-01-02'],
  ])
})

test('two replicas that issue at the turn of the year at once number and date alike', async () => {
  const office = await openOfficeIn('Europe/Madrid')
  const clients = []
  for (let i = 0; i < 12; i++) clients.push(await aClientWithACall(office, 'Europe/Madrid'))
  const drafts = await Promise.all(clients.map((client) => office.draft(client, '2026-12-01', '2026-12-06')))
  const replica = (at: string) => ({ ...office.context, clock: () => Date.parse(at) })
  const replicas = [replica('2026-12-31T22:59:59Z'), replica('2026-12-31T23:00:01Z')] as const
  await Promise.all(
    drafts.map(({ id }, i) => issueInvoice(replicas[i % 2 === 0 ? 0 : 1], { ...office.request, id })),
  )
  const rows = await office.sql`
    select number, issue_day, series_year
    from invoices
    where brand_id = ${office.brandId}
    order by series_year, series_number`
  assert.is(rows.length, 12)
  const days = rows.map((row) => row.issue_day as string)
  assert.equal(days, days.toSorted())
  for (const row of rows) {
    assert.is(row.number.slice(1, 8), row.issue_day.slice(0, 7).replace('-', '/'))
    assert.is(row.series_year, Number(row.issue_day.slice(0, 4)))
  }
})

test('a schedule that issues just after midnight leaves the client its whole due day', async () => {
  for (const [brand, client, now, issueDay, dueAt] of [
    ['Europe/Madrid', 'Europe/Madrid', '2026-12-31T23:00:30Z', '2027-01-01', '2027-01-15T23:00:00.000Z'],
    // The client's month is over hours before the brand's, and the other way round.
    ['America/New_York', 'Europe/Madrid', '2026-12-31T23:00:30Z', '2026-12-31', '2027-01-15T05:00:00.000Z'],
    ['Europe/Madrid', 'America/New_York', '2027-01-01T05:00:30Z', '2027-01-01', '2027-01-16T05:00:00.000Z'],
  ] as const) {
    const office = await openOfficeIn(brand)
    const who = await aClientWithACall(office, client)
    const terms = { taxIds: null, fixedCosts: [], discounts: [], dueDays: 14, runningCalls: 'block' }
    await office.sql`
      insert into invoice_schedules (id, brand_id, name, client_id, unit, first_day, number_sequence_id, terms)
      values (${newId()}, ${office.brandId}, 'monthly', ${who.id}, 'month', '2026-12-01', ${office.sequenceId},
              ${JSON.stringify({ ...terms, minimumMonthlyAmount: null, templateId: null })}::text::jsonb)`
    office.setNow(now)
    await runInvoiceSchedules(office.context)
    const rows = await office.sql`
      select issue_day, due_day, due_at from invoices where client_id = ${who.id}`
    assert.is(rows.length, 1, `${brand} ${client}`)
    assert.is(rows[0]?.issue_day, issueDay)
    assert.is(Date.parse(`${rows[0]?.due_at.replace(' ', 'T')}:00`), Date.parse(dueAt))
  }
})

test('what is owed ages by whole days of the brand from the due day on', async () => {
  const office = await openOfficeIn('Pacific/Auckland')
  const who = await aClientWithACall(office, 'Pacific/Honolulu')
  office.setNow('2026-12-31T11:30:00Z') // 1 January, 00:30 in Auckland
  const invoice = await office.issue(who, '2026-12-01', '2026-12-06', { dueDays: 0 })
  assert.equal([invoice.issueDay, invoice.dueDay], ['2027-01-01', '2027-01-01'])
  const agedAt = async (at: string) => {
    const [row] = await listReceivables(office.sql, {
      brandId: office.brandId,
      after: null,
      limit: 10,
      now: Date.parse(at),
    })
    const { notDue, upTo30, upTo60, upTo90, over90 } = row ?? {}
    return [notDue, upTo30, upTo60, upTo90, over90].map((sum) => (sum ? formatAmount(sum) : 'none'))
  }
  // 2 January in Auckland; in Honolulu the first is not over until 10:00 UTC.
  assert.equal(await agedAt('2027-01-02T09:59:59Z'), ['1.21', '0', '0', '0', '0'])
  assert.equal(await agedAt('2027-01-02T10:00:00Z'), ['0', '1.21', '0', '0', '0'])
  // 31 January is 30 days later, 1 February 31; 61 days on 3 March, 91 on 2 April.
  assert.equal(await agedAt('2027-01-31T10:59:59Z'), ['0', '1.21', '0', '0', '0'])
  assert.equal(await agedAt('2027-01-31T11:00:00Z'), ['0', '0', '1.21', '0', '0'])
  assert.equal(await agedAt('2027-03-02T11:00:00Z'), ['0', '0', '0', '1.21', '0'])
  assert.equal(await agedAt('2027-04-01T11:00:00Z'), ['0', '0', '0', '0', '1.21'])
})

test('a credit note is dated by the brand and due by no day', async () => {
  const office = await openOfficeIn('Europe/Madrid')
  const who = await aClientWithACall(office, 'America/New_York')
  office.setNow('2026-12-31T23:30:00Z')
  const { id } = await office.issue(who, '2026-12-01', '2026-12-06')
  const note = await creditInvoice(office.context, {
    ...office.request,
    ...{ id, lines: null, reason: null, numberSequenceId: null },
  })
  assert.equal(
    [note.number, note.issueDay, note.dueDay, note.dueAt],
    ['F2027/01-002', '2027-01-01', null, null],
  )
})

test.run()
