/**
 * Three nats-servers in a cluster, whose streams have three copies. Each can be killed, paused and started again under its
 * own address, and its disk be filled.
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
import { maySmallDisks, openSmallDisk } from './small-disk.ts'

export interface ThreeNats {
  /** All of them, with commas between. */
  url: string
  kill(index: number): Promise<void>
  start(index: number): void
  signal(index: number, name: NodeJS.Signals): void
  /** undefined: this machine gives no disks that are small enough. */
  disks: { fill(index: number): void; free(index: number): void } | undefined
  close(): Promise<void>
}

/** Room for the streams of some 50,000 calls and their logs. */
const diskMegabytes = 512

export async function openThreeNats(folder: string): Promise<ThreeNats> {
  const program = await findTestNatsServer()
  const ports = await Promise.all([1, 2, 3, 4, 5, 6].map(findFreePort))
  const clientPorts = ports.slice(0, 3)
  const routes = ports.slice(3).map((port) => `nats://127.0.0.1:${port}`)
  const children: (ChildProcess | undefined)[] = []
  const homes = [0, 1, 2].map((index) => join(folder, `nats-${index}`))
  for (const home of homes) mkdirSync(join(home, 'store'), { recursive: true })
  const disks = maySmallDisks()
    ? await Promise.all(homes.map((home) => openSmallDisk(join(home, 'store'), diskMegabytes)))
    : []

  function start(index: number): void {
    const home = homes[index] ?? ''
    writeFileSync(
      join(home, 'nats.conf'),
      [
        `server_name: n${index}`,
        `listen: "127.0.0.1:${clientPorts[index]}"`,
        `jetstream { store_dir: "${home}/store", max_file_store: 2GB }`,
        // Clients keep to the addresses that they are given: there may be something on the way.
        `cluster { name: chaos, listen: "127.0.0.1:${ports[3 + index]}", routes: [${routes.join(', ')}], no_advertise: true }`,
      ].join('\n'),
    )
    const log = openSync(join(home, 'nats.log'), 'a')
    const words = ['-c', join(home, 'nats.conf')]
    const [command, args] = disks[index]?.command(program, words) ?? [program, words]
    children[index] = spawn(command, args, { stdio: ['ignore', log, log] })
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
    disks:
      disks.length > 0
        ? { fill: (index) => disks[index]?.fill(), free: (index) => disks[index]?.free() }
        : undefined,
    async close() {
      await Promise.all(children.map((_, index) => kill(index)))
      for (const disk of disks) disk.close()
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
