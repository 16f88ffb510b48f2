/**
 * ASR and ACD in every way that usage is read: from the rollup, and from the calls themselves.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { endedCall, sellEverything, settleEnded } from './ended-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('ASR and ACD')
let api: TestApi
test.before(async () => {
  api = await openTestApi()
})
test.after(() => api.close())

/** Every group, alone and beside others, and a filter that only the calls can answer. */
const ways = [
  'client',
  'destination',
  'day',
  'month',
  'country',
  'hour',
  'label:trunk',
  'day,hour',
  'month,country',
  'client,day,destination,country,hour',
  'client&label=trunk:blue',
]

/** So many calls, the first `answered` of them answered, the first for 61 seconds and the others for 10 each. */
async function aTrunk(tried: number, answered: number) {
  const tenant = await makeTenant(api)
  await sellEverything(api, tenant)
  const calls = Array.from({ length: tried }, (_, i) =>
    endedCall(tenant.clientId, {
      callId: `call ${i}`,
      to: '+34600111222',
      at: '2026-01-07T10:00:00Z',
      seconds: i >= answered ? null : i === 0 ? 61 : 10,
      labels: { trunk: 'blue' },
    }),
  )
  await settleEnded(api, calls)
  return async (groupBy: string) =>
    (await must(api.send('GET', `/v1/reports/usage?groupBy=${groupBy}`, { key: tenant.brandKey }))).data
}

for (const { tried, answered, asr, acd } of [
  // 300/7 = 42.857…; (61 + 10 + 10)/3 = 27
  { tried: 7, answered: 3, asr: '42.86', acd: '27' },
  // 200/3 = 66.666…; (61 + 10)/2 = 35.5
  { tried: 3, answered: 2, asr: '66.67', acd: '35.5' },
  { tried: 200, answered: 1, asr: '0.5', acd: '61' },
  { tried: 3, answered: 3, asr: '100', acd: '27' },
  { tried: 2, answered: 0, asr: '0', acd: null },
]) {
  test(`${answered} answered of ${tried} calls are ${asr} percent, however they are grouped`, async () => {
    const read = await aTrunk(tried, answered)
    for (const way of ways) {
      const rows = await read(way)
      assert.equal(
        rows.map((row: Record<string, unknown>) => [row.calls, row.asrPercent, row.acdSeconds]),
        [[tried, asr, acd]],
        way,
      )
    }
  })
}

test.run()
