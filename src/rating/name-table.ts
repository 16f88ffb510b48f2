/**
 * Where do the destination names of a deck stand? Each name once, as UTF-8 in one block of memory that can be
 * handed from thread to thread; decoded when asked for and remembered for a while.
 */
import { remember } from './bounded-cache.ts'

export interface NameColumns {
  nameBytes: Uint8Array<ArrayBuffer>
  /** Start of each name in `nameBytes`, and the end of the last one. */
  nameStart: Uint32Array<ArrayBuffer>
}

export class NameTableBuilder {
  readonly #ids = new Map<string, number>()

  add(name: string): number {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    this.#ids.set(name, this.#ids.size)
    return this.#ids.size - 1
  }

  build(): NameColumns {
    const encoder = new TextEncoder()
    const nameStart = new Uint32Array(this.#ids.size + 1)
    let space = new Uint8Array(this.#ids.size * 32 + 1024)
    let used = 0
    for (const [name, id] of this.#ids) {
      // A UTF-16 unit takes three bytes of UTF-8 at most.
      const needed = used + name.length * 3
      if (needed > space.length) {
        const larger = new Uint8Array(needed * 2)
        larger.set(space)
        space = larger
      }
      used += encoder.encodeInto(name, space.subarray(used)).written
      nameStart[id + 1] = used
    }
    return { nameBytes: space.slice(0, used), nameStart }
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
