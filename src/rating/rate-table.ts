/**
 * Which rates of a deck match a number, and what do they say?
 *
 * A deck version compiled once and shared by all clients: columns of sorted prefix keys with links to the next
 * shorter prefix, no object per row (about 22 bytes a prefix, and up to 60 for terms nobody shares). A number's
 * place is found by its leading digits and a short binary search; its matches are that row's chain of links.
 * Rows are named by their index in prefix order. `columns` may be handed to another thread and read there again.
 */
import { remember } from '../bounded-cache.ts'
import { NameTable } from './name-table.ts'
import {
  anyPrefix,
  isPrefix,
  isPrefixKey,
  keyHalf,
  maxPrefixDigits,
  powersOfEleven,
  prefixOfKey,
} from './prefix.ts'
import type { Rate } from './rate.ts'
import type { RateTableColumns } from './rate-columns.ts'
import { bucketDigits, RateColumnsBuilder } from './rate-columns.ts'
import type { CompiledTerms } from './rate-terms.ts'
import { readTerms, showTerms } from './rate-terms.ts'

export type { RateTableColumns } from './rate-columns.ts'

export class CompiledRate {
  readonly prefix: string
  readonly destination: string
  readonly terms: CompiledTerms
  #rate: Rate | undefined

  constructor(of: { prefix: string; destination: string; terms: CompiledTerms }) {
    this.prefix = of.prefix
    this.destination = of.destination
    this.terms = of.terms
  }

  /** The same in the shape of the wire; shared, never changed. */
  get rate(): Rate {
    const { prefix, destination, terms } = this
    this.#rate ??= { prefix, destination, ...shareShownTerms(terms) }
    return this.#rate
  }
}

/** Destinations that a busy switch calls, each for the next call to it; terms are shared, so one takes some 200 bytes. */
const maxRecentRates = 32_768

/** Room for every prefix of a number, `*` included. */
export function matchBuffer(): Int32Array {
  return new Int32Array(maxPrefixDigits + 1)
}

export class RateTable {
  readonly size: number
  readonly #columns: RateTableColumns
  readonly #bucketDivisor: number
  readonly #names: NameTable
  readonly #recentTerms = new Map<number, CompiledTerms>()
  readonly #recentRates = new Map<number, CompiledRate>()

  private constructor(columns: RateTableColumns) {
    this.#columns = columns
    this.size = columns.prefixHigh.length
    this.#bucketDivisor = powersOfEleven[9 - bucketDigits(this.size)] ?? 1
    this.#names = new NameTable(columns)
  }

  static compile(rates: Iterable<Rate>): RateTable {
    const builder = new RateColumnsBuilder()
    for (const rate of rates) builder.add(rate)
    return new RateTable(builder.build())
  }

  static fromBuffers(columns: RateTableColumns): RateTable {
    return new RateTable(columns)
  }

  /** The columns, and the memory to name when they are transferred; a table that was transferred is gone here. */
  toBuffers(): { columns: RateTableColumns; transfer: ArrayBuffer[] } {
    return { columns: this.#columns, transfer: Object.values(this.#columns).map(({ buffer }) => buffer) }
  }

  get byteLength(): number {
    return Object.values(this.#columns).reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** Index of the rate with the longest prefix of these digits (`*` is the shortest), −1: none. */
  longestMatch(number: string): number {
    const high = keyHalf(number, 0)
    const low = number.length > 9 ? keyHalf(number, 9) : 0
    let row = this.#lastNotAfter(high, low)
    const { prefixHigh, prefixLow, prefixLength, parent } = this.#columns
    while (
      row >= 0 &&
      !isPrefixKey(prefixHigh[row] ?? 0, prefixLow[row] ?? 0, prefixLength[row] ?? 0, high, low)
    ) {
      row = parent[row] ?? -1
    }
    return row
  }

  /** Writes the indexes of all matching rates from the shortest prefix to the longest; returns how many. */
  matches(number: string, into: Int32Array): number {
    const longestMatch = this.longestMatch(number)
    let count = 0
    for (let row = longestMatch; row >= 0; row = this.#columns.parent[row] ?? -1) count += 1
    for (let row = longestMatch, at = count - 1; row >= 0; row = this.#columns.parent[row] ?? -1, at -= 1)
      into[at] = row
    return count
  }

  /** Index of the rate with exactly this prefix, −1: none. */
  find(prefix: string): number {
    if (!isPrefix(prefix)) return -1
    const key = prefix === anyPrefix ? '' : prefix
    const high = keyHalf(key, 0)
    const low = keyHalf(key, 9)
    const row = this.#lastNotAfter(high, low)
    return this.#columns.prefixHigh[row] === high && this.#columns.prefixLow[row] === low ? row : -1
  }

  /** Digits of the prefix, 0 for `*`. */
  prefixLengthAt(index: number): number {
    return this.#columns.prefixLength[index] ?? 0
  }

  prefixAt(index: number): string {
    return prefixOfKey(this.#columns.prefixHigh[index] ?? 0, this.#columns.prefixLow[index] ?? 0)
  }

  destinationAt(index: number): string {
    return this.#names.at(this.#columns.nameOf[index] ?? 0)
  }

  rateAt(index: number): CompiledRate {
    const known = this.#recentRates.get(index)
    if (known !== undefined) return known
    if (index < 0 || index >= this.size) throw new RangeError(`there is no rate ${index} in this table`)
    return remember(this.#recentRates, index, this.#compileRate(index), maxRecentRates)
  }

  /** Steps of all rates: a rate stands in a list with a row for each. */
  countSteps(): number {
    const { termsOf, stepStart } = this.#columns
    let steps = 0
    for (const id of termsOf) steps += (stepStart[id + 1] ?? 0) - (stepStart[id] ?? 0)
    return steps
  }

  /** A copy of its own in the shape of the wire. */
  toRate(index: number): Rate {
    return wireRate(this.#recentRates.get(index) ?? this.#compileRate(index))
  }

  /** Every rate in prefix order, without filling the cache. */
  *iterate(): Generator<Rate, void, undefined> {
    for (let index = 0; index < this.size; index += 1) {
      yield wireRate(this.#compileRate(index))
    }
  }

  #compileRate(index: number): CompiledRate {
    return new CompiledRate({
      prefix: this.prefixAt(index),
      destination: this.destinationAt(index),
      terms: this.termsAt(index),
    })
  }

  /** Which of the deck's terms: the same number for rates that cost the same. */
  termsIdAt(index: number): number {
    return this.#columns.termsOf[index] ?? 0
  }

  /** Of the rate, without its prefix and name; one object for equal terms, for a while. */
  termsAt(index: number): CompiledTerms {
    const id = this.termsIdAt(index)
    return this.#recentTerms.get(id) ?? remember(this.#recentTerms, id, readTerms(this.#columns, id))
  }

  /** The last row whose key is not after (high, low), −1: none. Every prefix of the key is it or above it. */
  #lastNotAfter(high: number, low: number): number {
    const { prefixHigh, prefixLow, bucketStart } = this.#columns
    const bucket = Math.floor(high / this.#bucketDivisor)
    let from = bucketStart[bucket] ?? 0
    let to = bucketStart[bucket + 1] ?? 0
    while (from < to) {
      const middle = (from + to) >>> 1
      const other = prefixHigh[middle] ?? 0
      if (other < high || (other === high && (prefixLow[middle] ?? 0) <= low)) from = middle + 1
      else to = middle
    }
    return from - 1
  }
}

/** The same incrementally: rows may come from a stream. */
export class RateTableBuilder {
  readonly #columns = new RateColumnsBuilder()

  add(rate: Rate): void {
    this.#columns.add(rate)
  }

  build(): RateTable {
    return RateTable.fromBuffers(this.#columns.build())
  }
}

function wireRate(from: { prefix: string; destination: string; terms: CompiledTerms }): Rate {
  return { prefix: from.prefix, destination: from.destination, ...showTerms(from.terms) }
}

type ShownTerms = ReturnType<typeof showTerms>

const shownTerms = new WeakMap<CompiledTerms, ShownTerms>()

/** Made once for the thousands of rates that share them. */
function shareShownTerms(terms: CompiledTerms): ShownTerms {
  const known = shownTerms.get(terms)
  if (known) return known
  const made = showTerms(terms)
  shownTerms.set(terms, made)
  return made
}
