/**
 * One look for all who watch the same, and none for nobody.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { SharedWatch } from '../../src/api/live/shared-watch.ts'
import { until } from '../until.ts'

const test = suite('shared watch')

/** `see` answers what is seen from now on. */
function aWatch(everyMs: number) {
  const looks: string[] = []
  let now: unknown = 'nothing'
  const look = async (place: string) => {
    looks.push(place)
    if (now instanceof Error) throw now
    return `${place} ${now}`
  }
  return {
    watch: new SharedWatch(look, { everyMs }),
    looks: (of = 'a') => looks.filter((place) => place === of).length,
    see(what: unknown) {
      now = what
    },
  }
}

test('all who watch the same are told by one look, and again only what is new', async () => {
  const { watch, looks, see } = aWatch(5)
  const [one, two]: [string[], string[]] = [[], []]
  const stop = watch.follow('a', (seen) => one.push(seen))
  const stopToo = watch.follow('a', (_seen, text) => two.push(text))
  assert.is(looks(), 1)
  await until('more looks', () => looks() > 3)
  see('something')
  await until('news', () => two.length === 2)
  assert.equal(one, ['a nothing', 'a something'])
  assert.equal(two, ['"a nothing"', '"a something"'])
  stop()
  stopToo()
})

test('a look that fails is tried again', async () => {
  const { watch, see } = aWatch(5)
  see(new Error('away'))
  const told: string[] = []
  const stop = watch.follow('a', (seen) => told.push(seen))
  see('back')
  await until('the next look', () => told.length === 1)
  assert.equal(told, ['a back'])
  stop()
})

test('who comes before the next look is told at once what the last one saw', async () => {
  const { watch, looks, see } = aWatch(60_000)
  const told: string[] = []
  const stop = watch.follow('a', (seen) => told.push(seen))
  await until('the first look', () => told.length === 1)
  stop()
  see('something else')
  watch.follow('a', (seen) => told.push(seen))
  assert.equal([told, looks()], [['a nothing', 'a nothing'], 1])
})

test('nobody is looked for, and who comes later is told by a new look', async () => {
  const { watch, looks, see } = aWatch(5)
  const stop = watch.follow('a', () => {})
  await until('the first look', () => looks() > 0)
  stop()
  const before = looks()
  const stopOther = watch.follow('b', () => {})
  await until('others to be looked at meanwhile', () => looks('b') > 3)
  stopOther()
  assert.is(looks(), before)
  see('later')
  const told: string[] = []
  const stopLater = watch.follow('a', (seen) => told.push(seen))
  assert.equal([told, looks()], [[], before + 1])
  await until('the new look', () => told.length === 1)
  assert.equal(told, ['a later'])
  stopLater()
})

test.run()
