/**
 * Which compiled deck versions are in memory?
 *
 * Those a plan can reach now or next are kept; others (calls answered long ago) stay until newer ones need the
 * room. A table is compiled once however many ask for it.
 */
import { LRUCache } from 'lru-cache'
import type { StoredRateDeckVersion } from '../db/tariffs/stored-tariffs.ts'
import type { RateDeckVersion } from '../rating/tariff.ts'
import type { RateTableCompiler } from './compile-rate-table.ts'

export interface RateTableKey {
  rateDeckId: string
  version: StoredRateDeckVersion
}

/** Others than the kept: this many rates (some 100 bytes each at most), and at least 16 versions. */
const maxOtherRates = 1_000_000
const minOthers = 16

export class RateTableCache {
  readonly #compiler: RateTableCompiler
  readonly #loaded = new Map<string, Map<number, RateDeckVersion>>()
  readonly #loading = new Map<string, Promise<void>>()
  #kept = new Set<string>()
  /** Not kept; the longest unused leave first. A huge version counts as a sixteenth, so that 16 always fit. */
  readonly #others = new LRUCache<string, RateDeckVersion>({
    maxSize: maxOtherRates,
    sizeCalculation: ({ table }) => Math.min(Math.max(1, table.size), maxOtherRates / minOthers),
    dispose: ({ rateDeckId, version }, _, reason) => {
      if (reason === 'evict') this.#forget(rateDeckId, version)
    },
  })

  constructor(compiler: RateTableCompiler) {
    this.#compiler = compiler
  }

  find(rateDeckId: string, version: number): RateDeckVersion | undefined {
    return this.#loaded.get(rateDeckId)?.get(version)
  }

  load(key: RateTableKey): Promise<void> {
    const name = cacheKey(key)
    if (this.find(key.rateDeckId, key.version.version)) {
      this.#others.get(name)
      return Promise.resolve()
    }
    let loading = this.#loading.get(name)
    if (!loading) {
      loading = this.#compile(key).finally(() => this.#loading.delete(name))
      this.#loading.set(name, loading)
    }
    return loading
  }

  /** Keeps exactly these from now on and loads what is missing of them. */
  async keep(keys: readonly RateTableKey[]): Promise<void> {
    const before = this.#kept
    this.#kept = new Set(keys.map(cacheKey))
    for (const name of this.#kept) this.#others.delete(name)
    for (const [rateDeckId, versions] of this.#loaded) {
      for (const [version, loaded] of versions) {
        const name = `${rateDeckId}:${version}`
        if (before.has(name) && !this.#kept.has(name)) this.#others.set(name, loaded)
      }
    }
    await Promise.all(keys.map((key) => this.load(key)))
  }

  async #compile(key: RateTableKey): Promise<void> {
    const { rateDeckId } = key
    const { version, rates, rounding } = key.version
    const table = await this.#compiler.compile({ rateDeckId, version, rates })
    const versions = this.#loaded.get(rateDeckId) ?? new Map<number, RateDeckVersion>()
    const loaded = { rateDeckId, version, rounding, table }
    versions.set(version, loaded)
    this.#loaded.set(rateDeckId, versions)
    if (!this.#kept.has(cacheKey(key))) this.#others.set(cacheKey(key), loaded)
  }

  #forget(rateDeckId: string, version: number): void {
    const versions = this.#loaded.get(rateDeckId)
    versions?.delete(version)
    if (versions?.size === 0) this.#loaded.delete(rateDeckId)
  }
}

function cacheKey({ rateDeckId, version }: RateTableKey): string {
  return `${rateDeckId}:${version.version}`
}
