/**
 * What somebody without a key may cost: descriptions, pages and metrics are made once for many, and refused in a flood.
 */
import { Gauge, Registry } from 'prom-client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { openTestApi, type TestApi } from './test-api.ts'

const test = suite('strangers')
let api: TestApi
let collected = 0
let healthChecks = 0
let endCheck = () => {}

test.before(async () => {
  const metrics = new Registry()
  new Gauge({
    name: 'collected',
    help: 'How often the metrics were made.',
    registers: [metrics],
    collect() {
      this.set(++collected)
    },
  })
  api = await openTestApi({
    metrics,
    async health() {
      healthChecks++
      await new Promise<void>((resolve) => {
        endCheck = resolve
      })
      return { ok: true, checks: {}, notices: [], details: {} }
    },
  })
})
test.after(() => api.close())

const get = (url: string, remoteAddress: string) => api.app.inject({ method: 'GET', url, remoteAddress })

test('the description is the same text each time, on its page, too', async () => {
  let made = 0
  const { swagger } = api.app
  api.app.swagger = ((options: { yaml: boolean }) => {
    made++
    return swagger.call(api.app, options)
  }) as typeof swagger
  const first = await get('/openapi.json', '192.0.2.1')
  assert.is(first.statusCode, 200)
  assert.match(String(first.headers['content-type']), /^application\/json/)
  assert.is(first.json().openapi, '3.1.0')
  assert.is((await get('/openapi.json', '192.0.2.1')).body, first.body)
  assert.is((await get('/docs/json', '192.0.2.1')).body, first.body)
  assert.is(made, 1)
})

test('a flood from one network is refused with Retry-After, from others and to probes it is not', async () => {
  for (const url of ['/openapi.json', '/docs/static/swagger-ui.css', '/metrics']) {
    const network = `2001:db8:${url.length}:1`
    const flood = Array.from({ length: 130 }, (_, i) => get(url, `${network}::${i}`))
    const answers = await Promise.all(flood)
    const refused = answers.filter(({ statusCode }) => statusCode === 429)
    assert.ok(refused.length > 0, url)
    assert.is(refused[0]?.json().code, 'too_many_requests')
    assert.ok(Number(refused[0]?.headers['retry-after']) > 0)
    assert.is((await get(url, `2001:db8:${url.length}:2::1`)).statusCode, 200, url)
    const probes = await Promise.all(Array.from({ length: 130 }, () => get('/livez', `${network}::1`)))
    assert.ok(probes.every(({ statusCode }) => statusCode === 200))
  }
})

test('metrics are made for the first who ask in a second, then given again', async () => {
  const before = collected
  const began = Math.floor(Date.now() / 1000)
  const answers = await Promise.all(Array.from({ length: 80 }, () => get('/metrics', '192.0.2.3')))
  const seconds = Math.floor(Date.now() / 1000) - began + 1
  assert.ok(answers.every(({ statusCode, body }) => statusCode === 200 && body.includes('collected ')))
  assert.ok(collected - before <= 10 * seconds, `${collected - before} times in ${seconds} s`)
  const last = collected
  await until('they are made anew', async () => {
    await get('/metrics', '192.0.2.3')
    return collected > last
  })
})

test('who asks for readiness while it is looked for gets the answer of that look', async () => {
  const asked = Array.from({ length: 50 }, () => get('/readyz', '192.0.2.4'))
  // Each is at its check when the one after them has been answered.
  await get('/livez', '192.0.2.4')
  await new Promise((resolve) => setImmediate(resolve))
  endCheck()
  for (const { statusCode } of await Promise.all(asked)) assert.is(statusCode, 200)
  assert.is(healthChecks, 1)
})

test.run()
