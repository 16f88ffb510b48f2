/**
 * How the pages of the service are logged in: by a cookie that no script reads and no other site can use.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, platformKey, type TestApi, testSettings } from './test-api.ts'

const test = suite('/v1/sessions/cookie')
const password = 'a password of the tests'
const portal = { 'x-tollgate-page': 'portal' }
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let sipDomain: string

test.before(async () => {
  api = await openTestApi({ settings: { ...testSettings, trustedProxies: ['127.0.0.1'] } })
  tenant = await makeTenant(api)
  sipDomain = (await must(api.send('GET', `/v1/clients/${tenant.clientId}`))).sipDomain
  const body = { username: 'ana', password }
  await must(api.send('POST', `/v1/clients/${tenant.clientId}/admins`, { body }))
})
test.after(() => api.close())

function logIn(headers: Record<string, string> = portal, more: object = {}) {
  const body = { client: sipDomain, username: 'ana', password, ...more }
  return api.send('POST', '/v1/sessions/cookie', { body, key: null, headers })
}

async function logInForCookie(headers?: Record<string, string>): Promise<string> {
  const { status, headers: answered } = await logIn(headers)
  assert.is(status, 201)
  return String(answered['set-cookie']).split(';')[0] ?? ''
}

const readBalance = (cookie: string, headers: Record<string, string> = portal) =>
  api.send('GET', `/v1/clients/${tenant.clientId}/balance`, { key: null, headers: { cookie, ...headers } })

const changeName = (cookie: string, headers: Record<string, string>) =>
  api.send('POST', `/v1/clients/${tenant.clientId}/admins`, {
    body: { username: `made-${Math.random()}` },
    key: null,
    headers: { cookie, ...headers },
  })

test('the token goes into a cookie for its page alone, and never into the answer', async () => {
  const { status, body, headers } = await logIn()
  assert.is(status, 201)
  assert.equal(Object.keys(body), ['expiresAt'])
  const [pair = '', ...attributes] = String(headers['set-cookie']).split('; ')
  assert.match(pair, /^tollgate_portal=tgs_/)
  assert.equal(attributes.sort(), ['HttpOnly', 'Max-Age=43200', 'Path=/v1', 'SameSite=Strict'])
  assert.is(headers['cache-control'], 'no-store')
  assert.is((await readBalance(pair)).status, 200)
  const overTls = await logIn({ ...portal, 'x-forwarded-proto': 'https' })
  assert.match(String(overTls.headers['set-cookie']), /; Secure/)
})

test('portal and console in one browser are two log-ins', async () => {
  const cookie = await logInForCookie()
  assert.is((await readBalance(cookie, { 'x-tollgate-page': 'console' })).status, 401)
  const both = `${cookie}; tollgate_console=${platformKey}`
  assert.is(
    (await api.send('GET', '/v1/rate-decks', { key: null, headers: { cookie: both, ...portal } })).status,
    403,
  )
  const asConsole = { cookie: both, 'x-tollgate-page': 'console' }
  assert.is((await api.send('GET', '/v1/rate-decks', { key: null, headers: asConsole })).status, 200)
})

test('a link or an event stream, which sends no header of ours, is told by the page it stands on', async () => {
  const cookie = await logInForCookie()
  assert.is((await readBalance(cookie, { referer: 'https://bill.example.com/portal/invoices' })).status, 200)
  for (const referer of ['https://bill.example.com/docs', 'https://bill.example.com/console', 'portal', '']) {
    assert.is((await readBalance(cookie, { referer })).status, 401, referer)
  }
})

test('no other site can use the cookie, neither to change nor to read', async () => {
  const cookie = await logInForCookie()
  assert.is((await changeName(cookie, portal)).status, 201)
  assert.is((await changeName(cookie, { referer: 'https://bill.example.com/portal' })).status, 401)
  assert.is((await changeName(cookie, {})).status, 401)
  for (const site of ['cross-site', 'same-site']) {
    const headers = { ...portal, 'sec-fetch-site': site }
    assert.is((await changeName(cookie, headers)).status, 401, site)
    assert.is((await readBalance(cookie, headers)).status, 401, site)
    assert.is((await logIn(headers)).status, 403, site)
  }
  for (const site of ['same-origin', 'none']) {
    assert.is((await readBalance(cookie, { ...portal, 'sec-fetch-site': site })).status, 200, site)
  }
  // Whoever sends a key means the key.
  const withWrongKey = { cookie, ...portal, authorization: 'Bearer wrong' }
  assert.is((await readBalance(cookie, withWrongKey)).status, 401)
})

test('whoever is no page, or has a wrong password, gets no cookie', async () => {
  for (const answer of [await logIn({}), await logIn({ 'x-tollgate-page': 'docs' })]) {
    assert.equal([answer.status, answer.body.code], [403, 'forbidden'])
    assert.is(answer.headers['set-cookie'], undefined)
  }
  const wrong = await logIn(portal, { password: 'another password' })
  assert.equal([wrong.status, wrong.headers['set-cookie']], [401, undefined])
})

test('a log-out ends the login and takes the cookie back; other log-ins stay', async () => {
  const [one, other] = [await logInForCookie(), await logInForCookie()]
  const out = await api.send('DELETE', '/v1/sessions', { key: null, headers: { cookie: one, ...portal } })
  assert.is(out.status, 204)
  assert.match(String(out.headers['set-cookie']), /^tollgate_portal=; Max-Age=0/)
  assert.is((await readBalance(one)).status, 401)
  assert.is((await readBalance(other)).status, 200)
})

test('who changes the password on a page stays logged in there alone', async () => {
  const [one, other] = [await logInForCookie(), await logInForCookie()]
  const body = { currentPassword: password, newPassword: password }
  const headers = { cookie: one, ...portal }
  assert.is((await api.send('PUT', '/v1/sessions/password', { body, key: null, headers })).status, 204)
  assert.is((await readBalance(one)).status, 200)
  assert.is((await readBalance(other)).status, 401)
})

test('a key opens the console as it would ask by itself; a log-out forgets it and leaves it good', async () => {
  const page = { 'x-tollgate-page': 'console' }
  const open = (key: string, headers: Record<string, string> = page) =>
    api.send('POST', '/v1/sessions/cookie/key', { body: { key }, key: null, headers })
  const opened = await open(tenant.brandKey)
  assert.is(opened.status, 204)
  const cookie = String(opened.headers['set-cookie']).split(';')[0] ?? ''
  const list = () => api.send('GET', '/v1/brands', { key: null, headers: { cookie, ...page } })
  assert.equal((await must(list())).data.length, 1)
  const out = await api.send('DELETE', '/v1/sessions', { key: null, headers: { cookie, ...page } })
  assert.is(out.status, 204)
  assert.match(String(out.headers['set-cookie']), /^tollgate_console=; Max-Age=0/)
  assert.is((await api.send('GET', '/v1/brands', { key: tenant.brandKey })).status, 200)
  assert.is((await open('no-such-key')).status, 401)
  assert.is((await open(tenant.engineKey)).status, 403)
  assert.is((await open(tenant.brandKey, {})).status, 403)
})

test.run()
