/**
 * What do the rows of a report add up to? Counted while they are read for its file, so that a mail says nothing else
 * than what it carries.
 *
 * `calls` and `durationSeconds` are the sums of the columns of that name, of calls one by one their number; `amount` is
 * the sum of `price` or `amount`. Absent where the report has no such column, as where prices are hidden, and `amount`
 * where rows have several currencies.
 */
import { Decimal } from '../money.ts'
import { scaledInteger } from './plain-decimal.ts'
import type { Batches, Report } from './report.ts'

export interface ReportSums {
  rows: number
  calls?: number
  durationSeconds?: number
  /** Decimal text in `currency`, which is absent where there is nothing to add up. */
  amount?: string
  currency?: string
}

const scale = 10

/** `sums` tells of the rows read so far. */
export function sumReport(report: Report): { report: Report; sums: () => ReportSums } {
  const findColumn = (name: string) => report.columns.findIndex((column) => column.name === name)
  const isOneByOne = report.name === 'calls'
  const money = findColumn(isOneByOne ? 'price' : 'amount')
  const [calls, duration, currency] = [
    findColumn('calls'),
    findColumn('durationSeconds'),
    findColumn('currency'),
  ]
  const isUsage = isOneByOne || calls >= 0
  const sum = { rows: 0, calls: 0, seconds: 0, units: 0n, currencies: new Set<string>() }

  async function* counted(batches: Batches) {
    for await (const rows of batches) {
      sum.rows += rows.length
      for (const row of rows) {
        sum.calls += isOneByOne ? 1 : Number(row[calls] ?? 0)
        sum.seconds += Number(row[duration] ?? 0)
        const amount = row[money] ?? null
        if (amount === null) continue
        sum.units += scaledInteger(String(amount), scale)
        sum.currencies.add(String(row[currency]))
      }
      yield rows
    }
  }

  const sumAmount = () => {
    if (money < 0 || sum.currencies.size > 1) return {}
    const [only] = sum.currencies
    const amount = new Decimal(sum.units.toString()).div(10 ** scale).toFixed()
    return only === undefined ? { amount } : { amount, currency: only }
  }
  return {
    report: { ...report, batches: isUsage ? counted(report.batches) : countRows(report.batches, sum) },
    sums: () => ({
      rows: sum.rows,
      ...(isUsage ? { calls: sum.calls, ...sumAmount() } : {}),
      ...(isUsage && duration >= 0 ? { durationSeconds: sum.seconds } : {}),
    }),
  }
}

async function* countRows(batches: Batches, sum: { rows: number }) {
  for await (const rows of batches) {
    sum.rows += rows.length
    yield rows
  }
}
