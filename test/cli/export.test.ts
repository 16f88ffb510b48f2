/**
 * `tollgate export` as an operator runs it: a process of its own, on a service with calls whose sums are written out.
 */
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { strFromU8, unzipSync } from 'fflate'
import { parquetReadObjects } from 'hyparquet'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readEventMessage } from '../../src/calls/call-messages.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from '../api/test-api.ts'
import { program, testFolder } from '../servers.ts'
import { tollgate } from './run.ts'

const test = suite('tollgate export')
const [path = '', ...words] = program('src/cli/main.ts')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let url: string
let folder: string

test.before(async () => {
  api = await openTestApi()
  url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  tenant = await makeTenant(api)
  folder = mkdtempSync(join(testFolder(), 'export-'))
  const send = (method: string, path: string, body: unknown) =>
    must(api.send(method, path, { key: tenant.brandKey, body }))
  const deck = await send('POST', '/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    { prefix: '346', destination: '=Spain', steps: [{ rate: '0.06', perSeconds: 60, incrementSeconds: 1 }] },
    {
      prefix: '44',
      destination: 'United Kingdom',
      steps: [{ rate: '0.12', perSeconds: 60, incrementSeconds: 1 }],
    },
  ])
  const entries = [{ rateDeckId: deck.id }]
  const plan = await send('POST', '/v1/rating-plans', { name: 'Plan', currency: 'EUR', entries })
  const profile = { ratingPlanId: plan.id, activatesAt: '2026-01-01T00:00:00Z' }
  await send('POST', `/v1/clients/${tenant.clientId}/rating-profiles`, profile)
  await settle('minute', '+34600111222', 60)
  await settle('half', '+34600111333', 30)
  await settle('abroad', '+442071838750', 600)
  await settle('nowhere', '+999123456', 7)
})
test.after(() => api.close())

async function settle(callId: string, to: string, seconds: number) {
  const answeredAt = Date.parse('2026-01-06T10:00:00Z')
  const event = readEventMessage(
    'end',
    {
      client: tenant.clientId,
      callId,
      from: '=1+1',
      to,
      startedAt: '2026-01-06T09:59:55Z',
      answeredAt: '2026-01-06T10:00:00Z',
      endedAt: new Date(answeredAt + seconds * 1000).toISOString(),
      labels: { trunk: seconds > 100 ? 'red' : 'blue' },
    },
    {
      subject: 'calls.end',
      body: '{}',
      subjectClient: null,
      brandId: null,
      receivedAt: Date.now(),
      deliveries: 1,
    },
  )
  if ('badInstant' in event) throw new Error(event.badInstant)
  await settleCalls(api.callsContext, { events: [event], undeliverable: [] })
}

interface Run {
  code: number
  out: Buffer
  error: string
}

async function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Run> {
  const { TOLLGATE_URL: _url, TOLLGATE_API_KEY: _key, ...rest } = process.env
  const env = { ...rest, TOLLGATE_URL: url, TOLLGATE_API_KEY: tenant.brandKey, ...environment }
  try {
    const { stdout, stderr } = await promisify(execFile)(path, [...words, ...args], {
      env,
      encoding: 'buffer',
    })
    return { code: 0, out: stdout, error: stderr.toString() }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: Buffer; stderr: Buffer }
    return { code, out: stdout, error: stderr.toString() }
  }
}
const exported = async (...args: string[]) => {
  const { code, out, error } = await run(['export', ...args])
  assert.is(code, 0, error)
  return out
}
/** In this process, which is quicker: what it says is no other. */
const told = (...args: string[]) => tollgate('export', ...args, '--url', url, '--key', tenant.brandKey)
const textOf = async (...args: string[]) => {
  const { code, out, error } = await told(...args)
  assert.is(code, 0, error)
  return out
}
const csvOf = (text: Buffer | string) => parse(text, { columns: true, bom: true }) as Record<string, string>[]
const byCall = <Row extends Record<string, unknown>>(rows: Row[]) =>
  Object.fromEntries(rows.map((row) => [row.callId, row]))

// 60 s and 30 s at 0.06 a minute, 600 s at 0.12: 0.06 + 0.03 + 1.20 = 1.29.
const prices = { minute: '0.06', half: '0.03', abroad: '1.2', nowhere: '' }

test('raw CSV on standard output has every call and every value as it is', async () => {
  const rows = csvOf(await exported('calls', '--from', '2026-01-06', '--to', '2026-01-07'))
  assert.equal(Object.fromEntries(rows.map(({ callId, price }) => [callId, price])), prices)
  const { minute } = byCall(rows)
  assert.equal(
    [minute?.from, minute?.to, minute?.destination, minute?.answeredAt],
    ['=1+1', '+34600111222', '=Spain', '2026-01-06T11:00:00.000+01:00'],
  )
})

test('CSV for spreadsheets defuses formulas and shows the zone that was asked for', async () => {
  const out = await exported('calls', '--flavour', 'spreadsheet', '--time-zone', 'Asia/Kolkata')
  assert.equal([...out.subarray(0, 3)], [0xef, 0xbb, 0xbf])
  const { minute } = byCall(csvOf(out))
  assert.equal(
    [minute?.from, minute?.to, minute?.destination, minute?.answeredAt],
    ["'=1+1", '+34600111222', "'=Spain", '2026-01-06 15:30:00'],
  )
})

test('JSON has the same sums, by client and by day', async () => {
  const file = join(folder, 'usage.json')
  const grouped = ['--group-by', 'client,day', '--format', 'json', '-o', file]
  assert.is((await exported('usage', ...grouped)).toString(), `Written: ${file}\n`)
  const { data } = JSON.parse(readFileSync(file, 'utf8'))
  assert.equal(
    data.map((row: Record<string, unknown>) => [row.clientName, row.day, row.calls, row.amount]),
    [['Acme', '2026-01-06', 3, '1.29']],
  )
})

test('a workbook holds the amounts as numbers and the rest as text', async () => {
  const file = join(folder, 'calls.xlsx')
  const { out, code } = await run(['--json', 'export', 'calls', '--format', 'xlsx', '-o', file])
  assert.equal([code, JSON.parse(out.toString())], [0, { file }])
  const sheet = strFromU8(unzipSync(readFileSync(file))['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
  assert.is(sheet.match(/<row /g)?.length, 5)
  for (const price of ['0.06', '0.03', '1.2']) assert.match(sheet, `<v>${price}</v>`)
  assert.match(sheet, '<t>=Spain</t>')
})

test('Parquet is read back by another reader with the same sum', async () => {
  const out = await exported('usage', '--group-by', 'destination', '--format', 'parquet')
  const rows = await parquetReadObjects({ file: new Uint8Array(out).buffer })
  assert.equal(
    rows.map((row) => [row.destination, row.calls, row.amount.toFixed(10)]),
    [
      ['=Spain', 2n, '0.0900000000'],
      ['United Kingdom', 1n, '1.2000000000'],
    ],
  )
})

test('every report has its columns', async () => {
  const names = ['statements', 'rejected-calls', 'denials', 'balances', 'invoices', 'receivables']
  for (const name of names) assert.ok((await textOf(name, '--format', 'json')).startsWith('{"data":['))
  const statement = csvOf(await textOf('statements'))
  assert.equal(statement.map(({ amount }) => amount).sort(), ['-0.03', '-0.06', '-1.2'])
  const [rejected] = csvOf(await textOf('rejected-calls'))
  assert.equal([rejected?.reason, rejected?.calls], ['destination_not_priced', '1'])
  const [balance] = csvOf(await textOf('balances', '--client', 'Acme'))
  assert.is(balance?.balance, '-1.29')
})

test('filters are passed on as the report takes them', async () => {
  const rows = csvOf(await textOf('calls', '--filter', 'label=trunk:blue', '--filter', 'status=priced'))
  assert.equal(rows.map(({ callId }) => callId).sort(), ['half', 'minute'])
})

const misused: [string, string[], RegExp][] = [
  ['a report that is none', ['colours'], /Allowed choices are calls, usage/],
  ['a format that is none', ['calls', '--format', 'pdf'], /Allowed choices are json, csv, xlsx, parquet/],
  [
    'a flavour of what is no CSV',
    ['calls', '--format', 'json', '--flavour', 'raw'],
    /Only CSV has a --flavour and a --locale/,
  ],
  ['prices as a workbook', ['prices', '--plan', 'Plan', '--format', 'xlsx'], /of one --plan, as CSV/],
  ['prices of no plan', ['prices'], /of one --plan, as CSV/],
  ['a filter without a value', ['calls', '--filter', 'status'], /Write a filter as name=value/],
  ['an unknown option', ['calls', '--colour', 'red'], /unknown option '--colour'/],
]
for (const [what, args, words] of misused) {
  test(`${what} ends with 2 and says why`, async () => {
    const { code, out, error } = await told(...args)
    assert.equal([code, out], [2, ''], error)
    assert.match(error, words)
  })
}

test('what the service refuses ends with 1, in its words and with its places, and writes no file', async () => {
  const file = join(folder, 'refused.csv')
  const refused = await run(['export', 'usage', '--group-by', 'colour', '-o', file])
  assert.is(refused.code, 1)
  assert.match(
    refused.error,
    /This report cannot be grouped by "colour"\. \(400 invalid_request\)\n {2}\/groupBy takes/,
  )
  assert.not.ok(existsSync(file))
  const nobody = await told('calls', '--client', 'Nobody')
  assert.equal([nobody.code, nobody.error], [1, 'There is no client "Nobody".\n'])
  const wrongKey = await tollgate('export', 'calls', '--url', url, '--key', 'wrong')
  assert.is(wrongKey.code, 1)
  assert.match(wrongKey.error, /401 unauthenticated/)
  const nowhere = await told('calls', '-o', join(folder, 'missing', 'calls.csv'))
  assert.is(nowhere.code, 1)
  assert.match(nowhere.error, /ENOENT/)
})

test('a service that does not run ends with 3', async () => {
  const { code, error } = await run(['export', 'calls'], { TOLLGATE_URL: 'http://127.0.0.1:1' })
  assert.is(code, 3)
  assert.match(error, /^The service at http:\/\/127\.0\.0\.1:1 does not answer/)
})

test('an answer that breaks off leaves no file, not even a part of one, and ends with 3', async () => {
  const breaks = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/csv' })
    response.write('callId\r\nhalf of it', () => response.socket?.destroy())
  })
  await new Promise<void>((resolve) => breaks.listen(0, '127.0.0.1', resolve))
  const file = join(folder, 'broken.csv')
  const { port } = breaks.address() as AddressInfo
  const { code, error } = await run(['export', 'calls', '-o', file], {
    TOLLGATE_URL: `http://127.0.0.1:${port}`,
  })
  breaks.close()
  assert.is(code, 3)
  assert.is(error, 'The service broke its answer off: what has arrived is not whole. Run it again.\n')
  assert.equal(
    readdirSync(folder).filter((name) => name.startsWith('broken')),
    [],
  )
})

test('a reader that has seen enough ends it without a word', async () => {
  const env = { ...process.env, TOLLGATE_URL: url, TOLLGATE_API_KEY: tenant.brandKey }
  const exporting = spawn(path, [...words, 'export', 'calls'], { env })
  let error = ''
  exporting.stderr.on('data', (text) => {
    error += text
  })
  exporting.stdout.destroy()
  await new Promise((resolve) => exporting.once('close', resolve))
  assert.is(error, '')
})

test.run()
