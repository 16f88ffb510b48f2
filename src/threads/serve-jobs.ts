/**
 * The other side of a pool: what a thread's file calls, once, with the work it does.
 *
 * Where both want the processor, calls come first: on Linux a priority is a thread's own. Elsewhere it would be that of the
 * whole process, so it stays as it is.
 */
import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import type { FromThread, ToThread } from './pool-thread.ts'

/** As of `nice`: 0 is usual, 19 is last. */
const lowPriority = 10

type Work = (task: never, parts: AsyncIterable<never>) => unknown

/** `work` gets each job's task and its parts; what it answers, or throws, is the job's. */
export function serveJobs(work: Work): void {
  let job = 0
  let parts = new Parts()
  const answer = (message: FromThread) => parentPort?.postMessage(message)

  async function serve(number: number, task: unknown, given: Parts): Promise<void> {
    try {
      answer({ job: number, result: await work(task as never, given as AsyncIterable<never>) })
    } catch (error) {
      answer({ job: number, error: error instanceof Error ? error.message : String(error) })
    }
  }

  parentPort?.on('message', (message: ToThread) => {
    if ('task' in message) {
      job = message.job
      parts = new Parts()
      void serve(job, message.task, parts)
    } else if (message.job !== job) return
    else if ('part' in message) parts.add(message.part)
    else parts.end(message.failure)
  })
  if (process.platform === 'linux') setPriority(lowPriority)
  answer('ready')
}

/** What comes in parts, to be walked once. */
class Parts {
  readonly #come: unknown[] = []
  #end: { failure: string | null } | undefined
  #wake: (() => void) | undefined

  add(part: unknown): void {
    this.#come.push(part)
    this.#wake?.()
  }

  end(failure: string | null): void {
    this.#end = { failure }
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void> {
    for (;;) {
      while (this.#come.length > 0) yield this.#come.shift()
      if (this.#end) break
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#end.failure !== null) throw new Error(this.#end.failure)
  }
}
