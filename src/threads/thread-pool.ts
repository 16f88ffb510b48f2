/**
 * A few threads for work that would hold up calls: one job at a time in each, and the next one in the same thread.
 *
 * A job that takes longer than its budget, that needs more memory than its thread may have, or that crashes it, ends its
 * thread and nothing else; another is started for the next job. Threads that have had nothing to do for a while end.
 *
 * None of the libraries for this (piscina 5.3, tinypool 2.2): there a job's time runs while its thread still starts, which
 * takes a second under tsx, and a job cannot be sent in parts.
 */
import { PoolThread } from './pool-thread.ts'

export { OutOfTime, ThreadEnded } from './pool-thread.ts'

export interface ThreadPoolOptions {
  /** `new URL('./x.ts', import.meta.url)` of a file that calls `serveJobs`. */
  file: URL
  threads: number
  /** For one job, from when its thread has it. */
  budgetMs: number
  memoryMb: number
  idleMs?: number
}

export interface Job {
  task: unknown
  parts: AsyncIterable<unknown> | undefined
  /** What `parts` has thrown. */
  failure?: unknown
  resolve: (result: unknown) => void
  reject: (reason: unknown) => void
}

export class ThreadPool {
  readonly #options: ThreadPoolOptions
  readonly #threads = new Set<PoolThread>()
  readonly #waiting: Job[] = []

  constructor(options: ThreadPoolOptions) {
    this.#options = options
  }

  /** Numbers of its threads, as Node gives them. */
  get threadIds(): number[] {
    return [...this.#threads].map(({ id }) => id)
  }

  /**
   * Does `task` in a thread, whose `serveJobs` gets it, and `parts` one by one as they come. Both and the result are
   * copied: plain data. Rejects with `OutOfTime`, `ThreadEnded`, an Error with the words of what was thrown in the
   * thread, or what `parts` throws.
   */
  run(task: unknown, parts?: AsyncIterable<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, parts, resolve, reject })
      this.#assign()
    })
  }

  /** Ends its threads; what they do is rejected. It may be used again. */
  async close(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.end()))
  }

  #assign(): void {
    for (const thread of this.#threads) {
      if (this.#waiting.length === 0) return
      if (thread.isFree) thread.begin(this.#waiting.shift() as Job)
    }
    const starting = [...this.#threads].filter(({ isStarting }) => isStarting).length
    if (this.#waiting.length > starting && this.#threads.size < this.#options.threads) this.#start()
  }

  #start(): void {
    const thread = new PoolThread(this.#options, {
      onFree: () => this.#assign(),
      onEnd: (reason) => {
        this.#threads.delete(thread)
        // One that cannot even start would be started for ever.
        if (thread.isStarting) this.#waiting.shift()?.reject(reason)
        this.#assign()
      },
    })
    this.#threads.add(thread)
  }
}
