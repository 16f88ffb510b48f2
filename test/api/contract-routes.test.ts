import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildValidator } from '../../src/api/conventions/validation.ts'
import { denialReasons, hangupReasons } from '../../src/limits/reasons.ts'
import { deadLetterReasons, rejectionReasons } from '../../src/shapes/reasons.ts'
import { openTestApi, type TestApi } from './test-api.ts'

const test = suite('the API’s description')

/** Paths and methods that the contract names; `{}` stands for any parameter. */
const contract: Record<string, string> = {
  '/v1/authorizations': 'POST',
  '/v1/authorizations/{}/{}': 'DELETE',
  '/v1/call-events': 'POST',
  '/v1/engines/policies': 'GET',
  '/v1/engines/{}/hangups': 'GET',
  '/v1/engines/{}/active-calls': 'PUT',
  '/v1/brands': 'GET POST',
  '/v1/brands/{}': 'GET PATCH DELETE',
  '/v1/clients': 'GET POST',
  '/v1/clients/{}': 'GET PATCH DELETE',
  '/v1/clients/{}/balance': 'GET',
  '/v1/clients/{}/balance-movements': 'GET POST',
  '/v1/clients/{}/daily-usage': 'GET',
  '/v1/clients/{}/authorized-sources': 'GET POST',
  '/v1/clients/{}/authorized-sources/{}': 'GET DELETE',
  '/v1/clients/{}/admins': 'GET POST',
  '/v1/clients/{}/admins/{}': 'GET PATCH DELETE',
  '/v1/clients/{}/rating-profiles': 'GET POST',
  '/v1/clients/{}/rating-profiles/{}': 'GET PATCH DELETE',
  '/v1/clients/{}/calls': 'GET',
  '/v1/clients/{}/running-calls': 'GET',
  '/v1/clients/{}/invoices': 'GET',
  '/v1/clients/{}/balance-alerts': 'GET POST',
  '/v1/clients/{}/balance-alerts/{}': 'GET PATCH DELETE',
  '/v1/clients/{}/statement': 'GET',
  '/v1/carriers': 'GET POST',
  '/v1/carriers/{}': 'GET PATCH DELETE',
  '/v1/carriers/{}/rating-profiles': 'GET POST',
  '/v1/exchange-rates': 'GET POST',
  '/v1/exchange-rates/{}': 'GET PATCH DELETE',
  '/v1/calendars': 'GET POST',
  '/v1/calendars/{}': 'GET PATCH DELETE',
  '/v1/rate-decks': 'GET POST',
  '/v1/rate-decks/{}': 'GET PATCH DELETE',
  '/v1/rate-decks/{}/rates': 'GET PUT',
  '/v1/rate-decks/{}/imports': 'POST',
  '/v1/rate-decks/{}/imports/inspect': 'POST',
  '/v1/tariff-imports': 'POST',
  '/v1/imports/{}': 'GET',
  '/v1/import-mappings': 'GET POST',
  '/v1/import-mappings/{}': 'GET PATCH DELETE',
  '/v1/rating-plans': 'GET POST',
  '/v1/rating-plans/{}': 'GET PATCH DELETE',
  '/v1/rating-plans/{}/prices': 'GET',
  '/v1/price-simulations': 'POST',
  '/v1/calls': 'GET',
  '/v1/calls/{}/{}': 'GET',
  '/v1/calls/{}/{}/hangup': 'POST',
  '/v1/calls/{}/{}/waive': 'POST',
  '/v1/re-ratings': 'POST',
  '/v1/invoices': 'GET POST',
  '/v1/invoices/{}': 'GET',
  '/v1/invoices/{}.pdf': 'GET',
  '/v1/invoices/{}.xml': 'GET',
  '/v1/invoices/{}.csv': 'GET',
  '/v1/invoices/{}/issue': 'POST',
  '/v1/invoices/{}/credit-notes': 'POST',
  '/v1/invoices/{}/payments': 'POST',
  '/v1/invoice-number-sequences': 'GET POST',
  '/v1/invoice-number-sequences/{}': 'GET PATCH DELETE',
  '/v1/invoice-templates': 'GET POST',
  '/v1/invoice-templates/{}': 'GET PATCH DELETE',
  '/v1/invoice-templates/preview': 'POST',
  '/v1/invoice-schedules': 'GET POST',
  '/v1/invoice-schedules/{}': 'GET PATCH DELETE',
  '/v1/fixed-costs': 'GET POST',
  '/v1/fixed-costs/{}': 'GET PATCH DELETE',
  '/v1/taxes': 'GET POST',
  '/v1/taxes/{}': 'GET PATCH DELETE',
  ...Object.fromEntries(
    ['calls', 'usage', 'balances', 'invoices'].flatMap((name) =>
      ['', '.json', '.csv', '.xlsx', '.parquet'].map((format) => [`/v1/reports/${name}${format}`, 'GET']),
    ),
  ),
  '/v1/report-schedules': 'GET POST',
  '/v1/report-schedules/{}': 'GET PATCH DELETE',
  '/v1/notification-templates': 'GET POST',
  '/v1/notification-templates/{}': 'GET PATCH DELETE',
  '/v1/media-relay-sets': 'GET POST',
  '/v1/media-relay-sets/{}': 'GET PATCH DELETE',
  '/v1/application-servers': 'GET POST',
  '/v1/application-servers/{}': 'GET PATCH DELETE',
  '/v1/corporations': 'GET POST',
  '/v1/corporations/{}': 'GET PATCH DELETE',
  '/v1/currencies': 'GET',
  '/v1/api-keys': 'GET POST',
  '/v1/api-keys/{}': 'GET DELETE',
  '/v1/call-conflicts': 'GET',
  '/v1/dead-letters': 'GET',
  '/v1/dead-letters/{}': 'GET',
  '/v1/dead-letters/{}/redrive': 'POST',
}

/** Named by the contract and not served yet. A line goes with the commit that serves it. */
const missing = new Set<string>([])

let api: TestApi
let served: string[]

test.before(async () => {
  api = await openTestApi()
  served = Object.entries(api.app.swagger().paths ?? {}).flatMap(([path, methods]) =>
    linesOf(
      path.replace(/\{[^}]*\}/g, '{}'),
      Object.keys(methods ?? {})
        .join(' ')
        .toUpperCase(),
    ),
  )
})
test.after(() => api.close())

function linesOf(path: string, methods: string): string[] {
  return methods.split(' ').map((method) => `${method} ${path}`)
}

test('whatever the contract names is served and described', () => {
  const named = Object.entries(contract).flatMap(([path, methods]) => linesOf(path, methods))
  assert.equal(
    named.filter((line) => !served.includes(line) && !missing.has(line)),
    [],
  )
})

test('what is listed as missing is really missing', () => {
  assert.equal(
    [...missing].filter((line) => served.includes(line)),
    [],
  )
})

test('every operation has a summary, a tag and a described answer', () => {
  const bare: string[] = []
  for (const [path, methods] of Object.entries(api.app.swagger().paths ?? {})) {
    for (const [method, operation] of Object.entries(methods ?? {})) {
      const { summary, tags, responses } = operation as {
        summary?: string
        tags?: string[]
        responses?: object
      }
      if (!summary || !tags?.length || Object.keys(responses ?? {}).length === 0)
        bare.push(`${method} ${path}`)
    }
  }
  assert.equal(bare, [])
})

test('every operation has an id of its own, and shapes have names', () => {
  const { paths = {}, components } = api.app.swagger() as unknown as {
    paths?: Record<string, Record<string, { operationId: string }>>
    components: { schemas: Record<string, { properties: Record<string, { enum?: string[] }> }> }
  }
  const ids = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  assert.equal(
    ids.filter((id, at) => !/^[a-z][A-Za-z0-9]+$/.test(id) || ids.indexOf(id) !== at),
    [],
  )
  assert.is(paths['/v1/clients/{clientId}/admins']?.get?.operationId, 'listClientAdmins')
  assert.is(paths['/v1/invoices/{id}/issue']?.post?.operationId, 'issueInvoice')
  const { schemas } = components
  for (const name of ['Client', 'Call', 'Invoice', 'AuthorizationAnswer', 'Hangup'])
    assert.ok(schemas[name], name)
  assert.equal(schemas.AuthorizationAnswer?.properties.reason?.enum, denialReasons)
  assert.equal(schemas.Hangup?.properties.reason?.enum, hangupReasons)
  assert.equal(schemas.DeadLetter?.properties.reason?.enum, deadLetterReasons)
  assert.equal(schemas.Call?.properties.reason?.enum, [...rejectionReasons, null])
})

test('every operation says how it fails, and which headers make it safe to repeat or to change', () => {
  const { paths = {}, components } = api.app.swagger() as unknown as {
    paths?: Record<string, Record<string, { responses?: object; parameters?: { name: string }[] }>>
    components: { responses: Record<string, unknown> }
  }
  assert.ok(components.responses.Problem)
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      assert.ok('default' in (responses ?? {}), `${method} ${path}`)
    }
  }
  const takes = (method: string, path: string, header: string) =>
    paths[path]?.[method]?.parameters?.some(({ name }) => name === header) ?? false
  assert.ok(takes('post', '/v1/clients/{clientId}/balance-movements', 'idempotency-key'))
  assert.not.ok(takes('post', '/v1/api-keys', 'idempotency-key'))
  assert.ok(takes('patch', '/v1/clients/{id}', 'if-match'))
  assert.ok(takes('delete', '/v1/clients/{id}', 'if-match'))
})

test('every body and answer in JSON has an example that its own schema takes', () => {
  const compile = buildValidator({}, {})
  const faults: string[] = []
  let looked = 0
  const { paths = {}, components } = api.app.swagger() as { paths?: object; components?: object }
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods ?? {})) {
      const { requestBody, responses } = operation as Described
      for (const part of [requestBody, ...Object.values(responses ?? {})]) {
        const { schema, example } = part?.content?.['application/json'] ?? {}
        if (!schema) continue
        looked++
        const validate = compile({ schema: { ...schema, components }, httpPart: 'body', method, url: path })
        if (!validate(example)) faults.push(`${method} ${path}: ${JSON.stringify(validate.errors)}`)
      }
    }
  }
  assert.equal(faults, [])
  assert.ok(looked > 150, `${looked} examples`)
})

test('a file that a route takes has a place in the description, for a form that sends it', () => {
  const { paths = {} } = api.app.swagger() as { paths?: Record<string, Record<string, Described>> }
  const contentOf = (path: string) => paths[path]?.post?.requestBody?.content ?? {}
  const aFile = { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' }
  for (const path of ['/v1/rate-decks/{id}/imports', '/v1/rate-decks/{id}/imports/inspect']) {
    const content = contentOf(path)
    // Offered first: it takes the mapping, too.
    assert.is(Object.keys(content)[0], 'multipart/form-data')
    const { properties, required } = (content['multipart/form-data']?.schema ?? {}) as {
      properties: { file: object; mapping: { properties: object } }
      required: string[]
    }
    assert.equal([properties.file, required], [aFile, ['file']])
    assert.ok('headerLine' in properties.mapping.properties)
    assert.equal(content['text/csv'], { schema: aFile })
  }
  assert.equal(contentOf('/v1/price-comparisons'), { 'text/csv': { schema: aFile } })
  assert.equal(contentOf('/v1/tariff-imports'), { 'application/x-ndjson': { schema: aFile } })
})

interface Described {
  requestBody?: Part
  responses?: Record<string, Part>
}
interface Part {
  content?: Record<string, { schema?: object; example?: unknown }>
}

test.run()
