/**
 * Usage by country, held against a second computation from the single calls: those that the service settles, those that an
 * earlier release settled without telling the country, and both.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { endedCall, sellEverything, settleEnded } from './ended-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('usage by country')
let api: TestApi
test.before(async () => {
  api = await openTestApi()
})
test.after(() => api.close())

/** Number, seconds (null: not answered), the country to be told. */
const called: readonly [to: string, seconds: number | null, country: string | null][] = [
  // Each pair shares its first seven digits; the short one says nothing of the others.
  ['+4414812', 10, 'GG'],
  ['+441481256789', 20, 'GG'],
  ['+3461234', 30, 'ES'],
  ['+34612345678', 40, 'ES'],
  ['+5905902', 15, 'GP'],
  ['+590590271234', 60, 'BL'],
  ['+590590201234', 61, 'GP'],
  ['+441534456789', 62, 'JE'],
  ['+441624756789', 63, 'IM'],
  ['+442071838750', 64, 'GB'],
  ['+390669812345', 65, 'VA'],
  ['+390669712345', 66, 'IT'],
  ['+61891621234', 67, 'CC'],
  ['+61891234567', 68, 'AU'],
  ['+12125550123', 69, 'US'],
  ['+14165550123', 70, 'CA'],
  ['+870773123456', 71, null],
  ['+441481256789', null, 'GG'],
  ['+447797712345', null, 'JE'],
  ['+390669812345', null, 'VA'],
  ['+881612345678', null, null],
]

/** The calls stand on two days, the first half of them each. */
const dayOf = (i: number) => (i % 2 === 0 ? '2026-01-07' : '2026-01-08')

function expected(by: (country: string | null, i: number) => unknown[]) {
  const rows = new Map<string, { group: unknown[]; calls: number; answered: number; seconds: number }>()
  for (const [i, [, seconds, country]] of called.entries()) {
    const group = by(country, i)
    const row = rows.get(JSON.stringify(group)) ?? { group, calls: 0, answered: 0, seconds: 0 }
    rows.set(JSON.stringify(group), {
      group,
      calls: row.calls + 1,
      answered: row.answered + (seconds === null ? 0 : 1),
      seconds: row.seconds + (seconds ?? 0),
    })
  }
  // 0.06 a minute by the second: 0.001 a second.
  return [...rows.values()]
    .map(({ group, calls, answered, seconds }) =>
      JSON.stringify([...group, calls, answered, seconds, String(seconds / 1000)]),
    )
    .sort()
}

async function told(key: string, groupBy: string, names: string[]) {
  const { data } = await must(api.send('GET', `/v1/reports/usage?groupBy=${groupBy}`, { key }))
  return data
    .map((row: Record<string, unknown>) =>
      JSON.stringify([...names, 'calls', 'answered', 'durationSeconds', 'amount'].map((name) => row[name])),
    )
    .sort()
}

async function aCaller() {
  const tenant = await makeTenant(api)
  await sellEverything(api, tenant)
  return tenant
}

async function callAll(client: string) {
  await settleEnded(
    api,
    called.map(([to, seconds], i) =>
      endedCall(client, {
        callId: `call ${i}`,
        to,
        at: `${dayOf(i)}T10:00:00Z`,
        seconds,
        labels: { trunk: 'blue' },
      }),
    ),
  )
}

/** What an earlier release left: calls without a country, and no sums by country. */
async function forgetCountries(client: string, callIds: string[] | null) {
  const { $client: sql } = api.context.worker
  const gone = await sql`
    update calls set country = null
    where client_id = ${client} and (${callIds}::text[] is null or call_id = any(${callIds}::text[]))
    returning call_id`
  assert.is(gone.length, callIds?.length ?? called.length)
  await sql`delete from country_rollups where client_id = ${client}`
  await sql`
    insert into country_rollups (client_id, brand_id, day, destination, country, calls, duration_seconds, billed_seconds, amount)
    select client_id, brand_id, usage_day, destination, country, count(*), sum(duration_seconds), sum(billed_seconds), sum(price)
    from calls
    where client_id = ${client} and country is not null and rollup_id is not null
    group by 1, 2, 3, 4, 5`
}

const states: Record<string, (client: string) => Promise<unknown>> = {
  'told at their end': async () => {},
  'of an earlier release': (client) => forgetCountries(client, null),
  'half of an earlier release': (client) =>
    forgetCountries(
      client,
      called.flatMap((_, i) => (i % 3 === 0 ? [`call ${i}`] : [])),
    ),
}

for (const [state, prepare] of Object.entries(states)) {
  test(`calls ${state} stand by the country of each, however they are grouped`, async () => {
    const { brandKey, clientId } = await aCaller()
    await callAll(clientId)
    await prepare(clientId)
    assert.equal(
      await told(brandKey, 'country', ['country']),
      expected((country) => [country]),
    )
    assert.equal(
      await told(brandKey, 'country,day', ['country', 'day']),
      expected((country, i) => [country, dayOf(i)]),
    )
    assert.equal(
      await told(brandKey, 'country,hour', ['country', 'hour']),
      expected((country) => [country, 11]),
    )
    assert.equal(
      await told(brandKey, 'label:trunk,country', ['label:trunk', 'country']),
      expected((country) => ['blue', country]),
    )
    assert.equal(
      await told(brandKey, 'month,country,client,destination', ['month', 'country', 'destination']),
      expected((country) => ['2026-01', country, 'World']),
    )
  })
}

test('only the days that are asked for are counted', async () => {
  const { brandKey, clientId } = await aCaller()
  await callAll(clientId)
  const path = '/v1/reports/usage?groupBy=country,day&from=2026-01-08&to=2026-01-09'
  const { data } = await must(api.send('GET', path, { key: brandKey }))
  const days = new Set(data.map(({ day }: { day: string }) => day))
  assert.equal([...days], ['2026-01-08'])
  const calls = data.reduce((sum: number, row: { calls: number }) => sum + row.calls, 0)
  assert.is(calls, Math.floor(called.length / 2))
})

test.run()
