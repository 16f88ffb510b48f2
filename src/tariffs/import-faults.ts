/**
 * Where do the faults of an import go? The first into its record, all of them into a CSV file beside it, up to a size:
 * its last line says how many more there were.
 */

import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { stringify } from 'csv-stringify/sync'
import type { ImportFault } from '../db/tariffs/imports.ts'
import { defuseFormula } from '../spreadsheet-text.ts'

const maxFaultsInRecord = 1_000

export class ImportFaults {
  readonly first: ImportFault[] = []
  total = 0
  readonly #path: string
  readonly #maxBytes: number
  #file: WriteStream | undefined
  #bytes = 0
  #unlisted = 0

  constructor(path: string, maxBytes: number) {
    this.#path = path
    this.#maxBytes = maxBytes
  }

  async add(faults: readonly ImportFault[]): Promise<void> {
    this.total += faults.length
    this.first.push(...faults.slice(0, maxFaultsInRecord - this.first.length).map(storable))
    const text = this.#unlisted > 0 ? '' : serializeFaults(faults)
    if (text === '' || this.#bytes + Buffer.byteLength(text) > this.#maxBytes) {
      this.#unlisted += faults.length
      return
    }
    this.#bytes += Buffer.byteLength(text)
    if (!this.#open().write(text)) await once(this.#open(), 'drain')
  }

  async close(): Promise<void> {
    if (this.#unlisted > 0) {
      const detail = `The list ends here; ${this.#unlisted} more faults are not in it.`
      const fault = { line: null, column: null, code: 'list_too_long', detail, value: null }
      this.#open().write(serializeFaults([fault]))
    }
    if (!this.#file) return
    this.#file.end()
    await finished(this.#file)
  }

  #open(): WriteStream {
    if (!this.#file) {
      this.#file = createWriteStream(this.#path, { mode: 0o600 })
      this.#file.write('line,column,code,detail,value\n')
    }
    return this.#file
  }
}

function serializeFaults(faults: readonly ImportFault[]): string {
  // They quote what stands in a file that came from outside, and are read by people.
  const rows = faults.map(({ line, column, code, detail, value }) =>
    [line, column, code, detail, value].map((cell) =>
      typeof cell === 'string' ? defuseFormula(cell) : cell,
    ),
  )
  return stringify(rows)
}

/** Faults quote what stands in the file: PostgreSQL's `jsonb` takes no NUL and no half of a surrogate pair. */
function storable(fault: ImportFault): ImportFault {
  const { column, detail, value } = fault
  return { ...fault, column: column && shown(column), detail: shown(detail), value: value && shown(value) }
}

function shown(text: string): string {
  return text.replaceAll('\u0000', '\u2400').replaceAll(/\p{Surrogate}/gu, '\ufffd')
}
