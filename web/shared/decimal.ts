/**
 * Sums of decimal text, exact: a number would round what the books do not.
 */
export function addDecimals(amounts: readonly string[]): string {
  const decimals = Math.max(0, ...amounts.map((amount) => amount.split('.')[1]?.length ?? 0))
  const sum = amounts.reduce((total, amount) => total + toUnits(amount, decimals), 0n)
  return fromUnits(sum, decimals)
}

export function isPositive(amount: string): boolean {
  return /[1-9]/.test(amount) && !amount.startsWith('-')
}

export function isNegative(amount: string): boolean {
  return /[1-9]/.test(amount) && amount.startsWith('-')
}

function toUnits(amount: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.')
  const units = BigInt(whole + fraction.padEnd(decimals, '0'))
  return amount.startsWith('-') ? -units : units
}

function fromUnits(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`
}
