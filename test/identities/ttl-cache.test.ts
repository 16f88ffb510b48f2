import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TtlCache } from '../../src/identities/ttl-cache.ts'

const test = suite('short memory')

/** A memory whose look-ups end when they are told to. */
function openMemory() {
  const lookUps: { answer(value: string): void; fail(): void }[] = []
  const memory = new TtlCache<string>(
    () =>
      new Promise((resolve, reject) => {
        lookUps.push({ answer: resolve, fail: () => reject(new Error('no answer')) })
      }),
  )
  const last = () => {
    const lookUp = lookUps.at(-1)
    if (!lookUp) throw new Error('nobody has asked')
    return lookUp
  }
  return { memory, last, asked: () => lookUps.length }
}

test('all who wait for the same ask once, and whoever asks within a second is answered from memory', async () => {
  const { memory, last, asked } = openMemory()
  const waiting = [memory.find('key', 1000), memory.find('key', 1000)]
  last().answer('ana')
  assert.equal(await Promise.all(waiting), ['ana', 'ana'])
  assert.is(await memory.find('key', Date.now()), 'ana')
  assert.is(asked(), 1)
})

for (const [what, forget] of [
  ['one', (memory: TtlCache<string>) => memory.forget('key')],
  ['all', (memory: TtlCache<string>) => memory.forgetAll()],
] as const) {
  test(`what a look-up finds that began before ${what} was forgotten is not remembered, nor shared`, async () => {
    const { memory, last, asked } = openMemory()
    const before = memory.find('key', 1000)
    const old = last()
    forget(memory)
    const after = memory.find('key', 1000)
    last().answer('suspended')
    assert.is(await after, 'suspended')
    old.answer('admin')
    await before
    assert.is(await memory.find('key', Date.now()), 'suspended')
    assert.is(asked(), 2)
  })
}

test('while nobody answers, what was known goes on, and what was not known is an error', async () => {
  const { memory, last } = openMemory()
  const first = memory.find('key', 1000)
  last().answer('ana')
  await first
  const later = memory.find('key', Date.now() + 5000)
  last().fail()
  assert.is(await later, 'ana')
  const unknown = memory.find('other', 1000)
  last().fail()
  assert.match(String(await unknown.catch(String)), /no answer/)
})

test.run()
