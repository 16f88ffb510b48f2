/**
 * Three nats-servers in a cluster, whose streams have three copies. Each can be killed, paused and started again under its
 * own address.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { connect } from 'nats'
import { ensureStreams } from '../../src/events/streams.ts'
import { findTestNatsServer } from '../servers.ts'
import { until } from '../until.ts'

export interface ThreeNats {
  /** All of them, with commas between. */
  url: string
  kill(index: number): Promise<void>
  start(index: number): void
  signal(index: number, name: NodeJS.Signals): void
  close(): Promise<void>
}

export async function openThreeNats(folder: string): Promise<ThreeNats> {
  const program = await findTestNatsServer()
  const ports = await Promise.all([1, 2, 3, 4, 5, 6].map(findFreePort))
  const clientPorts = ports.slice(0, 3)
  const routes = ports.slice(3).map((port) => `nats://127.0.0.1:${port}`)
  const children: (ChildProcess | undefined)[] = []

  function start(index: number): void {
    const home = join(folder, `nats-${index}`)
    mkdirSync(home, { recursive: true })
    writeFileSync(
      join(home, 'nats.conf'),
      [
        `server_name: n${index}`,
        `listen: "127.0.0.1:${clientPorts[index]}"`,
        `jetstream { store_dir: "${home}/store" }`,
        `cluster { name: chaos, listen: "127.0.0.1:${ports[3 + index]}", routes: [${routes.join(', ')}] }`,
      ].join('\n'),
    )
    const log = openSync(join(home, 'nats.log'), 'a')
    children[index] = spawn(program, ['-c', join(home, 'nats.conf')], { stdio: ['ignore', log, log] })
  }

  for (const index of [0, 1, 2]) start(index)
  process.once('exit', () => {
    for (const child of children) child?.kill('SIGKILL')
  })
  const url = clientPorts.map((port) => `nats://127.0.0.1:${port}`).join(',')
  await makeStreams(url)
  async function kill(index: number): Promise<void> {
    const child = children[index]
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return {
    url,
    kill,
    start,
    signal: (index, name) => children[index]?.kill(name),
    async close() {
      await Promise.all(children.map((_, index) => kill(index)))
    },
  }
}

/** The service keeps the streams that it finds, and makes those of one copy. */
async function makeStreams(url: string): Promise<void> {
  const broker = await until('a nats-server answers', () =>
    connect({ servers: url.split(','), maxReconnectAttempts: -1 }).catch(() => undefined),
  )
  const make = async () => ensureStreams(await broker.jetstreamManager(), { batchSize: 500, replicas: 3 })
  await until('the cluster takes streams of three copies', () => make().catch(() => undefined), 60_000)
  await broker.close()
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
