/**
 * How do the rates of a deck, streamed one by one in any order, become the columns of a `RateTable`?
 *
 * Rows are checked and their prefixes normalized before (`check-rate.ts`, `prefix.ts`); here a prefix that stands twice or is none is an assertion.
 * 300,000 rates take about a third of a second, wherever the thread.
 */

import type { NameColumns } from './name-table.ts'
import { NameTableBuilder } from './name-table.ts'
import { anyPrefix, isPrefix, isPrefixKey, keyHalf, powersOfEleven, prefixOfKey } from './prefix.ts'
import type { Rate } from './rate.ts'
import type { TermsColumns } from './rate-terms.ts'
import { RateTermsBuilder } from './rate-terms.ts'
import { sortPrefixes } from './sort-prefixes.ts'

export interface RateTableColumns extends TermsColumns, NameColumns {
  /** Keys of `prefix.ts`, ascending. */
  prefixHigh: Uint32Array<ArrayBuffer>
  prefixLow: Uint32Array<ArrayBuffer>
  prefixLength: Uint8Array<ArrayBuffer>
  /** Row of the longest proper prefix that the deck has too, −1: none. */
  parent: Int32Array<ArrayBuffer>
  termsOf: Uint32Array<ArrayBuffer>
  nameOf: Uint32Array<ArrayBuffer>
  /** First row whose key does not begin below the bucket's places; one more than there are buckets. */
  bucketStart: Uint32Array<ArrayBuffer>
}

export class RateColumnsBuilder {
  readonly #terms = new RateTermsBuilder()
  readonly #names = new NameTableBuilder()
  /** Four numbers a row: high, low, terms, name. */
  #rows = new Uint32Array(4 * 256)
  #size = 0

  add(rate: Rate): void {
    if (!isPrefix(rate.prefix)) throw new Error(`"${rate.prefix.slice(0, 40)}" is not a prefix`)
    const at = this.#size * 4
    if (at === this.#rows.length) {
      const larger = new Uint32Array(this.#rows.length * 2)
      larger.set(this.#rows)
      this.#rows = larger
    }
    const digits = rate.prefix === anyPrefix ? '' : rate.prefix
    this.#rows[at] = keyHalf(digits, 0)
    this.#rows[at + 1] = keyHalf(digits, 9)
    this.#rows[at + 2] = this.#terms.add(rate)
    this.#rows[at + 3] = this.#names.add(rate.destination)
    this.#size += 1
  }

  build(): RateTableColumns {
    const column = (place: number) => {
      const values = new Uint32Array(this.#size)
      for (let row = 0; row < values.length; row += 1) values[row] = this.#rows[row * 4 + place] ?? 0
      return values
    }
    const order = sortPrefixes(column(0), column(1))
    const sorted = (place: number) => {
      const values = new Uint32Array(this.#size)
      for (let row = 0; row < values.length; row += 1)
        values[row] = this.#rows[(order[row] ?? 0) * 4 + place] ?? 0
      return values
    }
    const prefixHigh = sorted(0)
    const prefixLow = sorted(1)
    const prefixLength = listLengths(prefixHigh, prefixLow)
    return {
      prefixHigh,
      prefixLow,
      prefixLength,
      parent: findParents(prefixHigh, prefixLow, prefixLength),
      termsOf: sorted(2),
      nameOf: sorted(3),
      bucketStart: buildBuckets(prefixHigh),
      ...this.#terms.build(),
      ...this.#names.build(),
    }
  }
}

/** Leading digits that choose a bucket: so many that few rows share one, so few that small decks stay small. */
export function bucketDigits(size: number): number {
  return size < 64 ? 0 : size < 2_000 ? 2 : size < 30_000 ? 4 : 5
}

function buildBuckets(high: Uint32Array): Uint32Array<ArrayBuffer> {
  const digits = bucketDigits(high.length)
  const divisor = powersOfEleven[9 - digits] ?? 1
  const starts = new Uint32Array((powersOfEleven[digits] ?? 1) + 1)
  let bucket = 0
  for (let row = 0; row < high.length; row += 1) {
    const own = Math.floor((high[row] ?? 0) / divisor)
    for (; bucket < own; bucket += 1) starts[bucket + 1] = row
  }
  return starts.fill(high.length, bucket + 1)
}

function listLengths(high: Uint32Array, low: Uint32Array): Uint8Array<ArrayBuffer> {
  const lengths = new Uint8Array(high.length)
  for (let row = 0; row < lengths.length; row += 1) {
    const half = low[row] ?? 0
    lengths[row] = half > 0 ? 9 + places(half) : places(high[row] ?? 0)
  }
  return lengths
}

/** Digits in a key half: nine less the places that are 0 at its end. */
function places(half: number): number {
  if (half === 0) return 0
  let count = 9
  for (let rest = half; rest % 11 === 0; rest /= 11) count -= 1
  return count
}

/** The parent is the row before, or the nearest of that one's own chain of parents that is a prefix too. */
function findParents(high: Uint32Array, low: Uint32Array, lengths: Uint8Array): Int32Array<ArrayBuffer> {
  const parents = new Int32Array(high.length)
  for (let row = 0; row < parents.length; row += 1) {
    const ownHigh = high[row] ?? 0
    const ownLow = low[row] ?? 0
    let parent = row - 1
    while (
      parent >= 0 &&
      !isPrefixKey(high[parent] ?? 0, low[parent] ?? 0, lengths[parent] ?? 0, ownHigh, ownLow)
    ) {
      parent = parents[parent] ?? -1
    }
    if (parent >= 0 && lengths[parent] === lengths[row]) {
      throw new Error(`the prefix ${prefixOfKey(ownHigh, ownLow)} stands twice in one deck`)
    }
    parents[row] = parent
  }
  return parents
}
