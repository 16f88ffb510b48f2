/**
 * Exact fractions of whole numbers, for the naive biller: nothing of the service's own arithmetic.
 *
 *     roundTo(times(of('0.335'), of('3')), 2) // 1.01
 */
export interface Fraction {
  top: bigint
  /** Above zero; both are without a common divisor. */
  bottom: bigint
}

export const zero: Fraction = { top: 0n, bottom: 1n }
export const one: Fraction = { top: 1n, bottom: 1n }

/** Of decimal text or a whole number. */
export function of(value: string | number): Fraction {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value))
  if (!match) throw new Error(`not a decimal: ${value}`)
  const [, sign, whole, decimals = ''] = match
  return reduced(BigInt(`${sign}${whole}${decimals}`), 10n ** BigInt(decimals.length))
}

export function plus(...parts: readonly Fraction[]): Fraction {
  return parts.reduce(
    (sum, part) => reduced(sum.top * part.bottom + part.top * sum.bottom, sum.bottom * part.bottom),
    zero,
  )
}

export const minus = (a: Fraction, b: Fraction): Fraction => plus(a, negated(b))
export const negated = ({ top, bottom }: Fraction): Fraction => ({ top: -top, bottom })
export const times = (a: Fraction, b: Fraction): Fraction => reduced(a.top * b.top, a.bottom * b.bottom)
export const over = (a: Fraction, b: Fraction): Fraction => reduced(a.top * b.bottom, a.bottom * b.top)
export const sign = ({ top }: Fraction): -1 | 0 | 1 => (top > 0n ? 1 : top < 0n ? -1 : 0)
export const isZero = (a: Fraction): boolean => a.top === 0n
export const compare = (a: Fraction, b: Fraction): -1 | 0 | 1 => sign(minus(a, b))
export const min = (a: Fraction, b: Fraction): Fraction => (compare(a, b) <= 0 ? a : b)
export const max = (a: Fraction, b: Fraction): Fraction => (compare(a, b) >= 0 ? a : b)
export const size = (a: Fraction): Fraction => (a.top < 0n ? negated(a) : a)

/** Half away from zero. */
export function roundTo(a: Fraction, digits: number): Fraction {
  const scale = 10n ** BigInt(digits)
  const { top, bottom } = size(a)
  const rounded = (2n * top * scale + bottom) / (2n * bottom)
  return reduced(a.top < 0n ? -rounded : rounded, scale)
}

/** As the API writes decimals; what has no end is shown as a fraction. */
export function text(a: Fraction): string {
  let decimals = 0
  for (let bottom = a.bottom; bottom !== 1n; decimals++) {
    if (decimals === 40) return `${a.top}/${a.bottom}`
    bottom = bottom / divisor(bottom, 10n)
  }
  const digits = ((size(a).top * 10n ** BigInt(decimals)) / a.bottom).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const rest = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${a.top < 0n ? '-' : ''}${whole}${rest === '' ? '' : `.${rest}`}`
}

function reduced(top: bigint, bottom: bigint): Fraction {
  if (bottom < 0n) return reduced(-top, -bottom)
  const common = divisor(top < 0n ? -top : top, bottom)
  return { top: top / common, bottom: bottom / common }
}

function divisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a === 0n ? 1n : a
}
