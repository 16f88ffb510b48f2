/**
 * How is a CSV file of rates taken in? Stored first, then read in a thread of its own, one file after another;
 * its record tells how far it is. `applied` is only said once this replica prices calls by the new version.
 *
 * Of an import whose process died, `openImporter` of any replica says so: the dead one's lease is free.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Worker } from 'node:worker_threads'
import { closeDatabase, type Db, openDatabase } from '../db/connection.ts'
import {
  endImportLease,
  finishImport,
  giveUpImport,
  type ImportOrder,
  type ImportOutcome,
  insertImport,
  listUnfinishedImports,
  noteImportProgress,
  tryImportLease,
} from '../db/tariffs/imports.ts'
import { logOnce, type RepeatedErrors } from '../log-once.ts'
import { newId } from '../uuid.ts'
import type { ImportResult, ImportTask } from './apply-import.ts'
import type { ImportMessage } from './import-rates-thread.ts'
import type { Log } from './log.ts'
import type { PublishContext } from './publish-rates.ts'
import { startThread } from './start-thread.ts'

export interface ImportContext extends PublishContext {
  databaseUrl: string
  /** Files stay here while an import waits and runs, lists of faults for good. */
  folder: string
  log: Log
}

export interface ImportRequest {
  brandId: string
  rateDeckId: string
  mode: 'replace' | 'merge'
  isDryRun: boolean
}

const idleThreadMs = 5_000

export class Importer {
  readonly #context: ImportContext
  /** One connection whose session locks say that this process is alive. */
  readonly #lease: Db
  readonly #notNoted: RepeatedErrors
  #last: Promise<void> = Promise.resolve()
  #thread: Worker | undefined
  #idleTimer: NodeJS.Timeout | undefined
  #isClosed = false

  private constructor(context: ImportContext) {
    this.#context = context
    this.#notNoted = logOnce(context.log, 'import_progress_not_noted')
    this.#lease = openDatabase(context.databaseUrl, { role: 'tollgate_worker', connections: 1 })
  }

  static async open(context: ImportContext): Promise<Importer> {
    await mkdir(context.folder, { recursive: true })
    const importer = new Importer(context)
    await importer.#giveUpDead()
    return importer
  }

  /** Stores the file and queues it; answers the import's id. The deck must exist. Rejects where the stream breaks. */
  async start(request: ImportRequest, csv: Readable): Promise<string> {
    const id = newId()
    const file = join(this.#context.folder, `${id}.csv`)
    try {
      const rowsTotal = await storeFile(csv, file)
      await tryImportLease(this.#lease, id)
      await insertImport(this.#context.db, { id, rowsTotal, ...request })
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
    this.#last = this.#last.then(() => this.#run({ id, rowsTotal: 0, ...request }, file))
    return id
  }

  /** Every fault of an import as CSV; undefined: this replica has no such list. */
  async openFaults(id: string): Promise<Readable | undefined> {
    const file = this.#faultsFile(id)
    return (await stat(file).catch(() => undefined)) ? createReadStream(file) : undefined
  }

  /** Resolves when no import is left. */
  idle(): Promise<void> {
    return this.#last
  }

  /** Ends what runs; it counts as interrupted. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#idleTimer)
    await this.#thread?.terminate()
    await this.#last
    await closeDatabase(this.#lease)
  }

  async #run(order: ImportOrder, file: string): Promise<void> {
    const { db, log } = this.#context
    const { id } = order
    try {
      if (this.#isClosed) await giveUpImport(db, id)
      else await this.#finish(id, await this.#runThread(order, file))
    } catch (error) {
      log.error({ event: 'import_failed', id, error }, 'an import failed')
      const failure = this.#isClosed ? giveUpImport(db, id) : finishImport(db, id, failed())
      await failure.catch((cause) =>
        log.error({ event: 'import_left', id, error: cause }, 'left to the next start'),
      )
    }
    await rm(file, { force: true })
    await endImportLease(this.#lease, id).catch(() => {})
  }

  async #finish(id: string, result: ImportResult): Promise<void> {
    const { configuration, db, log } = this.#context
    if (result.configurationVersion !== null) await configuration.reach(result.configurationVersion)
    await finishImport(db, id, result)
    const { status, rowsRead, faultsTotal } = result
    log.info({ event: 'import_finished', id, status, rowsRead, faultsTotal }, 'an import has finished')
  }

  #runThread(order: ImportOrder, file: string): Promise<ImportResult> {
    const { id, rateDeckId, mode, isDryRun } = order
    const { db, leadSeconds } = this.#context
    const task: ImportTask = {
      id,
      rateDeckId,
      mode,
      isDryRun,
      file,
      faultsFile: this.#faultsFile(id),
      leadSeconds,
    }
    return new Promise((resolve, reject) => {
      const thread = this.#useThread()
      let progress = Promise.resolve()
      // One that is not noted is told at once: nobody else waits for it, and the next one says more.
      const note = (rowsRead: number) => {
        progress = progress
          .then(() => noteImportProgress(db, { id, rowsRead }))
          .then(this.#notNoted.over, (error) => this.#notNoted.failed(error, { id }))
      }
      const settle = (work: () => void) => {
        thread.off('message', hear).off('error', fail).off('exit', end)
        // A progress still on its way would overtake the outcome.
        void progress.then(work)
      }
      const hear = (message: ImportMessage) => {
        if ('rowsRead' in message) {
          note(message.rowsRead)
          return
        }
        this.#restThread(thread)
        if ('result' in message) settle(() => resolve(message.result))
        else settle(() => reject(new Error(message.error)))
      }
      const fail = (error: unknown) => {
        this.#thread = undefined
        settle(() => reject(error))
      }
      const end = () => fail(new Error('the thread of the import has ended'))
      thread.on('message', hear).on('error', fail).on('exit', end)
      note(0)
      thread.postMessage(task)
    })
  }

  #useThread(): Worker {
    clearTimeout(this.#idleTimer)
    this.#thread ??= this.#startThread()
    return this.#thread
  }

  /** One that dies between two files is not asked again, and takes nobody with it. */
  #startThread(): Worker {
    const { databaseUrl, log } = this.#context
    const thread = startThread('import-rates-thread', { databaseUrl })
    const forget = () => {
      if (this.#thread === thread) this.#thread = undefined
    }
    thread.on('exit', forget).on('error', (error) => {
      forget()
      log.error({ event: 'import_thread_failed', error }, 'the next import starts another')
    })
    return thread
  }

  /** It stays a while for the next file. */
  #restThread(thread: Worker): void {
    this.#idleTimer = setTimeout(() => {
      if (this.#thread === thread) this.#thread = undefined
      void thread.terminate()
    }, idleThreadMs)
  }

  async #giveUpDead(): Promise<void> {
    for (const id of await listUnfinishedImports(this.#context.db)) {
      if (!(await tryImportLease(this.#lease, id))) continue
      await giveUpImport(this.#context.db, id)
      await rm(join(this.#context.folder, `${id}.csv`), { force: true })
      await endImportLease(this.#lease, id)
    }
  }

  #faultsFile(id: string): string {
    return join(this.#context.folder, `${id}.errors.csv`)
  }
}

/** Whose fault it was stands in the log: the message of an error may be a statement of ours. */
function failed(): ImportOutcome {
  const detail = 'The import failed on our side and changed nothing: send the file again later.'
  return {
    status: 'rejected',
    rowsRead: 0,
    faults: [{ line: null, column: null, code: 'import_failed', detail, value: null }],
    faultsTotal: 1,
    warnings: [],
    summary: null,
  }
}

/** Answers how many lines the file has, which its rows are at most. */
async function storeFile(csv: Readable, file: string): Promise<number> {
  let lines = 0
  let lastByte = 10
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1
      lastByte = chunk.at(-1) ?? lastByte
      done(null, chunk)
    },
  })
  await pipeline(csv, count, createWriteStream(file))
  return lastByte === 10 ? lines : lines + 1
}
