/**
 * The story of one call, from the question whether it may be placed to the movement that pays for it.
 *
 * Read this first. Everything is real: the service with its own PostgreSQL and nats-server, HTTP, NATS, a mail.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type NatsConnection } from 'nats'
import pino from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadConfig } from '../src/process/config.ts'
import { type Service, startService } from '../src/service.ts'
import { testDatabaseUrl, testFolder, testNatsUrl } from './servers.ts'
import { until } from './until.ts'

const test = suite('one call')
const key = 'a-platform-key-for-this-test'
const dataDir = testFolder()
let running: ReturnType<typeof startService>
let service: Service
let broker: NatsConnection

test.before(async () => {
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    BOOTSTRAP_API_KEY: key,
    DATABASE_URL: await testDatabaseUrl(),
    NATS_URL: await testNatsUrl(),
  })
  running = startService(config, pino({ level: 'silent' }))
  service = await running.ready
  broker = await connect({ servers: service.natsUrl })
})
test.after(async () => {
  await broker?.close()
  await running?.close()
})

/** One request as any program would make it; answers the body. */
async function http(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const answer = (await response.json()) as Record<string, unknown>
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer
}

test('a call is authorized, started, ended, priced once, charged once, counted and told', async () => {
  // An operator sells in euros: a deck of rates, a plan of decks, a client whose profile names the plan.
  const brand = await http('POST', '/v1/brands', {
    name: 'Example Telecom',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
  })
  const deck = await http('POST', '/v1/rate-decks', { brandId: brand.id, name: 'Retail', currency: 'EUR' })
  await http('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    {
      prefix: '346',
      destination: 'Spain mobile',
      connectFee: '0.01',
      steps: [
        { fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 60 },
        { fromSecond: 60, rate: '0.06', perSeconds: 60, incrementSeconds: 1 },
      ],
    },
  ])
  const plan = await http('POST', '/v1/rating-plans', {
    brandId: brand.id,
    name: 'Retail plan',
    currency: 'EUR',
    timeZone: null,
    entries: [{ rateDeckId: deck.id, weight: 10, days: null, from: '00:00', to: '24:00' }],
  })
  const client = await http('POST', '/v1/clients', {
    brandId: brand.id,
    name: 'Acme',
    sipDomain: 'acme.example.com',
    language: 'es',
    maxDailyUsage: '0.05',
    maxDailyUsageEmail: 'noc@acme.example.com',
  })
  await http('POST', `/v1/clients/${client.id}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2026-01-01T00:00:00Z',
  })
  // The limit is too low for a first minute of 0.07: the portal raises it, which counts at once.
  const leg = {
    callId: 'a84b4c76@pbx;1928;out',
    client: 'acme.example.com',
    from: '+34911000111',
    to: '+34600111222',
  }
  const refused = await http('POST', '/v1/authorizations', leg)
  assert.is(refused.reason, 'daily_limit_reached')
  await http('PATCH', `/v1/clients/${client.id}`, { maxDailyUsage: '0.08' })

  // May it be placed? The engine asks over NATS, or over HTTP: the same answer.
  const answer = await broker.request('billing.authorize', JSON.stringify(leg), { timeout: 2000 })
  const grant = answer.json<Record<string, unknown>>()
  assert.is(grant.allowed, true, JSON.stringify(grant))
  assert.is(grant.clientId, client.id)
  // 0.08 buys the fee of 0.01, the first minute and ten seconds.
  assert.is(grant.maxDurationSeconds, 70)
  const repeated = await http('POST', '/v1/authorizations', leg)
  assert.equal(repeated, grant)

  // While it runs its first slice is held against the day.
  const held = await http('GET', `/v1/clients/${client.id}/daily-usage`)
  assert.equal([held.amount, held.reserved], ['0', '0.07'])

  // The engine tells what happened. The end comes twice, as ends do.
  const facts = broker.subscribe('billing.>')
  const endedAt = Date.now()
  const event = {
    ...leg,
    startedAt: new Date(endedAt - 95_000).toISOString(),
    answeredAt: new Date(endedAt - 90_000).toISOString(),
  }
  const calls = broker.jetstream()
  await calls.publish('calls.start', JSON.stringify(event))
  const end = JSON.stringify({ ...event, endedAt: new Date(endedAt).toISOString(), cause: 16 })
  await calls.publish('calls.end', end)
  await calls.publish('calls.end', end)

  // 0.01 + the first minute 0.06 + 30 seconds at 0.001 = 0.10.
  const callPath = `/v1/calls/${client.id}/${encodeURIComponent(leg.callId)}`
  const call = await until('the call is priced', async () => {
    const found = await http('GET', callPath)
    return found.status === 'priced' ? found : undefined
  })
  assert.is(call.price, '0.1')
  assert.is(call.billedSeconds, 90)
  assert.is(call.destination, 'Spain mobile')
  assert.ok(Array.isArray(call.explanation))

  // The simulation is the very same function.
  const simulated = await http('POST', '/v1/price-simulations', {
    clientId: client.id,
    to: leg.to,
    answeredAt: event.answeredAt,
    durationSeconds: 90,
  })
  assert.is(simulated.price, '0.1')

  // One movement with its cause, and the balance is its sum.
  const movements = await http('GET', `/v1/clients/${client.id}/balance-movements`)
  assert.is((movements.data as unknown[]).length, 1)
  const [movement] = movements.data as Record<string, unknown>[]
  assert.equal(
    [movement?.kind, movement?.amount, movement?.balanceAfter, movement?.callId],
    ['charge', '-0.1', '-0.1', leg.callId],
  )
  const balance = await http('GET', `/v1/clients/${client.id}/balance`)
  assert.equal([balance.balance, balance.reserved, balance.unbilled], ['-0.1', '0', '0.1'])

  // The day is over its limit: nothing more today, and one mail, in Spanish.
  const usage = await http('GET', `/v1/clients/${client.id}/daily-usage`)
  assert.equal([usage.amount, usage.reserved, usage.limit], ['0.1', '0', '0.08'])
  assert.ok(usage.limitReachedAt)
  const next = await http('POST', '/v1/authorizations', { ...leg, callId: 'another' })
  assert.is(next.reason, 'daily_limit_reached')
  const mail = await until('the mail is there', () =>
    readdirSync(join(dataDir, 'mail')).find((file) => file.endsWith('.eml')),
  )
  const text = readFileSync(join(dataDir, 'mail', mail), 'utf8')
  assert.match(text, /To: noc@acme\.example\.com/)
  assert.match(text, /Acme/)

  // And everybody who listens has been told once.
  const types: string[] = []
  for await (const fact of facts) {
    types.push(fact.json<{ type: string }>().type)
    if (types.includes('billing.calls.priced')) break
  }
  assert.is(types.filter((type) => type === 'billing.calls.priced').length, 1)
})

test.run()
