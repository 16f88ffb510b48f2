import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { listForgottenCalls } from '../../src/db/accounts/receivables.ts'
import { listTimeZones } from '../../src/db/clients/client-clocks.ts'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { todayOfZones } from '../../src/limits/client-days.ts'
import { formatAmount } from '../../src/money.ts'
import { newId } from '../../src/uuid.ts'
import { openOffice } from './office.ts'

const office = await openOffice()
const { sql, brandId } = office
const uninvoiced = suite('calls that no invoice took')
uninvoiced.after(() => office.close())

async function forgottenOf(clientId: string, at: string) {
  const today = todayOfZones(await listTimeZones(sql), Date.parse(at))
  const rows = await listForgottenCalls(sql, { brandId, today, limit: 500 })
  return rows
    .filter((row) => row.clientId === clientId)
    .map(({ firstDay, lastDay, calls, amount }) => [firstDay, lastDay, calls, formatAmount(amount)])
}

uninvoiced('they are told once they are older than two months, in the zone of the client', async () => {
  const client = await office.addClient({ timeZone: 'Europe/Madrid' })
  await office.call(client, { day: '2026-01-05', price: '1' })
  await office.call(client, { day: '2026-01-31', price: '2' })
  await office.call(client, { day: '2026-02-01', price: '4' })
  assert.equal(await forgottenOf(client.id, '2026-03-31T21:59:59Z'), [])
  // April has begun in Madrid: January is the third month back.
  assert.equal(await forgottenOf(client.id, '2026-03-31T22:00:00Z'), [['2026-01-05', '2026-01-31', 2, '3']])
})

uninvoiced('an invoice takes them off the list, a credit note in full puts them back', async () => {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '1' })
  const { id } = await office.issue(client, '2026-01-01', '2026-02-01')
  assert.equal(await forgottenOf(client.id, '2026-06-01T00:00:00Z'), [])
  const request = { ...office.request, id, lines: null, reason: null, numberSequenceId: null }
  await creditInvoice(office.context, request)
  assert.equal(await forgottenOf(client.id, '2026-06-01T00:00:00Z'), [['2026-01-05', '2026-01-05', 1, '1']])
})

uninvoiced('a client that is invoiced by the week is told of after two weeks', async () => {
  const client = await office.addClient({ timeZone: 'UTC' })
  await office.call(client, { day: '2026-01-05', price: '1' })
  const scheduleId = newId()
  await sql`
    insert into invoice_schedules (id, brand_id, name, client_id, unit, first_day, number_sequence_id, terms, enabled)
    values (${scheduleId}, ${brandId}, ${scheduleId}, ${client.id}, 'week', '2026-01-05', ${office.sequenceId}, '{}', false)`
  await sql`
    insert into invoice_schedule_periods (schedule_id, client_id, index, period_from, period_to, next_attempt_at)
    values (${scheduleId}, ${client.id}, 0, '2026-01-05', '2026-01-12', now())`
  assert.equal(await forgottenOf(client.id, '2026-01-19T12:00:00Z'), [])
  assert.equal(await forgottenOf(client.id, '2026-01-20T00:00:00Z'), [['2026-01-05', '2026-01-05', 1, '1']])
})

uninvoiced.run()
