import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from '../api/test-api.ts'
import { testFolder } from '../servers.ts'
import { tollgate, tollgateAsking } from './run.ts'

const test = suite('tollgate import of carriers’ sheets')
let api: TestApi
let service: string[]
let tenant: Awaited<ReturnType<typeof makeTenant>>
let folder: string

test.before(async () => {
  api = await openTestApi()
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  tenant = await makeTenant(api)
  service = ['--url', url, '--key', tenant.brandKey]
  folder = mkdtempSync(join(testFolder(), 'cli-'))
})
test.after(() => api.close())

const fileOf = (name: string, text: string) => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
const makeDeck = async (name: string) => {
  const body = { name, currency: 'EUR' }
  return (await must(api.send('POST', '/v1/rate-decks', { body, key: tenant.brandKey }))).id as string
}
const ratesOf = async (deck: string) => {
  const { data } = await must(api.send('GET', `/v1/rate-decks/${deck}/rates`, { key: tenant.brandKey }))
  return data.map(({ prefix, steps }: { prefix: string; steps: { rate: string; perSeconds: number }[] }) => [
    prefix,
    steps[0]?.rate,
    steps[0]?.perSeconds,
  ])
}

test('a sheet is inspected without a service and without a key', async () => {
  const sheet = fileOf('inspected.csv', 'Destino;Prefijo;Precio (€/min)\nEspaña;34;0,02\n')
  const { code, out } = await tollgate('--json', 'import', sheet, '--inspect')
  assert.is(code, 0)
  const { mapping, rows } = JSON.parse(out)
  assert.equal(mapping.columns, { destination: 'Destino', prefix: 'Prefijo', rate: 'Precio (€/min)' })
  assert.equal([rows[0].prefix, rows[0].rate.steps[0].rate], ['34', '0.02'])
  assert.match((await tollgate('import', sheet, '--inspect')).out, /Precio \(€\/min\) +rate +0,02/)
})

test('whoever imports needs a deck, a file and a key', async () => {
  const sheet = fileOf('needs.csv', 'prefix,rate\n34,1\n')
  assert.is((await tollgate('import', sheet, ...service)).code, 2)
  assert.is((await tollgate('import', 'Retail', join(folder, 'none.csv'), ...service)).code, 2)
  const { code, error } = await tollgate('import', 'Retail', sheet)
  assert.is(code, 2)
  assert.match(error, 'TOLLGATE_API_KEY')
})

test('a mapping is a file or the name of a kept one', async () => {
  const deck = await makeDeck('By mapping')
  const sheet = fileOf('positions.csv', 'Spain,34,0.02\nFrance,33,0.03\n')
  const mapping = { headerLine: null, columns: { destination: 1, prefix: 2, rate: 3 } }
  const refused = await tollgate('import', 'By mapping', sheet, ...service)
  assert.is(refused.code, 1)
  assert.match(refused.out, 'Spain | 34 | 0.02')
  assert.match(refused.error, '--ask')
  const file = fileOf('mapping.json', JSON.stringify(mapping))
  const byFile = await tollgate('import', 'By mapping', sheet, '--map', file, ...service)
  assert.equal([byFile.code, byFile.error], [0, byFile.error])
  assert.equal(await ratesOf(deck), [
    ['33', '0.03', 60],
    ['34', '0.02', 60],
  ])
  const body = { name: 'Kept', mapping: { ...mapping, unit: 'second' } }
  await must(api.send('POST', '/v1/import-mappings', { body, key: tenant.brandKey }))
  const inspected = await tollgate(
    '--json',
    'import',
    'By mapping',
    sheet,
    '--inspect',
    '--map',
    'Kept',
    ...service,
  )
  assert.is(JSON.parse(inspected.out).rows[0].rate.steps[0].perSeconds, 1)
  assert.is((await tollgate('import', 'By mapping', sheet, '--map', 'Kept', ...service)).code, 0)
  assert.equal(await ratesOf(deck), [
    ['33', '0.03', 1],
    ['34', '0.02', 1],
  ])
  assert.match(
    (await tollgate('import', 'By mapping', sheet, '--map', 'Unknown', ...service)).error,
    'import mapping',
  )
})

test('a sheet with prices for several times of day is imported into a plan', async () => {
  const sheet = fileOf('windows.csv', 'Code,Peak,Off-peak\n34,0.03,0.02\n')
  const windows = [
    { name: 'off-peak', columns: { rate: 'Off-peak' } },
    { name: 'peak', columns: { rate: 'Peak' }, weight: 10, from: '08:00', to: '20:00' },
  ]
  const map = fileOf('windows.json', JSON.stringify({ windows }))
  const inspected = await tollgate('--json', 'import', 'plan', 'Hours', sheet, '--map', map, '--inspect')
  assert.equal([inspected.code, JSON.parse(inspected.out).rows[0].rate.steps[0].rate], [0, '0.02'])
  const into = (...more: string[]) => tollgate('import', 'plan', 'Hours', sheet, ...more, ...service)
  assert.is((await into('--map', map)).code, 2, 'a plan needs a currency')
  const how = ['--map', map, '--currency', 'EUR', '--time-zone', 'Europe/Madrid']
  const dry = await into(...how, '--dry-run')
  assert.equal([dry.code, dry.out.trim().split('\n').at(-1)], [0, 'dry-run'])
  assert.equal((await into(...how)).out.trim().split('\n'), [
    'rate deck Hours off-peak: added (1 added, 0 changed, 0 removed, 0 unchanged)',
    'rate deck Hours peak: added (1 added, 0 changed, 0 removed, 0 unchanged)',
    'rating plan Hours: added',
    'applied',
  ])
  const { data } = await must(api.send('GET', '/v1/rating-plans', { key: tenant.brandKey }))
  const [{ timeZone }] = data.filter(({ name }: { name: string }) => name === 'Hours')
  assert.is(timeZone, 'Europe/Madrid')
  writeFileSync(sheet, 'Code,Peak,Off-peak\n34,x,0.02\n')
  const bad = await into(...how)
  assert.is(bad.code, 1)
  assert.match(bad.out, /line 2, rate: .*\nrejected/)
})

test('questions end with a kept mapping, which imports the sheet', async () => {
  const deck = await makeDeck('Asked')
  const sheet = fileOf('asked.csv', 'Spain;34;600;0,02;x\nSpain;34;601;0,03;x\n')
  // No headings; columns; per minute; decimal comma; other columns; not right, once more; a name that is taken.
  const answers = ['none', '2+3', '4', '1', '', '', '', '', ',', 'y']
  await must(
    api.send('POST', '/v1/import-mappings', { body: { name: 'Taken', mapping: {} }, key: tenant.brandKey }),
  )
  const asked = await tollgateAsking(
    [...answers, 'n', ...answers, 'y', 'Taken', 'Carrier A'],
    'import',
    'Asked',
    sheet,
    '--ask',
    ...service,
  )
  assert.is(asked.code, 0, asked.error)
  assert.match(asked.out, '--map "Carrier A"')
  assert.equal(await ratesOf(deck), [])
  assert.is((await tollgate('import', 'Asked', sheet, '--map', 'Carrier A', ...service)).code, 0)
  assert.equal(await ratesOf(deck), [
    ['34600', '0.02', 60],
    ['34601', '0.03', 60],
  ])
})

test('questions that nobody answers keep nothing', async () => {
  await makeDeck('Unanswered')
  const sheet = fileOf('unanswered.csv', 'Spain;34;0,02\n')
  const { code, error } = await tollgateAsking(
    ['none', '2'],
    'import',
    'Unanswered',
    sheet,
    '--ask',
    ...service,
  )
  assert.is(code, 1)
  assert.match(error, 'nothing was kept')
})

test.run()
