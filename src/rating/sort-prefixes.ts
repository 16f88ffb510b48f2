/**
 * In which order do prefix keys stand? Returns the row numbers, sorted by (high, low).
 *
 * A radix sort on 16-bit digits: 300,000 keys in about 20 ms, where a comparator takes ten times as long. Passes whose
 * digit is the same everywhere (the low halves of decks with short prefixes) are left out.
 */
export function sortPrefixes(high: Uint32Array, low: Uint32Array): Uint32Array<ArrayBuffer> {
  let order = Uint32Array.from(high, (_, row) => row)
  let spare = new Uint32Array(order.length)
  for (const half of [low, high]) {
    for (const shift of [0, 16]) {
      if (sortByDigit({ order, into: spare, half, shift })) [order, spare] = [spare, order]
    }
  }
  return order
}

/** A stable counting sort; false where all digits are equal and nothing had to move. */
function sortByDigit(pass: {
  order: Uint32Array
  into: Uint32Array
  half: Uint32Array
  shift: number
}): boolean {
  const { order, into, half, shift } = pass
  const starts = new Uint32Array(65_537)
  for (const key of half) {
    const digit = (key >>> shift) & 0xffff
    starts[digit + 1] = (starts[digit + 1] ?? 0) + 1
  }
  const firstDigit = ((half[0] ?? 0) >>> shift) & 0xffff
  if (starts[firstDigit + 1] === half.length) return false
  for (let digit = 0; digit < 65_536; digit += 1)
    starts[digit + 1] = (starts[digit + 1] ?? 0) + (starts[digit] ?? 0)
  for (const row of order) {
    const digit = ((half[row] ?? 0) >>> shift) & 0xffff
    const place = starts[digit] ?? 0
    into[place] = row
    starts[digit] = place + 1
  }
  return true
}
