/** How many months is a stretch of days of an invoice, by the months that begin at the invoice's first day? */
import { type Fraction, of, over, plus, zero } from './fraction.ts'

export interface Days {
  from: string
  /** The first day after it. */
  to: string
}

const dayMs = 86_400_000

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)

export const daysBetween = ({ from, to }: Days): number => (Date.parse(to) - Date.parse(from)) / dayMs

/** The same day of a later month, or that month's last. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10)
}

/** `span`: the days that count, the whole invoice where it has none of its own. */
export function monthsOf(invoice: Days, span: Days = invoice): Fraction {
  let months = zero
  for (let n = 0; addMonths(invoice.from, n) < invoice.to; n++) {
    const month = { from: addMonths(invoice.from, n), to: addMonths(invoice.from, n + 1) }
    const from = [month.from, span.from, invoice.from].reduce((a, b) => (a > b ? a : b))
    const to = [month.to, span.to, invoice.to].reduce((a, b) => (a < b ? a : b))
    if (from < to) months = plus(months, over(of(daysBetween({ from, to })), of(daysBetween(month))))
  }
  return months
}
