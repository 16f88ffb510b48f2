/**
 * What an honest brand does: authorizations over NATS and HTTP that reserve, and balances, each at a fixed pace, an open
 * loop. Its delay counts from the instant a request was due, so that a stall is paid by all whom it kept waiting.
 */
import { Agent, request } from 'node:http'
import { connect, type NatsConnection } from 'nats'
import { natsOptions } from '../src/events/nats-url.ts'
import { serveOrders } from './child.ts'
import { percentile } from './figures.ts'

export interface NeighbourOrder {
  natsUrl: string
  url: string
  /** Of an engine, and of the brand: asked in turn, since a key may send 300 a second. */
  engineKey: string
  brandKeys: string[]
  /** SIP domains and ids of the same prepaid clients. */
  clients: string[]
  clientIds: string[]
  numbers: string[]
  perSecond: number
  seconds: number
  run: string
}

export type NeighbourKind = 'nats' | 'http' | 'balances'
export type NeighbourResult = Record<
  NeighbourKind,
  { p50Ms: number; p99Ms: number; maxMs: number; errors: number; firstError: string }
>

const timeoutMs = 10_000
const agent = new Agent({ keepAlive: true, maxSockets: 128 })
let connection: NatsConnection | undefined

serveOrders<NeighbourOrder>(async (order): Promise<NeighbourResult> => {
  connection ??= await connect(natsOptions(order.natsUrl))
  const broker = connection
  const legOf = (i: number, door: string) =>
    JSON.stringify({
      callId: `${order.run}-${door}-${i}`,
      client: order.clients[i % order.clients.length],
      direction: 'outbound',
      from: '+34911000111',
      to: order.numbers[i % order.numbers.length],
      sourceIp: '203.0.113.7',
    })
  const [nats, http, balances] = await Promise.all([
    pace(order, async (i) => {
      const answer = await broker.request('billing.authorize', legOf(i, 'nats'), { timeout: timeoutMs })
      requireGrant(answer.json())
    }),
    pace(order, async (i) => {
      const to = { url: order.url, key: order.engineKey, method: 'POST', path: '/v1/authorizations' }
      requireGrant(JSON.parse(await ask(to, legOf(i, 'http'))))
    }),
    pace(order, async (i) => {
      const id = order.clientIds[i % order.clientIds.length]
      const key = order.brandKeys[i % order.brandKeys.length] ?? ''
      await ask({ url: order.url, key, method: 'GET', path: `/v1/clients/${id}/balance` })
    }),
  ])
  return { nats, http, balances }
})

async function pace(
  { perSecond, seconds }: NeighbourOrder,
  send: (i: number) => Promise<void>,
): Promise<NeighbourResult[NeighbourKind]> {
  const total = perSecond * seconds
  const latencies: number[] = []
  let firstError = ''
  let errors = 0
  let next = 0
  const startedAt = performance.now()
  const dueAt = (i: number) => startedAt + (i * 1000) / perSecond
  await new Promise<void>((done) => {
    let settled = 0
    const timer = setInterval(() => {
      while (next < total && dueAt(next) <= performance.now()) {
        const i = next++
        send(i)
          .catch((error) => {
            errors++
            firstError ||= String(error).slice(0, 300)
          })
          .finally(() => {
            latencies.push(performance.now() - dueAt(i))
            if (++settled < total) return
            clearInterval(timer)
            done()
          })
      }
    }, 1)
  })
  return {
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    maxMs: percentile(latencies, 1),
    errors,
    firstError,
  }
}

function requireGrant(answer: unknown): void {
  const isGranted = typeof answer === 'object' && answer !== null && 'allowed' in answer && answer.allowed
  if (isGranted !== true) throw new Error(`answered ${JSON.stringify(answer)}`)
}

/** The body of a 200. */
function ask(of: { url: string; key: string; method: string; path: string }, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${of.key}`,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    }
    const sent = request(`${of.url}${of.path}`, { method: of.method, agent, headers, timeout: timeoutMs })
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    sent.on('error', reject)
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text)
        else reject(new Error(`answered ${response.statusCode}: ${text.slice(0, 200)}`))
      })
      response.on('error', reject)
    })
    sent.end(body)
  })
}
