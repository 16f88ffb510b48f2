/**
 * How is a prefix written, and how does it become a key that sorts and compares fast?
 *
 * Up to 18 digits stand in two unsigned 32-bit numbers of nine places each, in base 11: a digit is its value
 * plus one, 0 is "ended". Keys therefore sort as the texts do, shorter before longer, and the empty key is
 * `*`, the ancestor of all. Written forms with a leading `+` or `00` mean the digits after it.
 */
export const anyPrefix = '*'
export const maxPrefixDigits = 18

const digitsOnly = /^\d{1,18}$/

/** At the door, once: `+346`, `00346` and `346` become `346`; `*` stays. Undefined for anything else. */
export function normalizePrefix(text: string): string | undefined {
  if (text === anyPrefix) return text
  const digits = text.startsWith('+') ? text.slice(1) : text.startsWith('00') ? text.slice(2) : text
  return digitsOnly.test(digits) ? digits : undefined
}

/** Is this a prefix as tables hold it: 1 to 18 digits, or `*`? */
export function isPrefix(text: string): boolean {
  return text === anyPrefix || digitsOnly.test(text)
}

/** 11 to the power of the index. */
export const powersOfEleven = Array.from({ length: 10 }, (_, exponent) => 11 ** exponent)

/** Key half of the digits from `start` on: nine places, missing ones 0. */
export function keyHalf(digits: string, start: number): number {
  const end = Math.min(digits.length, start + 9)
  let key = 0
  let at = start
  for (; at < end; at += 1) key = key * 11 + (digits.charCodeAt(at) - 47)
  return at < start + 9 ? key * (powersOfEleven[start + 9 - at] ?? 1) : key
}

/** The prefix text that a key stands for. */
export function prefixOfKey(high: number, low: number): string {
  return halfToDigits(high) + halfToDigits(low) || anyPrefix
}

function halfToDigits(half: number): string {
  let text = ''
  for (let place = 8; place >= 0; place -= 1) {
    const digit = Math.floor(half / (powersOfEleven[place] ?? 1)) % 11
    if (digit === 0) break
    text += String(digit - 1)
  }
  return text
}

/** Is the prefix key (high, low) of `length` digits what the number's key begins with? Plain arguments: a hot loop. */
export function isPrefixKey(
  high: number,
  low: number,
  length: number,
  numberHigh: number,
  numberLow: number,
): boolean {
  if (length <= 9) return truncate(numberHigh, 9 - length) === high
  return numberHigh === high && truncate(numberLow, 18 - length) === low
}

function truncate(half: number, places: number): number {
  const power = powersOfEleven[places] ?? 1
  return Math.floor(half / power) * power
}
