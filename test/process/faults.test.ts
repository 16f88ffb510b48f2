import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { program, testDatabaseUrl, testNatsUrl } from '../servers.ts'
import { startProcess } from './a-process.ts'

const test = suite('faults that nobody caught')
let databaseUrl: string

test.before(async () => {
  databaseUrl = await testDatabaseUrl()
})

/** A program that does on its input's word what a fault of ours would do. */
function withFaults(): string[] {
  const plant = `
    process.stdin.on('data', (word) => {
      if (String(word).trim() === 'throw') {
        throw new TypeError('planted', { cause: new RangeError('deeper') })
      } else if (String(word).trim() === 'reject') void Promise.reject(new RangeError('planted rejection'))
      else void Promise.reject(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
    })`
  const module = `data:text/javascript,${encodeURIComponent(plant)}`
  const [path = '', ...words] = program('src/main.ts')
  return [path, '--import', module, ...words]
}

for (const [word, says] of [
  ['throw', /^TypeError: planted\n +at [\s\S]*because of RangeError: deeper\n +at /],
  ['reject', /^RangeError: planted rejection\n +at /],
] as const) {
  test(`a fault that nobody caught (${word}) is logged with its cause and ends it with 1, all given back`, async () => {
    const service = await startProcess(
      { DATABASE_URL: databaseUrl, NATS_URL: await testNatsUrl() },
      withFaults(),
    )
    await service.tells('ready')
    service.child.stdin?.write(word)
    assert.is(await service.ended, 1)
    const [line] = service.told('uncaught_error')
    assert.match(String(line?.error), says)
    assert.equal(service.told('close_failed'), [])
    assert.equal(service.told('close_late'), [])
  })
}

test('a connection that breaks where nobody waits for it is told and lived through', async () => {
  const service = await startProcess(
    { DATABASE_URL: databaseUrl, NATS_URL: await testNatsUrl() },
    withFaults(),
  )
  await service.tells('ready')
  service.child.stdin?.write('break')
  const line = await service.tells('uncaught_error')
  assert.is(line.error, 'Error: read ECONNRESET (ECONNRESET)')
  assert.is((await service.get('/livez'))?.status, 200)
  service.signal('SIGTERM')
  assert.is(await service.ended, 0)
})

test.run()
