/**
 * Lists, reports and single answers show the same of a call, whether it lies among the hot ones or in its month.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { moveOldCalls } from '../../src/calls/retention/move-old-calls.ts'
import { selectCalls } from '../../src/db/calls/list-calls.ts'
import { asTenant, findDriver } from '../../src/db/tenant.ts'
import { type EndedCall, endedCall, sellEverything, settleEnded } from './ended-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('old calls over HTTP')
let now = Date.parse('2026-01-10T12:00:00Z')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi({ clock: () => now })
  tenant = await makeTenant(api)
  other = await makeTenant(api)
  for (const one of [tenant, other]) await sellEverything(api, one)
  await api.callsContext.configuration.refresh()
  // Three months; two calls of one instant in each, one that nobody answered, one of another brand.
  for (const month of ['01', '02', '03']) {
    now = Date.parse(`2026-${month}-10T12:00:00Z`)
    const at = `2026-${month}-10T11:00:00Z`
    const call = (callId: string, seconds: number | null, to = '+34600111222', labels = { trunk: 'blue' }) =>
      endedCall(tenant.clientId, { callId: `${callId}-${month}`, to, at, seconds, labels })
    const foreign: EndedCall = endedCall(other.clientId, {
      callId: `x-${month}`,
      to: '+34600111222',
      at,
      seconds: 5,
    })
    await settleEnded(api, [call('a', 60), call('b', 30, '+442071234567'), call('n', null), foreign])
    now += 60_000
    await settleEnded(api, [call('c', 90, '+34911222333', { trunk: 'red' })])
  }
  now = Date.parse('2026-04-20T12:00:00Z')
})
test.after(() => api.close())

const get = async (path: string, key = tenant.brandKey) =>
  (await must(api.send('GET', path, { key }))) as unknown

async function pages(query: string, key = tenant.brandKey) {
  const names: string[][] = []
  let next = `/v1/calls?limit=4&${query}`
  for (;;) {
    const { status, body } = await api.send('GET', next, { key })
    assert.is(status, 200, JSON.stringify(body))
    names.push(body.data.map(({ callId }: { callId: string }) => callId))
    if (body.nextCursor === null) return names
    next = `/v1/calls?limit=4&${query}&cursor=${encodeURIComponent(body.nextCursor)}`
  }
}

const span = 'from=2026-01-01&to=2026-04-01'
async function everything() {
  return {
    newestFirst: await pages(`clientId=${tenant.clientId}`),
    oldestFirst: await pages(`clientId=${tenant.clientId}&sort=createdAt`),
    ofBrand: await pages(''),
    byNumber: await pages('number=34600111222'),
    ofClient: await pages('', tenant.clientKey),
    january: await pages('usageDay=2026-01-10'),
    call: await get(`/v1/calls/${tenant.clientId}/a-01`),
    report: await get(`/v1/reports/calls.csv?${span}`),
    byHour: await get(`/v1/reports/usage.csv?${span}&groupBy=hour,destination`),
    byCountry: await get(`/v1/reports/usage.csv?${span}&groupBy=country`),
    byLabel: await get(`/v1/reports/usage.csv?${span}&groupBy=label:trunk`),
    byMonth: await get(`/v1/reports/usage.csv?${span}&groupBy=month`),
    foreign: (await api.send('GET', `/v1/calls/${other.clientId}/x-01`, { key: tenant.brandKey })).status,
  }
}

test('whoever reads calls sees no difference, page by page', async () => {
  const before = await everything()
  assert.equal(before.newestFirst, [
    ['c-03', 'a-03', 'b-03', 'n-03'],
    ['c-02', 'a-02', 'b-02', 'n-02'],
    ['c-01', 'a-01', 'b-01', 'n-01'],
  ])
  // January and February; March stays.
  assert.is(await moveOldCalls(api.callsContext, { hotMonths: 1 }), 10)
  const months = await api.context.worker.$client`select month from old_call_months order by month`
  assert.equal(
    months.map(({ month }) => month),
    ['2026-01-01', '2026-02-01'],
  )
  assert.equal(await everything(), before)
})

test('a partition shows the API nothing by itself', async () => {
  let refusal = ''
  await asTenant(api.context.db, { role: 'platform', brandId: null, clientId: null }, (tx) =>
    tx.execute('select 1 from old_calls_2026_01'),
  ).catch((error) => {
    refusal = error.code ?? error.cause?.code
  })
  assert.is(refusal, '42501')
})

/** The nodes of the plan of a page of fifty. */
async function planOf(filter: object, direction: 'ascending' | 'descending'): Promise<string> {
  return asTenant(
    api.context.db,
    { role: 'brand', brandId: tenant.brandId, clientId: null },
    async (tx) => {
      const driver = findDriver(tx)
      const query = selectCalls(driver, { filter, after: null, direction, limit: 50 })
      const rows = await driver`explain (costs off) ${query}`
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    },
    'by-index',
  )
}

test('a page of a list walks an index of each table, merged in their order, and sorts nothing', async () => {
  for (const filter of [
    { brandId: tenant.brandId },
    { brandId: tenant.brandId, clientId: tenant.clientId },
    { brandId: tenant.brandId, number: '34600111222' },
  ]) {
    const plan = await planOf(filter, 'descending')
    assert.match(plan, /Merge Append/, plan)
    assert.not.match(plan, /Seq Scan|-> {2}Sort|Bitmap/, plan)
    // calls, January, February.
    assert.is(plan.match(/Index Scan using \S*(by_|created_at)/g)?.length, 3, plan)
  }
})

test.run()
