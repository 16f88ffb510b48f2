/**
 * Removes the lists of faults whose import has no record any more, from this replica's own folder.
 *
 * A record may be removed by any replica, or with its deck; the file lies where the import ran.
 */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sql } from '../db/connection.ts'
import { findImportsThatExist } from '../db/tariffs/remove-imports.ts'
import { isUuid } from '../uuid.ts'

const ending = '.errors.csv'

/** Answers how many it removed. */
export async function removeFaultFiles(sql: Sql, folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const ids = names
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .filter(isUuid)
  if (ids.length === 0) return 0
  const kept = await findImportsThatExist(sql, ids)
  const gone = ids.filter((id) => !kept.has(id))
  for (const id of gone) await rm(join(folder, `${id}${ending}`), { force: true })
  return gone.length
}
