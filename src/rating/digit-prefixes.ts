/**
 * Which is the longest of some prefixes that a number begins with? A step per digit, and nothing is made on the way.
 *
 * For lists of some thousand prefixes that every call is asked about; decks of rates are `rate-table.ts`.
 */
const zeroDigit = 48
const none = -1

export class DigitPrefixes<Value> {
  /** Ten places a node: the node after that digit; 0: there is none, since nothing leads to the root. */
  readonly #next: number[] = new Array(10).fill(0)
  /** Per node: place of its value. */
  readonly #valueOf: number[] = [none]
  readonly #values: Value[] = []

  constructor(entries: Iterable<readonly [prefix: string, value: Value]>) {
    for (const [prefix, value] of entries) this.#add(prefix, value)
  }

  /** Of the longest prefix. */
  find(digits: string): Value | undefined {
    let node = 0
    let found = none
    for (let at = 0; at < digits.length; at += 1) {
      const digit = digits.charCodeAt(at) - zeroDigit
      node = digit >= 0 && digit <= 9 ? (this.#next[node * 10 + digit] ?? 0) : 0
      if (node === 0) break
      const value = this.#valueOf[node] ?? none
      if (value !== none) found = value
    }
    return this.#values[found]
  }

  #add(prefix: string, value: Value): void {
    let node = 0
    for (const text of prefix) {
      const place = node * 10 + Number(text)
      if (!this.#next[place]) {
        this.#next[place] = this.#valueOf.length
        this.#valueOf.push(none)
        for (let digit = 0; digit < 10; digit += 1) this.#next.push(0)
      }
      node = this.#next[place] ?? 0
    }
    this.#valueOf[node] = this.#values.push(value) - 1
  }
}
