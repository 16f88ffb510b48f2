/**
 * Reads at a fixed pace, whatever the answers take: an open loop. A read that finds no free connection waits, and
 * its delay counts from the instant it was due, so that a stall is paid by all whom it kept waiting.
 */
import { connect, type Socket } from 'node:net'
import { serveOrders } from './child.ts'
import { percentile } from './figures.ts'

export interface PacedOrder {
  url: string
  /** Asked in turn: nobody is above the limit of a key. */
  keys: string[]
  /** Asked in turn. */
  paths: string[]
  perSecond: number
  seconds: number
  connections: number
}

export interface PacedResult {
  p50Ms: number
  p99Ms: number
  maxMs: number
}

type Ask = (path: string, key: string) => Promise<void>

serveOrders<PacedOrder>(async (order): Promise<PacedResult> => {
  const { hostname, port, host } = new URL(order.url)
  const total = order.perSecond * order.seconds
  const free: Ask[] = []
  const sockets: Socket[] = []
  for (let i = 0; i < order.connections; i++) {
    const socket = connect(Number(port), hostname)
    socket.setNoDelay(true)
    sockets.push(socket)
    free.push(asker(socket, host))
  }
  const latencies: number[] = []
  const startedAt = performance.now()
  const dueAt = (i: number) => startedAt + (i * 1000) / order.perSecond
  let next = 0
  const waiting = new Set<number>()
  await new Promise<void>((done, reject) => {
    const send = () => {
      const now = performance.now()
      while (next < total && dueAt(next) <= now) {
        const ask = free.pop()
        if (!ask) return
        const i = next++
        waiting.add(i)
        const path = order.paths[i % order.paths.length] ?? '/'
        ask(path, order.keys[i % order.keys.length] ?? '').then(() => {
          latencies.push(performance.now() - dueAt(i))
          waiting.delete(i)
          free.push(ask)
          if (latencies.length === total) finish()
          else send()
        }, reject)
      }
    }
    const timer = setInterval(send, 1)
    // Whoever cannot keep the pace is not waited for: those without an answer count as long as they waited.
    const patience = setTimeout(() => {
      for (const i of waiting) latencies.push(performance.now() - dueAt(i))
      for (; next < total; next++) latencies.push(performance.now() - dueAt(next))
      finish()
    }, order.seconds * 1500)
    const finish = () => {
      clearInterval(timer)
      clearTimeout(patience)
      done()
    }
  })
  for (const socket of sockets) socket.destroy()
  return {
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    maxMs: percentile(latencies, 1),
  }
})

function asker(socket: Socket, host: string): Ask {
  let received = ''
  let waiting: { resolve: () => void; reject: (error: Error) => void } | undefined
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received += text
    const bodyAt = received.indexOf('\r\n\r\n') + 4
    if (bodyAt < 4) return
    const length = Number(/content-length: (\d+)/i.exec(received.slice(0, bodyAt))?.[1])
    if (received.length < bodyAt + length) return
    const answer = received
    received = ''
    if (answer.startsWith('HTTP/1.1 200 ')) waiting?.resolve()
    else waiting?.reject(new Error(`answered ${answer.slice(0, 2000)}`))
  })
  socket.on('error', (error) => waiting?.reject(error))
  return (path, key) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\n\r\n`)
    })
}
