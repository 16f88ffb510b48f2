/**
 * The whole service with its pages, and a client with a month behind it for somebody to look at.
 */
import { join } from 'node:path'
import pino from 'pino'
import { loadConfig } from '../../src/process/config.ts'
import { startService } from '../../src/service.ts'
import { buildPages } from '../../web/build.ts'
import { testDatabaseUrl, testFolder, testNatsUrl } from '../servers.ts'
import { until } from '../until.ts'

const place = { postalCode: '28013', town: 'Madrid', country: 'ES' }
const key = 'a-platform-key-for-this-test'
export const password = 'a password of the tests'
export const sipDomain = 'acme.example.com'

export interface Portal {
  url: string
  clientId: string
  /** Where mails go. */
  mailFolder: string
  http(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  /** Ends the service and starts it again on the same port. `whileAway`: before it starts. */
  restart(whileAway?: (port: number) => Promise<void>): Promise<void>
  close(): Promise<void>
}

export async function openPortal(): Promise<Portal> {
  await buildPages({ always: false })
  const environment = {
    DATA_DIR: testFolder(),
    BOOTSTRAP_API_KEY: key,
    DATABASE_URL: await testDatabaseUrl(),
    NATS_URL: await testNatsUrl(),
  }
  const start = (port: string) =>
    startService(loadConfig({ ...environment, PORT: port }), pino({ level: 'silent' }))
  let running = start('0')
  const { url } = await running.ready

  async function http(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }

  const clientId = await makeClient(http)
  return {
    url,
    clientId,
    mailFolder: join(environment.DATA_DIR, 'mail'),
    http,
    async restart(whileAway) {
      await running.close()
      const { port } = new URL(url)
      await whileAway?.(Number(port))
      running = start(port)
      await running.ready
    },
    close: () => running.close(),
  }
}

/** Prepaid with 20.00, a limit of 10.00 a day, three calls of today and an invoice. */
async function makeClient(http: Portal['http']): Promise<string> {
  const brand = await http('POST', '/v1/brands', {
    name: 'Example Telecom',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    issuer: {
      legalName: 'Example Telecom S.A.',
      taxId: 'A58818501',
      postalAddress: 'Calle Mayor 1',
      ...place,
    },
  })
  const deck = await http('POST', '/v1/rate-decks', { brandId: brand.id, name: 'Retail', currency: 'EUR' })
  await http('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    {
      prefix: '346',
      destination: 'Spain mobile',
      connectFee: '0.01',
      steps: [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 60 }],
    },
  ])
  const plan = await http('POST', '/v1/rating-plans', {
    brandId: brand.id,
    name: 'Retail plan',
    currency: 'EUR',
    entries: [{ rateDeckId: deck.id }],
  })
  const client = await http('POST', '/v1/clients', {
    brandId: brand.id,
    name: 'Acme',
    sipDomain,
    billingMethod: 'prepaid',
    maxDailyUsage: '10',
    maxDailyUsageEmail: 'noc@acme.example.com',
    invoiceData: { legalName: 'Acme S.L.', taxId: 'B58378431', postalAddress: 'Calle Mayor 2', ...place },
    portalVisibility: { invoices: true, ratingProfiles: true, callPrices: true },
  })
  const path = `/v1/clients/${client.id}`
  await http('POST', `${path}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2020-01-01T00:00:00Z',
  })
  await http('POST', `${path}/balance-movements`, { kind: 'top-up', amount: '20', reference: 'first money' })
  const admin = { password, email: 'ana@acme.example.com' }
  await http('POST', `${path}/admins`, { username: 'ana', name: 'Ana', ...admin })
  await http('POST', `${path}/admins`, {
    username: 'ben',
    name: 'Ben',
    password,
    restricted: true,
    rights: { calls: 'r' },
  })
  await endCalls(http)
  await until('the calls are priced', async () => {
    const { balance } = await http('GET', `${path}/balance`)
    // 20 − 0.07 − 0.13 − 0.61
    return balance === '19.19'
  })
  await issueInvoice(http, { brandId: String(brand.id), clientId: String(client.id) })
  return String(client.id)
}

/** A minute, two, and ten: 0.07, 0.13 and 0.61. */
async function endCalls(http: Portal['http']): Promise<void> {
  const now = Date.now()
  const at = (ms: number) => new Date(ms).toISOString()
  const events = [60, 120, 600].map((seconds, index) => ({
    kind: 'end',
    callId: `call-${index + 1}`,
    client: sipDomain,
    from: '+34911000111',
    to: `+3460011122${index}`,
    startedAt: at(now - seconds * 1000 - 5000),
    answeredAt: at(now - seconds * 1000),
    endedAt: at(now),
  }))
  await http('POST', '/v1/call-events', events)
}

/** Of a fixed cost in the month before: 10.00 and 2.10 of tax. */
async function issueInvoice(
  http: Portal['http'],
  { brandId, clientId }: { brandId: string; clientId: string },
): Promise<void> {
  const numberSequence = await http('POST', '/v1/invoice-number-sequences', {
    brandId,
    name: 'Invoices',
    prefix: 'A-',
    width: 4,
  })
  const tax = await http('POST', '/v1/taxes', { brandId, name: 'IVA', rate: '21', category: 'S' })
  const fixedCost = await http('POST', '/v1/fixed-costs', {
    brandId,
    name: 'Line rental',
    price: '10',
    currency: 'EUR',
  })
  const invoice = await http('POST', '/v1/invoices', {
    clientId,
    numberSequenceId: numberSequence.id,
    taxIds: [tax.id],
    from: '2025-01-01',
    to: '2025-02-01',
    fixedCosts: [{ fixedCostId: fixedCost.id, quantity: 1 }],
  })
  await http('POST', `/v1/invoices/${invoice.id}/issue`, {})
}
