/**
 * Was a text added? No is certain; yes is a perhaps, wrong for some 6 % of other texts when the filter is full.
 *
 * In front of maps that nearly always answer no, as for the callId of each new leg: a map of thousands of texts lies all over
 * memory and is slow to say so, a filter is some bits.
 */
const bitsPerText = 16
const leastTexts = 256

export class TextFilter {
  /** A power of two of bits, so that a hash becomes a place by its last bits. */
  readonly #words: Uint32Array
  readonly #mask: number
  readonly #most: number
  #added = 0

  /** `texts`: those that are there. Has room for as many again. */
  constructor(texts: Iterable<string> = [], count = 0) {
    this.#most = Math.max(leastTexts, 2 ** Math.ceil(Math.log2(Math.max(1, count) * 2)))
    const bits = this.#most * bitsPerText
    this.#words = new Uint32Array(bits / 32)
    this.#mask = bits - 1
    for (const text of texts) this.add(text)
  }

  add(text: string): void {
    const place = hash(text) & this.#mask
    this.#words[place >>> 5] = (this.#words[place >>> 5] ?? 0) | (1 << (place & 31))
    this.#added++
  }

  mayHave(text: string): boolean {
    const place = hash(text) & this.#mask
    return ((this.#words[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0
  }

  /** More were added than it has room for: one of those that are left takes its place. */
  get isFull(): boolean {
    return this.#added > this.#most
  }
}

/** FNV-1a, whose last bits are mixed once more. */
function hash(text: string): number {
  let mixed = 0x811c9dc5
  for (let place = 0; place < text.length; place++) {
    mixed = Math.imul(mixed ^ text.charCodeAt(place), 0x01000193)
  }
  return mixed ^ (mixed >>> 15)
}
