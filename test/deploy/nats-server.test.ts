/**
 * The nats-server configuration that we ship: who may do what on it, and a service and an engine that work.
 */
import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ConnectionOptions, connect, type NatsConnection } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { natsUsersText } from '../../src/embedded/nats-users.ts'
import { openBroker } from '../../src/events/broker.ts'
import { natsOptions } from '../../src/events/nats-url.ts'
import { aService, aShop, type RunningService } from '../contract/a-service.ts'
import { startTestNats } from '../servers.ts'
import { until } from '../until.ts'
import { type ShippedNats, startShippedNats } from './shipped-nats.ts'

const test = suite('deploy/nats-server.conf')
const run = promisify(execFile)
let nats: ShippedNats
let service: RunningService
const open: NatsConnection[] = []

test.before(async () => {
  nats = await startShippedNats()
  service = await aService({
    natsUrl: urlOf('tollgate'),
    environment: { NATS_CA_FILE: nats.caFile },
    listener: { ...optionsOf('operator') },
  })
})
test.after(async () => {
  for (const connection of open) await connection.close()
  await service?.close()
  await nats?.stop()
})

const urlOf = (user: string) =>
  `tls://${user}:${nats.secrets[`NATS_${user.toUpperCase()}_PASSWORD`]}@${nats.address}`
const optionsOf = (user: string) => natsOptions(urlOf(user), { caFile: nats.caFile })

async function enter(options: ConnectionOptions): Promise<NatsConnection> {
  const connection = await connect({ ...options, maxReconnectAttempts: 0 })
  open.push(connection)
  return connection
}

/** What the server said against it; nothing where all was allowed. */
async function refusals(user: string, act: (connection: NatsConnection) => void): Promise<string[]> {
  const connection = await enter(optionsOf(user))
  const told: string[] = []
  void (async () => {
    for await (const { type, permissionContext } of connection.status()) {
      if (type === 'error' && permissionContext) {
        told.push(`${permissionContext.operation} ${permissionContext.subject}`)
      }
    }
  })()
  act(connection)
  // The server answers in order: what it has against something comes before the second answer.
  await connection.flush()
  await connection.flush()
  await new Promise((resolve) => setImmediate(resolve))
  return told
}

test('the users are those of the embedded server, and passwords stand in the environment', () => {
  const text = natsUsersText({
    service: '$NATS_TOLLGATE_PASSWORD',
    engines: [{ name: 'engine1', password: '$NATS_ENGINE1_PASSWORD' }],
    facts: '$NATS_FACTS_PASSWORD',
    operator: '$NATS_OPERATOR_PASSWORD',
  })
  const shipped = readFileSync('deploy/nats-users.conf', 'utf8')
  assert.is(shipped.slice(shipped.indexOf('authorization {')), text)
})

test('secrets are for one user of the machine alone', () => {
  for (const file of ['.env', 'deploy/nats-tls/server-key.pem']) {
    assert.is(statSync(join(nats.folder, file)).mode & 0o777, 0o600, file)
  }
})

test('nobody comes in without a user or with a wrong password, nor without TLS', async () => {
  const { caFile } = nats
  const url = nats.address
  const codeOf = (options: ConnectionOptions) =>
    enter({ ...options, timeout: 2000 }).then(
      () => 'let in',
      (error: { code?: string; message: string }) => error.code ?? error.message,
    )
  assert.is(await codeOf(natsOptions(`tls://${url}`, { caFile })), 'AUTHORIZATION_VIOLATION')
  assert.is(await codeOf(natsOptions(`tls://engine1:wrong@${url}`, { caFile })), 'AUTHORIZATION_VIOLATION')
  // A certificate of nobody we believe.
  assert.match(await codeOf(natsOptions(urlOf('engine1'))), /SELF_SIGNED|self-signed|CERT/i)
})

test('a tls:// address whose server does not encrypt is not used', async () => {
  const plain = await startTestNats()
  const broker = await openBroker({ url: plain.url.replace('nats://', 'tls://'), firstConnectMs: 500 })
  assert.is(broker.isConnected(), false)
  await broker.close()
})

for (const [user, subjects] of [
  [
    'engine1',
    ['billing.calls.priced.x', 'billing.balance.low.x', 'engines.engine1.hangup', 'engines.other.hangup'],
  ],
  ['engine1', ['$JS.API.STREAM.PURGE.CALLS', '$JS.API.STREAM.DELETE.CALLS', '$JS.API.STREAM.UPDATE.CALLS']],
  [
    'engine1',
    ['$JS.API.CONSUMER.DELETE.CALLS.tollgate', '$JS.API.CONSUMER.CREATE.BILLING.x', '$JS.API.INFO'],
  ],
  ['engine1', ['$JS.API.CONSUMER.MSG.NEXT.CALLS.tollgate', '$JS.ACK.CALLS.tollgate.1.1.1.1.0']],
  [
    'engine1',
    ['$JS.API.STREAM.MSG.GET.BILLING', '_INBOX.other.x', '_INBOX.tollgate.x', '$SYS.REQ.SERVER.PING'],
  ],
  ['facts', ['calls.end', 'billing.authorize', 'billing.calls.priced.x', 'engines.engine1.hangup']],
  ['facts', ['$JS.API.CONSUMER.CREATE.BILLING.facts', '$JS.API.CONSUMER.DURABLE.CREATE.BILLING.facts']],
  ['facts', ['$JS.API.CONSUMER.DELETE.BILLING.facts', '$JS.API.STREAM.PURGE.BILLING', '_INBOX.engine1.x']],
  ['tollgate', ['$JS.API.STREAM.PURGE.CALLS', '$JS.API.STREAM.DELETE.CALLS', '$JS.API.STREAM.CREATE.OTHER']],
  ['tollgate', ['$JS.API.STREAM.MSG.DELETE.CALLS', '$JS.API.CONSUMER.CREATE.BILLING.x', '$JS.API.INFO']],
  ['tollgate', ['billing.authorize', '$SYS.REQ.SERVER.PING']],
] as const) {
  test(`${user} may not publish ${subjects.join(', ')}`, async () => {
    const told = await refusals(user, (connection) => {
      for (const subject of subjects) connection.publish(subject, '{}')
    })
    assert.equal(
      told,
      subjects.map((subject) => `publish ${subject}`),
    )
  })
}

for (const [user, subjects] of [
  [
    'engine1',
    ['>', '_INBOX.>', '_INBOX.other.>', '_INBOX.*.x', '$JS.>', 'billing.>', 'billing.authorize', 'calls.>'],
  ],
  ['engine1', ['billing.calls.>', 'engines.>', 'engines.other.hangup', '$JS.EVENT.>', '$SYS.>']],
  [
    'facts',
    ['>', '_INBOX.>', 'billing.authorize', 'billing.>', 'calls.>', 'engines.engine1.hangup', '$JS.>'],
  ],
  ['tollgate', ['>', '_INBOX.>', 'billing.authorize', 'calls.>', '$JS.>', 'billing.>']],
] as const) {
  test(`${user} may not subscribe ${subjects.join(', ')}`, async () => {
    const told = await refusals(user, (connection) => {
      for (const subject of subjects) connection.subscribe(subject, { callback: () => {} })
    })
    assert.equal(
      told,
      subjects.map((subject) => `subscription ${subject}`),
    )
  })
}

test('an engine may not join the queue that answers authorizations', async () => {
  const told = await refusals('engine1', (connection) => {
    connection.subscribe('billing.authorize', { queue: 'tollgate', callback: () => {} })
  })
  assert.equal(told, ['subscription billing.authorize'])
})

test('what each may do is refused nothing', async () => {
  assert.equal(
    await refusals('engine1', (connection) => {
      connection.subscribe('engines.engine1.hangup', { callback: () => {} })
      connection.subscribe('_INBOX.engine1.>', { callback: () => {} })
    }),
    [],
  )
  assert.equal(
    await refusals('facts', (connection) => {
      for (const subject of ['billing.calls.>', 'billing.guards.>', '_INBOX.facts.x']) {
        connection.subscribe(subject, { callback: () => {} })
      }
    }),
    [],
  )
})

test('a service and an engine on it: asked, granted, told, priced, hung up, read by who reads facts', async () => {
  const ready = await service.send('GET', '/readyz')
  assert.is(ready.status, 200, ready.text)
  const shop = await aShop(service)
  const client = await shop.aClient({ billingMethod: 'prepaid' })
  await service.must('POST', `/v1/clients/${client.id}/balance-movements`, { kind: 'top-up', amount: '5' })
  const engine = await enter(optionsOf('engine1'))
  const leg = {
    callId: 'one',
    client: client.sipDomain,
    from: '+34911000111',
    to: '+34600111222',
    engine: 'engine1',
  }
  const answer = await engine.request('billing.authorize', JSON.stringify(leg), { timeout: 5000 })
  assert.match(answer.subject, /^_INBOX\.engine1\./)
  const grant = answer.json<{ allowed: boolean }>()
  assert.is(grant.allowed, true, answer.string())

  const hangups: string[] = []
  engine.subscribe('engines.engine1.hangup', { callback: (_error, msg) => void hangups.push(msg.string()) })
  await engine.flush()
  const at = Date.now()
  const started = {
    ...leg,
    startedAt: new Date(at - 61_000).toISOString(),
    answeredAt: new Date(at - 60_000).toISOString(),
  }
  const stored = await engine.jetstream().publish('calls.start', JSON.stringify(started))
  assert.is(stored.stream, 'CALLS')
  const path = `/v1/calls/${client.id}/one`
  await until('it runs', async () => (await service.send('GET', path)).body?.status === 'started')
  await service.must('POST', `${path}/hangup`, {})
  await until('the engine hears of it', () => hangups.length > 0)
  const ended = { ...started, endedAt: new Date(at).toISOString(), cause: 16 }
  await engine.jetstream().publish('calls.end', JSON.stringify(ended))
  const call = await until('it is priced', async () => {
    const { body } = await service.send('GET', path)
    return body?.status === 'priced' ? body : undefined
  })
  assert.is(call.price, '0.07')

  const operator = await enter(optionsOf('operator'))
  const manager = await operator.jetstreamManager()
  await manager.consumers.add('BILLING', { durable_name: 'facts', ack_policy: 'explicit' as never })
  const reader = await enter(optionsOf('facts'))
  const types: string[] = []
  const consumer = await reader.jetstream({ checkAPI: false }).consumers.get('BILLING', 'facts')
  await until('the fact is read', async () => {
    const message = await consumer.next({ expires: 2000 })
    if (message) types.push(message.json<{ type: string }>().type)
    message?.ack()
    return types.includes('billing.calls.priced')
  })
  // The same over HTTP goes through the service's own user, and a repeat is compared with what is stored.
  const event = { kind: 'end', ...ended, callId: 'two' }
  assert.is((await service.send('POST', '/v1/call-events', [event, event])).status, 202)
})

test('the user and the program of docs/engines.md work, copied and pasted', async () => {
  const docs = readFileSync('docs/engines.md', 'utf8')
  const [, block = 'none'] = /^```\n( {4}\{\n {6}user: engine1\n[^`]*)```$/m.exec(docs) ?? []
  assert.ok(readFileSync('deploy/nats-users.conf', 'utf8').includes(block), block)
  const [, program = ''] = /^```js\n([^`]*`by-hand-[^`]*`[^`]*)```$/m.exec(docs) ?? []
  const client = await (await aShop(service)).aClient()
  // Two processors of many tests may be slower than a switch may wait.
  const patient = program.replace('timeout: 500', 'timeout: 10_000')
  assert.is.not(patient, program)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', patient], {
    env: {
      ...process.env,
      ...nats.secrets,
      NATS_URL: `nats://${nats.address}`,
      NATS_CA_FILE: nats.caFile,
      CLIENT: client.sipDomain,
    },
  })
  assert.match(stdout, /"allowed":true/)
  assert.match(stdout, /stream: 'CALLS'/)
  await until('it is charged', async () => {
    const { balance } = await service.must('GET', `/v1/clients/${client.id}/balance`)
    return balance === '-0.07'
  })
})

test('the service puts its consumer right with the rights that it has', async () => {
  const manager = await (await enter(optionsOf('operator'))).jetstreamManager()
  await manager.consumers.delete('CALLS', 'tollgate')
  await until('it is there again', () =>
    manager.consumers.info('CALLS', 'tollgate').then(
      () => true,
      () => false,
    ),
  )
  await manager.consumers.update('CALLS', 'tollgate', { max_ack_pending: 3 })
  await until('it is put right', async () => {
    const { config } = await manager.consumers.info('CALLS', 'tollgate')
    return config.max_ack_pending !== 3
  })
})

test.run()
