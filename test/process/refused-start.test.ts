import { createServer } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { program, testDatabaseUrl, testNatsUrl } from '../servers.ts'
import { until } from '../until.ts'
import { freePort, startProcess } from './a-process.ts'

const test = suite('starts that are refused')
let databaseUrl: string
let natsUrl: string

test.before(async () => {
  databaseUrl = await testDatabaseUrl()
  natsUrl = await testNatsUrl()
})

for (const [what, change, says] of [
  [
    'a database that does not exist',
    (url: URL) => (url.pathname = '/none'),
    /refuses the connection \(database "none" does not/,
  ],
  ['a wrong user', (url: URL) => (url.username = 'nobody'), /refuses the connection \(.*nobody/],
] as const) {
  test(`${what} is no reason to wait`, async () => {
    const url = new URL(databaseUrl)
    change(url)
    const service = await startProcess({ DATABASE_URL: url.href, NATS_URL: natsUrl })
    assert.is(await service.ended, 1)
    assert.match(service.output(), says)
    assert.is(service.told('waiting_for_postgres').length, 0)
  })
}

test('nor is a login that NATS refuses', async () => {
  // As a nats-server with users greets and answers.
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('INFO {"server_id":"X","version":"2.10.0","auth_required":true,"max_payload":1048576}\r\n')
    socket.on('data', () => socket.end("-ERR 'Authorization Violation'\r\n"))
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const service = await startProcess({
    DATABASE_URL: databaseUrl,
    NATS_URL: `nats://wrong:password@127.0.0.1:${port}`,
  })
  assert.is(await service.ended, 1)
  assert.match(service.output(), /NATS at NATS_URL refuses the login .*: correct its user and password/)
  assert.not.match(service.output(), 'wrong:password')
  server.close()
})

test('words: --version and --help are answered, what is unknown is refused, and none of them starts anything', async () => {
  const npm = ['npm', '--silent', 'start', '--']
  const main = program('src/main.ts')
  for (const [command, word, code, says] of [
    [npm, '--version', 0, /^\d+\.\d+\.\d+\n$/],
    [main, '--help', 0, /^Tollgate: [\s\S]*DATABASE_URL/],
    [main, '--verison', 2, /does not know "--verison"/],
    [main, 'verify', 2, /does not know "verify".*npx tollgate/],
  ] as const) {
    const started = await startProcess({ DATABASE_URL: databaseUrl, NATS_URL: natsUrl }, [...command, word])
    assert.is(await started.ended, code, word)
    await until(`${word} is answered`, () => says.test(started.output()))
  }
})

test.run()
