import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { RateTable } from '../../src/rating/rate-table.ts'
import { RateTableCache, type RateTableKey } from '../../src/tariffs/rate-table-cache.ts'

const test = suite('RateTableCache')

/** A compiler that only counts: what a table holds does not matter here, its number of rates does. */
function aCache(rates: number) {
  const compiled: string[] = []
  const compiler = {
    async compile({ rateDeckId, version }: { rateDeckId: string; version: number }) {
      compiled.push(`${rateDeckId}:${version}`)
      return { size: rates } as RateTable
    },
  }
  return { compiled, cache: new RateTableCache(compiler as ConstructorParameters<typeof RateTableCache>[0]) }
}

const key = (version: number, rates: number): RateTableKey => ({
  rateDeckId: 'deck',
  version: { version, rates, rounding: { mode: 'up', decimals: 4 } } as RateTableKey['version'],
})

async function held(rates: number, versions: number): Promise<number[]> {
  const { cache } = aCache(rates)
  for (let version = 1; version <= versions; version++) await cache.load(key(version, rates))
  return Array.from({ length: versions }, (_, i) => i + 1).filter((version) => cache.find('deck', version))
}

test('sixteen others stay however large they are, the newest ones', async () => {
  assert.equal(await held(5_000_000, 18), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18])
})

test('small ones stay up to a million rates together', async () => {
  assert.is((await held(25_000, 45)).length, 40)
  assert.is((await held(0, 45)).length, 45)
})

test('what was used last stays, and what a plan can reach is never pushed out', async () => {
  const { cache, compiled } = aCache(1_000_000)
  await cache.keep([key(100, 1_000_000)])
  for (let version = 1; version <= 16; version++) await cache.load(key(version, 1_000_000))
  await cache.load(key(1, 1_000_000))
  await cache.load(key(17, 1_000_000))
  assert.ok(cache.find('deck', 1))
  assert.is(cache.find('deck', 2), undefined)
  assert.ok(cache.find('deck', 100))
  // No longer reachable, it is one of the others: the newest.
  await cache.keep([])
  assert.ok(cache.find('deck', 100))
  assert.is(cache.find('deck', 3), undefined)
  await cache.load(key(2, 1_000_000))
  assert.is(compiled.filter((name) => name === 'deck:2').length, 2)
})

test.run()
