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
  const held = Array.from({ length: 5100 }, () => brake.hold()).filter((one) => one !== undefined)
  assert.is(held.length, 5000)
  waiting[0]?.()
  await held[0]
  assert.ok(brake.hold())
  assert.is(brake.hold(), undefined)
})

test('what is no refusal is never held', async () => {
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
