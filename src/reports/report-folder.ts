/**
 * Where may a scheduled report be written? Below `<REPORTS_DIR>/<brand>` and nowhere else, whatever a schedule says.
 *
 * A folder is words between slashes that begin with a letter or a digit, so neither `..` nor an absolute path can be
 * written; links inside the folder that lead out of it are refused when the file is written. A file appears whole: it is
 * written under a temporary name, flushed and renamed. A repeat replaces it.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { InvalidRequest } from '../errors.ts'

/** JSON Schema's and ours. */
export const folderPattern = '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$'
const folderShape = new RegExp(folderPattern)

/** Path of the file below `root`. Throws `InvalidRequest` for a folder that leads out of the brand's. */
export async function writeReportFile(
  root: string,
  place: { brandId: string; directory: string; fileName: string },
  chunks: AsyncIterable<string | Uint8Array>,
): Promise<string> {
  if (!folderShape.test(place.directory) || !folderShape.test(place.fileName)) throw leadsOut(place.directory)
  await mkdir(join(root, place.brandId), { recursive: true })
  const brandFolder = await realpath(join(root, place.brandId))
  const folder = await makeInside(brandFolder, place.directory)
  const draft = join(folder, `.${place.fileName}.${randomUUID()}.part`)
  try {
    const file = await open(draft, 'wx', 0o640)
    try {
      for await (const chunk of chunks) await file.writeFile(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, join(folder, place.fileName))
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  return join(place.brandId, place.directory, place.fileName)
}

/** Level by level, so that nothing is made behind a link that leads out. */
async function makeInside(brandFolder: string, directory: string): Promise<string> {
  let folder = brandFolder
  for (const word of directory.split('/')) {
    const next = join(folder, word)
    await mkdir(next, { recursive: true })
    folder = await realpath(next)
    if (!folder.startsWith(brandFolder + sep)) throw leadsOut(directory)
  }
  return folder
}

function leadsOut(directory: string): InvalidRequest {
  return new InvalidRequest(`"${directory.slice(0, 200)}" is not a folder below that of the brand.`, [
    { pointer: '/directory', detail: 'leads out of the folder for reports' },
  ])
}
