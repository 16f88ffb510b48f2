/**
 * Servers of other machines stand here under an address that is not taken for loopback: 127.0.0.1 written as IPv6.
 */
import { join } from 'node:path'
import pino from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openBroker } from '../../src/events/broker.ts'
import { foreignServers } from '../../src/events/nats-url.ts'
import { loadConfig } from '../../src/process/config.ts'
import { startService } from '../../src/service.ts'
import { startTestNats, testDatabaseUrl, testFolder } from '../servers.ts'
import { until } from '../until.ts'
import { openBrokerDoor } from './broker-door.ts'

const test = suite('a server that must not be used')

const asOfAnotherMachine = (url: string) => url.replace('127.0.0.1', '[::ffff:127.0.0.1]')

async function refusalOf(url: string, anonymous: 'refused' | 'allowed' = 'refused'): Promise<string> {
  const broker = await openBroker({ url, anonymous }).catch((error: Error) => error.message)
  if (typeof broker === 'string') return broker
  const outcome = broker.isConnected() ? 'used' : 'not reached'
  await broker.close()
  return outcome
}

test('on loopback it is used', async () => {
  assert.is(await refusalOf((await startTestNats()).url), 'used')
})

test('of another machine it is refused, with what to do, and used where that is allowed', async () => {
  const { url } = await startTestNats()
  const words = await refusalOf(asOfAnotherMachine(url))
  assert.match(
    words,
    /accepts clients without a user.*deploy\/nats-server\.conf, or set NATS_ALLOW_ANONYMOUS=1/,
  )
  // Our own name and password make it no better.
  assert.is(await refusalOf(asOfAnotherMachine(url).replace('nats://', 'nats://tollgate:secret@')), words)
  assert.is(await refusalOf(asOfAnotherMachine(url), 'allowed'), 'used')
})

test('one with users is used', async () => {
  const { url } = await startTestNats({ access: 'users' })
  assert.is(await refusalOf(asOfAnotherMachine(url)), 'used')
})

test('one that comes later is not used either, and that is told', async () => {
  const door = await openBrokerDoor()
  await door.kill()
  const broker = await openBroker({
    url: asOfAnotherMachine(door.url),
    firstConnectMs: 50,
    reconnectWaitMs: 20,
  })
  await door.start()
  await until('it is told', () =>
    broker.health().faults.some((fault) => /accepts clients without a user/.test(fault)),
  )
  assert.is(broker.isConnected(), false)
  await broker.close()
  await door.close()
})

test('one that refuses the login is refused at the start and named as long as it does so', async () => {
  const { url } = await startTestNats({ access: 'users' })
  const wrong = url.replace(/\/\/.*@/, '//').replace('nats://', 'nats://nobody:wrong@')
  assert.match(
    await refusalOf(wrong),
    /^NATS at NATS_URL refuses the login .*: correct its user and password\.$/,
  )
})

test('the service does not start on it', async () => {
  const { url } = await startTestNats()
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: join(testFolder(), 'service'),
    BOOTSTRAP_API_KEY: 'a-platform-key-for-this-test',
    DATABASE_URL: await testDatabaseUrl(),
    NATS_URL: asOfAnotherMachine(url),
  })
  const refused = await startService(config, pino({ level: 'silent' })).ready.then(
    () => 'started',
    (error: Error) => error.message,
  )
  assert.match(refused, /accepts clients without a user/)
  const allowed = startService({ ...config, natsAllowAnonymous: true }, pino({ level: 'silent' }))
  await allowed.ready
  await allowed.close()
})

test('which servers are of other machines', () => {
  assert.equal(foreignServers(['127.0.0.1:4222', 'localhost:4222', '[::1]:4222', '127.8.9.1:1']), [])
  const foreign = [
    'nats:4222',
    '10.0.0.1:4222',
    '[2001:db8::1]:4222',
    'localhost.example.com:1',
    '0.0.0.0:4222',
  ]
  assert.equal(foreignServers(foreign), foreign)
})

test.run()
