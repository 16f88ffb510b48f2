import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runReportSchedules } from '../../src/reports/run-report-schedules.ts'
import { testFolder } from '../servers.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/report-schedules')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  other = await makeTenant(api)
})
test.after(() => api.close())

const schedule = (more: object = {}) => ({
  name: `Usage ${Math.random()}`,
  report: 'usage',
  format: 'csv',
  groupBy: 'client,day',
  unit: 'month',
  firstDay: '2026-01-01',
  directory: 'usage',
  ...more,
})
const post = (body: object) => api.send('POST', '/v1/report-schedules', { key: tenant.brandKey, body })

test('a schedule is made, shown, changed and deleted', async () => {
  const made = await must(post(schedule({ clientId: tenant.clientId, timeZone: 'Europe/Madrid' })))
  const path = `/v1/report-schedules/${made.id}`
  assert.equal([made.flavour, made.delayMinutes, made.emails, made.enabled], ['raw', 60, [], true])
  const options = { key: tenant.brandKey, body: { directory: null, emails: ['a@example.com'] } }
  assert.equal((await must(api.send('PATCH', path, options))).emails, ['a@example.com'])
  assert.is((await api.send('DELETE', path, { key: tenant.brandKey })).status, 204)
  assert.is((await api.send('GET', path, { key: tenant.brandKey })).status, 404)
})

const refused: [string, object, string][] = [
  ['nowhere to go', { directory: null }, '/directory'],
  ['two ways to go', { emails: ['a@example.com'] }, '/directory'],
  ['a folder above', { directory: '../other' }, '/directory'],
  ['an absolute folder', { directory: '/etc' }, '/directory'],
  ['a folder that hides a way up', { directory: 'a/../../b' }, '/directory'],
  ['a group the report does not have', { groupBy: 'colour' }, '/groupBy'],
  ['groups of a report without', { report: 'calls' }, '/groupBy'],
  ['a filter the report does not have', { filter: { status: 'priced' } }, '/filter/status'],
  ['a zone that is none', { timeZone: 'Mars/Olympus' }, '/timeZone'],
  ['a day that is none', { firstDay: '2026-02-30' }, '/firstDay'],
]
for (const [what, change, pointer] of refused) {
  test(`${what} is refused with its place`, async () => {
    const { status, body } = await post(schedule(change))
    assert.is(status, 400)
    assert.is(body.errors[0].pointer, pointer)
  })
}

test("another brand's client does not exist", async () => {
  assert.is((await post(schedule({ clientId: other.clientId }))).status, 404)
})

test('what was delivered is shown, its days are fixed then, and it can be deleted with its periods', async () => {
  const made = await must(post(schedule()))
  const path = `/v1/report-schedules/${made.id}`
  const run = await runReportSchedules({
    worker: api.context.worker,
    api: api.context.db,
    reportsDir: testFolder(),
    clock: () => Date.parse('2026-03-02T00:00:00Z'),
    onCommitted: () => {},
  })
  assert.equal(run, { done: 2, failed: 0 })
  const shown = await must(api.send('GET', path, { key: tenant.brandKey }))
  assert.equal(shown.delivered, {
    periods: 2,
    lastPeriodTo: '2026-03-01',
    waiting: 0,
    lastError: null,
    nextAttemptAt: null,
  })
  const change = { key: tenant.brandKey, body: { unit: 'day' } }
  assert.is((await api.send('PATCH', path, change)).status, 409)
  assert.is((await api.send('DELETE', path, { key: tenant.brandKey })).status, 204)
  const log = await must(
    api.send('GET', `/v1/audit-log?resource=report-schedules&resourceId=${made.id}`, {
      key: tenant.brandKey,
    }),
  )
  assert.equal(
    log.data.map((entry: { action: string }) => entry.action),
    ['delete', 'create'],
  )
})

/** From the first of January until the given instant. */
const runUntil = (instant: string) =>
  runReportSchedules({
    worker: api.context.worker,
    api: api.context.db,
    reportsDir: testFolder(),
    clock: () => Date.parse(instant),
    onCommitted: () => {},
  })
const periods = (id: string, query = '', key = tenant.brandKey) =>
  api.send('GET', `/v1/report-schedules/${id}/periods${query}`, { key })

test('each period says when it was delivered, into which file, and with how many rows', async () => {
  const { id } = await must(post(schedule({ name: 'Months', directory: 'periods', groupBy: 'client' })))
  await runUntil('2026-03-02T00:00:00Z')
  const { data, nextCursor } = await must(periods(id))
  assert.is(nextCursor, null)
  assert.equal(
    data.map((period: { from: string }) => period.from),
    ['2026-02-01', '2026-01-01'],
  )
  assert.equal(data[1], {
    from: '2026-01-01',
    to: '2026-02-01',
    status: 'done',
    attempts: 1,
    nextAttemptAt: null,
    lastError: null,
    deliveredAt: '2026-03-02T00:00:00.000Z',
    rows: 0,
    file: `${tenant.brandId}/periods/usage_2026-01-01_2026-02-01_Months_${id.slice(-12)}.csv`,
    mails: [],
    updatedAt: '2026-03-02T00:00:00.000Z',
  })
  const first = await must(periods(id, '?limit=1'))
  const second = await must(periods(id, `?limit=1&cursor=${first.nextCursor}`))
  assert.equal([...first.data, ...second.data], data)
  assert.is(second.nextCursor, null)
  assert.equal((await must(periods(id, '?status=failed'))).data, [])
  assert.is((await periods(id, '?status=delivered')).status, 400)
  assert.is((await periods(id, '', other.brandKey)).status, 404)
})

test('a period by mail names each mail and what became of it', async () => {
  const emails = ['noc@acme.example.com', 'boss@acme.example.com']
  const { id } = await must(post(schedule({ directory: null, emails, firstDay: '2026-02-01' })))
  await runUntil('2026-03-02T00:00:00Z')
  const sql = api.context.worker.$client
  await sql`
    update mails set status = 'failed', last_error = '550 no such box'
    where source = ${`${id}:0:1`}`
  const [period, ...others] = (await must(periods(id))).data
  assert.equal(others, [])
  assert.equal([period.status, period.file, period.rows], ['done', null, null])
  assert.equal(
    period.mails.map(({ recipient, status, sentAt, lastError }: Record<string, unknown>) => [
      recipient,
      status,
      sentAt,
      lastError,
    ]),
    [
      ['noc@acme.example.com', 'pending', null, null],
      ['boss@acme.example.com', 'failed', null, '550 no such box'],
    ],
  )
  const mail = await must(api.send('GET', `/v1/mails/${period.mails[1].id}`, { key: tenant.brandKey }))
  assert.is(mail.recipient, 'boss@acme.example.com')
})

test('a period that failed says why and when it is tried again, and the next one waits', async () => {
  writeFileSync(join(testFolder(), tenant.brandId, 'blocked'), 'a file where the folder should be')
  const { id } = await must(post(schedule({ directory: 'blocked' })))
  await runUntil('2026-03-02T00:00:00Z')
  const [february, january] = (await must(periods(id))).data
  assert.equal([february.status, february.attempts, february.lastError], ['pending', 0, null])
  assert.equal([january.status, january.attempts, january.deliveredAt], ['failed', 1, null])
  assert.is(january.nextAttemptAt, '2026-03-02T00:01:00.000Z')
  assert.is(january.lastError.code, 'internal_error')
  assert.match(january.lastError.detail, 'EEXIST')
})

test.run()
