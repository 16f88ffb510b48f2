/**
 * Medians, percentiles, and text for people.
 */
export interface Figure {
  name: string
  value: number
  unit: string
  /** What the same work costs without us, measured in the same run. */
  floor?: number
  /** value / floor, or floor / value where less is better. */
  ratio?: number
  /** What is asked of the ratio, or of the value where there is no floor. */
  target?: { atLeast: number } | { atMost: number }
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export function isMet({ value, ratio, target }: Figure): boolean | undefined {
  if (!target) return undefined
  const judged = ratio ?? value
  return 'atLeast' in target ? judged >= target.atLeast : judged <= target.atMost
}

export function short(value: number): string {
  if (value >= 100_000) return `${(value / 1000).toFixed(0)}k`
  if (value >= 10_000) return `${(value / 1000).toFixed(1)}k`
  if (value >= 1000) return `${(value / 1000).toFixed(2)}k`
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}
