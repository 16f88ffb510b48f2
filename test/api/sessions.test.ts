import { decodeJwt } from 'jose'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/sessions')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let sipDomain: string
let made = 0

const password = 'a password of the tests'

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  sipDomain = (await must(api.send('GET', `/v1/clients/${tenant.clientId}`))).sipDomain
})
test.after(() => api.close())

async function makeAdmin(more: object = {}) {
  const username = `Ana${++made}@acme.example.com`
  const body = { username, password, ...more }
  const admin = await must(
    api.send('POST', `/v1/clients/${tenant.clientId}/admins`, { body, key: tenant.brandKey }),
  )
  return { ...admin, path: `/v1/clients/${tenant.clientId}/admins/${admin.id}`, typed: username }
}

function logIn(username: string, more: object = {}): Promise<Answer> {
  return api.send('POST', '/v1/sessions', {
    body: { client: sipDomain, username, password, ...more },
    key: null,
  })
}

const readBalance = (key: string) => api.send('GET', `/v1/clients/${tenant.clientId}/balance`, { key })

test('an admin logs in by domain or id in any case of letters, and acts for its client alone', async () => {
  const { typed } = await makeAdmin()
  for (const client of [sipDomain.toUpperCase(), tenant.clientId]) {
    const session = await must(logIn(typed.toUpperCase(), { client }))
    assert.is(session.expiresIn, 900)
    assert.is((await readBalance(session.accessToken)).status, 200)
    assert.is((await api.send('GET', '/v1/rate-decks', { key: session.accessToken })).status, 403)
  }
})

test('neither password nor hash nor tokens come back or stand in the database', async () => {
  const { path, typed } = await makeAdmin()
  const { accessToken, refreshToken } = await must(logIn(typed))
  const shown = await must(api.send('GET', path, { key: tenant.brandKey }))
  assert.is(shown.hasPassword, true)
  assert.not.ok(JSON.stringify(shown).match(/scrypt|passwordHash/))
  const secrets = [password, accessToken, refreshToken, String(decodeJwt(accessToken).sid)]
  const { $client: sql } = api.context.worker
  for (const { tablename } of await sql`select tablename from pg_tables where schemaname = 'public'`) {
    for (const secret of secrets) {
      const [found] = await sql`
        select count(*)::int as rows from ${sql(tablename)} t where strpos(t::text, ${secret}) > 0`
      assert.is(found?.rows, 0, `${tablename} holds ${secret.slice(0, 10)}…`)
    }
  }
})

test('a wrong password, name or client gets one answer', async () => {
  const { typed } = await makeAdmin()
  const answers = [
    await logIn(typed, { password: 'wrong password' }),
    await logIn('nobody@acme.example.com'),
    await logIn(typed, { client: 'nowhere.example.com' }),
    await logIn((await makeAdmin({ password: undefined })).typed),
    await logIn((await makeAdmin({ suspended: true })).typed),
  ]
  for (const { status, body } of answers) {
    assert.is(status, 401)
    assert.equal(body, answers[0]?.body)
  }
})

test('after five wrong passwords not even the right one is taken, for a known name as for an unknown one', async () => {
  const { typed } = await makeAdmin()
  for (const username of [typed, 'nobody-at-all']) {
    for (let i = 0; i < 5; i++) assert.is((await logIn(username, { password: 'wrong' })).status, 401)
    const { status, headers, body } = await logIn(username)
    assert.is(status, 429)
    assert.is(body.code, 'too_many_requests')
    const seconds = Number(headers['retry-after'])
    assert.ok(seconds > 0 && seconds <= 30, `${seconds} s`)
  }
})

test('a hundred guesses at once are no way around the lock', async () => {
  const { typed } = await makeAdmin()
  const guesses = await Promise.all(Array.from({ length: 30 }, () => logIn(typed, { password: 'guess' })))
  assert.is(guesses.filter(({ status }) => status === 401).length, 5)
  assert.is(guesses.filter(({ status }) => status === 429).length, 25)
})

test('a refresh gives both tokens anew and ends the old ones', async () => {
  const first = await must(logIn((await makeAdmin()).typed))
  const refresh = (refreshToken: string) =>
    api.send('POST', '/v1/sessions/refresh', { body: { refreshToken }, key: null })
  const second = await must(refresh(first.refreshToken))
  assert.is((await readBalance(second.accessToken)).status, 200)
  assert.is((await readBalance(first.accessToken)).status, 401)
  // A refresh token that comes twice was copied: nobody keeps the session.
  assert.is((await refresh(first.refreshToken)).status, 401)
  assert.is((await refresh(second.refreshToken)).status, 401)
  assert.is((await readBalance(second.accessToken)).status, 401)
})

test('a logout ends both tokens at once', async () => {
  const { accessToken, refreshToken } = await must(logIn((await makeAdmin()).typed))
  assert.is((await readBalance(accessToken)).status, 200)
  assert.is((await api.send('DELETE', '/v1/sessions', { key: accessToken })).status, 204)
  assert.is((await readBalance(accessToken)).status, 401)
  const again = await api.send('POST', '/v1/sessions/refresh', { body: { refreshToken }, key: null })
  assert.is(again.status, 401)
})

test('a new password, a suspension and a deletion end what was logged in', async () => {
  const ends: ((path: string) => Promise<Answer>)[] = [
    (path) => api.send('PATCH', path, { body: { password: 'another password' }, key: tenant.brandKey }),
    (path) => api.send('PATCH', path, { body: { suspended: true }, key: tenant.brandKey }),
    (path) => api.send('DELETE', path, { key: tenant.brandKey }),
  ]
  for (const end of ends) {
    const { path, typed } = await makeAdmin()
    const { accessToken } = await must(logIn(typed))
    assert.is((await readBalance(accessToken)).status, 200)
    await must(end(path))
    assert.is((await readBalance(accessToken)).status, 401)
  }
})

test('whoever changes the own password says the old one, and stays logged in here alone', async () => {
  const { path, typed } = await makeAdmin()
  const { accessToken: key } = await must(logIn(typed))
  const elsewhere = await must(logIn(typed))
  const change = (body: object) => api.send('PATCH', path, { body, key })
  const missing = await change({ password: 'another password' })
  assert.equal([missing.status, missing.body.errors[0].pointer], [400, '/currentPassword'])
  const wrong = await change({ password: 'another password', currentPassword: 'not this one' })
  assert.equal(
    [wrong.status, wrong.body.code, wrong.body.errors[0].pointer],
    [422, 'wrong_password', '/currentPassword'],
  )
  assert.is((await logIn(typed)).status, 201)
  const right = await change({ password: 'another password', currentPassword: password })
  assert.is(right.status, 200)
  assert.not.ok(JSON.stringify(right.body).includes('assword":"'))
  assert.is((await readBalance(key)).status, 200)
  assert.is((await readBalance(elsewhere.accessToken)).status, 401)
  const { refreshToken } = elsewhere
  const renewed = await api.send('POST', '/v1/sessions/refresh', { body: { refreshToken }, key: null })
  assert.is(renewed.status, 401)
  assert.is((await logIn(typed)).status, 401)
  assert.is((await logIn(typed, { password: 'another password' })).status, 201)
})

test('wrong old passwords count like failed logins, and what is locked is locked for both', async () => {
  const { path, typed } = await makeAdmin()
  const { accessToken: key } = await must(logIn(typed))
  const change = (currentPassword: string) =>
    api.send('PATCH', path, { body: { password: 'another password', currentPassword }, key })
  for (let i = 0; i < 5; i++) assert.is((await change('wrong')).status, 422)
  const { status, headers } = await change(password)
  assert.is(status, 429)
  assert.ok(Number(headers['retry-after']) > 0)
  assert.is((await logIn(typed)).status, 429)
})

test('who has the right gives another a new password without the old one, and none is asked for other changes', async () => {
  const { typed } = await makeAdmin()
  const other = await makeAdmin()
  const { accessToken: key } = await must(logIn(typed))
  const change = (body: object) => api.send('PATCH', other.path, { body, key })
  assert.is((await change({ password: 'a reset password' })).status, 200)
  assert.is((await logIn(other.typed, { password: 'a reset password' })).status, 201)
  assert.is((await change({ name: 'Somebody' })).status, 200)
  const needless = await change({ password: 'another password', currentPassword: password })
  assert.equal([needless.status, needless.body.errors[0].pointer], [400, '/currentPassword'])
  const removed = await change({ password: null })
  assert.equal([removed.status, removed.body.errors[0].pointer], [400, '/password'])
})

test('a token that was changed, unsigned or signed by another is a wrong key', async () => {
  const { accessToken } = await must(logIn((await makeAdmin()).typed))
  const [header = '', claims = '', signature = ''] = accessToken.split('.')
  const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
  for (const token of [
    `${header}.${claims}.${'A'.repeat(signature.length)}`,
    `${unsigned}.${claims}.${signature}`,
    `${header}.${Buffer.from('{"iss":"tollgate","aud":"tollgate","sub":"x","exp":9999999999}').toString('base64url')}.${signature}`,
  ]) {
    assert.is((await readBalance(token)).status, 401)
  }
})

test('a restricted admin does what its table says, and the table is read and written whole', async () => {
  const { path, typed } = await makeAdmin({ restricted: true, rights: { balance: 'r' } })
  const { accessToken: key } = await must(logIn(typed))
  const listCalls = () => api.send('GET', '/v1/calls', { key })
  assert.is((await readBalance(key)).status, 200)
  assert.is((await listCalls()).status, 403)
  const table = await must(api.send('GET', `${path}/rights`, { key: tenant.brandKey }))
  const rowOf = (resource: string) =>
    table.data.find((row: { resource: string }) => row.resource === resource)
  assert.equal(rowOf('balance'), {
    resource: 'balance',
    create: false,
    read: true,
    update: false,
    delete: false,
  })
  assert.is(rowOf('calls').read, false)
  assert.is(rowOf('rate-decks'), undefined)
  rowOf('calls').read = true
  rowOf('balance').read = false
  const written = await must(api.send('PUT', `${path}/rights`, { body: table, key: tenant.brandKey }))
  assert.equal(written, table)
  assert.is((await listCalls()).status, 200)
  assert.is((await readBalance(key)).status, 403)
  assert.is((await api.send('DELETE', '/v1/sessions', { key })).status, 204)
})

test('a right that no admin can have is refused with its place', async () => {
  const { path } = await makeAdmin()
  const row = { resource: 'calls', create: false, read: true, update: false, delete: false }
  const put = (data: object[]) => api.send('PUT', `${path}/rights`, { body: { data }, key: tenant.brandKey })
  const cases: [object[], string][] = [
    [[{ ...row, delete: true }], '/data/0/delete'],
    [[{ ...row, resource: 'rate-decks' }], '/data/0/resource'],
    [[row, row], '/data/1/resource'],
  ]
  for (const [data, pointer] of cases) {
    const { status, body } = await put(data)
    assert.is(status, 400)
    assert.is(body.errors[0].pointer, pointer)
  }
  const patched = await api.send('PATCH', path, { body: { rights: { calls: 'crud' } }, key: tenant.brandKey })
  assert.is(patched.body.errors[0].pointer, '/rights/calls')
  const unknown = await api.send('PATCH', path, { body: { rights: { 'a/~b': 'r' } }, key: tenant.brandKey })
  assert.is(unknown.body.errors[0].pointer, '/rights/a~1~0b')
})

test('nobody gives more rights than they have, or takes over who has more', async () => {
  const whole = await makeAdmin()
  const { typed } = await makeAdmin({ restricted: true, rights: { admins: 'crud', calls: 'r' } })
  const { accessToken: key } = await must(logIn(typed))
  const admins = `/v1/clients/${tenant.clientId}/admins`
  const make = (body: object) => api.send('POST', admins, { body, key })
  assert.is((await make({ username: 'whole' })).status, 403)
  assert.is((await make({ username: 'wide', restricted: true, rights: { balance: 'r' } })).status, 403)
  assert.is((await make({ username: 'same', restricted: true, rights: { calls: 'r' } })).status, 201)
  assert.is((await api.send('PATCH', whole.path, { body: { password: 'taken over!' }, key })).status, 403)
  assert.is((await api.send('DELETE', whole.path, { key })).status, 403)
  const scoped = await must(
    api.send('POST', '/v1/api-keys', {
      body: {
        name: 'scoped',
        role: 'brand',
        brandId: tenant.brandId,
        scopes: ['admins:write', 'calls:read'],
      },
    }),
  )
  const byKey = await api.send('POST', admins, { body: { username: 'by-key' }, key: scoped.key })
  assert.is(byKey.status, 403)
})

test('an admin makes another once with an Idempotency-Key, which is no key of the next client', async () => {
  const neighbour = await must(
    api.send('POST', '/v1/clients', {
      body: { name: 'Neighbour', sipDomain: 'neighbour.example.com' },
      key: tenant.brandKey,
    }),
  )
  const clientKey = async (clientId: string) =>
    (
      await must(
        api.send('POST', '/v1/api-keys', {
          body: { name: 'own', role: 'client', clientId },
          key: tenant.brandKey,
        }),
      )
    ).key
  const headers = { 'idempotency-key': 'the-same' }
  const made = []
  for (const clientId of [tenant.clientId, neighbour.id]) {
    const key = await clientKey(clientId)
    const make = () =>
      api.send('POST', `/v1/clients/${clientId}/admins`, { body: { username: 'once' }, key, headers })
    const [first, again] = [await make(), await make()]
    assert.equal([first.status, again.status], [201, 201])
    assert.equal(again.body, first.body)
    assert.ok(first.headers.etag && first.headers.location)
    assert.equal([again.headers.etag, again.headers.location], [first.headers.etag, first.headers.location])
    made.push(first.body.id)
  }
  assert.is.not(made[0], made[1])
})

test('usernames are unique within a client, and free in another', async () => {
  const { typed } = await makeAdmin()
  const body = { username: typed.toLowerCase() }
  const twice = await api.send('POST', `/v1/clients/${tenant.clientId}/admins`, {
    body,
    key: tenant.brandKey,
  })
  assert.is(twice.status, 409)
  assert.is(twice.body.errors[0].pointer, '/username')
  const other = await makeTenant(api)
  const elsewhere = await api.send('POST', `/v1/clients/${other.clientId}/admins`, {
    body,
    key: other.brandKey,
  })
  assert.is(elsewhere.status, 201)
})

test.run()
