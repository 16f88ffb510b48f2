import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type InvoiceTerms, noTerms } from '../../src/invoices/invoice-terms.ts'
import { runInvoiceSchedules } from '../../src/invoices/run-invoice-schedules.ts'
import { runInvoices } from '../../src/invoices/run-invoices.ts'
import { newId } from '../../src/uuid.ts'
import { fixedCostTerm, openOffice } from './office.ts'

const office = await openOffice()
const { sql, context } = office
const schedules = suite('runInvoiceSchedules')
schedules.after(() => office.close())
schedules.before.each(async () => {
  await sql`update invoice_schedules set enabled = false`
})

async function addSchedule(
  given: Partial<{
    clientId: string
    firstDay: string
    unit: string
    filter: object
    email: string
    terms: Partial<InvoiceTerms>
  }>,
) {
  const id = newId()
  await sql`
    insert into invoice_schedules (id, brand_id, name, client_id, filter, unit, first_day, number_sequence_id, terms, email)
    values (${id}, ${office.brandId}, ${id}, ${given.clientId ?? null}, ${JSON.stringify(given.filter ?? {})}::text::jsonb,
            ${given.unit ?? 'month'}, ${given.firstDay ?? '2026-01-01'}::text::date, ${office.sequenceId},
            ${JSON.stringify({ ...noTerms, ...given.terms })}::text::jsonb, ${given.email ?? null})`
  return id
}

const periodsOf = async (scheduleId: string) =>
  (
    await sql`
      select period_from, period_to, status, last_error
      from invoice_schedule_periods
      where schedule_id = ${scheduleId}
      order by client_id, index`
  ).map((row) => `${row.period_from} ${row.status}`)

schedules('each client is invoiced when the month is over in its own zone', async () => {
  const [madrid, york] = await Promise.all([
    office.addClient({ timeZone: 'Europe/Madrid', language: 'ca' }),
    office.addClient({ timeZone: 'America/New_York', language: 'ca' }),
  ])
  await office.call(madrid, { day: '2026-01-05' })
  await office.call(york, { day: '2026-01-05' })
  await addSchedule({ filter: { languages: ['ca'] } })
  office.setNow('2026-01-31T22:59:59Z')
  assert.equal(await runInvoiceSchedules(context), { issued: 0, empty: 0, failed: 0 })
  office.setNow('2026-01-31T23:00:00Z')
  assert.equal(await runInvoiceSchedules(context), { issued: 1, empty: 0, failed: 0 })
  office.setNow('2026-02-01T05:00:00Z')
  assert.equal(await runInvoiceSchedules(context), { issued: 1, empty: 0, failed: 0 })
  assert.equal(await runInvoiceSchedules(context), { issued: 0, empty: 0, failed: 0 })
})

schedules(
  'after a pause the missed months are invoiced one by one, and an empty one makes no invoice',
  async () => {
    const client = await office.addClient()
    for (const day of ['2026-01-31', '2026-03-29', '2026-04-01'])
      await office.call(client, { day, price: '1' })
    const id = await addSchedule({ clientId: client.id })
    office.setNow('2026-04-20T00:00:00Z')
    assert.equal(await runInvoiceSchedules(context), { issued: 2, empty: 1, failed: 0 })
    assert.equal(await periodsOf(id), ['2026-01-01 issued', '2026-02-01 empty', '2026-03-01 issued'])
    const rows = await sql`select net from invoices where client_id = ${client.id} order by period_from`
    assert.equal(
      rows.map((row) => Number(row.net)),
      [1, 1],
    )
  },
)

schedules("a month is the schedule's own: 30 a month is 30.00 from the 15th or the 31st on", async () => {
  const seat = await office.addFixedCost({ name: 'Seat, scheduled', price: '30', prorate: true })
  for (const [firstDay, now] of [
    ['2026-01-15', '2026-04-16T00:00:00Z'],
    ['2026-01-31', '2026-05-01T00:00:00Z'],
  ] as const) {
    const client = await office.addClient()
    const terms = { fixedCosts: [fixedCostTerm(seat)], minimumMonthlyAmount: '31' }
    await addSchedule({ clientId: client.id, firstDay, terms })
    office.setNow(now)
    assert.equal(await runInvoiceSchedules(context), { issued: 3, empty: 0, failed: 0 })
    const rows = await sql`
      select trim_scale(net)::text as net from invoice_lines
      where invoice_id in (select id from invoices where client_id = ${client.id})
      order by invoice_id, index`
    assert.equal(
      rows.map(({ net }) => net),
      ['30', '1', '30', '1', '30', '1'],
    )
  }
})

schedules('a fixed cost whose days lie outside a period is not on its invoice', async () => {
  const seat = await office.addFixedCost({ name: 'Seat, later', price: '30', prorate: true })
  const client = await office.addClient()
  const terms = { fixedCosts: [{ ...fixedCostTerm(seat), from: '2026-02-15' }] }
  await addSchedule({ clientId: client.id, terms })
  office.setNow('2026-03-02T00:00:00Z')
  assert.equal(await runInvoiceSchedules(context), { issued: 1, empty: 1, failed: 0 })
})

schedules('a month with nothing but a correction issues it, by a line or by a note', async () => {
  for (const [correctBy, documents] of [
    ['invoice', ['invoice 1', 'invoice -0.6']],
    ['credit-note', ['invoice 1', 'credit-note -0.6', 'invoice 0']],
  ] as const) {
    await office.correctBy(correctBy)
    const client = await office.addClient({ taxIds: [] })
    const callId = await office.call(client, { day: '2026-01-05', price: '1' })
    await addSchedule({ clientId: client.id })
    office.setNow('2026-02-02T00:00:00Z')
    assert.equal(await runInvoiceSchedules(context), { issued: 1, empty: 0, failed: 0 })
    await office.correct(client, callId, { price: '0.4', seconds: 24 })
    office.setNow('2026-03-02T00:00:00Z')
    assert.equal(await runInvoiceSchedules(context), { issued: 1, empty: 0, failed: 0 })
    const rows = await sql`
      select kind, trim_scale(net)::text as net from invoices where client_id = ${client.id} order by created_at, net`
    assert.equal(
      rows.map(({ kind, net }) => `${kind} ${net}`),
      documents,
    )
    assert.is(await office.balance(client), '-0.4')
    await sql`update invoice_schedules set enabled = false`
  }
})

schedules('a refusal is kept with its names, tried again later, and no period is skipped', async () => {
  const client = await office.addClient()
  const callId = await office.call(client, { day: '2026-01-05', status: 'rejected' })
  await office.call(client, { day: '2026-02-05', price: '2' })
  const id = await addSchedule({ clientId: client.id })
  office.setNow('2026-03-02T00:00:00Z')
  assert.equal(await runInvoiceSchedules(context), { issued: 0, empty: 0, failed: 1 })
  assert.equal(await periodsOf(id), ['2026-01-01 failed', '2026-02-01 pending'])
  const [row] =
    await sql`select last_error from invoice_schedule_periods where schedule_id = ${id} and index = 0`
  const error = row?.last_error
  assert.is(error.code, 'unpriced_calls')
  assert.match(error.errors[0].detail, callId)
  assert.equal(await runInvoiceSchedules(context), { issued: 0, empty: 0, failed: 0 }, 'not at once')
  await sql`delete from calls where client_id = ${client.id} and call_id = ${callId}`
  office.setNow('2026-03-02T00:01:00Z')
  assert.equal(await runInvoiceSchedules(context), { issued: 1, empty: 1, failed: 0 })
  assert.equal(await periodsOf(id), ['2026-01-01 empty', '2026-02-01 issued'])
})

schedules('two replicas at once issue each period once, with its mail', async () => {
  for (let i = 0; i < 6; i++) {
    const client = await office.addClient({ language: 'it' })
    await office.call(client, { day: '2026-01-05' })
  }
  await addSchedule({ filter: { languages: ['it'] }, email: 'books@telco.example.com' })
  office.setNow('2026-02-10T00:00:00Z')
  const [one, other] = await Promise.all([
    runInvoiceSchedules(context, { parallel: 2 }),
    runInvoiceSchedules(context, { parallel: 2 }),
  ])
  assert.is(one.issued + other.issued, 6)
  const [count] = await sql`
    select count(distinct m.source)::integer as mails
    from mails m join clients c on c.id = m.client_id
    where c.language = 'it' and m.recipient = 'books@telco.example.com'`
  assert.is(count?.mails, 6)
})

schedules('a client that came later owes nothing for the months before it', async () => {
  const client = await office.addClient()
  await sql`update clients set created_at = '2026-03-15Z' where id = ${client.id}`
  await office.call(client, { day: '2026-03-20' })
  const id = await addSchedule({ clientId: client.id })
  office.setNow('2026-04-20T00:00:00Z')
  await runInvoiceSchedules(context)
  assert.equal(await periodsOf(id), ['2026-03-01 issued'])
})

schedules('a run over many clients names those it was refused for and can be run again', async () => {
  const clients = await Promise.all(Array.from({ length: 5 }, () => office.addClient({ language: 'pt' })))
  for (const client of clients.slice(1)) await office.call(client, { day: '2026-01-05' })
  const [, first] = clients
  if (first) await office.call(first, { day: '2026-01-06', status: 'rejected' })
  office.setNow('2026-02-10T00:00:00Z')
  const refused: string[] = []
  const run = () =>
    runInvoices(context, {
      ...office.request,
      brandId: office.brandId,
      filter: { languages: ['pt'] },
      numberSequenceId: office.sequenceId,
      period: { from: '2026-01-01', to: '2026-02-01' },
      terms: noTerms,
      onRefused: ({ id }, error) => refused.push(`${id} ${error.code}`),
    })
  assert.equal(await run(), { total: 5, issued: 3, empty: 1, already: 0, refused: 1 })
  assert.equal(refused, [`${first?.id} unpriced_calls`])
  assert.equal(await run(), { total: 5, issued: 0, empty: 1, already: 3, refused: 1 })
})

schedules.run()
