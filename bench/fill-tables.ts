/**
 * Writes many rows into the tables of an empty server, and brings its statistics and visibility maps up to what a month of
 * autovacuum gives.
 *
 * As the user that logged in: the roles of the service own no table, and VACUUM would pass over theirs without an error. Triggers
 * rest meanwhile, foreign keys among them: auditing each row by itself takes longer than the rows.
 */
import type { Db } from '../src/db/connection.ts'

/** `db`: of one connection, so that each statement finds the settings of the one before. */
export async function fillTables<Result>(db: Db, write: () => Promise<Result>): Promise<Result> {
  const sql = db.$client
  await sql`set role none`
  await sql`set session_replication_role = replica`
  try {
    return await write()
  } finally {
    await sql`set session_replication_role = origin`
    await sql`vacuum analyze`
    await sql`set role tollgate_worker`
  }
}
