import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startNatsServer } from '../../src/embedded/nats-server.ts'
import { isAlive } from '../../src/embedded/processes.ts'
import { findTestNatsServer, skipTest, testFolder } from '../servers.ts'
import { processGroupOf, spawnOwner } from './spawn-owner.ts'

const test = suite('startNatsServer')
const dataDir = join(testFolder(), 'data')
const bin = await findTestNatsServer()

/** Publishes one message to a durable stream; how many it holds now. */
async function keepOne(url: string): Promise<number> {
  const broker = await connect({ servers: url })
  const { streams } = await broker.jetstreamManager()
  await streams.add({ name: 'KEPT', subjects: ['kept'] })
  const { seq } = await broker.jetstream().publish('kept')
  await broker.close()
  return seq
}

async function refusal(options: Parameters<typeof startNatsServer>[0]): Promise<string> {
  try {
    const server = await startNatsServer(options)
    await server.stop()
    return 'not refused'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

test('a server on loopback with JetStream, ended by stop', async () => {
  const server = await startNatsServer({ dataDir, bin })
  assert.match(server.url, /^nats:\/\/127\.0\.0\.1:\d+$/)
  assert.is(await keepOne(server.url), 1)
  await server.stop()
  await server.stop()
  assert.not.ok(isAlive(server.pid))
})

test('a later start keeps the streams', async () => {
  const server = await startNatsServer({ dataDir, bin })
  assert.is(await keepOne(server.url), 2)
  await server.stop()
})

test('a second start on the same folder is refused while the first lives', async () => {
  const server = await startNatsServer({ dataDir, bin })
  assert.match(
    await refusal({ dataDir, bin }),
    /^Another Tollgate \(process \d+\) already uses .*DATA_DIR of its own\.$/,
  )
  assert.is(await keepOne(server.url), 3)
  await server.stop()
})

test('a server whose Tollgate was killed is ended, and its streams kept', async () => {
  const killed = await spawnOwner('nats-server', { dataDir })
  assert.is(await keepOne(killed.url), 4)
  await killed.signal('SIGKILL')
  assert.ok(isAlive(killed.pid), 'the server outlives its parent')
  const server = await startNatsServer({ dataDir, bin })
  assert.not.ok(isAlive(killed.pid))
  assert.is(await keepOne(server.url), 5)
  await server.stop()
})

test('SIGINT lets Tollgate stop its server in order', async () => {
  const owner = await spawnOwner('nats-server', { dataDir })
  await owner.signal('SIGINT')
  assert.equal(owner.lines.slice(1), ['ended with 0'])
  assert.not.ok(isAlive(owner.pid))
})

const ownGroup = 'Ctrl-C in a terminal does not reach the server: it leads a process group of its own'
if (process.platform === 'linux') {
  test(ownGroup, async () => {
    const owner = await spawnOwner('nats-server', { dataDir })
    const group = processGroupOf(owner.pid)
    await owner.signal('SIGINT')
    assert.is(group, owner.pid)
  })
} else {
  skipTest(test, ownGroup, 'only Linux tells it in a file')
}

test('a server that does not start is named with its own words and the remedy', async () => {
  const broken = join(testFolder(), 'broken-nats-server')
  writeFileSync(
    broken,
    '#!/bin/sh\n[ "$1" = --version ] && echo "nats-server: v0" && exit\necho no room left\nexit 1\n',
    {
      mode: 0o755,
    },
  )
  const words = await refusal({ dataDir, bin: broken })
  assert.match(
    words,
    /^nats-server \(.*broken-nats-server\) does not start on .* \(no room left\): .* or set NATS_URL/,
  )
})

test.run()
