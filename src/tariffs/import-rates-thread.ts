/** The thread behind `import-rates.ts`: one import, over a connection of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { closeDatabase, openDatabase } from '../db/connection.ts'
import { applyImport, type ImportResult, type ImportTask } from './apply-import.ts'

export type ImportMessage = { rowsRead: number } | { result: ImportResult } | { error: string }

const { databaseUrl, task }: { databaseUrl: string; task: ImportTask } = workerData
const db = openDatabase(databaseUrl, {
  role: 'tollgate_worker',
  connections: 1,
  statementTimeoutMs: 600_000,
  lockTimeoutMs: 60_000,
})

function tell(message: ImportMessage): void {
  parentPort?.postMessage(message)
}

try {
  tell({ result: await applyImport(db, task, (rowsRead) => tell({ rowsRead })) })
} catch (error) {
  tell({
    error:
      error instanceof Error ? `${error.message}${error.cause ? `: ${error.cause}` : ''}` : String(error),
  })
} finally {
  await closeDatabase(db)
}
