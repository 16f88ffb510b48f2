/**
 * Which database does a command work on, and how is it opened for the time of the command?
 *
 * `--database`, else DATABASE_URL, else the embedded one under DATA_DIR: beside the service that runs it, or
 * started for the command and stopped after it.
 */

import { findDatabaseUrlFault } from '../database-url.ts'
import { closeDatabase, type Db, openDatabase } from '../db/connection.ts'
import { startPostgres } from '../embedded/postgres.ts'
import { findRunningPostgres } from '../embedded/running-postgres.ts'
import { loadConfig } from '../process/config.ts'
import { CommandFailed, exitCodes } from './command-failed.ts'

export interface DatabaseOption {
  database?: string
}

export async function withDatabaseUrl<Result>(
  { database }: DatabaseOption,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  if (database !== undefined) {
    if (findDatabaseUrlFault(database) !== undefined) {
      throw new CommandFailed(
        '--database is a URL such as postgres://user@host:5432/tollgate.',
        exitCodes.misused,
      )
    }
    return work(database)
  }
  const { databaseUrl, dataDir } = loadConfig()
  const running = databaseUrl ?? findRunningPostgres(dataDir)
  if (running !== undefined) return work(running)
  const postgres = await startPostgres({ dataDir })
  try {
    return await work(postgres.url)
  } finally {
    await postgres.stop()
  }
}

export function withDatabase<Result>(
  option: DatabaseOption & { role: 'tollgate_worker' | 'tollgate_api'; statementTimeoutMs?: number },
  work: (db: Db) => Promise<Result>,
): Promise<Result> {
  const { role, statementTimeoutMs = 60_000 } = option
  return withDatabaseUrl(option, async (url) => {
    const db = openDatabase(url, { role, connections: 2, statementTimeoutMs })
    try {
      return await work(db)
    } finally {
      await closeDatabase(db)
    }
  })
}
