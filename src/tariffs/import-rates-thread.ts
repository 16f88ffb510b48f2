/** The thread behind `import-rates.ts`: one import after another, over a connection of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../db/connection.ts'
import { applyImport, type ImportResult, type ImportTask } from './apply-import.ts'

export type ImportMessage = { rowsRead: number } | { result: ImportResult } | { error: string }

const { databaseUrl }: { databaseUrl: string } = workerData
const db = openDatabase(databaseUrl, {
  role: 'tollgate_worker',
  connections: 1,
  statementTimeoutMs: 600_000,
  lockTimeoutMs: 60_000,
})

function post(message: ImportMessage): void {
  parentPort?.postMessage(message)
}

/** drizzle wraps the database's own words in the text of the query. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

parentPort?.on('message', (task: ImportTask) => {
  applyImport(db, task, (rowsRead) => post({ rowsRead })).then(
    (result) => post({ result }),
    (error) => post({ error: describeError(error) }),
  )
})
