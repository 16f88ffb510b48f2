/**
 * A nats-server that can die and come back under one address, for tests of the connection.
 *
 * A real server gets a new port at each start; the door before it stays. While the server is away connections
 * are refused as by a host that is up.
 */
import { createServer, connect as dial, type Socket } from 'node:net'
import { join } from 'node:path'
import { startTestNats } from '../servers.ts'

export { until } from '../until.ts'

export interface BrokerDoor {
  url: string
  /** Where the server that runs, or ran last, keeps its streams. */
  store(): string
  /** The server's own address, past the door. */
  serverUrl(): string
  /** Nobody comes in until it is opened again. */
  shut(): void
  unshut(): void
  /** kill -9. */
  kill(): Promise<void>
  /** On the same store, or with `'empty'` on a new one. */
  start(store?: 'same' | 'empty'): Promise<void>
  /** SIGSTOP: connections stand, nothing is answered. */
  pause(): void
  resume(): void
  /** Ends every connection; the server lives on. */
  cut(): void
  close(): Promise<void>
}

export async function openBrokerDoor(): Promise<BrokerDoor> {
  let server = await startTestNats()
  const sockets = new Set<Socket>()
  let isShut = false
  const door = createServer((near) => {
    if (isShut) return void near.destroy()
    const far = dial(Number(new URL(server.url).port), '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const address = door.address()
  if (address === null || typeof address === 'string') throw new Error('the door has no port')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `nats://127.0.0.1:${address.port}`,
    serverUrl: () => server.url,
    shut() {
      isShut = true
      cut()
    },
    unshut() {
      isShut = false
    },
    store: () => join(server.dataDir, 'nats/jetstream'),
    async kill() {
      process.kill(server.pid, 'SIGKILL')
      await server.ended
      await server.stop()
    },
    async start(store = 'same') {
      server = await startTestNats(store === 'same' ? { dataDir: server.dataDir } : {})
    },
    pause: () => process.kill(server.pid, 'SIGSTOP'),
    resume: () => process.kill(server.pid, 'SIGCONT'),
    cut,
    async close() {
      cut()
      await new Promise((resolve) => door.close(resolve))
      await server.stop()
    },
  }
}
