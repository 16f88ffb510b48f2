/**
 * CSV for the spreadsheet of a language, through every door that has CSV: decimal comma and semicolons where that language
 * has them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runReportSchedules } from '../../src/reports/run-report-schedules.ts'
import { testFolder } from '../servers.ts'
import { endedCall, settleEnded } from './ended-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('CSV in the language of a spreadsheet')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let plan: string
let invoice: string

const send = (method: string, path: string, body?: unknown) =>
  api.send(method, path, { key: tenant.brandKey, body })

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  const deck = await must(send('POST', '/v1/rate-decks', { name: '=Deck', currency: 'EUR' }))
  const rate = {
    prefix: '34',
    destination: 'Spain; mobile',
    connectFee: '0.125',
    minimumPrice: '0.25',
    steps: [{ rate: '0.0605', perSeconds: 60, incrementSeconds: 1 }],
  }
  await must(send('PUT', `/v1/rate-decks/${deck.id}/rates`, [rate]))
  const entries = [{ rateDeckId: deck.id }]
  plan = (await must(send('POST', '/v1/rating-plans', { name: 'Plan', currency: 'EUR', entries }))).id
  await must(
    send('POST', `/v1/clients/${tenant.clientId}/rating-profiles`, {
      ratingPlanId: plan,
      activatesAt: '2025-01-01T00:00:00Z',
    }),
  )
  // 0.125 and two minutes of 0.0605 are 0.246, and the least is 0.25; ten minutes are 0.73.
  const at = '2026-01-07T10:00:00Z'
  const to = '+34600111222'
  await settleEnded(api, [
    endedCall(tenant.clientId, { callId: 'short', to, at, seconds: 120 }),
    endedCall(tenant.clientId, { callId: 'long', to, at, seconds: 600 }),
    endedCall(tenant.clientId, { callId: 'nobody', to, at, seconds: null }),
  ])
  const { id } = await must(
    send('POST', '/v1/invoice-number-sequences', { name: 'main', prefix: 'A', width: 4 }),
  )
  invoice = (
    await must(
      send('POST', '/v1/invoices', {
        clientId: tenant.clientId,
        numberSequenceId: id,
        from: '2026-01-01',
        to: '2026-02-01',
      }),
    )
  ).id
})
test.after(() => api.close())

/** Cells of a file that has no separator inside of quotes but the semicolon of the destination. */
function cellsOf(text: string, separator: string): string[][] {
  const lines = text.replace('\ufeff', '').split(/\r?\n/).filter(Boolean)
  const joined = lines.map((line) => line.replace('"Spain; mobile"', 'Spain'))
  return joined.map((line) => line.split(separator))
}

function column(text: string, separator: string, name: string): (string | undefined)[] {
  const [header = [], ...rows] = cellsOf(text, separator)
  assert.ok(header.includes(name), `${name} in ${header}`)
  return rows.map((row) => row[header.indexOf(name)])
}

interface Door {
  path: () => string
  amounts: Record<string, string[]>
}

const doors: Record<string, Door> = {
  calls: {
    path: () => '/v1/reports/calls.csv?status=priced&',
    amounts: { price: ['0.25', '0.73'] },
  },
  usage: {
    path: () => '/v1/reports/usage.csv?groupBy=destination&',
    amounts: { amount: ['0.98'], asrPercent: ['66.67'], acdSeconds: ['360'] },
  },
  balances: { path: () => '/v1/reports/balances.csv?', amounts: { balance: ['-0.98'] } },
  'a price list': {
    path: () => `/v1/rating-plans/${plan}/prices.csv?`,
    amounts: { rate: ['0.0605'], connect_fee: ['0.125'], minimum_price: ['0.25'], maximum_price: [''] },
  },
  'an invoice': {
    path: () => `/v1/invoices/${invoice}.csv?`,
    amounts: { price: ['0.25', '0.73'] },
  },
}

for (const [door, { path, amounts }] of Object.entries(doors)) {
  for (const locale of ['es', 'ca', 'de', 'it', 'es-ES']) {
    test(`${door} for a spreadsheet in ${locale} has decimal commas and semicolons`, async () => {
      const text = await must(send('GET', `${path()}flavour=spreadsheet&locale=${locale}`))
      assert.is(text[0], '\ufeff')
      for (const [name, values] of Object.entries(amounts)) {
        const expected = values.map((value) => value.replace('.', ','))
        assert.equal(column(text, ';', name).sort(), expected, name)
      }
    })
  }

  test(`${door} for an English spreadsheet, for any, and for programs has points and commas`, async () => {
    for (const query of ['flavour=spreadsheet&locale=en', 'flavour=spreadsheet', 'flavour=raw', '']) {
      const text = await must(send('GET', path() + query))
      assert.is(text[0] === '\ufeff', query.includes('spreadsheet'), query)
      for (const [name, values] of Object.entries(amounts)) {
        assert.equal(column(text, ',', name).sort(), values, `${query} ${name}`)
      }
    }
  })

  test(`${door}: a language that means nothing is refused with its place`, async () => {
    for (const query of [
      'locale=es',
      'flavour=raw&locale=es',
      'flavour=spreadsheet&locale=qqq',
      'flavour=spreadsheet&locale=spanish',
    ]) {
      const { status, body } = await send('GET', path() + query)
      assert.is(status, 400, query)
      assert.is(body.errors[0].pointer, '/locale', query)
    }
  })
}

const schedule = {
  name: 'Calls of January',
  report: 'calls',
  format: 'csv',
  flavour: 'spreadsheet',
  locale: 'es',
  filter: { status: 'priced' },
  unit: 'month',
  firstDay: '2026-01-01',
  directory: 'spreadsheets',
}

test('a schedule writes its file for the language that it names', async () => {
  const made = await must(send('POST', '/v1/report-schedules', schedule))
  assert.is(made.locale, 'es')
  await runReportSchedules({
    worker: api.context.worker,
    api: api.context.db,
    reportsDir: testFolder(),
    clock: () => Date.parse('2026-02-02T00:00:00Z'),
    onCommitted: () => {},
  })
  const { data } = await must(send('GET', `/v1/report-schedules/${made.id}/periods`))
  const text = readFileSync(join(testFolder(), data[0].file), 'utf8')
  assert.equal(column(text, ';', 'price').sort(), ['0,25', '0,73'])
  const changed = await must(
    send('PATCH', `/v1/report-schedules/${made.id}`, { flavour: 'raw', locale: null }),
  )
  assert.is(changed.locale, null)
})

test('a schedule whose language means nothing is refused with its place', async () => {
  for (const change of [{ flavour: 'raw' }, { flavour: undefined }, { locale: 'qqq' }]) {
    const { status, body } = await send('POST', '/v1/report-schedules', {
      ...schedule,
      name: 'Refused',
      ...change,
    })
    assert.is(status, 400)
    assert.is(body.errors[0].pointer, '/locale')
  }
})

test.run()
