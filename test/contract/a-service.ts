/**
 * A service as other programs see it: started with the variables of the environment, spoken to by HTTP and NATS.
 */
import { type ConnectionOptions, connect, type NatsConnection } from 'nats'
import pino, { type Logger } from 'pino'
import { natsOptions } from '../../src/events/nats-url.ts'
import { loadConfig } from '../../src/process/config.ts'
import { startService } from '../../src/service.ts'
import { testDatabaseUrl, testFolder, testNatsUrl } from '../servers.ts'

export interface Answer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a black box answers what it answers; the tests say what that is.
  body: any
}

export interface RunningService {
  url: string
  broker: NatsConnection
  databaseUrl: string
  /** One request with the platform's key; `body` is sent as JSON. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** As `send`, with a body of any bytes. */
  sendRaw(
    method: string,
    path: string,
    body: string | Uint8Array,
    contentType: string,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** As `send`, and throws unless it went well; answers the body. */
  must(method: string, path: string, body?: unknown): Promise<Answer['body']>
  close(): Promise<void>
}

const key = 'a-platform-key-for-this-test'

/** With a nats-server of its own, unless one is given. */
export async function aService(
  given: {
    natsUrl?: string
    log?: Logger
    environment?: Record<string, string>
    /** As whom `broker` listens, where the service's own user may not. */
    listener?: ConnectionOptions
  } = {},
): Promise<RunningService> {
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: testFolder(),
    BOOTSTRAP_API_KEY: key,
    DATABASE_URL: await testDatabaseUrl(),
    NATS_URL: given.natsUrl ?? (await testNatsUrl()),
    ...given.environment,
  })
  const running = startService(config, given.log ?? pino({ level: 'silent' }))
  const { url, natsUrl, databaseUrl } = await running.ready
  const broker = await connect({
    ...(given.listener ?? natsOptions(natsUrl)),
    maxReconnectAttempts: -1,
  })
  const request = async (method: string, path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, { ...init, method })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : null,
    }
  }
  const authorization = `Bearer ${key}`
  const sendRaw: RunningService['sendRaw'] = (method, path, body, contentType, headers) =>
    request(method, path, { body, headers: { authorization, 'content-type': contentType, ...headers } })
  const send: RunningService['send'] = (method, path, body, headers) =>
    request(method, path, {
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    url,
    broker,
    databaseUrl,
    send,
    sendRaw,
    async must(method, path, body) {
      const answer = await send(method, path, body)
      if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`)
      return answer.body
    },
    async close() {
      await broker.close()
      await running.close()
    },
  }
}

/** A brand in Madrid that sells: Spanish mobile 0.01 + 0.06 a minute 60/1, all under 34906 blocked. */
export async function aShop(service: RunningService) {
  const { must } = service
  const own = () => Math.random().toString(36).slice(2, 10)
  const brand = await must('POST', '/v1/brands', { name: own(), currency: 'EUR', timeZone: 'Europe/Madrid' })
  const deck = await must('POST', '/v1/rate-decks', { brandId: brand.id, name: own(), currency: 'EUR' })
  await must('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    {
      prefix: '346',
      destination: 'Spain mobile',
      connectFee: '0.01',
      steps: [
        { fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 60 },
        { fromSecond: 60, rate: '0.06', perSeconds: 60, incrementSeconds: 1 },
      ],
    },
    { prefix: '34906', blocked: true, steps: [{ rate: '1' }] },
  ])
  const plan = await must('POST', '/v1/rating-plans', {
    brandId: brand.id,
    name: own(),
    currency: 'EUR',
    timeZone: null,
    entries: [{ rateDeckId: deck.id, weight: 10, days: null, from: '00:00', to: '24:00' }],
  })
  const aClient = async (fields: object = {}, profile: 'with-profile' | 'without' = 'with-profile') => {
    const name = own()
    const sipDomain = `${name}.example.com`
    const client = await must('POST', '/v1/clients', { brandId: brand.id, name, sipDomain, ...fields })
    if (profile === 'with-profile') {
      const settings = { ratingPlanId: plan.id, activatesAt: '2026-01-01T00:00:00Z' }
      await must('POST', `/v1/clients/${client.id}/rating-profiles`, settings)
    }
    return client
  }
  return { brand, deck, plan, aClient }
}
