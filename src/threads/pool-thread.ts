/**
 * One thread of a pool: starts, does one job after another, and ends by itself, for a job's sake or for lack of work.
 *
 * Between jobs it does not keep the process alive.
 */
import type { Worker } from 'node:worker_threads'
import { startThread } from './start-thread.ts'
import type { Job, ThreadPoolOptions } from './thread-pool.ts'

/** The job took longer than its budget. */
export class OutOfTime extends Error {}
/** The thread ended during the job, for example for lack of memory. */
export class ThreadEnded extends Error {}

export type ToThread =
  | { job: number; task: unknown }
  | { job: number; part: unknown }
  /** `failure`: null after the last part, else why no more come. */
  | { job: number; failure: string | null }
export type FromThread = 'ready' | { job: number; result: unknown } | { job: number; error: string }

const usualIdleMs = 10_000

export class PoolThread {
  readonly #worker: Worker
  readonly #options: ThreadPoolOptions
  readonly #onFree: () => void
  readonly #onEnd: (reason: Error) => void
  #isReady = false
  #hasEnded = false
  #number = 0
  #job: { job: Job; budget: NodeJS.Timeout } | undefined
  #idleTimer: NodeJS.Timeout | undefined

  /** `onFree`: it can take a job. `onEnd`: it is gone; its job has been rejected. */
  constructor(options: ThreadPoolOptions, callbacks: { onFree: () => void; onEnd: (reason: Error) => void }) {
    this.#options = options
    this.#onFree = callbacks.onFree
    this.#onEnd = callbacks.onEnd
    this.#worker = startThread(options.file, { limits: { maxOldGenerationSizeMb: options.memoryMb } })
    this.#worker.on('message', (message: FromThread) => this.#hear(message))
    this.#worker.on('error', (cause) => this.#end(new ThreadEnded('the thread has failed', { cause })))
    this.#worker.on('exit', () => this.#end(new ThreadEnded('the thread has ended')))
  }

  get isStarting(): boolean {
    return !this.#isReady
  }

  get isFree(): boolean {
    return this.#isReady && !this.#job
  }

  get id(): number {
    return this.#worker.threadId
  }

  begin(job: Job): void {
    clearTimeout(this.#idleTimer)
    this.#worker.ref()
    const budget = setTimeout(() => {
      this.#end(new OutOfTime(`took longer than ${this.#options.budgetMs} ms`))
    }, this.#options.budgetMs)
    this.#job = { job, budget }
    this.#number++
    this.#send({ job: this.#number, task: job.task })
    if (job.parts) void this.#sendParts(job, job.parts, this.#number)
  }

  /** Ends it now; its job is rejected. */
  async end(): Promise<void> {
    this.#end(new ThreadEnded('the pool is closed'))
    await this.#worker.terminate()
  }

  async #sendParts(job: Job, parts: AsyncIterable<unknown>, number: number): Promise<void> {
    try {
      for await (const part of parts) {
        if (this.#job?.job !== job) return
        this.#send({ job: number, part })
      }
      this.#send({ job: number, failure: null })
    } catch (error) {
      // The thread tells us when it has left off; the caller gets what was thrown here.
      job.failure = error
      this.#send({ job: number, failure: String(error) })
    }
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message)
  }

  #hear(message: FromThread): void {
    if (message === 'ready') this.#isReady = true
    else this.#settle(message)
    this.#worker.unref()
    this.#idleTimer = setTimeout(() => void this.end(), this.#options.idleMs ?? usualIdleMs)
    this.#idleTimer.unref()
    this.#onFree()
  }

  #settle(message: Exclude<FromThread, 'ready'>): void {
    if (!this.#job) return
    const { job, budget } = this.#job
    clearTimeout(budget)
    this.#job = undefined
    if (job.failure !== undefined) job.reject(job.failure)
    else if ('error' in message) job.reject(new Error(message.error))
    else job.resolve(message.result)
  }

  #end(reason: Error): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    clearTimeout(this.#idleTimer)
    clearTimeout(this.#job?.budget)
    this.#job?.job.reject(reason)
    this.#job = undefined
    void this.#worker.terminate()
    this.#onEnd(reason)
  }
}
