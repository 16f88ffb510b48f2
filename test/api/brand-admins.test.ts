/**
 * People of a brand: their log-in, what their role lets them do, who they are told they are, and a forgotten password.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openResetFacts } from '../../src/identities/password-resets.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/brands/{id}/admins')
const password = 'correct horse battery'
let api: TestApi
let own: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>
const tokens: Record<string, string> = {}

const post = (path: string, body: object, key: string | null = own.brandKey) =>
  api.send('POST', path, { body, key })
const logIn = (username: string, brand = own.brandId, secret = password) =>
  post('/v1/sessions', { brand, username, password: secret }, null)
const admins = () => `/v1/brands/${own.brandId}/admins`

test.before(async () => {
  api = await openTestApi()
  own = await makeTenant(api)
  other = await makeTenant(api)
  for (const role of ['owner', 'operator', 'finance', 'viewer']) {
    const body = { username: `${role}@telco.example.com`, password, role, email: `${role}@telco.example.com` }
    await must(post(admins(), body))
    tokens[role] = (await must(logIn(`${role}@telco.example.com`))).accessToken
  }
})
test.after(() => api.close())

test('an admin of a brand logs in by the name of the brand or its id, in any case of letters', async () => {
  const { name } = await must(api.send('GET', `/v1/brands/${own.brandId}`))
  for (const brand of [own.brandId, own.brandId.toUpperCase(), name, name.toUpperCase()]) {
    const { status, body } = await logIn('OWNER@telco.example.com', brand)
    assert.equal([status, body.admin?.role, body.admin?.brandId], [201, 'owner', own.brandId])
  }
  assert.is((await logIn('owner@telco.example.com', other.brandId)).status, 401)
  assert.is((await logIn('owner@telco.example.com', own.brandId, 'another password')).status, 401)
  const asClient = { client: own.clientId, username: 'owner@telco.example.com', password }
  assert.is((await post('/v1/sessions', asClient, null)).status, 401)
})

test('a log-in names a client or a brand, one of the two', async () => {
  const neither = await post('/v1/sessions', { username: 'owner', password }, null)
  assert.equal([neither.status, neither.body.errors[0].pointer], [400, '/client'])
  const both = await post('/v1/sessions', { client: 'a', brand: 'b', username: 'owner', password }, null)
  assert.equal([both.status, both.body.errors[0].pointer], [400, '/brand'])
})

/** What each role may do: a request, and who gets through. */
const tried: [method: string, path: string, body: object | undefined, allowed: string[]][] = [
  ['GET', '/v1/clients', undefined, ['owner', 'operator', 'finance', 'viewer']],
  ['GET', '/v1/audit-log', undefined, ['owner', 'operator', 'finance', 'viewer']],
  ['GET', '/v1/reports/balances.csv', undefined, ['owner', 'operator', 'finance', 'viewer']],
  ['POST', '/v1/price-simulations', {}, ['owner', 'operator', 'finance', 'viewer']],
  ['POST', '/v1/clients', {}, ['owner', 'operator']],
  ['POST', '/v1/rate-decks', {}, ['owner', 'operator']],
  ['POST', '/v1/invoices', {}, ['owner', 'operator', 'finance']],
  ['POST', '/v1/taxes', {}, ['owner', 'operator', 'finance']],
  ['POST', '/v1/clients/:client/balance-movements', {}, ['owner', 'operator', 'finance']],
  ['PATCH', '/v1/brands/:brand', { nonsense: 1 }, ['owner']],
  ['GET', '/v1/api-keys', undefined, ['owner']],
  ['POST', '/v1/api-keys', {}, ['owner']],
  ['GET', '/v1/brands/:brand/admins', undefined, ['owner']],
  ['POST', '/v1/brands/:brand/admins', {}, ['owner']],
  ['POST', '/v1/authorizations', {}, ['owner']],
  ['POST', '/v1/brands', {}, []],
]

test('each role may do what its line in the table says, and no more', async () => {
  for (const [method, path, body, allowed] of tried) {
    const url = path.replace(':brand', own.brandId).replace(':client', own.clientId)
    const passed = []
    for (const [role, key] of Object.entries(tokens)) {
      const { status } = await api.send(method, url, { key, ...(body && { body }) })
      if (status !== 403) passed.push(role)
    }
    assert.equal(passed, allowed, `${method} ${path}`)
  }
})

test('an operator makes admins of clients, and they may do what a client may', async () => {
  const path = `/v1/clients/${own.clientId}/admins`
  const made = await post(path, { username: 'ana', password, email: 'ana@acme.example.com' }, tokens.operator)
  assert.is(made.status, 201)
  const refused = await post(path, { username: 'eve', password }, tokens.viewer)
  assert.is(refused.status, 403)
})

test('nobody makes an admin with more rights than their own', async () => {
  const scoped = await must(
    post('/v1/api-keys', {
      ...{ name: 'scoped', role: 'brand', brandId: own.brandId },
      scopes: ['brand-admins:read', 'brand-admins:write', 'clients:read'],
    }),
  )
  for (const role of ['owner', 'operator', 'finance', 'viewer']) {
    assert.is((await post(admins(), { username: role, password, role }, scoped.key)).status, 403, role)
  }
  const row = (await must(api.send('GET', admins(), { key: own.brandKey }))).data[0]
  const patched = await api.send('PATCH', `${admins()}/${row.id}`, {
    body: { suspended: true },
    key: scoped.key,
  })
  assert.is(patched.status, 403)
})

test("another brand's admins do not exist, and a bad role is refused", async () => {
  const [row] = (await must(api.send('GET', admins(), { key: own.brandKey }))).data
  for (const path of [admins(), `${admins()}/${row.id}`]) {
    assert.is((await api.send('GET', path, { key: other.brandKey })).status, 404)
  }
  const moved = `/v1/brands/${other.brandId}/admins/${row.id}`
  assert.is((await api.send('DELETE', moved)).status, 404)
  const { status, body } = await post(admins(), { username: 'x', password, role: 'king' })
  assert.equal([status, body.errors[0].pointer], [400, '/role'])
  const missing = await post(admins(), { username: 'x', password })
  assert.equal([missing.status, missing.body.errors[0].pointer], [400, '/role'])
})

test('a changed role counts at once, a suspension and a deletion log out', async () => {
  const body = { username: 'temp', password, role: 'operator' }
  const { id } = await must(post(admins(), body))
  const { accessToken: key } = await must(logIn('temp'))
  const tryDeck = async () => (await post('/v1/rate-decks', {}, key)).status
  assert.is(await tryDeck(), 400)
  const patch = (change: object) =>
    api.send('PATCH', `${admins()}/${id}`, { body: change, key: tokens.owner ?? '' })
  assert.equal((await must(patch({ role: 'viewer' }))).role, 'viewer')
  assert.is(await tryDeck(), 403)
  await must(patch({ suspended: true }))
  assert.is((await api.send('GET', '/v1/sessions/me', { key })).status, 401)
  await must(patch({ suspended: false }))
  const again = (await must(logIn('temp'))).accessToken
  assert.is((await api.send('DELETE', `${admins()}/${id}`, { key: own.brandKey })).status, 204)
  assert.is((await api.send('GET', '/v1/sessions/me', { key: again })).status, 401)
})

test('an admin of a brand refreshes, changes the own password and logs out', async () => {
  await must(post(admins(), { username: 'cleo', password, role: 'viewer' }))
  const first = await must(logIn('cleo'))
  const { accessToken: key } = await must(
    post('/v1/sessions/refresh', { refreshToken: first.refreshToken }, null),
  )
  const change = { currentPassword: password, newPassword: 'another horse battery' }
  assert.is((await api.send('PUT', '/v1/sessions/password', { body: change, key })).status, 204)
  assert.is((await logIn('cleo')).status, 401)
  assert.is((await logIn('cleo', own.brandId, 'another horse battery')).status, 201)
  assert.is((await api.send('DELETE', '/v1/sessions', { key })).status, 204)
  assert.is((await api.send('GET', '/v1/sessions/me', { key })).status, 401)
  assert.is((await api.send('DELETE', '/v1/sessions', { key: own.brandKey })).status, 404)
})

test('who asks is told who they are and what they may do', async () => {
  const me = async (key: string) => must(api.send('GET', '/v1/sessions/me', { key }))
  const owner = await me(tokens.owner ?? '')
  assert.equal(
    [owner.role, owner.brand.id, owner.client, owner.admin.role, owner.keyId],
    ['brand', own.brandId, null, 'owner', null],
  )
  assert.equal([owner.rights.clients, owner.rights['brand-admins']], ['crud', 'crud'])
  const viewer = await me(tokens.viewer ?? '')
  assert.equal([viewer.rights.clients, viewer.rights['brand-admins']], ['r', undefined])
  const finance = await me(own.financeKey)
  assert.equal([finance.role, finance.admin, finance.rights.invoices], ['finance', null, 'r'])
  assert.match(finance.keyId, /^[0-9a-f-]{36}$/)
  const platform = await me('platform-key-of-the-tests')
  assert.equal([platform.role, platform.brand, platform.keyId], ['platform', null, null])
  assert.is(platform.rights['application-servers'], 'crud')
})

test('a key with scopes and a restricted admin are told their own rights', async () => {
  const body = { name: 'reader', role: 'brand', brandId: own.brandId, scopes: ['clients:read'] }
  const { key } = await must(post('/v1/api-keys', body))
  assert.equal((await must(api.send('GET', '/v1/sessions/me', { key }))).rights, { clients: 'r' })
  const path = `/v1/clients/${own.clientId}/admins`
  await must(post(path, { username: 'bo', password, restricted: true, rights: { calls: 'r', admins: 'cr' } }))
  const login = await must(post('/v1/sessions', { client: own.clientId, username: 'bo', password }, null))
  const me = await must(api.send('GET', '/v1/sessions/me', { key: login.accessToken }))
  assert.equal(me.rights, { calls: 'r', admins: 'cr' })
  assert.equal([me.client.id, me.client.billingMethod, me.admin.username], [own.clientId, 'postpaid', 'bo'])
})

test('what a client hides from its own users is not among their rights', async () => {
  const rights = async () => (await must(api.send('GET', '/v1/sessions/me', { key: own.clientKey }))).rights
  const hidden = await rights()
  assert.equal([hidden.invoices, hidden['rating-profiles'], hidden.balance], [undefined, undefined, 'r'])
  const path = `/v1/clients/${own.clientId}`
  const shown = { portalVisibility: { invoices: true, ratingProfiles: true, callPrices: true } }
  await must(api.send('PATCH', path, { body: shown, key: own.brandKey }))
  assert.is((await rights()).invoices, 'r')
  await must(api.send('PATCH', path, { body: { features: [], billingMethod: 'none' }, key: own.brandKey }))
  const bare = await rights()
  assert.equal([bare.invoices, bare.balance, bare.calls], [undefined, undefined, 'r'])
})

async function askedMails() {
  const { $client: sql } = api.context.worker
  return sql`select recipient, brand_id, client_id, content from mails where kind = 'password-reset' order by id`
}

const tokenOf = async (content: unknown) => {
  const facts = openResetFacts({ db: api.context.db, origin: () => 'https://billing.example.com' })
  const link = String((await facts({ content }))?.link)
  return { link, token: link.split('#')[1] ?? '' }
}

test('a forgotten password is replaced by a link in a mail, which is good once and ends the logins', async () => {
  const username = 'operator@telco.example.com'
  const ask = () => post('/v1/sessions/forgotten-password', { brand: own.brandId, username }, null)
  assert.is((await ask()).status, 204)
  assert.is((await ask()).status, 204)
  const mails = await askedMails()
  assert.is(mails.length, 1)
  assert.equal([mails[0]?.recipient, mails[0]?.brand_id, mails[0]?.client_id], [username, own.brandId, null])
  const { link, token } = await tokenOf(mails[0]?.content)
  assert.match(link, /^https:\/\/billing\.example\.com\/console\/new-password#eyJ/)
  const set = (newPassword: string, sent = token) =>
    post('/v1/sessions/new-password', { token: sent, newPassword }, null)
  assert.is((await set('short')).status, 400)
  assert.is((await set('a password from a link', `${token.slice(0, -2)}xx`)).status, 401)
  const answers = await Promise.all([set('a password from a link'), set('b password from a link')])
  assert.equal(answers.map(({ status }) => status).sort(), [204, 401])
  assert.is((await set('c password from a link')).status, 401)
  assert.is((await logIn(username)).status, 401)
  assert.is((await api.send('GET', '/v1/sessions/me', { key: tokens.operator ?? '' })).status, 401)
  const first = answers[0]?.status === 204 ? 'a' : 'b'
  assert.is((await logIn(username, own.brandId, `${first} password from a link`)).status, 201)
})

test('the answer does not tell who exists, and a mail goes to addresses alone', async () => {
  const before = (await askedMails()).length
  for (const named of [
    { brand: own.brandId, username: 'nobody' },
    { brand: 'No such brand', username: 'owner' },
    { client: own.clientId, username: 'bo' },
    { client: 'nowhere.example.com', username: 'ana' },
  ]) {
    assert.is((await post('/v1/sessions/forgotten-password', named, null)).status, 204)
  }
  assert.is((await askedMails()).length, before)
  await post('/v1/sessions/forgotten-password', { client: own.clientId, username: 'ANA' }, null)
  const mail = (await askedMails()).at(-1)
  assert.equal([mail?.recipient, mail?.client_id], ['ana@acme.example.com', own.clientId])
  assert.match((await tokenOf(mail?.content)).link, '/portal/new-password#')
})

test('an access token is no link, a link is no access token, and neither stands in the database', async () => {
  const mail = (await askedMails()).at(-1)
  assert.not.match(JSON.stringify(mail), 'eyJ')
  const { token } = await tokenOf(mail?.content)
  assert.is((await api.send('GET', '/v1/sessions/me', { key: token })).status, 401)
  const sent = { token: tokens.owner ?? '', newPassword: 'a password from a link' }
  assert.is((await post('/v1/sessions/new-password', sent, null)).status, 401)
})

test.run()
