/**
 * The record of an import, as its maker follows it: queued, running, and then applied, rejected or dry-run.
 *
 * An import lives in one process. While it does, that process holds an advisory lock named by the import's id,
 * so that another one can tell a dead import from a slow one.
 */
import { sql } from 'drizzle-orm'
import { findInstant, instantText, parseInstant } from '../columns.ts'
import type { Db, Tx } from '../connection.ts'
import type { RatesSummary } from './rate-differences.ts'

export type ImportStatus = 'queued' | 'running' | 'applied' | 'rejected' | 'dry-run'

export interface ImportFault {
  /** 1 for the first line of the file; null: the import as a whole. */
  line: number | null
  column: string | null
  code: string
  detail: string
  value: string | null
}

export interface ImportWarning {
  line: number | null
  code: string
  detail: string
}

export interface ImportOrder {
  id: string
  brandId: string
  rateDeckId: string
  mode: 'replace' | 'merge'
  isDryRun: boolean
  rowsTotal: number
}

export interface ImportOutcome {
  status: 'applied' | 'rejected' | 'dry-run'
  rowsRead: number
  /** The first bad rows, `faultsTotal` in all. */
  faults: readonly ImportFault[]
  faultsTotal: number
  warnings: readonly ImportWarning[]
  summary: RatesSummary | null
}

export interface ImportRecord {
  id: string
  brandId: string
  rateDeckId: string
  mode: string
  dryRun: boolean
  status: ImportStatus
  rowsRead: number
  rowsTotal: number | null
  errors: ImportFault[]
  errorsTotal: number
  warnings: ImportWarning[]
  summary: RatesSummary | null
  /** The deck's version that it made; null: none. */
  version: number | null
  createdAt: number
  finishedAt: number | null
}

export async function insertImport(db: Db | Tx, order: ImportOrder): Promise<void> {
  await db.execute(sql`
    insert into imports (id, brand_id, rate_deck_id, mode, dry_run, status, rows_total)
    values (${order.id}, ${order.brandId}, ${order.rateDeckId}, ${order.mode}, ${order.isDryRun}, 'queued',
      ${order.rowsTotal})`)
}

export async function noteImportProgress(db: Db, progress: { id: string; rowsRead: number }): Promise<void> {
  await db.execute(sql`
    update imports
    set status = 'running', rows_read = ${progress.rowsRead},
      rows_total = greatest(rows_total, ${progress.rowsRead})
    where id = ${progress.id} and status in ('queued', 'running')`)
}

/**
 * In the transaction that publishes the version, so that a death after its commit is told from one before.
 * False: the import was given up meanwhile, and nothing may be committed.
 */
export async function noteImportVersion(tx: Tx, made: { id: string; version: number }): Promise<boolean> {
  const rows = await tx.execute(sql`
    update imports set version = ${made.version}
    where id = ${made.id} and status in ('queued', 'running')
    returning id`)
  return rows.length > 0
}

export async function finishImport(db: Db, id: string, outcome: ImportOutcome): Promise<void> {
  await db.execute(sql`
    update imports
    set status = ${outcome.status}, rows_read = ${outcome.rowsRead}, rows_total = ${outcome.rowsRead},
      errors = ${JSON.stringify(outcome.faults)}::jsonb, errors_total = ${outcome.faultsTotal},
      warnings = ${JSON.stringify(outcome.warnings)}::jsonb,
      summary = ${outcome.summary && JSON.stringify(outcome.summary)}::jsonb,
      finished_at = now()
    where id = ${id} and status in ('queued', 'running')`)
}

/** The faults in the records of imports that ended before an instant, in epoch milliseconds; their number stays. */
export async function clearOldFaults(db: Db, before: number): Promise<void> {
  await db.execute(sql`
    update imports set errors = '[]'::jsonb
    where finished_at < ${instantText(before)}::timestamptz and errors_total > 0 and errors <> '[]'::jsonb`)
}

export async function listUnfinishedImports(db: Db): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select id from imports where status in ('queued', 'running')`)
  return rows.map(({ id }) => id)
}

/** For one that nobody runs any more: what it committed stands, anything else is refused. */
export async function giveUpImport(db: Db, id: string): Promise<void> {
  const fault: ImportFault = {
    line: null,
    column: null,
    code: 'interrupted',
    detail: 'The service stopped while the import ran; nothing was changed. Send the file again.',
    value: null,
  }
  await db.execute(sql`
    update imports
    set status = case when version is null then 'rejected' else 'applied' end,
      errors = case when version is null then ${JSON.stringify([fault])}::jsonb else '[]'::jsonb end,
      errors_total = case when version is null then 1 else 0 end,
      finished_at = now()
    where id = ${id} and status in ('queued', 'running')`)
}

/** Session locks of one connection: `db` must have exactly one. */
export async function tryImportLease(lease: Db, id: string): Promise<boolean> {
  const [row] = await lease.execute<{ held: boolean }>(sql`
    select pg_try_advisory_lock(hashtextextended(${id}, 0)) as held`)
  return row?.held ?? false
}

export async function endImportLease(lease: Db, id: string): Promise<void> {
  await lease.execute(sql`select pg_advisory_unlock(hashtextextended(${id}, 0))`)
}

export async function findImport(db: Db | Tx, id: string): Promise<ImportRecord | undefined> {
  const [row] = await db.execute<{
    id: string
    brand_id: string
    rate_deck_id: string
    mode: string
    dry_run: boolean
    status: ImportStatus
    rows_read: number
    rows_total: number | null
    errors: ImportFault[]
    errors_total: number
    warnings: ImportWarning[]
    summary: RatesSummary | null
    version: number | null
    created_at: string
    finished_at: string | null
  }>(sql`select * from imports where id = ${id}`)
  if (!row) return undefined
  return {
    id: row.id,
    brandId: row.brand_id,
    rateDeckId: row.rate_deck_id,
    mode: row.mode,
    dryRun: row.dry_run,
    status: row.status,
    rowsRead: row.rows_read,
    rowsTotal: row.rows_total,
    errors: row.errors,
    errorsTotal: row.errors_total,
    warnings: row.warnings,
    summary: row.summary,
    version: row.version,
    createdAt: parseInstant(row.created_at),
    finishedAt: findInstant(row.finished_at),
  }
}
