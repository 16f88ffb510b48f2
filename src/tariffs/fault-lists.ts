/**
 * Where are the lists of all faults of imports, and how long? A CSV file for each import, in a folder for each brand.
 *
 * Bounded in size (each list, and all of a brand: the oldest go first) and in age, so that bad files fill no disk.
 * Lists of releases before this one stand in the folder itself and go by age alone.
 */
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

export interface FaultListLimits {
  /** Of one list; what comes behind is counted, not written. */
  bytesOfList: number
  /** Of all lists of a brand. */
  bytesOfBrand: number
  days: number
}

export const faultListLimits: FaultListLimits = {
  bytesOfList: 16 * 1024 ** 2,
  bytesOfBrand: 128 * 1024 ** 2,
  days: 30,
}

interface ListFile {
  path: string
  bytes: number
  /** Epoch milliseconds. */
  writtenAt: number
}

const ending = '.errors.csv'

export class FaultLists {
  readonly limits: FaultListLimits
  readonly #folder: string

  /** `folder`: of the imports. */
  constructor(folder: string, limits: FaultListLimits) {
    this.#folder = folder
    this.limits = limits
  }

  /** The path of a list that may be written now. */
  async prepare({ brandId, id }: { brandId: string; id: string }): Promise<string> {
    await mkdir(this.#folderOf(brandId), { recursive: true, mode: 0o700 })
    return join(this.#folderOf(brandId), `${id}${ending}`)
  }

  /** undefined: this replica has no such list, or no longer. */
  async open({ brandId, id }: { brandId: string; id: string }): Promise<Readable | undefined> {
    for (const folder of [this.#folderOf(brandId), this.#folder]) {
      const path = join(folder, `${id}${ending}`)
      if (await stat(path).catch(() => undefined)) return createReadStream(path)
    }
    return undefined
  }

  /** Keeps the lists of a brand within its bytes: the oldest are removed. */
  async limitBrand(brandId: string): Promise<void> {
    const files = await listFiles(this.#folderOf(brandId))
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    for (const file of files.sort((one, other) => one.writtenAt - other.writtenAt)) {
      if (bytes <= this.limits.bytesOfBrand) return
      await rm(file.path, { force: true })
      bytes -= file.bytes
    }
  }

  /** Removes what was written before an instant, in epoch milliseconds. */
  async removeOld(before: number): Promise<void> {
    const folders = (await readdir(join(this.#folder, 'faults')).catch(() => [])).map((brandId) =>
      this.#folderOf(brandId),
    )
    for (const folder of [this.#folder, ...folders]) {
      for (const file of await listFiles(folder)) {
        if (file.writtenAt < before) await rm(file.path, { force: true })
      }
    }
  }

  #folderOf(brandId: string): string {
    return join(this.#folder, 'faults', brandId)
  }
}

/** A file that goes meanwhile is left out. */
async function listFiles(folder: string): Promise<ListFile[]> {
  const names = await readdir(folder).catch(() => [])
  const files: ListFile[] = []
  for (const name of names.filter((one) => one.endsWith(ending))) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found) files.push({ path, bytes: found.size, writtenAt: found.mtimeMs })
  }
  return files
}
