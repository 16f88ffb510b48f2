import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { program, startTestNats, testDatabaseUrl, testFolder } from '../servers.ts'

const test = suite('tollgate check')
const [path = '', ...words] = program('src/cli/main.ts')

function check(environment: Record<string, string>): Promise<{ code: number; out: string; error: string }> {
  const env = { PATH: process.env.PATH, DATA_DIR: testFolder(), ...environment }
  return new Promise((resolve) => {
    execFile(path, [...words, 'check', '--json'], { env }, (failure, out, error) =>
      resolve({ code: typeof failure?.code === 'number' ? failure.code : 0, out, error }),
    )
  })
}
const badOnes = (out: string) =>
  JSON.parse(out)
    .checks.filter(({ ok }: { ok: boolean }) => !ok)
    .map(({ name, detail }: { name: string; detail: string }) => `${name}: ${detail}`)

test('servers that are there are in order', async () => {
  const nats = await startTestNats()
  const { code, out } = await check({ DATABASE_URL: await testDatabaseUrl(), NATS_URL: nats.url })
  assert.is(code, 0, out)
  assert.match(out, /with JetStream/)
})

test('each part that is out of order is named with what is wrong', async () => {
  const strange = createServer((socket) => socket.end('HELLO\r\n'))
  await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve))
  const address = strange.address()
  const port = typeof address === 'object' ? address?.port : 0
  const { code, out } = await check({
    DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
    NATS_URL: `nats://127.0.0.1:${port}`,
    SMTP_URL: `smtp://127.0.0.1:${port}`,
  })
  strange.close()
  assert.is(code, 1)
  const [database, nats, mail] = badOnes(out)
  assert.match(database, /^PostgreSQL: .*ECONNREFUSED/)
  assert.is(nats, 'NATS: 127.0.0.1 is not a NATS server')
  assert.is(mail, 'mail: 127.0.0.1 greets with "HELLO"')
})

test('a NATS server of another machine that asks nobody for a name is named', async () => {
  const nats = await startTestNats()
  // Written as IPv6, 127.0.0.1 is taken for the address of another machine.
  const NATS_URL = nats.url.replace('127.0.0.1', '[::ffff:127.0.0.1]')
  const DATABASE_URL = await testDatabaseUrl()
  const { code, out } = await check({ DATABASE_URL, NATS_URL })
  assert.is(code, 1, out)
  assert.match(badOnes(out).join(), /^NATS: .* accepts clients without a user: .*NATS_ALLOW_ANONYMOUS=1$/)
  assert.is((await check({ DATABASE_URL, NATS_URL, NATS_ALLOW_ANONYMOUS: '1' })).code, 0)
})

test('a bad variable is a wrong call, in one sentence', async () => {
  const { code, error } = await check({ PORT: 'many' })
  assert.is(code, 2)
  assert.match(error, /^PORT is "many": set it to a port/)
})

test.run()
