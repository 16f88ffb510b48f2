/**
 * Asks over HTTP on kept-alive connections, one request in flight on each. Written on bare sockets: node:http's
 * client costs more than the servers that it would measure.
 */
import { connect, type Socket } from 'node:net'
import type { LoadResult } from './authorize-load.ts'
import { serveOrders } from './child.ts'
import { percentile } from './figures.ts'

export interface HttpLoadOrder {
  url: string
  key: string
  requests: number
  connections: number
  clients: string[]
  numbers: string[]
  run: string
}

serveOrders<HttpLoadOrder>(async (order): Promise<LoadResult> => {
  const { hostname, port, host } = new URL(order.url)
  const latencies: number[] = []
  let next = 0
  let denied = 0
  let sample: object = {}
  const lane = async () => {
    const socket = connect(Number(port), hostname)
    socket.setNoDelay(true)
    const ask = asker(socket, host, order.key)
    while (next < order.requests) {
      const i = next++
      const request = JSON.stringify({
        callId: `${order.run}-${i};1928301774;out`,
        client: order.clients[i % order.clients.length],
        direction: 'outbound',
        from: '+34911000111',
        to: order.numbers[i % order.numbers.length],
        sourceIp: '203.0.113.7',
      })
      const askedAt = performance.now()
      const answer = JSON.parse(await ask(request))
      latencies.push(performance.now() - askedAt)
      if (answer.allowed !== true) denied += 1
      sample = answer
    }
    socket.destroy()
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: order.connections }, lane))
  const seconds = (performance.now() - startedAt) / 1000
  return {
    perSecond: order.requests / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    denied,
    sample,
  }
})

function asker(socket: Socket, host: string, key: string): (body: string) => Promise<string> {
  const head = `POST /v1/authorizations HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: `
  let received = ''
  let waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received += text
    const bodyAt = received.indexOf('\r\n\r\n') + 4
    if (bodyAt < 4) return
    const length = Number(/content-length: (\d+)/i.exec(received.slice(0, bodyAt))?.[1])
    if (received.length < bodyAt + length) return
    const body = Buffer.from(received.slice(bodyAt, bodyAt + length), 'latin1').toString()
    received = received.slice(bodyAt + length)
    waiting?.resolve(body)
  })
  socket.on('error', (error) => waiting?.reject(error))
  return (body) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
    })
}
