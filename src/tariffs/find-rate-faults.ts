/** What `checkRate` finds, apart: what refuses a rate and what is only said; each in a whole sentence. */
import { checkRate, type RateFault } from '../rating/check-rate.ts'
import type { Rate } from '../rating/rate.ts'
import type { Rounding } from '../rating/tariff.ts'

export interface RateFaults {
  errors: readonly RateFault[]
  warnings: readonly RateFault[]
}

const none: RateFaults = { errors: [], warnings: [] }

export function findRateFaults(rate: Rate, rounding: Rounding): RateFaults {
  const found = checkRate(rate, rounding)
  if (found.length === 0) return none
  const sentences = found.map((fault) => ({ ...fault, detail: sentence(fault.detail) }))
  return {
    errors: sentences.filter(({ level }) => level === 'error'),
    warnings: sentences.filter(({ level }) => level === 'warning'),
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
