/**
 * What a brand may do that would stop others, if it could: each kind goes on, over and over, until it is told to stop.
 * Answers how often it was answered with which status.
 */
import { setMaxListeners } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { serveOrders } from './child.ts'

export const disturbances = [
  'nothing',
  'downloads',
  'polls',
  'pdfs',
  'names',
  'rates',
  'logins',
  'openapi',
  'imports',
] as const
export type Disturbance = (typeof disturbances)[number]

export interface HostileOrder {
  disturbance: Disturbance
  url: string
  key: string
  /** Of the brand: an invoice of 20,000 calls, a rate deck. */
  invoiceId: string
  rateDeckId: string
}

/** Status, or `failed` → how often. */
export type Statuses = Record<string, number>

/** Strangers are counted by their network: not by that of whoever measures. Linux alone has all of 127/8. */
const localAddress = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1'
const importBytes = 33 * 1024 * 1024

let going: { stop: AbortController; ended: Promise<void>; statuses: Statuses } | undefined

serveOrders<HostileOrder | { stop: true }>(async (order): Promise<Statuses> => {
  if ('stop' in order) {
    going?.stop.abort()
    await going?.ended
    return going?.statuses ?? {}
  }
  const stop = new AbortController()
  // Each loop listens.
  setMaxListeners(0, stop.signal)
  const statuses: Statuses = {}
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  stop.signal.addEventListener('abort', () => agent.destroy())
  const send = sender(order, { agent, statuses, stop: stop.signal })
  const ended = disturb(order, send, stop.signal).finally(() => agent.destroy())
  going = { stop, ended, statuses }
  return {}
})

type Send = (method: string, path: string, body?: string, contentType?: string) => Promise<void>

async function disturb(order: HostileOrder, send: Send, stop: AbortSignal): Promise<void> {
  const loops = (count: number, work: (i: number) => Promise<void>) =>
    Promise.all(
      Array.from({ length: count }, async (_, i) => {
        while (!stop.aborted) await work(i)
      }),
    ).then(() => {})
  switch (order.disturbance) {
    case 'nothing':
      return
    case 'downloads':
      return loops(24, () => leaveUnread(order, '/v1/reports/calls', stop))
    case 'polls':
      return loops(1000, async () => {
        await send('GET', '/v1/engines/hostile/hangups?wait=25')
        await pause(1000, undefined, { signal: stop }).catch(() => {})
      })
    case 'pdfs':
      return loops(4, () => send('GET', `/v1/invoices/${order.invoiceId}.pdf`))
    case 'names': {
      // A blank at the end of many: what a pattern that looks back would do again for each of them.
      const name = `a${' '.repeat(63_000)}!`
      const body = JSON.stringify({ name, sipDomain: `${'a.'.repeat(200)}!` })
      return loops(4, () => send('POST', '/v1/clients', body))
    }
    case 'rates': {
      const body = `[${'{},'.repeat((15.9 * 1024 * 1024) / 3)}{}]`
      return loops(4, () => send('PUT', `/v1/rate-decks/${order.rateDeckId}/rates`, body))
    }
    case 'imports': {
      const csv = largeSheet()
      const path = `/v1/rate-decks/${order.rateDeckId}/imports`
      await Promise.all(Array.from({ length: 4 }, () => send('POST', path, csv, 'text/csv')))
      return
    }
    case 'logins':
      return loops(100, (i) =>
        send(
          'POST',
          '/v1/sessions',
          JSON.stringify({
            client: `nobody${i}.example.com`,
            username: 'admin',
            password: 'not the password',
          }),
        ),
      )
    case 'openapi':
      return loops(30, () => send('GET', '/openapi.json'))
  }
}

function largeSheet(): string {
  const lines = ['prefix,destination,rate']
  for (let n = 0, bytes = 0; bytes < importBytes; n++) {
    const line = `${34_000_000 + n},Destination ${n % 500},0.0${100 + (n % 800)}`
    bytes += line.length + 1
    lines.push(line)
  }
  return `${lines.join('\n')}\n`
}

/** Asks, and takes nothing until the service ends it. */
async function leaveUnread(order: HostileOrder, path: string, stop: AbortSignal): Promise<void> {
  const { hostname, port, host } = new URL(order.url)
  const socket: Socket = connect({ port: Number(port), host: hostname, localAddress })
  const leave = () => socket.destroy()
  stop.addEventListener('abort', leave)
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${order.key}\r\n\r\n`)
  // Nothing is read, so that its end is not seen either.
  await Promise.race([
    new Promise((ended) => socket.once('close', ended)),
    pause(20_000, undefined, { signal: stop }).catch(() => {}),
  ])
  stop.removeEventListener('abort', leave)
  socket.destroy()
}

function sender(
  { url, key }: HostileOrder,
  { agent, statuses, stop }: { agent: Agent; statuses: Statuses; stop: AbortSignal },
): Send {
  const count = (status: string) => {
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  return (method, path, body, contentType = 'application/json') =>
    new Promise((resolve) => {
      const isOpen = path === '/v1/sessions' || path === '/openapi.json'
      const headers = {
        ...(isOpen ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined
          ? {}
          : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
      }
      const sent = request(`${url}${path}`, { method, agent, headers, localAddress })
      const end = (status: string) => {
        if (!stop.aborted) count(status)
        resolve()
      }
      sent.on('error', () => end('failed'))
      sent.on('response', (response) => {
        response.resume().on('close', () => end(String(response.statusCode)))
      })
      sent.end(body)
    })
}
