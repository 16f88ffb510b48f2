/**
 * Removes the lists of faults whose import has no record any more, from this replica's own folder.
 *
 * A record may be removed by any replica, or with its deck; the file lies where the import ran.
 */
import { rm } from 'node:fs/promises'
import type { Sql } from '../db/connection.ts'
import { findImportsThatExist } from '../db/tariffs/remove-imports.ts'
import { isUuid } from '../uuid.ts'
import { FaultLists, faultListLimits } from './fault-lists.ts'

/** Answers how many it removed. `folder`: of the imports. */
export async function removeFaultFiles(sql: Sql, folder: string): Promise<number> {
  const files = (await new FaultLists(folder, faultListLimits).list()).filter(({ id }) => isUuid(id))
  if (files.length === 0) return 0
  const kept = await findImportsThatExist(
    sql,
    files.map(({ id }) => id),
  )
  const gone = files.filter(({ id }) => !kept.has(id))
  for (const { path } of gone) await rm(path, { force: true })
  return gone.length
}
