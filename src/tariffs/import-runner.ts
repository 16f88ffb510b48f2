/**
 * Applies imports in a thread of its own, one after another: what a sheet takes, calls may not wait. The thread starts with
 * the first import, stays a while for the next one, and is replaced where it has ended by itself.
 */
import type { Worker } from 'node:worker_threads'
import type { Log } from '../logging/log.ts'
import { startThread } from '../threads/start-thread.ts'
import type { ImportResult, ImportTask } from './apply-import.ts'
import type { ImportMessage } from './import-rates-thread.ts'

const idleThreadMs = 5_000

export class ImportRunner {
  readonly #databaseUrl: string
  readonly #log: Log
  #thread: Worker | undefined
  #idleTimer: NodeJS.Timeout | undefined

  constructor({ databaseUrl, log }: { databaseUrl: string; log: Log }) {
    this.#databaseUrl = databaseUrl
    this.#log = log
  }

  /**
   * `noteProgress` is told rows read, never two at a time, and has ended before this settles: a progress still on its way
   * would overtake the outcome. Rejects where the import fails as a whole, or the thread ends.
   */
  run(task: ImportTask, noteProgress: (rowsRead: number) => Promise<void>): Promise<ImportResult> {
    return new Promise((resolve, reject) => {
      const thread = this.#useThread()
      let progress = Promise.resolve()
      const note = (rowsRead: number) => {
        progress = progress.then(() => noteProgress(rowsRead))
      }
      const settle = (work: () => void) => {
        thread.off('message', hear).off('error', fail).off('exit', end)
        void progress.then(work)
      }
      const hear = (message: ImportMessage) => {
        if ('rowsRead' in message) {
          note(message.rowsRead)
          return
        }
        this.#rest(thread)
        if ('result' in message) settle(() => resolve(message.result))
        else settle(() => reject(new Error(message.error)))
      }
      const fail = (error: unknown) => {
        this.#forget(thread)
        settle(() => reject(error))
      }
      const end = () => fail(new Error('the thread of the import has ended'))
      thread.on('message', hear).on('error', fail).on('exit', end)
      note(0)
      thread.postMessage(task)
    })
  }

  /** Ends what runs: it is rejected. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer)
    await this.#thread?.terminate()
  }

  #useThread(): Worker {
    clearTimeout(this.#idleTimer)
    this.#thread ??= this.#start()
    return this.#thread
  }

  /** One that dies between two files is not asked again, and takes nobody with it. */
  #start(): Worker {
    const thread = startThread(new URL('./import-rates-thread.ts', import.meta.url), {
      workerData: { databaseUrl: this.#databaseUrl },
    })
    thread
      .on('exit', () => this.#forget(thread))
      .on('error', (error) => {
        this.#forget(thread)
        this.#log.error({ event: 'import_thread_failed', error }, 'the next import starts another')
      })
    return thread
  }

  #rest(thread: Worker): void {
    this.#idleTimer = setTimeout(() => {
      this.#forget(thread)
      void thread.terminate()
    }, idleThreadMs)
  }

  #forget(thread: Worker): void {
    if (this.#thread === thread) this.#thread = undefined
  }
}
