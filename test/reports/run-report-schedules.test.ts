/**
 * Schedules of a small book: two clients of one brand, calls at days written out, a real folder and a real mail server.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { openMailer } from '../../src/mailer.ts'
import { startMailDelivery } from '../../src/notifications/deliver-mails.ts'
import { attachReports } from '../../src/reports/attach-reports.ts'
import { runReportSchedules } from '../../src/reports/run-report-schedules.ts'
import { newId } from '../../src/uuid.ts'
import { until } from '../events/broker-door.ts'
import { openOffice } from '../invoices/office.ts'
import { openSmtpSink } from '../notifications/smtp-sink.ts'
import { testDatabaseUrl, testFolder } from '../servers.ts'

const databaseUrl = await testDatabaseUrl()
const office = await openOffice(databaseUrl)
/** Of the owner: the worker may not write schedules. */
const sql = postgres(databaseUrl, {
  max: 1,
  onnotice: () => {},
  types: { date: { to: 1082, from: [1082], serialize: String, parse: String } },
})
const worker = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 4 })
const api = openDatabase(databaseUrl, { role: 'tollgate_api', connections: 4 })
const madrid = await office.addClient({ timeZone: 'Europe/Madrid', name: 'Acme' })
const york = await office.addClient({ timeZone: 'America/New_York', name: 'Liberty' })
let now = 0
let reportsDir = ''
const context = () => ({ worker, api, reportsDir, clock: () => now, onCommitted: () => {} })
const at = (text: string) => {
  now = Date.parse(text)
}

const test = suite('runReportSchedules')
test.before(async () => {
  await office.call(madrid, { day: '2026-01-05', callId: 'monday', price: '0.10' })
  await office.call(madrid, { day: '2026-01-06', callId: 'tuesday', price: '0.20' })
  await office.call(york, { day: '2026-01-05', callId: 'abroad', price: '0.40' })
})
test.before.each(async () => {
  reportsDir = mkdtempSync(join(testFolder(), 'reports-'))
  await sql`update report_schedules set enabled = false`
  await sql`delete from mails`
})
test.after(async () => {
  await sql.end()
  await closeDatabase(api)
  await closeDatabase(worker)
  await office.close()
})

async function addSchedule(given: {
  clientId?: string
  unit?: string
  report?: string
  firstDay?: string
  timeZone?: string
  directory?: string
  emails?: string[]
  delayMinutes?: number
  groupBy?: string
  filter?: object
}) {
  const id = newId()
  await sql`
    insert into report_schedules (id, brand_id, name, client_id, report, format, flavour, filter, group_by, unit,
                                  first_day, time_zone, delay_minutes, emails, directory)
    values (${id}, ${office.brandId}, ${id}, ${given.clientId ?? null}, ${given.report ?? 'calls'}, 'csv', 'raw',
            ${JSON.stringify(given.filter ?? {})}::text::jsonb, ${given.groupBy ?? null}, ${given.unit ?? 'day'},
            ${given.firstDay ?? '2026-01-05'}::text::date, ${given.timeZone ?? null}, ${given.delayMinutes ?? 0},
            ${given.emails ?? []}::text[], ${given.directory ?? null})`
  return id
}

const periodsOf = async (id: string) =>
  (await sql`select * from report_schedule_periods where schedule_id = ${id} order by index`).map(
    (row) => `${row.period_from} ${row.status}`,
  )
const folder = (...words: string[]) => join(reportsDir, office.brandId, ...words)
const filesIn = (...words: string[]) => readdirSync(folder(...words)).sort()
const textOf = (...words: string[]) => readFileSync(folder(...words), 'utf8')

test("a client's day is written when it is over in the zone named, with that day's calls alone", async () => {
  const id = await addSchedule({ clientId: madrid.id, directory: 'daily/acme' })
  at('2026-01-05T22:59:59Z')
  assert.equal(await runReportSchedules(context()), { done: 0, failed: 0 })
  at('2026-01-05T23:00:00Z')
  assert.equal(await runReportSchedules(context()), { done: 1, failed: 0 })
  const [file = '', ...others] = filesIn('daily', 'acme')
  assert.equal(others, [], 'no temporary file is left')
  assert.match(file, /^calls_2026-01-05_2026-01-06_.*\.csv$/)
  const text = textOf('daily', 'acme', file)
  assert.match(text, 'monday')
  assert.not.match(text, 'tuesday')
  assert.not.match(text, 'abroad')
  assert.equal(await periodsOf(id), ['2026-01-05 done'])
})

test('a report of the whole brand waits for the day of its westernmost client and for the delay', async () => {
  await addSchedule({ directory: 'all', delayMinutes: 30 })
  at('2026-01-06T05:29:59Z')
  assert.equal(await runReportSchedules(context()), { done: 0, failed: 0 })
  at('2026-01-06T05:30:00Z')
  assert.equal(await runReportSchedules(context()), { done: 1, failed: 0 })
  const [file = ''] = filesIn('all')
  assert.match(textOf('all', file), /abroad/)
  assert.match(textOf('all', file), /monday/)
})

test('after a pause every missed period is written, each once', async () => {
  const id = await addSchedule({
    clientId: madrid.id,
    unit: 'month',
    firstDay: '2025-10-31',
    directory: 'months',
    report: 'usage',
    groupBy: 'client,day',
  })
  at('2026-02-15T12:00:00Z')
  assert.equal(await runReportSchedules(context()), { done: 3, failed: 0 })
  assert.equal(await runReportSchedules(context()), { done: 0, failed: 0 })
  assert.equal(await periodsOf(id), ['2025-10-31 done', '2025-11-30 done', '2025-12-31 done'])
  assert.is(filesIn('months').length, 3)
  const text = textOf('months', filesIn('months')[2] ?? '')
  assert.match(text, '2026-01-05')
  assert.match(text, '2026-01-06')
})

test('a folder that cannot be written fails visibly, is tried again, and no period is skipped', async () => {
  const id = await addSchedule({ clientId: madrid.id, directory: 'blocked' })
  mkdirSync(folder(), { recursive: true })
  writeFileSync(folder('blocked'), 'a file where the folder should be')
  at('2026-01-07T00:00:00Z')
  assert.equal(await runReportSchedules(context()), { done: 0, failed: 1 })
  assert.equal(await periodsOf(id), ['2026-01-05 failed', '2026-01-06 pending'])
  const [row] =
    await sql`select last_error::text from report_schedule_periods where schedule_id = ${id} and index = 0`
  assert.match(String(row?.last_error), 'EEXIST')
  assert.equal(await runReportSchedules(context()), { done: 0, failed: 0 }, 'not at once')
  rmSync(folder('blocked'))
  at('2026-01-07T00:01:00Z')
  assert.equal(await runReportSchedules(context()), { done: 2, failed: 0 })
  assert.equal(await periodsOf(id), ['2026-01-05 done', '2026-01-06 done'])
})

test('neither a path nor a link leads out of the folder of the brand', async () => {
  const outside = mkdtempSync(join(testFolder(), 'outside-'))
  mkdirSync(folder(), { recursive: true })
  symlinkSync(outside, folder('link'))
  at('2026-01-06T00:00:00Z')
  for (const directory of ['../out', '/tmp/out', 'a/../../out', 'link', 'link/deeper']) {
    await addSchedule({ clientId: madrid.id, directory })
  }
  assert.equal(await runReportSchedules(context()), { done: 0, failed: 5 })
  assert.equal(readdirSync(outside), [])
  assert.not.ok(existsSync(join(reportsDir, 'out')))
})

test('two replicas at once deliver each period once', async () => {
  for (let i = 0; i < 4; i++) await addSchedule({ clientId: madrid.id, emails: [`noc${i}@acme.example.com`] })
  await addSchedule({ clientId: madrid.id, directory: 'shared' })
  at('2026-01-08T00:00:00Z')
  const runs = await Promise.all([runReportSchedules(context()), runReportSchedules(context())])
  assert.is(
    runs.reduce((sum, { done }) => sum + done, 0),
    15,
  )
  const [count] = await sql`select count(*)::integer as mails from mails where kind = 'call-report'`
  assert.is(count?.mails, 12)
  assert.is(filesIn('shared').length, 3)
})

test('what a dying replica held comes again by itself', async () => {
  const id = await addSchedule({ clientId: madrid.id, directory: 'again' })
  at('2026-01-06T00:00:00Z')
  await sql`
    insert into report_schedule_periods (schedule_id, index, period_from, period_to, attempts, next_attempt_at)
    values (${id}, 0, '2026-01-05', '2026-01-06', 1, '2026-01-06T00:20:00Z')`
  assert.equal(await runReportSchedules(context()), { done: 0, failed: 0 })
  at('2026-01-06T00:20:00Z')
  assert.equal(await runReportSchedules(context()), { done: 1, failed: 0 })
})

test('a report by mail carries the file to the one it names', async () => {
  const sink = await openSmtpSink()
  const mailer = openMailer({ smtpUrl: sink.url, from: 'billing@op.example.com', folder: testFolder() })
  const id = await addSchedule({ clientId: madrid.id, emails: ['noc@acme.example.com'] })
  at('2026-01-06T00:00:00Z')
  assert.equal(await runReportSchedules(context()), { done: 1, failed: 0 })
  const delivery = startMailDelivery({
    db: worker,
    mailer,
    pollMs: 20,
    makeAttachments: (wanted) => attachReports({ worker, api, clock: () => now }, wanted),
  })
  // The mail is due at the clock of its writing, which is long past.
  await until('the mail', () => sink.mails.length === 1)
  await delivery.close()
  mailer.close()
  await sink.close()
  const [mail] = sink.mails
  assert.equal(mail?.recipients, ['noc@acme.example.com'])
  assert.match(mail?.parsed.subject ?? '', id)
  assert.match(mail?.parsed.subject ?? '', 'Acme')
  const [file, ...others] = mail?.parsed.attachments ?? []
  assert.equal(others, [])
  assert.match(file?.filename ?? '', /^calls_2026-01-05_2026-01-06_.*\.csv$/)
  const text = file?.content.toString() ?? ''
  assert.match(text, 'monday')
  assert.match(text, ',0.1,EUR')
  // One call of a minute for 0.10 EUR, from the rows of that file.
  assert.match(mail?.parsed.text ?? '', /Calls: +1$/m)
  assert.match(mail?.parsed.text ?? '', /Duration: +0:01:00$/m)
  assert.match(mail?.parsed.text ?? '', /Amount: +€0\.10$/m)
  const [period] = await sql`select row_count from report_schedule_periods where schedule_id = ${id}`
  assert.is(period?.row_count, 1)
})

const factsOf = async (id: string, maxBytes?: number) => {
  const [file] = await attachReports(
    { worker, api, clock: () => now },
    [{ kind: 'report', id: `${id}/0` }],
    maxBytes,
  )
  return file?.facts
}

test('a mail tells the sums of the report it carries, and none that the report does not have', async () => {
  const told = { emails: ['noc@op.example.com'] }
  const ids = {
    calls: await addSchedule({ ...told, unit: 'week' }),
    usage: await addSchedule({ ...told, unit: 'week', report: 'usage', groupBy: 'client,day' }),
    denials: await addSchedule({ ...told, unit: 'week', report: 'denials' }),
    nothing: await addSchedule({ ...told, unit: 'week', filter: { destination: 'Mars' } }),
  }
  at('2026-01-13T00:00:00Z')
  await runReportSchedules(context())
  // 0.10 + 0.20 + 0.40, three calls of a minute.
  const all = { calls: 3, durationSeconds: 180, amount: '0.7', currency: 'EUR' }
  assert.equal(await factsOf(ids.calls), all)
  assert.equal(await factsOf(ids.usage), all)
  assert.equal(await factsOf(ids.denials), {})
  assert.equal(await factsOf(ids.nothing), { calls: 0, durationSeconds: 0, amount: '0' })
  assert.equal(await factsOf(ids.calls, 64), all, 'of a report too large to be attached, too')
})

test("a client's mail hides the prices that its portal hides, the operator's folder does not", async () => {
  const id = await addSchedule({ clientId: madrid.id, emails: ['noc@acme.example.com'] })
  await addSchedule({ clientId: madrid.id, directory: 'operator' })
  await sql`update clients set portal_visibility = '{"callPrices": false}' where id = ${madrid.id}`
  at('2026-01-06T00:00:00Z')
  await runReportSchedules(context())
  const [file] = await attachReports({ worker, api, clock: () => now }, [{ kind: 'report', id: `${id}/0` }])
  assert.match(file?.content.toString() ?? '', 'monday')
  assert.not.match(file?.content.toString() ?? '', ',0.1,')
  assert.match(textOf('operator', filesIn('operator')[0] ?? ''), ',0.1,EUR')
  await sql`update clients set portal_visibility = '{"callPrices": true}' where id = ${madrid.id}`
})

test("a client's mail sums up statements by its own days, whatever the zone of the schedule", async () => {
  const place = { clientId: madrid.id, report: 'statements', timeZone: 'America/New_York' }
  const mailed = await addSchedule({ ...place, emails: ['noc@acme.example.com'] })
  await addSchedule({ ...place, directory: 'statements' })
  await sql`update clients set portal_visibility = '{"callPrices": false}' where id = ${madrid.id}`
  at('2026-01-06T12:00:00Z')
  await runReportSchedules(context())
  const [file] = await attachReports({ worker, api, clock: () => now }, [
    { kind: 'report', id: `${mailed}/0` },
  ])
  const [header = '', line = '', ...others] = (file?.content.toString() ?? '').trim().split('\r\n')
  assert.match(header, /,reference,actor,id,day$/)
  assert.match(line, /,Europe\/Madrid,charge,-0\.1,.*,2026-01-05$/)
  assert.equal(others, [])
  assert.match(
    textOf('statements', filesIn('statements')[0] ?? ''),
    /America\/New_York,charge,-0\.1,.*monday/,
  )
  await sql`update clients set portal_visibility = '{"callPrices": true}' where id = ${madrid.id}`
})

test('sums in several currencies are no sum, and a portal without prices has none in its mail', async () => {
  const told = { emails: ['noc@op.example.com'] }
  const mixed = await addSchedule(told)
  const hidden = await addSchedule({ ...told, clientId: madrid.id })
  await sql`update calls set currency = 'USD' where client_id = ${york.id}`
  await sql`update clients set portal_visibility = '{"callPrices": false}' where id = ${madrid.id}`
  at('2026-01-07T00:00:00Z')
  await runReportSchedules(context())
  assert.equal(await factsOf(mixed), { calls: 2, durationSeconds: 120 })
  assert.equal(await factsOf(hidden), { calls: 1, durationSeconds: 60 })
  await sql`update calls set currency = 'EUR' where client_id = ${york.id}`
  await sql`update clients set portal_visibility = '{"callPrices": true}' where id = ${madrid.id}`
})

test('a report too large for a mail is replaced by how to fetch it', async () => {
  const id = await addSchedule({ clientId: madrid.id, emails: ['noc@acme.example.com'] })
  at('2026-01-06T00:00:00Z')
  await runReportSchedules(context())
  const [note] = await attachReports(
    { worker, api, clock: () => now },
    [{ kind: 'report', id: `${id}/0` }],
    64,
  )
  assert.is(note?.filename, 'report-too-large.txt')
  assert.match(
    note?.content.toString() ?? '',
    `GET /v1/reports/calls.csv?from=2026-01-05&to=2026-01-06&clientId=${madrid.id}`,
  )
})

test.run()
