/**
 * How do the stored rates of a deck version become a table in memory, without holding up calls?
 *
 * A small version is read and compiled here, in a few milliseconds. A large one is made in a thread with a
 * connection of its own, which hands over the table's memory; the thread stays for a while for the next one.
 */
import type { Worker } from 'node:worker_threads'
import type { Db } from '../db/connection.ts'
import { streamRates } from '../db/tariffs/rates.ts'
import { RateTable, RateTableBuilder, type RateTableColumns } from '../rating/rate-table.ts'
import { startThread } from '../threads/start-thread.ts'

export interface RateTableOrder {
  rateDeckId: string
  version: number
  /** How many rates the version says it has. */
  rates: number
}

export type CompileAnswer = { order: number; columns: RateTableColumns } | { order: number; error: string }

/** More rates than these would hold the event loop for more than some 10 ms. */
const maxRatesInline = 1_000
const idleThreadMs = 5_000

export class RateTableCompiler {
  readonly #db: Db
  readonly #databaseUrl: string
  readonly #waiting = new Map<number, PromiseWithResolvers<RateTable>>()
  #orders = 0
  #thread: Worker | undefined
  #idleTimer: NodeJS.Timeout | undefined

  constructor(db: Db, databaseUrl: string) {
    this.#db = db
    this.#databaseUrl = databaseUrl
  }

  /** Throws where the version is gone, or is not whole. */
  async compile(order: RateTableOrder): Promise<RateTable> {
    const table =
      order.rates <= maxRatesInline
        ? await readRateTable(this.#db, order)
        : await this.#compileInThread(order)
    if (table.size !== order.rates) {
      throw new Error(
        `version ${order.version} of rate deck ${order.rateDeckId} has ${table.size} rates instead of ${order.rates}`,
      )
    }
    return table
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer)
    await this.#thread?.terminate()
  }

  #compileInThread(order: RateTableOrder): Promise<RateTable> {
    clearTimeout(this.#idleTimer)
    this.#thread ??= this.#start()
    this.#thread.ref()
    this.#orders += 1
    const answer = promiseWithResolvers<RateTable>()
    this.#waiting.set(this.#orders, answer)
    this.#thread.postMessage({ order: this.#orders, rateDeckId: order.rateDeckId, version: order.version })
    return answer.promise
  }

  #start(): Worker {
    const thread = startThread(new URL('./compile-rate-table-thread.ts', import.meta.url), {
      workerData: { databaseUrl: this.#databaseUrl },
    })
    thread.on('message', (answer: CompileAnswer) => {
      const waiting = this.#waiting.get(answer.order)
      this.#waiting.delete(answer.order)
      if ('error' in answer) waiting?.reject(new Error(answer.error))
      else waiting?.resolve(RateTable.fromBuffers(answer.columns))
      if (this.#waiting.size === 0) this.#rest(thread)
    })
    thread.on('error', (error) => this.#failAll(thread, error))
    thread.on('exit', () =>
      this.#failAll(thread, new Error('the thread that compiles rate tables has ended')),
    )
    return thread
  }

  #rest(thread: Worker): void {
    thread.unref()
    this.#idleTimer = setTimeout(() => {
      if (this.#thread === thread) this.#thread = undefined
      void thread.terminate()
    }, idleThreadMs)
    this.#idleTimer.unref()
  }

  #failAll(thread: Worker, error: unknown): void {
    if (this.#thread !== thread) return
    this.#thread = undefined
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
  }
}

/** Reads a version's rates and compiles them in this thread. */
export async function readRateTable(
  db: Db,
  version: { rateDeckId: string; version: number },
): Promise<RateTable> {
  const builder = new RateTableBuilder()
  for await (const rate of streamRates(db, version)) builder.add(rate)
  return builder.build()
}

interface PromiseWithResolvers<Value> {
  promise: Promise<Value>
  resolve: (value: Value) => void
  reject: (reason: unknown) => void
}

/** Node 20 has no `Promise.withResolvers`. */
function promiseWithResolvers<Value>(): PromiseWithResolvers<Value> {
  let resolve: (value: Value) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
