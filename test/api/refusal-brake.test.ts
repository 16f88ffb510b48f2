import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { handleProblems } from '../../src/api/conventions/problem-details.ts'
import { RefusalBrake } from '../../src/api/conventions/refusal-brake.ts'
import { QuotaReached } from '../../src/errors.ts'
import { until } from '../until.ts'

const test = suite('refusals in a flood')

test('twenty refusals a second are answered at once, the others when their wait is over', async () => {
  const waiting: (() => void)[] = []
  const wait = () => new Promise<void>((resolve) => waiting.push(resolve))
  let now = 0
  const app = Fastify()
  handleProblems(app, new RefusalBrake({ wait, now: () => now }))
  app.get('/', async () => {
    throw new QuotaReached('too_many_trials', 'Later.', 7)
  })
  let answered = 0
  const ask = async () => {
    const { statusCode, headers } = await app.inject('/')
    answered++
    return [statusCode, headers['retry-after']]
  }
  const all = Array.from({ length: 25 }, ask)
  await until('twenty are answered and five are held', () => answered === 20 && waiting.length === 5)
  now = 1000
  assert.equal(await ask(), [429, '7'], 'the next second begins anew')
  assert.is(answered, 21)
  for (const go of waiting) go()
  assert.equal(await Promise.all(all), Array(25).fill([429, '7']))
  await app.close()
})

test('so many are held and no more, and others take their places when they are over', async () => {
  const waiting: (() => void)[] = []
  const brake = new RefusalBrake({
    wait: () => new Promise<void>((resolve) => waiting.push(resolve)),
    now: () => 0,
  })
  const held = Array.from({ length: 5100 }, () => brake.holdTooMany()).filter((one) => one !== undefined)
  assert.is(held.length, 5000)
  waiting[0]?.()
  await held[0]
  assert.ok(brake.holdTooMany())
  assert.is(brake.holdTooMany(), undefined)
})

test('large bodies that are refused are answered late beyond 256 KiB a second of one sender', async () => {
  const waiting: (() => void)[] = []
  const wait = () => new Promise<void>((resolve) => waiting.push(resolve))
  let now = 0
  const app = Fastify()
  handleProblems(app, new RefusalBrake({ wait, now: () => now }))
  app.decorateRequest('identity', null)
  app.addHook('onRequest', async (request) => {
    const countedAs = request.headers['x-sender']
    if (typeof countedAs === 'string')
      request.identity = { countedAs } as NonNullable<typeof request.identity>
  })
  const bodies: unknown[] = []
  app.addHook('onResponse', async (request) => bodies.push(request.body))
  app.post('/:status', { bodyLimit: 200_000 }, async (request) => {
    const { status } = request.params as { status: string }
    if (status === '200') return {}
    throw Object.assign(new Error('no'), { statusCode: Number(status) })
  })
  const send = async (sender: string, { status = 400, bytes = 100_000, isChunked = false } = {}) => {
    const payload = JSON.stringify('x'.repeat(bytes - 2))
    const { statusCode } = await app.inject({
      method: 'POST',
      url: `/${status}`,
      headers: {
        'content-type': 'application/json',
        // A stranger is counted by its address.
        ...(sender !== 'a stranger' && { 'x-sender': sender }),
        ...(isChunked && { 'transfer-encoding': 'chunked' }),
      },
      payload: isChunked ? Readable.from([payload]) : payload,
    })
    assert.is(statusCode, status)
  }
  const sendHeld = async (...of: Parameters<typeof send>) => {
    const [before, sent] = [waiting.length, send(...of)]
    await until('it is held', () => waiting.length > before)
    waiting.at(-1)?.()
    await sent
    assert.is(bodies.at(-1), undefined, 'a body is not kept while its answer is held')
  }
  for (const sender of ['a key', 'a stranger']) {
    await send(sender)
    await send(sender, { status: 422 })
    await sendHeld(sender)
    await sendHeld(sender, { status: 404, bytes: 100 })
  }
  await send('one that sends chunks', { isChunked: true, bytes: 10 })
  await sendHeld('one that sends chunks', { isChunked: true, bytes: 10 })

  const before = waiting.length
  await send('a key', { status: 200 })
  await send('a key', { status: 500 })
  await send('another key')
  for (let i = 0; i < 100; i++) await send('small bodies', { bytes: 1000 })
  now = 1000
  await send('a key')
  assert.is(waiting.length, before)
  await app.close()
})

test('other refusals without a body are never held', async () => {
  const app = Fastify()
  let held = 0
  const brake = new RefusalBrake({
    wait: async () => {
      held++
    },
  })
  handleProblems(app, brake)
  app.get('/', async () => {
    throw Object.assign(new Error('no'), { statusCode: 400 })
  })
  for (let i = 0; i < 30; i++) assert.is((await app.inject('/')).statusCode, 400)
  assert.is(held, 0)
  await app.close()
})

test.run()
