/**
 * Which rate do the cells of a row state, beside its codes, name and date? `initial_increment` differing from
 * `increment` makes two steps. Which values are allowed is decided by `checkRate`, the same as for JSON; here each fault
 * gets its column.
 */
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import type { Rate, Step } from '../rating/rate.ts'
import { makeRateFields, rateFieldNames, rateFields, valueUnlessGiven } from '../rating/rate-fields.ts'
import type { Rounding } from '../rating/tariff.ts'
import { termsText } from './canonical-rate.ts'
import type { RateColumn, SheetColumn } from './csv-columns.ts'
import { findRateFaults } from './find-rate-faults.ts'
import type { SheetRowCells } from './sheet-row-cells.ts'

export type RowTerms = Pick<StagedRate, 'terms' | 'intervalStart' | 'given'>

/** Of one rate's fields, where each comes from. */
const columnOfField: Record<string, RateColumn> = {
  prefix: 'prefix',
  destination: 'destination',
  rate: 'rate',
  perSeconds: 'per_seconds',
  incrementSeconds: 'increment',
  fromSecond: 'interval_start',
  ...makeColumns(),
}

function makeColumns(): Record<string, RateColumn> {
  return Object.fromEntries(rateFieldNames.map((name) => [name, rateFields[name].column]))
}

/** Columns that say something of the whole prefix, not of one interval, and the field each sets. */
export const sharedFields: Partial<Record<SheetColumn, keyof Rate>> = {
  destination: 'destination',
  ...Object.fromEntries(rateFieldNames.map((name) => [rateFields[name].column, name])),
}

/** What a row says beside its codes, name and date; its faults are with the row. */
export function readTerms(row: SheetRowCells, prefix: string, rounding: Rounding): RowTerms {
  const intervalStart = row.seconds('interval_start') ?? 0
  const rate = readRate(row, prefix, intervalStart)
  row.checkCells()
  if (row.faults.length === 0) addRateFaults(row, rate, rounding)
  return { terms: termsText(rate), intervalStart, given: row.given(sharedFields) }
}

function readRate(row: SheetRowCells, prefix: string, intervalStart: number): Rate {
  const fields = makeRateFields((_, field) => {
    const column = field.column as RateColumn
    if (field.kind === 'flag') return row.flag(column)
    if (field.kind === 'optional-flag') return row.text(column) === '' ? null : row.flag(column)
    if (field.kind === 'seconds') return row.seconds(column) ?? 0
    return field.words ? row.word(column, field.words) : (row.amount(column) ?? valueUnlessGiven(field))
  })
  const rate = row.amount('rate') ?? (fields.blocked ? '0' : '')
  const per = row.per
  const ofRate = { prefix, destination: row.text('destination') || prefix, ...fields }
  if (per !== 'call') {
    const perSeconds = row.seconds('per_seconds') ?? (per === 'second' ? 1 : 60)
    return { ...ofRate, steps: readSteps(row, { intervalStart, rate, perSeconds }) }
  }
  if (fields.connectFee !== '0') {
    row.fault('connect_fee', 'contradicting_value', 'The rate is a price per call, which is the fee itself.')
  }
  return { ...ofRate, connectFee: rate, steps: readSteps(row, { intervalStart, rate: '0', perSeconds: 60 }) }
}

function readSteps(
  row: SheetRowCells,
  from: { intervalStart: number; rate: string; perSeconds: number },
): Step[] {
  const { increment, initial } = row.increments()
  const step = (fromSecond: number, incrementSeconds: number): Step => ({
    fromSecond,
    rate: from.rate,
    perSeconds: from.perSeconds,
    incrementSeconds,
  })
  if (initial === increment) return [step(from.intervalStart, increment)]
  return [step(from.intervalStart, initial), step(from.intervalStart + initial, increment)]
}

function addRateFaults(row: SheetRowCells, rate: Rate, rounding: Rounding): void {
  const { errors, warnings } = findRateFaults(rate, rounding)
  for (const { field, code, detail } of errors) {
    row.fault(columnOfField[field.split('/').at(-1) ?? ''] ?? 'prefix', code, detail)
  }
  // An interval by itself looks as if the seconds before it were free: its prefix is looked at as a whole.
  if ((rate.steps[0]?.fromSecond ?? 0) > 0) return
  row.warnings.push(...warnings.map(({ code, detail }) => ({ line: row.line, code, detail })))
}
