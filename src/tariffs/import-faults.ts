/**
 * Where do the faults of an import go? The first into its record, all of them into a CSV file beside it.
 */

import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { stringify } from 'csv-stringify/sync'
import type { ImportFault } from '../db/tariffs/imports.ts'
import { defuseFormula } from '../spreadsheet-text.ts'

export const maxFaultsInRecord = 1_000

export class ImportFaults {
  readonly first: ImportFault[] = []
  total = 0
  readonly #path: string
  #file: WriteStream | undefined

  constructor(path: string) {
    this.#path = path
  }

  async add(faults: readonly ImportFault[]): Promise<void> {
    this.total += faults.length
    this.first.push(...faults.slice(0, maxFaultsInRecord - this.first.length).map(storable))
    if (!this.#file) {
      this.#file = createWriteStream(this.#path, { mode: 0o600 })
      this.#file.write('line,column,code,detail,value\n')
    }
    // They quote what stands in a file that came from outside, and are read by people.
    const rows = faults.map(({ line, column, code, detail, value }) =>
      [line, column, code, detail, value].map((cell) =>
        typeof cell === 'string' ? defuseFormula(cell) : cell,
      ),
    )
    if (!this.#file.write(stringify(rows))) await once(this.#file, 'drain')
  }

  async close(): Promise<void> {
    if (!this.#file) return
    this.#file.end()
    await finished(this.#file)
  }
}

/** Faults quote what stands in the file: PostgreSQL's `jsonb` takes no NUL and no half of a surrogate pair. */
function storable(fault: ImportFault): ImportFault {
  const { column, detail, value } = fault
  return { ...fault, column: column && shown(column), detail: shown(detail), value: value && shown(value) }
}

function shown(text: string): string {
  return text.replaceAll('\u0000', '\u2400').replaceAll(/\p{Surrogate}/gu, '\ufffd')
}
