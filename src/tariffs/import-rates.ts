/**
 * How is a CSV file of rates taken in? Stored first, then read in a thread of its own, one file after another, the
 * tenants in turn; its record tells how far it is. `applied` is only said once this replica prices calls by the new version.
 *
 * Of an import whose process died, `openImporter` of any replica says so: the dead one's lease is free.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { closeDatabase, type Db, openDatabase } from '../db/connection.ts'
import {
  clearOldFaults,
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
import type { Log } from '../logging/log.ts'
import { logOnce, type RepeatedErrors } from '../logging/log-once.ts'
import { FairPlaces } from '../quotas/fair-places.ts'
import { Quota } from '../quotas/quota.ts'
import type { Rounding } from '../rating/tariff.ts'
import { newId } from '../uuid.ts'
import type { ImportResult, ImportTask } from './apply-import.ts'
import { type FaultListLimits, FaultLists, faultListLimits } from './fault-lists.ts'
import { ImportRunner } from './import-runner.ts'
import type { InspectedSheet } from './inspect-sheet.ts'
import type { PublishContext } from './publish-rates.ts'
import type { PlanSheet, PlanSheetOrder } from './read-plan-sheet.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import { inspectInThread, readPlanInThread } from './sheet-threads.ts'
import { storeSheet, storeStart } from './store-sheet.ts'
import type { CostOrder } from './warn-below-cost.ts'

export interface ImportContext extends PublishContext {
  databaseUrl: string
  /** Files stay here while an import waits and runs, lists of faults for a while. */
  folder: string
  faultLimits?: FaultListLimits
  log: Log
}

export interface ImportRequest {
  brandId: string
  rateDeckId: string
  mode: 'replace' | 'merge'
  isDryRun: boolean
  /** How the sheet is to be read; left out: as its headings say. A function is asked once the file is there. */
  mapping?: SheetMapping | (() => Promise<SheetMapping>)
  /** Of the carrier that rows are compared with. */
  cost?: CostOrder | undefined
}

export interface SheetInspection {
  brandId: string
  /** Of the deck that it is for. */
  rounding: Rounding
  currency: string
  /** What is stated already; asked once the file is there. */
  mapping(): Promise<SheetMapping>
}

type Order = ImportOrder & { mapping: SheetMapping; cost: CostOrder | undefined }

const sweepEveryMs = 3_600_000
/** Being sent, waiting and running, of one tenant: each is a file of up to 1 GiB. */
const maxOpenPerTenant = 10
const names = { code: 'too_many_imports', what: 'imports', retryAfterSeconds: 30 }

export class Importer {
  readonly #context: ImportContext
  /** One connection whose session locks say that this process is alive. */
  readonly #lease: Db
  readonly #faults: FaultLists
  readonly #open = new Quota({ max: maxOpenPerTenant, ...names })
  /** The quota bounds what waits; who was taken waits as long as it takes. */
  readonly #places = new FairPlaces(
    { running: 1, runningPerTenant: 1, waiting: Infinity, waitingPerTenant: Infinity, timeoutMs: null },
    names,
  )
  readonly #underWay = new Set<Promise<void>>()
  #sweepTimer: NodeJS.Timeout | undefined
  readonly #notNoted: RepeatedErrors
  readonly #runner: ImportRunner
  #isClosed = false

  private constructor(context: ImportContext) {
    this.#context = context
    this.#faults = new FaultLists(context.folder, context.faultLimits ?? faultListLimits)
    this.#runner = new ImportRunner(context)
    this.#notNoted = logOnce(context.log, 'import_progress_not_noted')
    this.#lease = openDatabase(context.databaseUrl, { role: 'tollgate_worker', connections: 1 })
  }

  static async open(context: ImportContext): Promise<Importer> {
    await mkdir(context.folder, { recursive: true, mode: 0o700 })
    const importer = new Importer(context)
    await importer.#giveUpDead()
    await importer.#sweep()
    importer.#sweepTimer = setInterval(() => void importer.#sweep(), sweepEveryMs).unref()
    return importer
  }

  /**
   * Stores the file and queues it; answers the import's id. The deck must exist. Rejects where the stream breaks, and
   * with `QuotaReached` before a byte is read.
   */
  async start({ mapping: given = {}, cost, ...request }: ImportRequest, sheet: Readable): Promise<string> {
    const end = this.#open.take(request.brandId)
    const id = newId()
    const file = join(this.#context.folder, `${id}.csv`)
    let mapping: SheetMapping
    try {
      const rowsTotal = await storeSheet(sheet, file)
      mapping = typeof given === 'function' ? await given() : given
      await tryImportLease(this.#lease, id)
      await insertImport(this.#context.db, { id, rowsTotal, ...request })
    } catch (error) {
      await rm(file, { force: true })
      end()
      throw error
    }
    const run = this.#runInTurn({ id, rowsTotal: 0, mapping, cost, ...request }, file)
    this.#underWay.add(run)
    void run.then(() => {
      this.#underWay.delete(run)
      end()
    })
    return id
  }

  /** How a sheet would be read, by its first bytes. Rejects as `start` does. */
  inspect({ brandId, mapping, ...rest }: SheetInspection, sheet: Readable): Promise<InspectedSheet> {
    return this.#withFile(brandId, async (file) => {
      await storeStart(sheet, file)
      return inspectInThread(brandId, { ...rest, file, mapping: await mapping() })
    })
  }

  /** The rates of a sheet of windows; `describe` is asked once the file is there. Rejects as `start` does. */
  readPlan(
    brandId: string,
    describe: () => Promise<Omit<PlanSheetOrder, 'file'>>,
    sheet: Readable,
  ): Promise<PlanSheet> {
    return this.#withFile(brandId, async (file) => {
      await storeSheet(sheet, file)
      return readPlanInThread(brandId, { ...(await describe()), file })
    })
  }

  /** Every fault of an import as CSV; undefined: this replica has no such list. */
  openFaults(record: { brandId: string; id: string }): Promise<Readable | undefined> {
    return this.#faults.open(record)
  }

  /** For an import of tariffs: a connection of its own, on which a statement may take as long as it likes. */
  async onOwnConnection<Result>(work: (context: PublishContext) => Promise<Result>): Promise<Result> {
    const { databaseUrl, configuration, leadSeconds } = this.#context
    const db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 1, statementTimeoutMs: 0 })
    try {
      return await work({ db, configuration, leadSeconds })
    } finally {
      await closeDatabase(db)
    }
  }

  /** Resolves when no import is left. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  /** Ends what runs; it counts as interrupted. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#sweepTimer)
    this.#places.close()
    await this.#runner.close()
    await this.idle()
    await closeDatabase(this.#lease)
  }

  /** One of the brand's places, and a file that is gone afterwards. */
  async #withFile<Result>(brandId: string, work: (file: string) => Promise<Result>): Promise<Result> {
    const end = this.#open.take(brandId)
    const file = join(this.#context.folder, `${newId()}.sheet`)
    try {
      return await work(file)
    } finally {
      await rm(file, { force: true })
      end()
    }
  }

  async #runInTurn(order: Order, file: string): Promise<void> {
    // Refused only when the service stops: the import is given up then.
    const leave = await this.#places.take({ brandId: order.brandId, clientId: null }).catch(() => undefined)
    await this.#run(order, file)
    leave?.()
  }

  async #run(order: Order, file: string): Promise<void> {
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
    await this.#faults.limitBrand(order.brandId).catch((error) => this.#notSwept(error))
    await endImportLease(this.#lease, id).catch(() => {})
  }

  async #finish(id: string, result: ImportResult): Promise<void> {
    const { configuration, db, log } = this.#context
    if (result.configurationVersion !== null) await configuration.reach(result.configurationVersion)
    await finishImport(db, id, result)
    const { status, rowsRead, faultsTotal } = result
    log.info({ event: 'import_finished', id, status, rowsRead, faultsTotal }, 'an import has finished')
  }

  async #runThread(order: Order, file: string): Promise<ImportResult> {
    const { id, rateDeckId, mode, isDryRun, mapping, cost } = order
    const faultsFile = await this.#faults.prepare(order)
    const { db, leadSeconds } = this.#context
    const task: ImportTask = {
      id,
      rateDeckId,
      mode,
      isDryRun,
      mapping,
      file,
      faultsFile,
      maxFaultsBytes: this.#faults.limits.bytesOfList,
      leadSeconds,
      ...(cost && { cost }),
    }
    // A progress that is not noted is told at once: nobody else waits for it, and the next one says more.
    return this.#runner.run(task, (rowsRead) =>
      noteImportProgress(db, { id, rowsRead }).then(this.#notNoted.over, (error) =>
        this.#notNoted.failed(error, { id }),
      ),
    )
  }

  async #giveUpDead(): Promise<void> {
    for (const id of await listUnfinishedImports(this.#context.db)) {
      if (!(await tryImportLease(this.#lease, id))) continue
      await giveUpImport(this.#context.db, id)
      await rm(join(this.#context.folder, `${id}.csv`), { force: true })
      await endImportLease(this.#lease, id)
    }
  }

  /** Faults of long ago, as files and in the records. */
  async #sweep(): Promise<void> {
    const before = Date.now() - this.#faults.limits.days * 86_400_000
    try {
      await this.#faults.removeOld(before)
      await clearOldFaults(this.#context.db, before)
    } catch (error) {
      this.#notSwept(error)
    }
  }

  #notSwept(error: unknown): void {
    this.#context.log.warn({ event: 'import_faults_not_swept', error }, 'will be tried again')
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
