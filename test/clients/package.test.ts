/**
 * The client as a package: built, compiled by a program with TypeScript's defaults, and what it does beside sending.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as source from '../../clients/typescript/index.ts'
import { makeTenant, must, openTestApi, type TestApi } from '../api/test-api.ts'
import { testFolder } from '../servers.ts'

const test = suite('tollgate-client')
const root = fileURLToPath(new URL('../..', import.meta.url))
const tsc = join(root, 'node_modules/.bin/tsc')
let api: TestApi
let url: string
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const program = `
import { createClient, openSession, TollgateProblem, withRetries } from 'tollgate-client'

export async function read(url: string, key: string): Promise<string[]> {
  const tollgate = createClient({ url, key, fetch: withRetries() })
  const names: string[] = []
  for await (const { name } of tollgate.each('GET /v1/clients', { query: { limit: 1, sort: 'name' } })) names.push(name)
  const { answer, etag } = await tollgate.tagged('GET /v1/clients/{id}', { params: { id: 'unknown.example.com' } })
    .catch((error: unknown) => {
      if (!(error instanceof TollgateProblem) || error.code !== 'not_found') throw error
      return { answer: null, etag: '' }
    })
  if (answer !== null || etag !== '') throw new Error('found')
  return names
}
export const login = openSession
`

test('it is built, and a program compiles against it with the defaults of TypeScript', async () => {
  const folder = testFolder()
  const installed = join(folder, 'node_modules/tollgate-client')
  mkdirSync(installed, { recursive: true })
  const here = join(root, 'clients/typescript')
  execFileSync(tsc, ['-p', join(here, 'tsconfig.json'), '--outDir', join(installed, 'dist')], { cwd: here })
  execFileSync('cp', [join(here, 'schema.d.ts'), join(installed, 'dist')])
  execFileSync('cp', [join(here, 'package.json'), installed])
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'program.ts'), program)
  execFileSync(tsc, ['program.ts'], { cwd: folder })
  const { read } = await import(pathToFileURL(join(folder, 'program.js')).href)
  assert.equal(await read(url, tenant.brandKey), ['Acme'])
})

test('a list is walked to its end, page by page', async () => {
  const tollgate = source.createClient({ url, key: tenant.brandKey })
  for (const name of ['A', 'B', 'C']) {
    await tollgate('POST /v1/corporations', { body: { name } })
  }
  const found: string[] = []
  for await (const { name } of tollgate.each('GET /v1/corporations', { query: { limit: 2, sort: 'name' } })) {
    found.push(name)
  }
  assert.equal(found, ['A', 'B', 'C'])
})

test('a change with the tag that was read overwrites nobody else’s', async () => {
  const tollgate = source.createClient({ url, key: tenant.brandKey })
  const params = { id: tenant.clientId }
  const { answer, etag } = await tollgate.tagged('GET /v1/clients/{id}', { params })
  assert.equal([answer.name, etag], ['Acme', '"1"'])
  const change = (maxCalls: number) =>
    tollgate('PATCH /v1/clients/{id}', { params, body: { maxCalls }, headers: { 'if-match': etag } })
  await change(3)
  const late = await change(4).catch((error) => error)
  assert.equal([late instanceof source.TollgateProblem, late.status], [true, 412])
})

test('what got no answer is sent again with the same key, and money moves once', async () => {
  let failures = 2
  const keys: (string | null)[] = []
  const send: typeof fetch = async (input, init) => {
    keys.push(new Headers(init?.headers).get('idempotency-key'))
    const answer = await fetch(input, init)
    // The service has booked it; the answer is lost.
    if (failures-- > 0) throw new TypeError('the connection is lost')
    return answer
  }
  const tollgate = source.createClient({
    url,
    key: tenant.brandKey,
    fetch: source.withRetries({ fetch: send, waitMs: 1 }),
  })
  const params = { clientId: tenant.clientId }
  const body = { kind: 'top-up', amount: '12.5', reference: 'once' } as const
  const movement = await tollgate('POST /v1/clients/{clientId}/balance-movements', { params, body })
  assert.equal([movement.amount, keys.length, new Set(keys).size], ['12.5', 3, 1])
  assert.is((await tollgate('GET /v1/clients/{clientId}/balance', { params })).balance, '12.5')
})

test('a busy service is asked again, a refusal is not, and a log-in is sent once', async () => {
  const statuses = [503, 429, 200]
  let sent = 0
  const answering: typeof fetch = async () => {
    const status = statuses[sent++] ?? 200
    return new Response('{}', { status, headers: { 'content-type': 'application/json' } })
  }
  const retrying = source.withRetries({ fetch: answering, waitMs: 1 })
  assert.equal([(await retrying(`${url}/v1/clients`)).status, sent], [200, 3])
  sent = 0
  statuses.splice(0, 3, 404)
  assert.equal([(await retrying(`${url}/v1/clients`)).status, sent], [404, 1])
  sent = 0
  statuses.splice(0, 1, 503)
  const login = await retrying(`${url}/v1/sessions`, { method: 'POST', body: '{}' })
  assert.equal([login.status, sent], [503, 1])
})

test('a log-in is renewed once for all who wait, and ends with a log-out', async () => {
  const password = 'a password of the tests'
  const path = `/v1/clients/${tenant.clientId}/admins`
  await must(api.send('POST', path, { body: { username: 'ana', password }, key: tenant.brandKey }))
  const asked: string[] = []
  let refusals = 3
  const send: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input))
    asked.push(pathname)
    if (pathname.endsWith('/balance') && refusals-- > 0) return new Response('{}', { status: 401 })
    return fetch(input, init)
  }
  const login = { client: tenant.clientId, username: 'ana', password }
  const { tollgate, close } = await source.openSession({ url, login, fetch: send })
  const params = { clientId: tenant.clientId }
  const balances = await Promise.all(
    [1, 2, 3].map(() => tollgate('GET /v1/clients/{clientId}/balance', { params })),
  )
  assert.is(balances.length, 3)
  assert.is(asked.filter((pathname) => pathname === '/v1/sessions/refresh').length, 1)
  await close()
  const after = await tollgate('GET /v1/sessions/me').catch((error) => error)
  assert.is(after.status, 401)
  const wrong = { ...login, password: 'another password' }
  const refused = await source.openSession({ url, login: wrong }).catch((error) => error)
  assert.is(refused.status, 401)
})

test.run()
