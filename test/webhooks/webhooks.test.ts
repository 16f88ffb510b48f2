/** Facts over HTTP: from the transaction that tells them to a server that checks their signatures by itself. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { inBatch } from '../../src/db/batch.ts'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import { type FactType, makeFact } from '../../src/ledger/fact.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { startWebhookDelivery, type WebhookDelivery } from '../../src/webhooks/deliver-webhooks.ts'
import { makeTenant, must, openTestApi, type TestApi } from '../api/test-api.ts'
import { until } from '../until.ts'

const test = suite('webhooks')
const path = '/v1/webhook-endpoints'

interface Received {
  url: string
  headers: IncomingHttpHeaders
  body: string
}

let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>
let db: Db
let server: Server
let webhooks: WebhookDelivery
let base: string
/** The clock of deliveries. */
let now = Date.now()
const received: Received[] = []
const answers = new Map<string, number | 'never'>()

// The receiver's example of the documentation, which shares no code with the service.
const docs = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8')
const example = docs.split('```js\n')[1]?.split('\n```')[0] ?? ''
const { readWebhook } = (await import(`data:text/javascript,${encodeURIComponent(example)}`)) as {
  readWebhook(headers: IncomingHttpHeaders, body: string, secret: string, now?: number): unknown
}

test.before(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const url = request.url ?? ''
      received.push({ url, headers: request.headers, body })
      const answer = answers.get(url) ?? 204
      if (answer === 'never') return
      response.writeHead(answer, answer === 302 ? { location: '/elsewhere' } : {}).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  api = await openTestApi()
  mayReach('127.0.0.1')
  tenant = await makeTenant(api)
  other = await makeTenant(api)
  db = openDatabase(api.databaseUrl, { role: 'tollgate_worker', connections: 4 })
  // Never by itself: each test says when.
  webhooks = startWebhookDelivery({
    db,
    privateHosts: new Set(['127.0.0.1']),
    clock: () => now,
    pollMs: 3_600_000,
  })
})
test.after(async () => {
  server.closeAllConnections()
  server.close()
  await webhooks.close()
  await closeDatabase(db)
  await api.close()
})
test.before.each(() => {
  received.length = 0
  answers.clear()
})

const send = (method: string, at: string, body?: unknown, key = tenant.brandKey) =>
  api.send(method, at, { key, ...(body === undefined ? {} : { body }) })
const mayReach = (host: string) => (api.context.settings.webhookPrivateHosts as Set<string>).add(host)
let n = 0
async function anEndpoint(fields: object = {}, key?: string) {
  const place = `/hook-${++n}`
  const body = { url: base + place, events: ['billing.calls.priced'], ...fields }
  return { place, ...(await must(send('POST', path, body, key))) }
}

/** As a use case tells it, in a transaction. */
async function tell(
  type: FactType = 'billing.calls.priced',
  data: object = { price: '1.5' },
  clientId = tenant.clientId,
) {
  now = Math.max(now, Date.now())
  const fact = makeFact(type, clientId, { clientId, ...data }, now)
  await inBatch(db.$client, async (batch) => {
    const ledger = new Ledger(now)
    ledger.appendFact(fact)
    await batch.commitAfter(ledger.write(batch.tx))
  })
  return fact
}
const at = (place: string) => received.filter(({ url }) => url === place)
const deliveries = async (endpointId: string) =>
  (await must(send('GET', `/v1/webhook-deliveries?endpointId=${endpointId}`))).data

test('a fact is posted as its CloudEvent, and the example of the docs takes it by its signature', async () => {
  const { id, place, secret } = await anEndpoint()
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  const fact = await tell()
  await webhooks.deliverDue()
  const [got] = at(place)
  assert.ok(got)
  assert.is(got.body, fact.body)
  assert.is(got.headers['webhook-id'], fact.id)
  assert.equal(readWebhook(got.headers, got.body, secret, now), JSON.parse(fact.body))
  assert.is(readWebhook(got.headers, `${got.body} `, secret, now), undefined)
  assert.is(
    readWebhook(got.headers, got.body, `whsec_${Buffer.alloc(32).toString('base64')}`, now),
    undefined,
  )
  const [delivery] = await deliveries(id)
  assert.equal(
    [delivery.status, delivery.attempts, delivery.lastStatus, delivery.eventId],
    ['delivered', 1, 204, fact.id],
  )
  assert.is(await webhooks.deliverDue(), 0)
})

test('an endpoint hears what it asked for, of its brand alone', async () => {
  const invoices = await anEndpoint({ events: ['billing.invoices.*', 'billing.balance.low'] })
  const foreign = await anEndpoint({}, other.brandKey)
  await tell()
  await tell('billing.invoices.issued', { number: 'F1' })
  await tell('billing.balance.low')
  await webhooks.deliverDue()
  assert.equal(
    at(invoices.place)
      .map(({ body }) => JSON.parse(body).type)
      .sort(),
    ['billing.balance.low', 'billing.invoices.issued'],
  )
  assert.is(at(foreign.place).length, 0)
  await must(send('DELETE', `${path}/${invoices.id}`))
})

test('a client’s endpoint hears of that client, as far as its portal shows it', async () => {
  const events = ['billing.calls.*', 'billing.invoices.*']
  const own = await anEndpoint({ events }, tenant.clientKey)
  assert.is(own.clientId, tenant.clientId)
  const brother = await must(
    send('POST', '/v1/clients', { name: 'Brother', sipDomain: 'brother.example.com' }),
  )
  await tell('billing.calls.priced', { price: '1.5', callId: 'one' })
  await tell('billing.calls.priced', { price: '2.5', callId: 'two' }, brother.id)
  await tell('billing.calls.hangup', { callId: 'one', engineRef: 'x' })
  await tell('billing.invoices.issued', { number: 'F1' })
  await webhooks.deliverDue()
  assert.equal(
    at(own.place).map(({ body }) => JSON.parse(body).data),
    [{ clientId: tenant.clientId, callId: 'one' }],
  )
  assert.ok(readWebhook(at(own.place)[0]?.headers ?? {}, at(own.place)[0]?.body ?? '', own.secret, now))
  await must(
    send('PATCH', `/v1/clients/${tenant.clientId}`, {
      portalVisibility: { invoices: true, callPrices: true },
    }),
  )
  await tell('billing.invoices.issued', { number: 'F2' })
  await tell('billing.calls.priced', { price: '1.5', callId: 'three' })
  await webhooks.deliverDue()
  assert.equal(
    at(own.place)
      .slice(1)
      .map(({ body }) => JSON.parse(body).data)
      .map(({ price, number }) => price ?? number)
      .sort(),
    ['1.5', 'F2'],
  )
  assert.is((await send('GET', `${path}/${own.id}`, undefined, other.clientKey)).status, 404)
  assert.is(
    (await send('POST', path, { url: base, events, clientId: brother.id }, tenant.clientKey)).status,
    404,
  )
  await must(send('DELETE', `${path}/${own.id}`))
})

test('what is not taken is tried again under the same id, by the schedule, and failed after three days', async () => {
  const { id, place, secret } = await anEndpoint()
  answers.set(place, 500)
  const fact = await tell()
  let attempts = 0
  while (attempts < 20) {
    await webhooks.deliverDue()
    attempts = at(place).length
    const [{ status, nextAttemptAt }] = await deliveries(id)
    if (status === 'failed') break
    now = Date.parse(nextAttemptAt)
  }
  // Each wait is longer by up to a tenth.
  assert.ok(attempts === 12 || attempts === 13, String(attempts))
  assert.equal([...new Set(at(place).map(({ headers }) => headers['webhook-id']))], [fact.id])
  assert.is(new Set(at(place).map(({ headers }) => headers['webhook-timestamp'])).size, attempts)
  assert.is((await must(send('GET', `${path}/${id}`))).enabled, true)
  // By hand it goes out again, under its id.
  answers.delete(place)
  const [{ id: deliveryId }] = await deliveries(id)
  now = Date.now()
  assert.is((await send('POST', `/v1/webhook-deliveries/${deliveryId}/resend`)).status, 202)
  now = Math.max(now, Date.now())
  await webhooks.deliverDue()
  const last = at(place).at(-1)
  assert.is(last?.headers['webhook-id'], fact.id)
  assert.ok(readWebhook(last?.headers ?? {}, last?.body ?? '', secret, now))
  assert.is((await deliveries(id))[0].status, 'delivered')
})

test('a redirection is not followed, and 410 turns the endpoint off', async () => {
  const moved = await anEndpoint()
  const gone = await anEndpoint()
  answers.set(moved.place, 302)
  answers.set(gone.place, 410)
  await tell()
  await webhooks.deliverDue()
  assert.is(at('/elsewhere').length, 0)
  assert.equal(
    (await deliveries(moved.id)).map(({ status, lastStatus }: never) => [status, lastStatus]),
    [['pending', 302]],
  )
  const shown = await must(send('GET', `${path}/${gone.id}`))
  assert.equal([shown.enabled, shown.disabledReason], [false, 'gone'])
  assert.is((await deliveries(gone.id))[0].status, 'failed')
  await tell()
  await webhooks.deliverDue()
  assert.is(at(gone.place).length, 1)
  const back = await must(send('PATCH', `${path}/${gone.id}`, { enabled: true }))
  assert.equal([back.enabled, back.disabledReason], [true, null])
  for (const { id } of [moved, gone]) await must(send('DELETE', `${path}/${id}`))
})

test('for a day after a rotation both secrets sign, then the new one alone', async () => {
  const { id, place, secret } = await anEndpoint()
  const rotated = await must(send('POST', `${path}/${id}/rotate-secret`))
  assert.not.equal(rotated.secret, secret)
  await tell()
  await webhooks.deliverDue()
  const [got] = at(place)
  for (const one of [secret, rotated.secret])
    assert.ok(readWebhook(got?.headers ?? {}, got?.body ?? '', one, now))
  now = Date.parse(rotated.oldSecretUntil)
  await tell()
  await webhooks.deliverDue()
  const last = at(place).at(-1)
  assert.is(readWebhook(last?.headers ?? {}, last?.body ?? '', secret, now), undefined)
  assert.ok(readWebhook(last?.headers ?? {}, last?.body ?? '', rotated.secret, now))
  now = Date.now()
  await must(send('DELETE', `${path}/${id}`))
})

test('a ping is sent, and no secret is shown twice or stands in the audit log', async () => {
  const { id, place, secret } = await anEndpoint()
  const ping = await send('POST', `${path}/${id}/ping`)
  assert.is(ping.status, 202)
  now = Math.max(now, Date.now())
  await webhooks.deliverDue()
  assert.is(JSON.parse(at(place)[0]?.body ?? '{}').type, 'tollgate.ping')
  const shown = JSON.stringify(await must(send('GET', `${path}/${id}`)))
  const log = JSON.stringify(await must(send('GET', '/v1/audit-log?limit=500')))
  for (const text of [shown, log]) assert.not.match(text, secret.slice('whsec_'.length))
  await must(send('DELETE', `${path}/${id}`))
})

for (const [what, body, pointer] of [
  ['another scheme', { url: 'ftp://example.com/' }, '/url'],
  ['an address beside the service', { url: 'http://10.0.0.1/' }, '/url'],
  ['the same in another spelling', { url: 'http://[::ffff:10.0.0.1]/' }, '/url'],
  ['a password in the address', { url: 'https://user:secret@example.com/' }, '/url'],
  ['an unknown fact', { events: ['billing.calls.sold'] }, '/events/0'],
  ['an unknown group', { events: ['billing.calls.priced', 'calls.*'] }, '/events/1'],
  ['no event', { events: [] }, '/events'],
] as const) {
  test(`${what} is refused with its place`, async () => {
    const { status, body: problem } = await send('POST', path, {
      url: base,
      events: ['billing.calls.priced'],
      ...body,
    })
    assert.is(status, 400)
    assert.is(problem.errors[0].pointer, pointer)
  })
}

test('a name that has come to mean an address beside the service is not connected', async () => {
  // Saved where it may be reached; the deliverer may not.
  mayReach('localhost')
  const port = base.split(':').at(-1)
  const { id } = await anEndpoint({ url: `http://localhost:${port}/inside` })
  const own = startWebhookDelivery({ db, privateHosts: new Set(), clock: () => now, pollMs: 3_600_000 })
  await tell()
  await own.deliverDue()
  await own.close()
  assert.is(at('/inside').length, 0)
  assert.match((await deliveries(id))[0].lastError, /not an address that the whole internet can reach/)
  await must(send('DELETE', `${path}/${id}`))
})

test('an endpoint that hangs holds up nobody, and two replicas never send one delivery at once', async () => {
  const hanging = await anEndpoint()
  const fine = await anEndpoint()
  answers.set(hanging.place, 'never')
  for (let i = 0; i < 12; i++) await tell('billing.calls.priced', { callId: `many-${i}` })
  const replicas = [1, 2].map(() =>
    startWebhookDelivery({ db, privateHosts: new Set(['127.0.0.1']), clock: () => now, pollMs: 20 }),
  )
  await until('the others are served', () => at(fine.place).length >= 12 && at(hanging.place).length >= 2)
  const ids = at(fine.place).map(({ headers }) => headers['webhook-id'])
  assert.is(ids.length, 12)
  assert.is(new Set(ids).size, 12)
  assert.ok(at(hanging.place).length <= 8, String(at(hanging.place).length))
  // Ends what hangs.
  server.closeAllConnections()
  await Promise.all(replicas.map((replica) => replica.close()))
})

test('what another replica holds for a moment lets no endpoint have more under way than it may', async () => {
  const hanging = await anEndpoint()
  answers.set(hanging.place, 'never')
  const fine = await anEndpoint()
  for (let i = 0; i < 12; i++) await tell('billing.calls.priced', { callId: `held-${i}` })
  const other = await db.$client.reserve()
  await other`begin`
  await other`
    select 1 from webhook_deliveries where endpoint_id = ${hanging.id} order by next_attempt_at limit 1 for update`
  const own = startWebhookDelivery({ db, privateHosts: new Set(['127.0.0.1']), clock: () => now, pollMs: 20 })
  await until('the others of the first four are under way', () => at(hanging.place).length >= 3)
  await other`rollback`
  other.release()
  await until('the first is, too', () => at(hanging.place).length >= 4)
  const served = at(fine.place).length
  await tell('billing.calls.priced', { callId: 'behind' })
  await until('what came later is served', () => at(fine.place).length > served)
  assert.is(at(hanging.place).length, 4)
  server.closeAllConnections()
  await own.close()
})

test('endpoints that fail and hang, however many, take no place from those that do not', async () => {
  const { brandKey, clientId } = await makeTenant(api)
  const hanging: Awaited<ReturnType<typeof anEndpoint>>[] = []
  for (let i = 0; i < 5; i++) hanging.push(await anEndpoint({}, brandKey))
  const fine = await anEndpoint({}, brandKey)
  const ofBrand = async (endpointId: string) =>
    (await must(send('GET', `/v1/webhook-deliveries?endpointId=${endpointId}`, undefined, brandKey))).data
  for (const { place } of hanging) answers.set(place, 500)
  const own = startWebhookDelivery({
    ...{ db, privateHosts: new Set(['127.0.0.1']), clock: () => now, pollMs: 20 },
    ...{ maxUnderWay: 4, maxFailingUnderWay: 2 },
  })
  await tell('billing.calls.priced', { callId: 'failing' }, clientId)
  for (const { id } of [...hanging, fine]) {
    await until('its attempt is noted', async () => (await ofBrand(id))[0]?.attempts === 1)
  }
  for (const { place } of hanging) answers.set(place, 'never')
  received.length = 0
  // What failed is due again, and more beside it.
  now += 60_000
  for (let i = 0; i < 3; i++) await tell('billing.calls.priced', { callId: `later-${i}` }, clientId)
  const others = () => received.filter(({ url }) => hanging.some(({ place }) => place === url))
  await until('the one that answers is served', () => at(fine.place).length >= 3 && others().length >= 2)
  assert.is(others().length, 2)
  server.closeAllConnections()
  await own.close()
})

test.run()
