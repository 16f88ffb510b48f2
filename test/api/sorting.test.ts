import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('?sort=')
let api: TestApi
let key: string

test.before(async () => {
  api = await openTestApi()
  key = (await makeTenant(api)).brandKey
  for (const name of ['Delta', 'Alpha', 'Échelle', 'Bravo', 'Charlie']) {
    await must(api.send('POST', '/v1/corporations', { body: { name }, key }))
  }
})
test.after(() => api.close())

async function names(sort: string, limit: number): Promise<string[]> {
  const found: string[] = []
  let cursor = ''
  do {
    const page = await must(api.send('GET', `/v1/corporations?limit=${limit}${sort}${cursor}`, { key }))
    found.push(...page.data.map(({ name }: { name: string }) => name))
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
  } while (cursor)
  return found
}

test('a list comes newest first, oldest first, or by name both ways, in pages of any size', async () => {
  const made = ['Delta', 'Alpha', 'Échelle', 'Bravo', 'Charlie']
  const byName = await names('&sort=name', 500)
  assert.equal(byName.slice(0, 4), ['Alpha', 'Bravo', 'Charlie', 'Delta'])
  for (const limit of [1, 2, 500]) {
    assert.equal(await names('', limit), made.toReversed())
    assert.equal(await names('&sort=-createdAt', limit), made.toReversed())
    assert.equal(await names('&sort=createdAt', limit), made)
    assert.equal(await names('&sort=name', limit), byName)
    assert.equal(await names('&sort=-name', limit), byName.toReversed())
  }
})

test('a field that is not listed, and a cursor of another order, are refused', async () => {
  const { body } = await api.send('GET', '/v1/corporations?sort=brandId', { key })
  assert.equal([body.code, body.errors[0].pointer], ['invalid_request', '/sort'])
  const { nextCursor } = await must(api.send('GET', '/v1/corporations?limit=1', { key }))
  const other = await api.send('GET', `/v1/corporations?sort=name&cursor=${nextCursor}`, { key })
  assert.is(other.status, 400)
})

test('every list of named things takes it', async () => {
  for (const path of [
    'brands',
    'clients',
    'rate-decks',
    'rating-plans',
    'media-relay-sets',
    'application-servers',
  ]) {
    for (const sort of ['name', '-name', 'createdAt']) {
      assert.is((await api.send('GET', `/v1/${path}?sort=${sort}`)).status, 200, path)
    }
  }
})

test.run()
