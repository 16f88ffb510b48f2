/**
 * How is a decimal of PostgreSQL written for others? As plain text without superfluous zeros, by its characters
 * alone: no arithmetic touches it, so no digit can change.
 */

/** `12.500000` → `12.5`, `0.000000` → `0`. */
export function plainDecimal(text: string): string {
  const point = text.indexOf('.')
  if (point < 0) return text
  let end = text.length
  while (text.charCodeAt(end - 1) === 48) end--
  if (end === point + 1) end = point
  const plain = text.slice(0, end)
  return plain === '-0' ? '0' : plain
}

/** Digits that count: a spreadsheet keeps 15 of them, and makes zeros of the rest. */
export function significantDigits(plain: string): number {
  return plain.replace(/^-?0*\.?0*|\./g, '').length
}

/** The unscaled integer of a decimal with `scale` decimals: `0.35` at 10 is 3500000000. */
export function scaledInteger(text: string, scale: number): bigint {
  const plain = plainDecimal(text)
  const point = plain.indexOf('.')
  const decimals = point < 0 ? 0 : plain.length - point - 1
  if (decimals > scale) throw new Error(`${plain} has more than ${scale} decimals`)
  return BigInt(plain.replace('.', '') + '0'.repeat(scale - decimals))
}
