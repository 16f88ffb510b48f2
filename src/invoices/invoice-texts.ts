/**
 * The sentences that lines are described with, in the client's language; they are kept with the line. A waived call
 * has no destination. And days as people say them.
 */
import { DateTime } from 'luxon'
import type { Decimal } from '../money.ts'
import type { CallSums } from './invoice.ts'
import { chooseLabels } from './invoice-labels.ts'
import { numberFormats } from './number-formats.ts'

export interface InvoiceTexts {
  calls(sums: CallSums): string
  earlierCalls(sums: CallSums): string
  minimum(amount: Decimal): string
  /** Of an allowance, in a period. */
  fee(of: { name: string; from: string; to: string }): string
  /** How much of an item of an allowance is used. */
  usedItem(of: { name: string; used: string; included: string }): string
  /** What changed of an invoice's calls, and calls of its period that came too late for it. */
  correction(invoice: { number: string }): string
  lateCalls(invoice: { number: string }): string
}

export function invoiceTexts(locale: { language: string; currency: string; timeZone: string }): InvoiceTexts {
  const labels = chooseLabels(locale.language)
  const formats = numberFormats(locale)
  const calls = ({ destination, isInbound }: CallSums) => {
    const name = destination || labels.calls
    return isInbound ? fillIn(labels.callsReceived, { destination: name }) : name
  }
  return {
    calls,
    earlierCalls: (sums) =>
      fillIn(sums.firstDay === sums.lastDay ? labels.earlierDay : labels.earlier, {
        destination: calls(sums),
        first: formats.day(sums.firstDay),
        last: formats.day(sums.lastDay),
      }),
    fee: ({ name, from, to }) => {
      const [first, last] = [formats.day(from), formats.day(lastDayBefore(to))]
      return first === last ? `${name}, ${first}` : `${name}, ${first} – ${last}`
    },
    usedItem: ({ name, used, included }) => `${name}: ${used} / ${included}`,
    minimum: (amount) => fillIn(labels.minimum, { amount: formats.money(amount) }),
    correction: ({ number }) => fillIn(labels.correction, { number }),
    lateCalls: ({ number }) => fillIn(labels.lateCalls, { number }),
  }
}

/** Puts values in place of `{names}`; a name without a value stays as it is. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** Periods are half open; people are told the last day that is in. */
export function lastDayBefore(to: string): string {
  return DateTime.fromISO(to, { zone: 'utc' }).minus({ days: 1 }).toISODate() ?? to
}
