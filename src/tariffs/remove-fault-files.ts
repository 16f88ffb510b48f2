/**
 * Removes the lists of faults whose import has no record any more, from this replica's own folder.
 *
 * A record may be removed by any replica, or with its deck; the file lies where the import ran.
 */
import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Sql } from '../db/connection.ts'
import { findImportsThatExist } from '../db/tariffs/remove-imports.ts'
import { isUuid } from '../uuid.ts'

const ending = '.errors.csv'

/** Answers how many it removed. */
export async function removeFaultFiles(sql: Sql, folder: string): Promise<number> {
  // Each brand has a folder; those of earlier releases lie in the folder itself.
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const files = names
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ name, id: basename(name, ending) }))
    .filter(({ id }) => isUuid(id))
  if (files.length === 0) return 0
  const kept = await findImportsThatExist(
    sql,
    files.map(({ id }) => id),
  )
  const gone = files.filter(({ id }) => !kept.has(id))
  for (const { name } of gone) await rm(join(folder, name), { force: true })
  return gone.length
}
