/** Invoices that the release before has issued, or issues beside this one, have a day of issue and a due day, too. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Office, openOffice } from './office.ts'

const test = suite('days of invoices of the release before')
const drizzle = fileURLToPath(new URL('../../drizzle', import.meta.url))
let office: Office
let owner: postgres.Sql

test.before(async () => {
  office = await openOffice()
  owner = postgres(office.databaseUrl, { max: 1, onnotice: () => {} })
})
test.after(async () => {
  await owner.end()
  await office.close()
})

/** Issued as it was before: no days, and due at the hour of its issue. */
async function anOldInvoice(timeZone: string, issuedAt: string, dueAt: string): Promise<string> {
  const client = await office.addClient()
  await office.call(client, { day: '2026-01-05', price: '1' })
  const { id } = await office.issue(client, '2026-01-01', '2026-02-01')
  await owner.unsafe(`
    alter table invoices disable trigger user;
    update invoices
    set time_zone = '${timeZone}', issue_day = null, due_day = null, issued_at = '${issuedAt}', due_at = '${dueAt}'
    where id = '${id}';
    alter table invoices enable trigger user`)
  return id
}

/** What the migration does to rows that are there. */
async function upgrade(): Promise<void> {
  const file = readdirSync(drizzle).find((name) => name.endsWith('print_brand_days_and_say_who_mails.sql'))
  const statements = readFileSync(`${drizzle}/${file}`, 'utf8').split('--> statement-breakpoint')
  const from = statements.findIndex((text) => text.includes('alter table invoices no force'))
  const to = statements.findIndex((text) => text.includes('alter table brands force'))
  assert.ok(from > 0 && to > from)
  for (const statement of statements.slice(from, to + 1)) await owner.unsafe(statement)
}

async function daysOf(id: string) {
  const [row] = await office.sql`select issue_day, due_day, due_at from invoices where id = ${id}`
  return [row?.issue_day, row?.due_day, row?.due_at]
}

test('they keep the dates that they print, and are due until the last day is over', async () => {
  const home = await anOldInvoice('Europe/Madrid', '2026-02-02T23:00:30Z', '2026-03-04T23:00:30Z')
  const west = await anOldInvoice('America/New_York', '2026-02-03T02:00:00Z', '2026-03-05T02:00:00Z')
  const unknown = await anOldInvoice('Area/Nowhere', '2026-02-03T02:00:00Z', '2026-03-05T02:00:00Z')
  await upgrade()
  // The brand is in Madrid.
  assert.equal(await daysOf(home), ['2026-02-03', '2026-03-05', '2026-03-05 23:00:00+00'])
  assert.equal(await daysOf(west), ['2026-02-02', '2026-03-04', '2026-03-05 05:00:00+00'])
  assert.equal(await daysOf(unknown), ['2026-02-03', '2026-03-05', '2026-03-06 00:00:00+00'])
  const [series] = await office.sql`
    select last_issue_day from invoice_series where number_sequence_id = ${office.sequenceId}`
  assert.is(series?.last_issue_day, '2026-02-03')
})

test('one that a replica of that release issues meanwhile has its days as it prints them', async () => {
  const client = await office.addClient({ timeZone: 'America/New_York' })
  await office.call(client, { day: '2026-01-05', price: '1' })
  const { id } = await office.draft(client, '2026-01-01', '2026-02-01')
  await office.sql`
    update invoices
    set status = 'issued', number = 'OLD-1', series_year = 0, series_number = 900000,
        issued_at = '2026-02-03T02:00:00Z', due_at = '2026-03-05T02:00:00Z'
    where id = ${id}`
  assert.equal(await daysOf(id), ['2026-02-02', '2026-03-04', '2026-03-05 02:00:00+00'])
})

test.run()
