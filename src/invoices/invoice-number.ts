/**
 * How does the number of an invoice look? The sequence's prefix with the year and month of issue in it, then the
 * count, padded with zeros: prefix `F{yyyy}-`, width 5, count 12, issued in 2026: `F2026-00012`.
 *
 * The day of issue is `YYYY-MM-DD` in the brand's zone. A count that restarts each year needs the year in its
 * prefix, or numbers would come twice.
 */
import type { InputFault } from '../errors.ts'

export interface NumberSequence {
  prefix: string
  width: number
  start: number
  resetYearly: boolean
}

export function invoiceNumber(
  sequence: Pick<NumberSequence, 'prefix' | 'width'>,
  count: number,
  day: string,
): string {
  const prefix = sequence.prefix
    .replaceAll('{yyyy}', day.slice(0, 4))
    .replaceAll('{yy}', day.slice(2, 4))
    .replaceAll('{mm}', day.slice(5, 7))
  return `${prefix}${String(count).padStart(sequence.width, '0')}`
}

/** Under which year a count is kept; 0 where it never restarts. */
export function seriesYear(sequence: Pick<NumberSequence, 'resetYearly'>, day: string): number {
  return sequence.resetYearly ? Number(day.slice(0, 4)) : 0
}

/** What is wrong with a sequence; empty: nothing. */
export function checkSequence(sequence: NumberSequence): InputFault[] {
  const faults: InputFault[] = []
  const plain = sequence.prefix.replaceAll(/\{(yyyy|yy|mm)\}/g, '')
  if (/[{}]/.test(plain)) {
    faults.push({ pointer: '/prefix', detail: 'may contain {yyyy}, {yy} and {mm}, and no other braces' })
  }
  if (sequence.resetYearly && !/\{yy(yy)?\}/.test(sequence.prefix)) {
    faults.push({
      pointer: '/prefix',
      detail: 'must contain {yyyy} or {yy} where the count restarts each year, or numbers would come twice',
    })
  }
  return faults
}
