/**
 * Are the examples of the API's description true? Those of what decides money are sent as they stand, with nothing put in
 * but ids of things that are there.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('examples of the description')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let description: {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { example: unknown }> } }>>
}
const ids: Record<string, string> = {}
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  description = (await api.send('GET', '/openapi.json', { key: null })).body
  ids.brandId = tenant.brandId
  ids.clientId = tenant.clientId
})
test.after(() => api.close())

/** Ids of the example are those of things that are there; a thing that it may name and nobody made is left out. */
function fill(value: unknown): unknown {
  // Lists of ids are those of things that are not there.
  if (Array.isArray(value)) return value.filter((one) => !uuid.test(String(one))).map(fill)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const isId = typeof inner === 'string' && uuid.test(inner)
      if (!isId) return [[name, fill(inner)]]
      const id = ids[name]
      return id === undefined ? [] : [[name, id]]
    }),
  )
}

function exampleOf(method: string, path: string): unknown {
  const content = description.paths[path]?.[method.toLowerCase()]?.requestBody?.content ?? {}
  return (content['application/json'] ?? Object.values(content)[0])?.example
}

/** In the order in which one needs the other; `keeps`: what the answer's id is called from then on. */
const sent: [method: string, path: string, keeps?: string][] = [
  ['POST', '/v1/brands'],
  ['POST', '/v1/rate-decks', 'rateDeckId'],
  ['PUT', '/v1/rate-decks/{id}/rates'],
  ['POST', '/v1/calendars', 'calendarId'],
  ['POST', '/v1/rating-plans', 'ratingPlanId'],
  ['POST', '/v1/taxes', 'taxId'],
  ['POST', '/v1/fixed-costs', 'fixedCostId'],
  ['POST', '/v1/invoice-number-sequences', 'numberSequenceId'],
  ['POST', '/v1/clients'],
  ['POST', '/v1/clients/{clientId}/rating-profiles'],
  ['POST', '/v1/clients/{clientId}/balance-movements'],
  ['POST', '/v1/clients/{clientId}/balance-alerts'],
  ['POST', '/v1/authorizations'],
  ['POST', '/v1/price-simulations'],
]

for (const [method, path, keeps] of sent) {
  test(`${method} ${path} takes its example`, async () => {
    const body = fill(exampleOf(method, path))
    assert.ok(body, 'there is one')
    const url = path.replace('{clientId}', tenant.clientId).replace('{id}', ids.rateDeckId ?? '')
    const answer = await must(api.send(method, url, { body }))
    if (keeps) ids[keeps] = answer.id
  })
}

test.run()
