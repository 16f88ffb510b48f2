/**
 * How do several rows of one prefix become one rate? Each is an interval of the call with its own price, in the
 * order of `interval_start`; what concerns the whole prefix stands in the first, and the others may repeat it
 * but not contradict it. The same interval twice is a fault.
 */
import type { ImportFault, ImportWarning } from '../db/tariffs/imports.ts'
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import type { Rate } from '../rating/rate.ts'
import type { Rounding } from '../rating/tariff.ts'
import { readRateTerms } from '../shapes/rate-terms.ts'
import { termsText } from './canonical-rate.ts'
import type { RateColumn } from './csv-columns.ts'
import { findRateFaults } from './find-rate-faults.ts'
import { sharedFields } from './read-rate-terms.ts'
import { makeFault } from './sheet-faults.ts'

/** `rows` are all rows of one prefix, ascending by interval start. */
export function mergeIntervals(
  rows: readonly StagedRate[],
  rounding: Rounding,
): { staged: StagedRate; warnings: ImportWarning[] } | { faults: ImportFault[] } {
  const [first, ...others] = rows
  if (!first) throw new Error('a prefix without rows cannot be merged')
  if (first.isRemoval && others.length === 0) return { staged: first, warnings: [] }
  const removal = rows.find(({ isRemoval }) => isRemoval)
  if (removal) {
    const detail = `The prefix ${removal.prefix} leaves the deck and has a rate: lines ${first.line} and ${others.at(-1)?.line}.`
    return { faults: [makeFault(removal.line, 'prefix', 'repeated_prefix', detail, removal.prefix)] }
  }
  const rate = toRate(first)
  const faults: ImportFault[] = []
  const warnings: ImportWarning[] = []
  let previous = first
  for (const other of others) {
    faults.push(...contradictions(first, other))
    if (other.intervalStart === previous.intervalStart) {
      const detail = `The prefix ${other.prefix} stands in line ${previous.line}, too.`
      faults.push(makeFault(other.line, 'prefix', 'repeated_prefix', detail, other.prefix))
    } else if (other.intervalStart <= (rate.steps.at(-1)?.fromSecond ?? 0)) {
      const detail = `The interval starts within the initial increment of line ${previous.line}.`
      faults.push(
        makeFault(other.line, 'interval_start', 'overlapping_interval', detail, String(other.intervalStart)),
      )
    }
    rate.steps.push(...toRate(other).steps)
    previous = other
  }
  if (faults.length === 0) {
    const found = findRateFaults(rate, rounding)
    const { line } = first
    for (const { code, detail } of found.errors)
      faults.push(makeFault(line, 'interval_start', code, detail, null))
    for (const { code, detail } of found.warnings) warnings.push({ line, code, detail })
  }
  return faults.length > 0 ? { faults } : { staged: { ...first, terms: termsText(rate) }, warnings }
}

function contradictions(first: StagedRate, other: StagedRate): ImportFault[] {
  const one: Record<string, unknown> = { ...toRate(first) }
  const two: Record<string, unknown> = { ...toRate(other) }
  return other.given.split(' ').flatMap((column) => {
    const field = sharedFields[column as RateColumn]
    if (!field || one[field] === two[field]) return []
    const detail = `Line ${first.line} of the same prefix says ${JSON.stringify(one[field])}.`
    return [makeFault(other.line, column, 'contradicting_value', detail, String(two[field]))]
  })
}

function toRate({ prefix, destination, terms }: StagedRate): Rate {
  return { prefix, destination, ...readRateTerms(terms) }
}
