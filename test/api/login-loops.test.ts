/**
 * Log-ins in a loop: they neither shut out who has the right password, nor tell who exists, nor leave rows for ever.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Tx } from '../../src/db/connection.ts'
import { asTenant, platformTenant } from '../../src/db/tenant.ts'
import { TooManyRequests } from '../../src/errors.ts'
import { LoginGuard } from '../../src/identities/login-guard.ts'
import { Sessions } from '../../src/identities/sessions.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('log-ins in a loop')
const password = 'a password of the tests'
const dayMs = 86_400_000
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let sipDomain: string
let made = 0

test.before(async () => {
  // The API's own pool, so that what waits is the log-ins.
  api = await openTestApi({}, { connections: 10 })
  tenant = await makeTenant(api)
  sipDomain = (await must(api.send('GET', `/v1/clients/${tenant.clientId}`))).sipDomain
})
test.after(() => api.close())

async function makeAdmin(): Promise<string> {
  const username = `ana-${++made}`
  const body = { username, password }
  await must(api.send('POST', `/v1/clients/${tenant.clientId}/admins`, { body, key: tenant.brandKey }))
  return username
}

async function logIn(
  address: string,
  username: string,
  { client = sipDomain, ...more }: { client?: string; password?: string } = {},
) {
  const response = await api.app.inject({
    method: 'POST',
    url: '/v1/sessions',
    remoteAddress: address,
    payload: { client, username, password, ...more },
  })
  return { status: response.statusCode, body: response.json(), headers: response.headers }
}

test('wrong passwords from one network lock the account there alone', async () => {
  const username = await makeAdmin()
  for (let i = 0; i < 5; i++) {
    const address = `2001:db8:1:1::${i}`
    assert.is((await logIn(address, username, { password: 'wrong' })).status, 401)
  }
  assert.is((await logIn('2001:db8:1:1::99', username)).status, 429)
  assert.is((await logIn('2001:db8:1:2::1', username)).status, 201)
  assert.is(
    (await logIn('2001:db8:1:1::99', username)).status,
    429,
    'a right one elsewhere unlocks nothing here',
  )
})

test('a flood of made-up names from one address makes no right log-in from another fail', async () => {
  const username = await makeAdmin()
  const flood = Array.from({ length: 100 }, (_, i) => logIn('192.0.2.66', `made-up-${i}`))
  const right = await logIn('192.0.2.7', username)
  assert.is(right.status, 201, JSON.stringify(right.body))
  const answers = await Promise.all(flood)
  const refused = answers.filter(({ status }) => status === 429)
  assert.ok(refused.length > 0)
  for (const { body, headers } of refused) {
    assert.is(body.code, 'too_many_logins')
    assert.ok(Number(headers['retry-after']) > 0)
  }
  assert.equal(
    answers.filter(({ status }) => status !== 429 && status !== 401),
    [],
    'each is tried or refused',
  )
})

test('a name that does not exist is locked as one that does, by whichever name of the client it is asked', async () => {
  const answers = []
  for (const username of [await makeAdmin(), 'nobody-of-this-client']) {
    const address = '192.0.2.8'
    for (let i = 0; i < 5; i++) {
      const client = i % 2 === 0 ? sipDomain : tenant.clientId
      answers.push(await logIn(address, username, { client, password: 'wrong' }))
    }
    answers.push(await logIn(address, username, { client: sipDomain.toUpperCase() }))
    answers.push(await logIn(address, username, { client: tenant.clientId }))
  }
  const told = answers.map(({ status, body }) => [status, body.code, body.detail])
  assert.equal(told.slice(7), told.slice(0, 7))
  assert.equal(
    told.slice(0, 7).map(([status]) => status),
    [401, 401, 401, 401, 401, 429, 429],
  )
})

const inTransaction = <Result>(work: (tx: Tx) => Promise<Result>) =>
  asTenant(api.context.db, platformTenant, work)

async function isRefused(guard: LoginGuard, account: string, address: string, now: number): Promise<boolean> {
  return inTransaction((tx) => guard.count(tx, { account, address }, now)).then(
    () => false,
    (error) => {
      assert.instance(error, TooManyRequests)
      return true
    },
  )
}

test('guesses from a hundred networks lock an account for new ones, not for one it logged in from', async () => {
  const guard = new LoginGuard()
  const now = Date.now()
  const account = 'client\nmany-guesses'
  const own = { account, address: '192.0.2.10' }
  await inTransaction((tx) => guard.count(tx, own, now))
  await inTransaction((tx) => guard.forgive(tx, own, now))
  for (let i = 0; i < 100; i++)
    assert.not(await isRefused(guard, account, `10.0.0.${i}`, now), `network ${i}`)
  assert.ok(await isRefused(guard, account, '10.0.1.1', now))
  assert.not(await isRefused(guard, account, own.address, now))
  assert.ok(await isRefused(new LoginGuard(), account, '10.0.1.1', now), 'on every replica')
})

test('rows of made-up names go after a day without any log-in, notes of right ones after a month', async () => {
  const sql = api.context.worker.$client
  const rows = async () => (await sql`select 1 from login_failures`).length
  const guard = new LoginGuard()
  await sql`delete from login_failures`
  const now = Date.now()
  const own = { account: 'client\nsomebody', address: '192.0.2.11' }
  await inTransaction((tx) => guard.count(tx, own, now))
  await inTransaction((tx) => guard.forgive(tx, own, now))
  await inTransaction((tx) => guard.count(tx, { account: 'made\nup', address: '192.0.2.12' }, now))
  const sessions = new Sessions(api.context.db, () => null)
  await sessions.removeOld(now + dayMs - 1000)
  assert.is(await rows(), 3)
  await sessions.removeOld(now + dayMs + 1000)
  assert.is(await rows(), 1)
  await sessions.removeOld(now + 30 * dayMs + 1000)
  assert.is(await rows(), 0)
})

test('an admin who is logged in is not held up by wrong keys from the same network', async () => {
  const remoteAddress = '192.0.2.30'
  const ask = async (key: string) => {
    const headers = { authorization: `Bearer ${key}` }
    const url = `/v1/clients/${tenant.clientId}/balance`
    return (await api.app.inject({ method: 'GET', url, headers, remoteAddress })).statusCode
  }
  const { body } = await logIn(remoteAddress, await makeAdmin())
  assert.is(await ask(body.accessToken), 200)
  for (let i = 0; i < 600; i++) assert.is(await ask('tg_wrong'), 401)
  const statuses = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(`tg_wrong${i}`)))
  assert.ok(statuses.includes(429))
  assert.is(await ask(body.accessToken), 200)
})

test('refresh tokens that are made up are counted, and refused beyond what is free', async () => {
  const refresh = (address: string) =>
    api.app.inject({
      method: 'POST',
      url: '/v1/sessions/refresh',
      remoteAddress: address,
      payload: { refreshToken: 'made up' },
    })
  for (let i = 0; i < 600; i++) assert.is((await refresh(`2001:db8:9:9::${i}`)).statusCode, 401)
  const statuses = (await Promise.all(Array.from({ length: 40 }, () => refresh('2001:db8:9:9::1')))).map(
    ({ statusCode }) => statusCode,
  )
  assert.ok(statuses.includes(429))
  assert.is((await refresh('192.0.2.20')).statusCode, 401)
})

test.run()
