/**
 * Time zones: which names are taken, that stored ones keep working whatever PostgreSQL thinks of them, and that instants and
 * days stay in the zone they were counted in.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { zoneClock } from '../../src/rating/zone-clock.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { endedCall, sellEverything, settleEnded } from './ended-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('time zones')
let api: TestApi
test.before(async () => {
  api = await openTestApi()
})
test.after(() => api.close())

const refused = [
  'VST',
  'SST',
  'NET',
  'IST',
  'BST',
  'CET',
  'EST',
  'EST5EDT',
  'GMT',
  'MST',
  'PST8PDT',
  'Japan',
  'GB',
  'Zulu',
  'UCT',
  'utc',
  'Europe',
  'Europe/Nowhere',
  'Mars/Olympus',
  '+01:00',
  'UTC+1',
  '',
]
const taken = [
  'UTC',
  'Europe/Madrid',
  'America/Argentina/Buenos_Aires',
  'Asia/Calcutta',
  'Etc/GMT+5',
  'America/Port-au-Prince',
]

type Send = (timeZone: string) => ReturnType<TestApi['send']>

async function doors(): Promise<Record<string, Send>> {
  const { brandKey: key, brandId, clientId } = await makeTenant(api)
  const deck = await must(
    api.send('POST', '/v1/rate-decks', { key, body: { name: 'Deck', currency: 'EUR' } }),
  )
  let count = 0
  const named = () => `zone ${++count}`
  const query = (zone: string) => encodeURIComponent(zone)
  const plan = (timeZone: string) => ({
    name: named(),
    currency: 'EUR',
    timeZone,
    entries: [{ rateDeckId: deck.id }],
  })
  const stored = await must(api.send('POST', '/v1/rating-plans', { key, body: plan('UTC') }))
  const schedule = (timeZone: string) => ({
    name: named(),
    report: 'calls',
    format: 'csv',
    unit: 'day',
    firstDay: '2026-01-01',
    timeZone,
    emails: ['a@example.com'],
  })
  return {
    'a new brand': (timeZone) =>
      api.send('POST', '/v1/brands', { body: { name: named(), currency: 'EUR', timeZone } }),
    'a brand': (timeZone) => api.send('PATCH', `/v1/brands/${brandId}`, { body: { timeZone } }),
    'a new client': (timeZone) =>
      api.send('POST', '/v1/clients', {
        key,
        body: { name: named(), sipDomain: `zone-${count}.example.com`, timeZone },
      }),
    'a client': (timeZone) => api.send('PATCH', `/v1/clients/${clientId}`, { key, body: { timeZone } }),
    'a new plan': (timeZone) => api.send('POST', '/v1/rating-plans', { key, body: plan(timeZone) }),
    'a plan': (timeZone) => api.send('PATCH', `/v1/rating-plans/${stored.id}`, { key, body: { timeZone } }),
    'a report schedule': (timeZone) =>
      api.send('POST', '/v1/report-schedules', { key, body: schedule(timeZone) }),
    'a report': (zone) => api.send('GET', `/v1/reports/calls?timeZone=${query(zone)}`, { key }),
    statements: (zone) =>
      api.send('GET', `/v1/reports/statements?from=2026-01-01&timeZone=${query(zone)}`, { key }),
    'prices of a plan': (zone) =>
      api.send('GET', `/v1/rating-plans/${stored.id}/prices?number=34600111222&timeZone=${query(zone)}`, {
        key,
      }),
  }
}

test('UTC and names of places are taken everywhere, abbreviations and what nobody knows nowhere', async () => {
  for (const [door, send] of Object.entries(await doors())) {
    for (const timeZone of refused) {
      const { status, body } = await send(timeZone)
      assert.is(status, 400, `${door}: ${timeZone}`)
      assert.is(body.errors?.[0]?.pointer, '/timeZone', `${door}: ${timeZone}`)
    }
    for (const timeZone of taken) assert.ok((await send(timeZone)).status < 300, `${door}: ${timeZone}`)
  }
})

/** As an earlier release has stored it. */
async function aClientIn(timeZone: string) {
  const tenant = await makeTenant(api)
  await sellEverything(api, tenant)
  const { $client: sql } = api.context.worker
  await sql`update brands set time_zone = ${timeZone} where id = ${tenant.brandId}`
  await sql`update clients set time_zone = ${timeZone} where id = ${tenant.clientId}`
  await sql`update client_terms set time_zone = ${timeZone} where client_id = ${tenant.clientId}`
  await api.callsContext.configuration.refresh()
  return tenant
}

const reports = [
  'calls?from=2026-01-01&to=2026-02-01',
  'usage?groupBy=hour',
  'usage?groupBy=country,hour&from=2026-01-01&to=2026-02-01',
  'balances?from=2026-01-01&to=2026-02-01',
  'statements?from=2026-01-01&to=2026-02-01',
  'invoices?datedBy=issue&from=2026-01-01&to=2026-02-01',
  'rejected-calls',
  'denials',
]

for (const timeZone of ['VST', 'SST', 'NET', 'IST', 'CET']) {
  test(`a stored ${timeZone} keeps working: reports, lists and changes of other settings`, async () => {
    const { brandKey: key, clientId, brandId } = await aClientIn(timeZone)
    for (const report of reports) {
      for (const format of ['', '.csv']) {
        const [name, query] = report.split('?')
        const { status } = await api.send('GET', `/v1/reports/${name}${format}${query ? `?${query}` : ''}`, {
          key,
        })
        assert.is(status, 200, `${report} ${format}`)
      }
    }
    assert.is((await api.send('GET', '/v1/uninvoiced-calls', { key })).status, 200)
    assert.is((await api.send('GET', `/v1/clients/${clientId}/daily-usage`, { key })).status, 200)
    const statement = `/v1/clients/${clientId}/statement?from=2026-01-01&to=2026-02-01`
    assert.is((await api.send('GET', statement, { key })).status, 200)
    const changed = await must(
      api.send('PATCH', `/v1/clients/${clientId}`, { key, body: { name: 'Renamed' } }),
    )
    assert.equal([changed.name, changed.timeZone], ['Renamed', timeZone])
    const kept = await must(api.send('PATCH', `/v1/clients/${clientId}`, { key, body: { timeZone } }))
    assert.is(kept.timeZone, timeZone)
    assert.is(
      (await api.send('PATCH', `/v1/brands/${brandId}`, { body: { name: `Brand in ${timeZone}` } })).status,
      200,
    )
    const heir = await must(
      api.send('POST', '/v1/clients', {
        key,
        body: { name: 'Heir', sipDomain: `heir-${timeZone.toLowerCase()}.example.com` },
      }),
    )
    assert.is(heir.timeZone, timeZone)
  })
}

test('after a client has moved, instants and days stay in the zone they were counted in', async () => {
  const tenant = await makeTenant(api)
  const { brandKey: key, clientId } = tenant
  await sellEverything(api, tenant)
  const { $client: sql } = api.context.worker
  const at = '2026-01-07T23:30:00Z'
  // Madrid: 00:30 on the 8th.
  await settleEnded(api, [endedCall(clientId, { callId: 'before', to: '+34600111222', at, seconds: 60 })])
  await sql`
    insert into client_terms (client_id, version, effective_at, sip_domain, time_zone, billing_method, corporation_id, numbering)
    select client_id, version + 1, '2026-02-01T12:00:00Z', sip_domain, 'Pacific/Auckland', billing_method, corporation_id, numbering
    from client_terms where client_id = ${clientId} order by version desc limit 1`
  await sql`update clients set time_zone = 'Pacific/Auckland' where id = ${clientId}`
  await api.callsContext.configuration.refresh()
  const get = async (path: string) => (await must(api.send('GET', `/v1/reports/${path}`, { key }))).data

  const [call] = await get('calls?from=2026-01-08&to=2026-01-09')
  assert.equal(
    [call.usageDay, call.timeZone, call.answeredAt],
    ['2026-01-08', 'Europe/Madrid', '2026-01-07T23:30:00.000Z'],
  )
  const { body: csv } = await api.send('GET', '/v1/reports/calls.csv', { key })
  assert.match(csv, '2026-01-08T00:30:00.000+01:00')
  assert.equal(
    (await get('usage?groupBy=hour')).map(({ hour }: { hour: number }) => hour),
    [0],
  )
  // The charge was posted now, in Auckland.
  const [charge] = await get('statements')
  assert.is(charge.timeZone, 'Pacific/Auckland')
  const [period] = await get('balances?from=2026-01-01&to=2026-01-31')
  assert.is(period.timeZone, 'Europe/Madrid')
  const usage = await must(api.send('GET', `/v1/clients/${clientId}/daily-usage?day=2026-01-08`, { key }))
  assert.equal(
    [usage.timeZone, usage.amount, usage.resetsAt],
    ['Europe/Madrid', '0.06', '2026-01-08T23:00:00.000Z'],
  )
  const [asked] = await get('calls?timeZone=UTC')
  assert.is(asked.timeZone, 'UTC')
})

test('a report until a far day reads no clock beyond tomorrow', async () => {
  const { brandKey: key } = await makeTenant(api)
  const dayMs = 86_400_000
  const tomorrow = Date.now() + dayMs + 60_000
  const clock = zoneClock('Europe/Madrid')
  const asked: { after: number; until: number }[] = []
  const own = clock.findChange.bind(clock)
  clock.findChange = (after, until) => {
    asked.push({ after, until })
    return own(after, until)
  }
  try {
    for (const report of ['usage?groupBy=hour&', 'balances?', 'statements?', 'calls?']) {
      await must(api.send('GET', `/v1/reports/${report}from=2026-01-01&to=2099-01-01`, { key }))
    }
    assert.ok(asked.length > 0)
    // Where a day begins is asked of its surroundings alone, wherever it lies.
    const decades = asked.filter(({ after, until }) => until > tomorrow && until - after > 3 * dayMs)
    assert.equal(decades, [])
  } finally {
    Reflect.deleteProperty(clock, 'findChange')
  }
})

test('the books of a client in an abbreviation that PostgreSQL takes for another place are found right', async () => {
  const { clientId } = await aClientIn('IST')
  // 19:00 in UTC is the next day in India, and the same in Israel and Ireland.
  const at = '2026-01-07T19:00:00Z'
  await settleEnded(api, [endedCall(clientId, { callId: 'late', to: '+34600111222', at, seconds: 60 })])
  const found: string[] = []
  for await (const { check, differences } of verifyBooks(api.context.worker, {
    from: null,
    before: null,
    pricesPerClient: null,
  })) {
    found.push(
      ...differences
        .filter(({ where }) => where.clientId === clientId)
        .map(({ detail }) => `${check.name}: ${detail}`),
    )
  }
  assert.equal(found, [])
})

test('no SQL of the service reckons with the name of a time zone', () => {
  const source = fileURLToPath(new URL('../../src', import.meta.url))
  const files = readdirSync(source, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'))
  assert.ok(files.length > 100)
  const found = files.filter((name) =>
    /\bat time zone\b|\btimezone\(|set time zone/i.test(readFileSync(join(source, name), 'utf8')),
  )
  assert.equal(found, [])
})

test.run()
