import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startNatsServer } from '../../src/embedded/nats-server.ts'
import { isAlive } from '../../src/embedded/processes.ts'
import { natsOptions } from '../../src/events/nats-url.ts'
import { findTestNatsServer, skipTest, testFolder } from '../servers.ts'
import { processGroupOf, spawnOwner } from './spawn-owner.ts'

const test = suite('startNatsServer')
const dataDir = join(testFolder(), 'data')
const bin = await findTestNatsServer()

/** The URLs of the users of the server that runs. */
function userUrl(name: string): string {
  return JSON.parse(readFileSync(join(dataDir, 'nats-users.json'), 'utf8'))[name].url
}

/** Publishes one message to a durable stream; how many it holds now. */
async function keepOne(): Promise<number> {
  const broker = await connect(natsOptions(userUrl('operator')))
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
  assert.match(server.url, /^nats:\/\/tollgate:[\w-]{32}@127\.0\.0\.1:\d+$/)
  assert.is(await keepOne(), 1)
  await server.stop()
  await server.stop()
  assert.not.ok(isAlive(server.pid))
})

test('a later start keeps the streams', async () => {
  const server = await startNatsServer({ dataDir, bin })
  assert.is(await keepOne(), 2)
  await server.stop()
})

test('the passwords are made once, and nobody else of the machine may read them', async () => {
  const server = await startNatsServer({ dataDir, bin })
  const before = server.users
  await server.stop()
  for (const file of ['nats-users.json', 'nats.conf']) {
    assert.is(statSync(join(dataDir, file)).mode & 0o777, 0o600, file)
  }
  const again = await startNatsServer({ dataDir, bin })
  const passwords = (urls: object | null) => Object.values(urls ?? {}).map((url) => new URL(url).password)
  assert.equal(passwords(again.users), passwords(before))
  assert.is(new Set(passwords(before)).size, 4)
  await again.stop()
})

test('nobody comes in without a password, nor with a wrong one', async () => {
  const server = await startNatsServer({ dataDir, bin })
  const { host } = new URL(server.url)
  for (const url of [`nats://${host}`, `nats://operator@${host}`, `nats://operator:wrong@${host}`]) {
    const words = await connect({ ...natsOptions(url), maxReconnectAttempts: 0 }).then(
      () => 'let in',
      (error: { code: string }) => error.code,
    )
    assert.is(words, 'AUTHORIZATION_VIOLATION', url)
  }
  await server.stop()
})

test('a damaged file of passwords is named, not replaced', async () => {
  const file = join(dataDir, 'nats-users.json')
  const whole = readFileSync(file)
  writeFileSync(file, '{}')
  assert.match(
    await refusal({ dataDir, bin }),
    /nats-users\.json cannot be read .*remove it and new ones are made/,
  )
  writeFileSync(file, whole)
})

test('a second start on the same folder is refused while the first lives', async () => {
  const server = await startNatsServer({ dataDir, bin })
  assert.match(
    await refusal({ dataDir, bin }),
    /^Another Tollgate \(process \d+\) already uses .*DATA_DIR of its own\.$/,
  )
  assert.is(await keepOne(), 3)
  await server.stop()
})

test('a server whose Tollgate was killed is ended, and its streams kept', async () => {
  const killed = await spawnOwner('nats-server', { dataDir })
  assert.is(await keepOne(), 4)
  await killed.signal('SIGKILL')
  assert.ok(isAlive(killed.pid), 'the server outlives its parent')
  const server = await startNatsServer({ dataDir, bin })
  assert.not.ok(isAlive(killed.pid))
  assert.is(await keepOne(), 5)
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
