/**
 * What does this replica know of brands, clients, plans and decks, and is it up to date?
 *
 * A copy of PostgreSQL's configuration in memory, from which calls are answered. PostgreSQL numbers every
 * change; a notification is a hint to look, and the number is compared each second, on reconnect, and whenever
 * `refresh` is called (before a call is refused for lack of something). Reading is done aside, then swapped in
 * at once. Large rate tables are compiled in another thread; until one is there, asking for it throws
 * `RateTableNotLoaded`, and `loadRateTable` waits for it.
 */

import {
  listConfigurationChanges,
  pruneConfigurationChanges,
} from '../db/configuration/configuration-changes.ts'
import { readConfigurationVersion } from '../db/configuration/configuration-version.ts'
import { closeDatabase, type Db, openDatabase } from '../db/connection.ts'
import type { StoredPlan, StoredRateDeck } from '../db/tariffs/stored-tariffs.ts'
import { NotFound } from '../errors.ts'
import type { ApplicationServer, Brand, Client, MediaRelaySet } from '../limits/client.ts'
import type { Log } from '../logging/log.ts'
import { logOnce, type RepeatedErrors } from '../logging/log-once.ts'
import type { Carrier } from '../rating/carrier.ts'
import { type ExchangeRates, noExchangeRates } from '../rating/exchange-rates.ts'
import type { Tariffs } from '../rating/tariff.ts'
import { RateTableCompiler } from './compile-rate-table.ts'
import {
  carrierKey,
  emptyMemory,
  everything,
  groupChanges,
  loadConfiguration,
} from './configuration-memory.ts'
import { RateTableCache } from './rate-table-cache.ts'
import type { NameSpan } from './sip-domains.ts'
import { findNewestVersion, findVersion, listReachable, TariffsInForce } from './tariffs-in-force.ts'

export interface ConfigurationOptions {
  /** Rate tables are compiled over connections of their own, made from it. */
  databaseUrl: string
  log: Log
  /** Between two comparisons of the version; 1,000. */
  pollMs?: number
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const pruneMs = 3_600_000

export class Configuration {
  readonly tariffs: Tariffs
  /** The same by the newest versions, whatever the instant that is asked for. */
  readonly latestTariffs: Tariffs
  readonly #db: Db
  readonly #log: Log
  readonly #notCompared: RepeatedErrors
  readonly #notCompiled: RepeatedErrors
  readonly #compiler: RateTableCompiler
  readonly #tables: RateTableCache
  readonly #memory = emptyMemory()
  #applicationServers: readonly ApplicationServer[] = []
  #version = 0
  #comparing: Promise<void> | undefined
  #nextComparison: Promise<void> | undefined
  /** Rejects where a table that is reachable could not be compiled; tried again with the next comparison. */
  #tablesReady: Promise<void> = Promise.resolve()
  #tablesFailed = false
  #timers: NodeJS.Timeout[] = []
  #unlisten: (() => Promise<void>) | undefined
  #listener: Db | undefined
  #isClosed = false

  private constructor(db: Db, options: ConfigurationOptions) {
    this.#db = db
    this.#log = options.log
    this.#notCompared = logOnce(options.log, 'configuration_not_compared', {
      level: 'error',
      message: 'configuration could not be compared',
    })
    this.#notCompiled = logOnce(options.log, 'rate_table_not_loaded', {
      level: 'error',
      message: 'a rate table could not be compiled',
    })
    this.#compiler = new RateTableCompiler(db, options.databaseUrl)
    this.#tables = new RateTableCache(this.#compiler)
    this.tariffs = new TariffsInForce(this.#memory, this.#tables, findVersion)
    this.latestTariffs = new TariffsInForce(this.#memory, this.#tables, findNewestVersion)
  }

  /** Loads everything, tables included, and follows what changes. */
  static async open(db: Db, options: ConfigurationOptions): Promise<Configuration> {
    const configuration = new Configuration(db, options)
    try {
      await configuration.#follow(options)
      await configuration.refresh()
      await configuration.#tablesReady
      return configuration
    } catch (error) {
      await configuration.close()
      throw error
    }
  }

  get version(): number {
    return this.#version
  }

  /**
   * By id, or by the SIP domain that was its own at `at`; both in any case of letters. With a brand given, a client
   * of another brand is not found.
   */
  findClient(reference: string, at: number, brandId: string | null = null): Client | undefined {
    if (!uuid.test(reference)) return this.#memory.sipDomains.find(reference, at, brandId)
    const client = this.#memory.clients.get(reference.toLowerCase())
    return brandId === null || client?.brandId === brandId ? client : undefined
  }

  /** Who owned a SIP domain and when, the latest first; nothing for an id, which is always its client's. */
  listNameSpans(reference: string, brandId: string | null): NameSpan[] {
    return uuid.test(reference) ? [] : this.#memory.sipDomains.listSpans(reference, brandId)
  }

  getClient(id: string): Client {
    const client = this.#memory.clients.get(id)
    if (!client) throw new NotFound('client', id)
    return client
  }

  listClients(): Iterable<Client> {
    return this.#memory.clients.values()
  }

  listBrands(): Iterable<Brand> {
    return this.#memory.brands.values()
  }

  findBrand(id: string): Brand | undefined {
    return this.#memory.brands.get(id)
  }

  getBrand(id: string): Brand {
    const brand = this.#memory.brands.get(id)
    if (!brand) throw new NotFound('brand', id)
    return brand
  }

  findPlan(id: string): StoredPlan | undefined {
    return this.#memory.plans.get(id)
  }

  findRateDeck(id: string): StoredRateDeck | undefined {
    return this.#memory.rateDecks.get(id)
  }

  findMediaRelaySet(id: string): MediaRelaySet | undefined {
    return this.#memory.mediaRelaySets.get(id)
  }

  /** By the code that events name it with. */
  findCarrier(brandId: string, code: string): Carrier | undefined {
    return this.#memory.carriersByCode.get(carrierKey({ brandId, code }))
  }

  listCarriersOfBrand(brandId: string): readonly Carrier[] {
    return this.#memory.carriersByBrand.get(brandId) ?? []
  }

  listCarriers(): Iterable<Carrier> {
    return this.#memory.carriers.values()
  }

  exchangeRatesOfBrand(brandId: string): ExchangeRates {
    return this.#memory.exchangeRates.get(brandId)?.rates ?? noExchangeRates
  }

  /** Ascending by id. */
  get applicationServers(): readonly ApplicationServer[] {
    return this.#applicationServers
  }

  /**
   * Resolves when everything committed before the call is in memory. However many ask while one comparison
   * runs, one more is made for all of them.
   */
  refresh(): Promise<void> {
    if (!this.#comparing) {
      this.#comparing = this.#compare().finally(() => {
        this.#comparing = undefined
      })
      return this.#comparing
    }
    this.#nextComparison ??= this.#comparing
      .catch(() => {})
      .then(() => {
        this.#nextComparison = undefined
        return this.refresh()
      })
    return this.#nextComparison
  }

  /** Resolves when this replica acts on a committed change: it knows it, and has the tables that it needs. */
  async reach(version: number): Promise<void> {
    if (this.#version < version) await this.refresh()
    if (this.#version < version && !this.#isClosed) {
      throw new Error(`configuration version ${version} is not committed: memory has ${this.#version}`)
    }
    await this.#tablesReady
  }

  /** Brings the table of any version of a deck into memory. Throws `NotFound`. */
  async loadRateTable(rateDeckId: string, version: number): Promise<void> {
    const found = this.#memory.rateDecks.get(rateDeckId)?.versions.find((one) => one.version === version)
    if (!found) throw new NotFound('version of a rate deck', `${rateDeckId}:${version}`)
    await this.#tables.load({ rateDeckId, version: found })
  }

  /** Brings the table in force at an instant into memory, where the deck has one. */
  async loadRateTableAt(rateDeckId: string, at: number): Promise<void> {
    const version = findVersion(this.#memory.rateDecks.get(rateDeckId)?.versions ?? [], at)
    if (version) await this.#tables.load({ rateDeckId, version })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#unlisten?.().catch(() => {})
    if (this.#listener) await closeDatabase(this.#listener)
    await this.#nextComparison?.catch(() => {})
    await this.#comparing?.catch(() => {})
    await this.#compiler.close()
  }

  async #follow(options: ConfigurationOptions): Promise<void> {
    const look = () => this.#refreshQuietly()
    this.#timers = [
      setInterval(look, options.pollMs ?? 1_000),
      setInterval(() => {
        pruneConfigurationChanges(this.#db).catch((error) =>
          this.#log.warn({ event: 'configuration_not_pruned', error }, 'old changes stay for now'),
        )
      }, pruneMs),
    ]
    for (const timer of this.#timers) timer.unref()
    this.#listener = openDatabase(options.databaseUrl, { role: 'tollgate_worker', connections: 1 })
    const { unlisten } = await this.#listener.$client.listen('configuration', look, look)
    this.#unlisten = unlisten
  }

  #refreshQuietly(): void {
    if (this.#isClosed) return
    this.refresh().then(this.#notCompared.over, this.#notCompared.failed)
  }

  async #compare(): Promise<void> {
    if (this.#isClosed) return
    if ((await readConfigurationVersion(this.#db)) === this.#version) {
      if (this.#tablesFailed) this.#keepTables()
      return
    }
    const { version, apply } = await this.#db.transaction(
      async (tx) => {
        const now = await readConfigurationVersion(tx)
        const changes =
          this.#version === 0
            ? undefined
            : await listConfigurationChanges(tx, { since: this.#version, version: now })
        const load = await loadConfiguration(tx, changes ? groupChanges(changes) : everything)
        return { version: now, apply: load }
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
    apply(this.#memory)
    this.#applicationServers = [...this.#memory.applicationServers.values()].sort((one, other) =>
      one.id < other.id ? -1 : 1,
    )
    this.#version = version
    this.#keepTables()
  }

  #keepTables(): void {
    this.#tablesFailed = false
    this.#tablesReady = this.#tables.keep(listReachable(this.#memory, Date.now()))
    this.#tablesReady.then(this.#notCompiled.over, (error) => {
      this.#tablesFailed = true
      this.#notCompiled.failed(error)
    })
  }
}
