/**
 * Where do the destination names of a deck stand? Each name once, as UTF-8 in one block of memory that can be
 * handed from thread to thread; decoded when asked for and remembered for a while.
 */
import { remember } from '../bounded-cache.ts'

export interface NameColumns {
  nameBytes: Uint8Array<ArrayBuffer>
  /** Start of each name in `nameBytes`, and the end of the last one. */
  nameStart: Uint32Array<ArrayBuffer>
}

/** Names known at a time; a deck with more of them repeats some, and stays within its memory. */
const maxKnownNames = 32_768

export class NameTableBuilder {
  readonly #encoder = new TextEncoder()
  readonly #ids = new Map<string, number>()
  readonly #starts = [0]
  #bytes = new Uint8Array(4_096)

  add(name: string): number {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const id = remember(this.#ids, name, this.#starts.length - 1, maxKnownNames)
    this.#append(name, this.#starts.at(-1) ?? 0)
    return id
  }

  #append(name: string, start: number): void {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    const needed = start + name.length * 3
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(needed * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#starts.push(start + this.#encoder.encodeInto(name, this.#bytes.subarray(start)).written)
  }

  build(): NameColumns {
    return {
      nameBytes: this.#bytes.slice(0, this.#starts.at(-1) ?? 0),
      nameStart: Uint32Array.from(this.#starts),
    }
  }
}

export class NameTable {
  readonly #columns: NameColumns
  readonly #decoder = new TextDecoder()
  readonly #recent = new Map<number, string>()

  constructor(columns: NameColumns) {
    this.#columns = columns
  }

  at(id: number): string {
    const known = this.#recent.get(id)
    if (known !== undefined) return known
    const { nameBytes, nameStart } = this.#columns
    return remember(
      this.#recent,
      id,
      this.#decoder.decode(nameBytes.subarray(nameStart[id], nameStart[id + 1])),
    )
  }
}
