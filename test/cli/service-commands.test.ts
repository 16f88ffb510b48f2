import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, platformKey, type TestApi } from '../api/test-api.ts'
import { testFolder } from '../servers.ts'
import { tollgate } from './run.ts'

const test = suite('commands on the service')
let api: TestApi
let service: string[]
let tenant: Awaited<ReturnType<typeof makeTenant>>
let folder: string

test.before(async () => {
  api = await openTestApi()
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  service = ['--url', url, '--key', platformKey]
  tenant = await makeTenant(api)
  folder = mkdtempSync(join(testFolder(), 'cli-'))
  await must(
    api.send('POST', '/v1/rate-decks', {
      body: { brandId: tenant.brandId, name: 'Retail', currency: 'EUR' },
    }),
  )
})
test.after(() => api.close())

const fileOf = (name: string, text: string) => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test('a rate sheet is imported into the deck of that name, and tried without a trace first', async () => {
  const sheet = fileOf(
    'rates.csv',
    'prefix,destination,rate,increment\n34,Spain,0.02,1\n346,Spain mobile,0.06,1\n',
  )
  const dry = await tollgate('import', 'Retail', sheet, '--dry-run', ...service)
  assert.is(dry.code, 0)
  // On a slow machine the progress is told on the way.
  assert.match(dry.error, /^(\d of 3 rows\n)*$/)
  assert.match(dry.out, /^dry-run: 2 rows \(2 added, 0 changed, 0 removed, 0 unchanged, 0 kept\)$/m)
  const real = await tollgate('--json', 'import', 'Retail', sheet, ...service)
  assert.is(real.code, 0)
  const answer = JSON.parse(real.out)
  assert.equal([answer.status, answer.version, answer.summary.added], ['applied', 1, 2])
})

test('a bad row is named with its line and nothing is applied', async () => {
  const sheet = fileOf('bad.csv', 'prefix,rate\n34,0.02\n44,many\n')
  const { code, out } = await tollgate('import', 'Retail', sheet, ...service)
  assert.is(code, 1)
  assert.match(out, /^line 3, rate: /m)
  assert.match(out, /^rejected: /m)
})

test('a price is explained stretch by stretch', async () => {
  const [deck] = (await must(api.send('GET', '/v1/rate-decks'))).data
  const plan = await must(
    api.send('POST', '/v1/rating-plans', {
      body: { brandId: tenant.brandId, name: 'Plan', currency: 'EUR', entries: [{ rateDeckId: deck.id }] },
    }),
  )
  await must(
    api.send('POST', `/v1/clients/${tenant.clientId}/rating-profiles`, {
      body: { ratingPlanId: plan.id, activatesAt: '2026-01-01T00:00:00Z' },
    }),
  )
  const { code, out } = await tollgate(
    'price',
    '+34600111222',
    '61',
    '--client',
    'acme1.example.com',
    ...service,
  )
  assert.is(code, 0)
  assert.match(out, /^0\.061 EUR for 61 s to 34600111222 \(Spain mobile\)$/m)
  assert.match(out, /^ {2}stretch {4}from 0 s: 61 × 1 s at 0\.06 per 60 s = 0\.061$/m)
  const none = await tollgate('price', '+44207', '61', '--plan', 'Plan', ...service)
  assert.is(none.code, 1)
  assert.match(none.out, /^No price: destination_not_priced$/m)
})

test("a plan's prices are written whole to a file", async () => {
  const file = join(folder, 'prices.csv')
  const { code } = await tollgate('export', 'prices', '--plan', 'Plan', '-o', file, ...service)
  assert.is(code, 0)
  assert.is(readFileSync(file, 'utf8').trim().split('\n').length, 3)
})

test('dead letters are listed, and sent again by their reason', async () => {
  const letter = (reason: string) => api.context.worker.$client`
    insert into dead_letters (id, brand_id, subject, reason, detail, body, received_at, deliveries)
    values (gen_random_uuid(), ${tenant.brandId}, 'calls.end', ${reason}, 'why', '{}', now(), 1)`
  await letter('unknown_client')
  await letter('bad_duration')
  const listed = await tollgate('redrive', ...service)
  assert.is(listed.out.trim().split('\n').length, 3)
  const sent = await tollgate('redrive', '--reason', 'unknown_client', ...service)
  assert.equal([sent.code, sent.out], [0, '1 sent again.\n'])
  assert.not.match((await tollgate('redrive', ...service)).out, /unknown_client/)
})

test("what the service refuses is told in the service's words, with 1", async () => {
  const { code, error } = await tollgate('redrive', ...service.slice(0, 3), 'wrong-key')
  assert.is(code, 1)
  assert.is(error, 'Send a valid API key or token as "Authorization: Bearer …". (401 unauthenticated)\n')
})

test('a service that does not run ends with 3', async () => {
  const { code, error } = await tollgate('redrive', '--url', 'http://127.0.0.1:1', '--key', 'x')
  assert.is(code, 3)
  assert.match(error, /^The service at http:\/\/127\.0\.0\.1:1 does not answer/)
})

test.run()
