import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/sessions/password')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let made = 0

const currentPassword = 'a password of the tests'
const newPassword = 'another password'

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

/** Restricted to reading the balance. */
async function makeAdmin() {
  const body = {
    username: `ana-${++made}`,
    password: currentPassword,
    restricted: true,
    rights: { balance: 'r' },
  }
  const path = `/v1/clients/${tenant.clientId}/admins`
  const { id, username } = await must(api.send('POST', path, { body, key: tenant.brandKey }))
  return { id, username, path: `${path}/${id}` }
}

const logIn = (username: string, password = currentPassword) =>
  api.send('POST', '/v1/sessions', { body: { client: tenant.clientId, username, password }, key: null })
const change = (key: string, body: object) => api.send('PUT', '/v1/sessions/password', { body, key })
const readBalance = async (key: string) =>
  (await api.send('GET', `/v1/clients/${tenant.clientId}/balance`, { key })).status

test('a restricted admin changes the own password, stays logged in here alone and gets no right by it', async () => {
  const { username, path } = await makeAdmin()
  const { accessToken: key } = await must(logIn(username))
  const elsewhere = await must(logIn(username))
  const byPatch = await api.send('PATCH', path, { body: { password: newPassword, currentPassword }, key })
  assert.is(byPatch.status, 403)
  const answer = await change(key, { currentPassword, newPassword })
  assert.equal([answer.status, answer.body], [204, ''])
  assert.is(await readBalance(key), 200)
  assert.is(await readBalance(elsewhere.accessToken), 401)
  const { refreshToken } = elsewhere
  const renewed = await api.send('POST', '/v1/sessions/refresh', { body: { refreshToken }, key: null })
  assert.is(renewed.status, 401)
  assert.is((await logIn(username)).status, 401)
  const { admin } = await must(logIn(username, newPassword))
  assert.equal([admin.restricted, admin.rights], [true, { balance: 'r' }])
})

test('wrong old passwords change nothing and count like failed logins', async () => {
  const { username } = await makeAdmin()
  const { accessToken: key } = await must(logIn(username))
  for (let i = 0; i < 5; i++) {
    const { status, body } = await change(key, { currentPassword: 'wrong', newPassword })
    assert.equal([status, body.code, body.errors[0].pointer], [422, 'wrong_password', '/currentPassword'])
  }
  const { status, headers } = await change(key, { currentPassword, newPassword })
  assert.is(status, 429)
  assert.ok(Number(headers['retry-after']) > 0)
  assert.is((await logIn(username)).status, 429)
  assert.is(await readBalance(key), 200)
})

test('a password that is missing, short, null or beside something else is refused with its place', async () => {
  const { accessToken: key } = await must(logIn((await makeAdmin()).username))
  const cases: [object, string][] = [
    [{ newPassword }, '/currentPassword'],
    [{ currentPassword }, '/newPassword'],
    [{ currentPassword, newPassword: 'too short' }, '/newPassword'],
    [{ currentPassword, newPassword: null }, '/newPassword'],
    [{ currentPassword, newPassword, rights: {} }, '/rights'],
  ]
  for (const [body, pointer] of cases) {
    const refused = await change(key, body)
    assert.equal([refused.status, refused.body.errors[0].pointer], [400, pointer])
  }
})

test('of two logins that change it at once one does, and the other has ended', async () => {
  const { username } = await makeAdmin()
  const keys = await Promise.all([1, 2].map(async () => (await must(logIn(username))).accessToken))
  const passwords = ['the first password', 'the second password']
  const answers = await Promise.all(
    keys.map((key, i) => change(key, { currentPassword, newPassword: passwords[i] })),
  )
  assert.is(answers.filter(({ status }) => status === 204).length, 1, answers.map((a) => a.status).join())
  const won = answers.findIndex(({ status }) => status === 204)
  assert.is((await logIn(username, passwords[won])).status, 201)
  assert.is(await readBalance(keys[won] ?? ''), 200)
  assert.is(await readBalance(keys[1 - won] ?? ''), 401)
})

test('the audit log tells that the admin did it, and no password', async () => {
  const { id, username } = await makeAdmin()
  const { accessToken: key } = await must(logIn(username))
  await must(change(key, { currentPassword, newPassword }))
  const path = `/v1/audit-log?resourceId=${id}&action=update`
  const { data } = await must(api.send('GET', path, { key: tenant.brandKey }))
  const text = JSON.stringify(data)
  assert.not.ok(text.includes('scrypt$') || text.includes(newPassword))
  assert.is(data[0].actor, `admin:${username} (${id})`)
  assert.equal(
    data[0].changes.map(({ field }: { field: string }) => field),
    ['passwordHash'],
  )
})

test('a key of the client has no login, so neither a password nor a logout', async () => {
  const answers = [
    await change(tenant.clientKey, { currentPassword, newPassword }),
    await api.send('DELETE', '/v1/sessions', { key: tenant.clientKey }),
  ]
  for (const { status, body } of answers) assert.equal([status, body.code], [404, 'not_found'])
})

test.run()
