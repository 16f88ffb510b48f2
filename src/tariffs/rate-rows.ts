/**
 * How does a rate stand in a table of rows? One row per step, in the columns that an import takes, and so that it reads
 * them back as the same rate.
 */
import type { Rate } from '../rating/rate.ts'
import { rateFieldNames, rateFields } from '../rating/rate-fields.ts'

/** `text` is what others typed, digits too: a spreadsheet must not make numbers of them. */
export type RateColumnKind = 'text' | 'word' | 'amount' | 'integer'

const kindOfField = {
  amount: 'amount',
  price: 'amount',
  word: 'word',
  flag: 'word',
  'optional-flag': 'word',
  seconds: 'integer',
} as const

export const rateRowColumns: readonly { name: string; kind: RateColumnKind }[] = [
  { name: 'prefix', kind: 'text' },
  { name: 'destination', kind: 'text' },
  { name: 'interval_start', kind: 'integer' },
  { name: 'rate', kind: 'amount' },
  { name: 'per_seconds', kind: 'integer' },
  { name: 'increment', kind: 'integer' },
  ...rateFieldNames.map((name) => ({
    name: rateFields[name].column,
    kind: kindOfField[rateFields[name].kind],
  })),
]

export function toRows(rate: Rate): (string | number | null)[][] {
  // An import drops a leading 00.
  const prefix = rate.prefix.startsWith('00') ? `00${rate.prefix}` : rate.prefix
  const fields = rateFieldNames.map((name) => {
    const value = rate[name]
    return typeof value === 'boolean' ? String(value) : value
  })
  return rate.steps.map((step) => [
    prefix,
    rate.destination,
    step.fromSecond,
    step.rate,
    step.perSeconds,
    step.incrementSeconds,
    ...fields,
  ])
}
