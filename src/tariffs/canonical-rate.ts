/**
 * How is a rate written so that equal rates have equal texts? Amounts without superfluous zeros, fields in
 * one order, what is left out filled in. Both JSON and CSV end in this form, and only it is stored.
 */
import { normalizePrefix } from '../rating/prefix.ts'
import type { Rate, Step } from '../rating/rate.ts'
import {
  makeRateFields,
  type RateField,
  type RateFieldValue,
  type RateFieldValues,
  rateFieldNames,
  rateFields,
  valueUnlessGiven,
} from '../rating/rate-fields.ts'

/** A rate as a request gives it: `prefix` and `steps` at least. */
export interface RateInput extends Partial<RateFieldValues> {
  prefix: string
  destination?: string
  steps: StepInput[]
}

export interface StepInput {
  /** 0 where left out. */
  fromSecond?: number
  rate: string
  /** 60 where left out. */
  perSeconds?: number
  /** 1 where left out. */
  incrementSeconds?: number
}

/** More than any amount has; the pattern tries each way of cutting a row of zeros. */
const maxAmountLength = 100
const plainDecimal = /^0*(\d+)(?:\.(\d*?)0*)?$/

/** `00.0600` becomes `0.06`; text that is no plain decimal number stays, for `checkRate` to name it. */
export function canonicalDecimal(text: string): string {
  const parts = text.length > maxAmountLength ? null : plainDecimal.exec(text)
  if (!parts) return text
  return parts[2] ? `${parts[1]}.${parts[2]}` : `${parts[1]}`
}

/** A destination without a name is called by its prefix: invoices show it. */
export function canonicalRate(input: RateInput): Rate {
  const prefix = normalizePrefix(input.prefix) ?? input.prefix
  return {
    prefix,
    destination: input.destination?.trim() || prefix,
    ...makeRateFields((name, field) => canonicalValue(input[name] ?? valueUnlessGiven(field), field.kind)),
    steps: input.steps.map(canonicalStep),
  }
}

function canonicalStep(step: StepInput): Step {
  return {
    fromSecond: step.fromSecond ?? 0,
    rate: canonicalDecimal(step.rate),
    perSeconds: step.perSeconds ?? 60,
    incrementSeconds: step.incrementSeconds ?? 1,
  }
}

function canonicalValue(value: RateFieldValue, kind: string): RateFieldValue {
  return typeof value === 'string' && kind !== 'word' ? canonicalDecimal(value) : value
}

/** What `rates.terms` holds of a canonical rate; `readRateTerms` reads it. */
export function termsText(rate: Rate): string {
  const stored = rateFieldNames.filter((name) => {
    const field: RateField = rateFields[name]
    return !field.isStoredWhereSet || rate[name] !== valueUnlessGiven(field)
  })
  return JSON.stringify({
    ...Object.fromEntries(stored.map((name) => [name, rate[name]])),
    steps: rate.steps,
  })
}
