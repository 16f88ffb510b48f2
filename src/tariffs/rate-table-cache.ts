/**
 * Which compiled deck versions are in memory?
 *
 * Those a plan can reach now or next are kept; others (calls answered long ago) stay until newer ones need the
 * room. A table is compiled once however many ask for it.
 */
import type { StoredRateDeckVersion } from '../db/tariffs/stored-tariffs.ts'
import type { RateDeckVersion } from '../rating/tariff.ts'
import type { RateTableCompiler } from './compile-rate-table.ts'

export interface RateTableKey {
  rateDeckId: string
  version: StoredRateDeckVersion
}

/** Others than the kept: this many always, and more up to this many rates (some 100 bytes each at most). */
const minOthers = 16
const maxOtherRates = 1_000_000

export class RateTableCache {
  readonly #compiler: RateTableCompiler
  readonly #loaded = new Map<string, Map<number, RateDeckVersion>>()
  readonly #loading = new Map<string, Promise<void>>()
  #kept = new Set<string>()
  /** Not kept, the longest unused first, with their number of rates. */
  readonly #others = new Map<string, { rateDeckId: string; version: number; rates: number }>()

  constructor(compiler: RateTableCompiler) {
    this.#compiler = compiler
  }

  find(rateDeckId: string, version: number): RateDeckVersion | undefined {
    return this.#loaded.get(rateDeckId)?.get(version)
  }

  load(key: RateTableKey): Promise<void> {
    const name = nameOf(key)
    if (this.find(key.rateDeckId, key.version.version)) {
      this.#renew(name)
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
    this.#kept = new Set(keys.map(nameOf))
    for (const name of this.#kept) this.#others.delete(name)
    for (const [rateDeckId, versions] of this.#loaded) {
      for (const [version, { table }] of versions) {
        const name = `${rateDeckId}:${version}`
        if (before.has(name) && !this.#kept.has(name)) {
          this.#others.set(name, { rateDeckId, version, rates: table.size })
        }
      }
    }
    this.#makeRoom()
    await Promise.all(keys.map((key) => this.load(key)))
  }

  async #compile(key: RateTableKey): Promise<void> {
    const { rateDeckId } = key
    const { version, rates, rounding } = key.version
    const table = await this.#compiler.compile({ rateDeckId, version, rates })
    const versions = this.#loaded.get(rateDeckId) ?? new Map<number, RateDeckVersion>()
    versions.set(version, { rateDeckId, version, rounding, table })
    this.#loaded.set(rateDeckId, versions)
    const name = nameOf(key)
    if (this.#kept.has(name)) return
    this.#others.set(name, { rateDeckId, version, rates })
    this.#makeRoom()
  }

  #renew(name: string): void {
    const other = this.#others.get(name)
    if (!other) return
    this.#others.delete(name)
    this.#others.set(name, other)
  }

  #makeRoom(): void {
    let rates = 0
    for (const other of this.#others.values()) rates += other.rates
    for (const [name, other] of this.#others) {
      if (this.#others.size <= minOthers || rates <= maxOtherRates) return
      rates -= other.rates
      this.#others.delete(name)
      const versions = this.#loaded.get(other.rateDeckId)
      versions?.delete(other.version)
      if (versions?.size === 0) this.#loaded.delete(other.rateDeckId)
    }
  }
}

function nameOf({ rateDeckId, version }: RateTableKey): string {
  return `${rateDeckId}:${version.version}`
}
