import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('settings of a client that would do nothing')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let serverId: string
let n = 0

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  const server = { name: 'as1', address: '192.0.2.20' }
  serverId = (await must(api.send('POST', '/v1/application-servers', { body: server }))).id
})
test.after(() => api.close())

const create = (fields: object) =>
  api.send('POST', '/v1/clients', {
    body: { brandId: tenant.brandId, name: `Inert ${++n}`, sipDomain: `inert${n}.example.com`, ...fields },
  })
const patch = (id: string, body: object) => api.send('PATCH', `/v1/clients/${id}`, { body })
const outcome = ({ status, body }: { status: number; body: { errors?: { pointer: string }[] } }) =>
  status < 300 ? 'taken' : `${status} ${body.errors?.map(({ pointer }) => pointer).join(' ')}`
const refused = async (fields: object, pointer: string, start: object = {}) => {
  const words = JSON.stringify(fields)
  assert.is(outcome(await create({ ...start, ...fields })), `400 ${pointer}`, `made with ${words}`)
  const { id } = await must(create(start))
  assert.is(outcome(await patch(id, fields)), `400 ${pointer}`, `changed to ${words}`)
}
const recordings = ['billing', 'recordings']
const routing = async (id: string) =>
  (
    await must(
      api.send('POST', '/v1/authorizations', {
        body: { callId: `inert ${++n}`, client: id, to: '112' },
      }),
    )
  ).routing.recording

test('recording settings are refused without the feature', async () => {
  for (const [recording, pointer] of [
    [{ onDemand: 'sipInfo' }, '/recording/onDemand'],
    [{ onDemand: 'serviceCode', serviceCode: '95' }, '/recording/onDemand /recording/serviceCode'],
    [{ clientMayRemove: false }, '/recording/clientMayRemove'],
  ] as const) {
    await refused({ recording }, pointer)
    await refused({ features: ['billing'], recording }, pointer, { features: recordings })
    assert.is(outcome(await create({ features: recordings, recording })), 'taken')
  }
  const { id } = await must(create({}))
  const nothing = { onDemand: 'off', serviceCode: null, clientMayRemove: true }
  assert.is(outcome(await patch(id, { recording: nothing })), 'taken', 'what is so anyway may be said')
})

test('and hidden and inert once the feature is taken away, until it comes back', async () => {
  const recording = { onDemand: 'serviceCode', serviceCode: '95', clientMayRemove: false }
  const made = await must(create({ features: recordings, recording }))
  assert.equal(made.recording, recording)
  assert.equal(await routing(made.id), recording)
  const without = await must(patch(made.id, { features: ['billing'] }))
  assert.is('recording' in without, false)
  assert.equal(await routing(made.id), { onDemand: 'off', serviceCode: null, clientMayRemove: true })
  const read = await must(api.send('GET', `/v1/clients/${made.id}`, { key: tenant.brandKey }))
  assert.is('recording' in read, false)
  assert.is('recording' in (await must(patch(made.id, { name: 'Renamed' }))), false)
  const { data } = await must(api.send('GET', '/v1/clients?limit=500', { key: tenant.brandKey }))
  assert.is('recording' in data.find(({ id }: { id: string }) => id === made.id), false)
  assert.equal((await must(patch(made.id, { features: recordings }))).recording, recording)
  assert.equal(await routing(made.id), recording)
})

test('"static" needs an application server, and a server means nothing to other methods', async () => {
  await refused({ distributeMethod: 'static' }, '/applicationServerId')
  const chosen = { distributeMethod: 'static', applicationServerId: serverId }
  const { id } = await must(create(chosen))
  assert.is(outcome(await patch(id, { applicationServerId: null })), '400 /applicationServerId')
  const hashed = await must(patch(id, { distributeMethod: 'hash' }))
  assert.match(hashed.warnings.join(), /applicationServerId.*"static"/)
  const seen = await must(api.send('GET', `/v1/clients/${id}`, { key: tenant.brandKey }))
  assert.is('warnings' in seen, false, 'the brand does not see that field')
})

test('a client that was made "static" without a server before can be changed in all else', async () => {
  const { id } = await must(create({}))
  await api.context.worker.$client`update clients set distribute_method = 'static' where id = ${id}`
  const changed = await must(
    api.send('PATCH', `/v1/clients/${id}`, { key: tenant.brandKey, body: { maxCalls: 3 } }),
  )
  assert.is(changed.maxCalls, 3)
})

test('limits of money are refused where nothing is billed', async () => {
  const unbilled = [
    { billingMethod: 'none' },
    { features: ['invoices'], billingMethod: 'none' },
    { features: [], billingMethod: 'none' },
  ]
  for (const start of unbilled) {
    await refused({ maxDailyUsage: '5' }, '/maxDailyUsage', start)
    await refused({ maxDailyUsage: '0' }, '/maxDailyUsage', start)
    await refused({ creditLimit: '5' }, '/creditLimit', start)
  }
  await refused({ maxDailyUsage: '5', billingMethod: 'none', features: [] }, '/maxDailyUsage')
})

test('one that was set is kept, with a warning, when billing goes', async () => {
  const { id } = await must(create({ maxDailyUsage: '5', creditLimit: '7' }))
  const off = await must(patch(id, { features: [], billingMethod: 'none' }))
  assert.equal([off.maxDailyUsage, off.creditLimit, off.warnings.length], ['5', '7', 2])
  assert.match(off.warnings.join('\n'), /^maxDailyUsage .*billed\.\ncreditLimit .*billed\.$/)
  assert.equal((await must(api.send('GET', `/v1/clients/${id}`))).warnings, off.warnings)
  assert.is((await must(patch(id, { name: 'Renamed too' }))).warnings.length, 2)
  assert.is(outcome(await patch(id, { maxDailyUsage: '6' })), '400 /maxDailyUsage')
  const on = await must(patch(id, { features: ['billing'], billingMethod: 'postpaid' }))
  assert.is('warnings' in on, false)
})

test('an address for the daily limit without a limit is told', async () => {
  const { id, warnings } = await must(create({ maxDailyUsageEmail: 'noc@acme.example.com' }))
  assert.match(warnings.join(), /maxDailyUsageEmail.*maxDailyUsage/)
  assert.is('warnings' in (await must(patch(id, { maxDailyUsage: '5' }))), false)
})

test.run()
