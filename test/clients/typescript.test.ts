import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createClient, type Tollgate, TollgateProblem } from '../../clients/typescript/client.ts'
import { generateTypes } from '../../clients/typescript/generate.ts'
import { openTestApi, platformKey, type TestApi } from '../api/test-api.ts'

const test = suite('TypeScript client')
let api: TestApi
let tollgate: Tollgate

test.before(async () => {
  api = await openTestApi()
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  tollgate = createClient({ url, key: platformKey })
})
test.after(() => api.close())

test('the types in this repository are those of the API; else: npm run client:generate', () => {
  const file = readFileSync(new URL('../../clients/typescript/schema.d.ts', import.meta.url), 'utf8')
  assert.ok(file === generateTypes(api.app.swagger()))
})

test('resources are made, read, changed and listed with the types that the compiler checks', async () => {
  const brand = await tollgate('POST /v1/brands', { body: { name: 'Brand', currency: 'EUR' } })
  const id: string = brand.id
  assert.is((await tollgate('GET /v1/brands/{id}', { params: { id } })).name, 'Brand')
  const changed = await tollgate('PATCH /v1/brands/{id}', { params: { id }, body: { maxCalls: 7 } })
  assert.is(changed.maxCalls, 7)
  const { data, nextCursor } = await tollgate('GET /v1/brands', { query: { limit: 1 } })
  assert.equal([data.length, nextCursor], [1, null])
  // @ts-expect-error a brand needs a currency
  const refused = await tollgate('POST /v1/brands', { body: { name: 'No currency' } }).catch((error) => error)
  assert.ok(refused instanceof TollgateProblem)
  assert.equal([refused.status, refused.code], [400, 'invalid_request'])
  assert.ok(refused.errors.length > 0)
})

test('a file goes in and a file comes out as it is, and nothing as nothing', async () => {
  const [brand] = (await tollgate('GET /v1/brands')).data
  const body = { brandId: brand?.id ?? '', name: 'Deck', currency: 'EUR' }
  const { id } = await tollgate('POST /v1/rate-decks', { body })
  const csv = 'prefix,rate\n34,0.02\n'
  const started = await tollgate('POST /v1/rate-decks/{id}/imports', {
    params: { id },
    query: { dryRun: true },
    body: csv,
  })
  assert.is(started.dryRun, true)
  const plan = await tollgate('POST /v1/rating-plans', {
    body: { ...body, name: 'Plan', entries: [{ rateDeckId: id }] },
  })
  const prices = await tollgate('GET /v1/rating-plans/{id}/prices.csv', { params: { id: plan.id } })
  assert.match(await prices.text(), /^\S*prefix/)
  assert.is(await tollgate('DELETE /v1/rating-plans/{id}', { params: { id: plan.id } }), undefined)
  await api.context.importer.idle()
})

test.run()
